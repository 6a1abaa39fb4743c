import { describe, expect, it } from 'vitest';
import { createOutbound } from './outbound.ts';
import { isPrivateAddress } from './private-addresses.ts';

describe('private addresses', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['0.0.0.0', true],
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['100.128.0.1', false],
    ['224.0.0.1', true],
    ['255.255.255.255', true],
    ['8.8.8.8', false],
    ['::1', true],
    ['::', true],
    ['::ffff:127.0.0.1', true],
    ['::ffff:10.0.0.1', true],
    ['::ffff:8.8.8.8', false],
    ['fd00::1', true],
    ['fe80::1', true],
    ['64:ff9b::7f00:1', true],
    ['2002:7f00:1::', true],
    ['::127.0.0.1', true],
    ['::8.8.8.8', true],
    ['64:ff9b:1::a00:1', true],
    ['2001:0:7f00:1::', true],
    ['::ffff:100.64.0.1', true],
    ['::ffff:169.254.169.254', true],
    ['100::1', true],
    ['2001:db8::1', true],
    ['192.0.2.1', true],
    ['198.51.100.7', true],
    ['203.0.113.7', true],
    ['192.88.99.1', true],
    ['fe80::1%lo', true],
    ['2606:4700::1111', false],
    ['localhost', true],
    ['', true],
  ])('%s: %s', (address, expected) => expect(isPrivateAddress(address)).toBe(expected));
});

describe('addresses that people name', () => {
  const outbound = createOutbound({ allowsPrivate: false, timeoutMs: 1_000 });

  it.each<[string, string | null]>([
    ['https://push.example/abc', null],
    ['https://8.8.8.8/abc', null],
    ['http://push.example/abc', 'must begin with https://'],
    ['ftp://push.example/abc', 'must begin with https://'],
    ['https://ana:secret@push.example/', 'must have no user name and no password'],
    ['https://push.example:8443/', 'must use the usual port of https'],
    ['https://127.0.0.1/', 'must be a public address'],
    ['https://0x7f.1/', 'must be a public address'],
    ['https://2130706433/', 'must be a public address'],
    ['https://[::1]/', 'must be a public address'],
    ['https://[::ffff:a00:1]/', 'must be a public address'],
    ['https://169.254.169.254/latest', 'must be a public address'],
    ['nonsense', 'must be an https address of at most 1024 characters'],
    [`https://push.example/${'x'.repeat(1_100)}`, 'must be an https address of at most 1024 characters'],
  ])('%s: %s', (address, mistake) => expect(outbound.mistakeIn(address)).toBe(mistake));

  it('a name that leads to a private address is not connected to', async () => {
    // localhost is in the hosts file of every machine.
    expect(outbound.mistakeIn('https://localhost/')).toBeNull();
    await expect(outbound.post('https://localhost/', {}, new Uint8Array(1))).rejects.toThrow('the name leads to a private address');
  });
});
