/**
 * The key under which an address is counted. One rented IPv6 host has a /64 of addresses, so a /64 counts as one.
 * Loopback is not counted, because a proxy that hides addresses makes all clients look like this machine.
 */

import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const GROUPS_OF_64_BITS = 4;
const GROUPS = 8;

/** @returns Null for an address that is not limited: loopback, or no address at all (a Unix socket). */
export function addressKey(address: string): string | null {
  const plain = /^::ffff:([0-9.]+)$/i.exec(address)?.[1] ?? address.split('%', 1)[0] ?? '';
  const version = isIP(plain);
  // Without the list, whose check makes two objects: this is asked for every connection.
  if (version === 4) return plain.startsWith('127.') ? null : plain;
  return version === 0 || loopback.check(plain, 'ipv6') ? null : networkOf(plain);
}

/** The first 64 bits of a valid IPv6 address, as `a:b:c:d::/64`. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::', 2);
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted end counts as two groups.
  const given = front.length + back.length + (address.includes('.') ? 1 : 0);
  const groups = tail === undefined ? front : [...front, ...Array.from({ length: GROUPS - given }, () => '0'), ...back];
  const network = groups.slice(0, GROUPS_OF_64_BITS).map((group) => parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
