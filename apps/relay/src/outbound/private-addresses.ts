/** Addresses that only this machine or network reaches. Programs and people may not make the relay send anything there. */

import { BlockList, isIPv4, isIPv6 } from 'node:net';

const V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** The last five carry an IPv4 address: IPv4-compatible (with :: and ::1), NAT64 (global and local), 6to4 and Teredo. */
const V6 = [
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  '100::/64',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001::/32',
];

const blocked = new BlockList();
for (const [kind, ranges] of [['ipv4', V4] as const, ['ipv6', V6] as const])
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    blocked.addSubnet(address, Number(bits), kind);
  }

/** @param address An IP address. Anything else counts as private. */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return blocked.check(address, 'ipv4');
  // BlockList compares ::ffff:a.b.c.d with the ranges of IPv4.
  return !isIPv6(address) || blocked.check(address, 'ipv6');
}
