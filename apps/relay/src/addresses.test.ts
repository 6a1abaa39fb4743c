import { expect, it } from 'vitest';
import { readyLines } from './addresses.ts';

const interfaces = {
  lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
  eth0: [
    { address: '192.168.1.20', family: 'IPv4', internal: false },
    { address: 'fe80::1', family: 'IPv6', internal: false },
  ],
};

it.each(['127.0.0.1', 'localhost', '::1'])('says that %s is for this computer only, and how to change that', (host) => {
  const [ready, more] = readyLines(host, 8787, interfaces, true);
  expect(ready).toBe(`Wetink is ready: http://${host === '::1' ? '[::1]' : host}:8787`);
  expect(more).toContain('--host 0.0.0.0');
});

it('lists the addresses that others can open, and what letting them in means', () => {
  expect(readyLines('0.0.0.0', 80, interfaces, true)).toEqual([
    'Wetink is ready: http://127.0.0.1:80',
    'On this network: http://192.168.1.20:80',
    'Whoever knows the address of a board that nobody owns can change it.',
  ]);
  expect(readyLines('0.0.0.0', 80, interfaces, false)).toContain('A board belongs to who makes it; others come in by its links.');
});

it('names an address that was chosen as it is', () => {
  expect(readyLines('192.168.1.20', 80, interfaces, false)).toEqual(['Wetink is ready: http://192.168.1.20:80']);
});
