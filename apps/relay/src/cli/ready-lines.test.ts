import { expect, it } from 'vitest';
import { readyLines } from './ready-lines.ts';

const interfaces = {
  lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
  eth0: [
    { address: '192.168.1.20', family: 'IPv4', internal: false },
    { address: 'fe80::1', family: 'IPv6', internal: false },
  ],
};

it.each(['127.0.0.1', 'localhost', '::1'])('says that only this computer can reach %s, and how to change that', (host) => {
  const [ready, more] = readyLines({ host, port: 8787, interfaces, isOpenMode: true });
  expect(ready).toBe(`Wetink is ready: http://${host === '::1' ? '[::1]' : host}:8787`);
  expect(more).toContain('--host 0.0.0.0');
});

it('lists the addresses that other computers can open, and who can change boards there', () => {
  expect(readyLines({ host: '0.0.0.0', port: 80, interfaces, isOpenMode: true })).toEqual([
    'Wetink is ready: http://127.0.0.1:80',
    'On this network: http://192.168.1.20:80',
    'Anyone who knows the address of a board without an owner can change it.',
  ]);
  expect(readyLines({ host: '0.0.0.0', port: 80, interfaces, isOpenMode: false })).toContain(
    'A board belongs to the person who makes it; others enter through its links.',
  );
});

it('prints a configured address unchanged', () => {
  expect(readyLines({ host: '192.168.1.20', port: 80, interfaces, isOpenMode: false })).toEqual([
    'Wetink is ready: http://192.168.1.20:80',
  ]);
});
