/**
 * Finds the client's address behind proxies. Each proxy appends the address that it was reached from, so the list is read
 * from the right: the right-most address that is not a trusted proxy's is the client's. Everything to the left of it is
 * only what that client claims.
 *
 *     X-Forwarded-For: claimed, client, proxy 1        from proxy 2
 *                               ^ answer    trusted         trusted
 */

import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** @returns null for an address or a CIDR range, otherwise what is wrong. */
export function cidrMistake(text: string): string | null {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return 'it must be an address such as 10.0.0.1, or a range such as 10.0.0.0/8';
  const bits = version === 4 ? 32 : 128;
  return prefix === undefined || (/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= bits)
    ? null
    : `the number behind the slash must be from 0 to ${bits}`;
}

export type AddressReader = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/** @param trusted Entries checked with `cidrMistake`. @returns A test whether an address is in one of them. */
export function createProxyCheck(trusted: readonly string[]): (address: string) => boolean {
  if (trusted.length === 0) return () => false;
  const list = new BlockList();
  for (const part of trusted) {
    const [address = '', prefix] = part.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (text) => {
    const address = unmapped(text);
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

/** @param trusted As for `createProxyCheck`. With an empty list all headers are ignored. */
export function createAddressReader(trusted: readonly string[]): AddressReader {
  const isTrusted = createProxyCheck(trusted);
  return ({ headers, socket }) => {
    let address = unmapped(socket.remoteAddress ?? '');
    if (!isTrusted(address)) return address;
    const hops = hopsOf(headers);
    for (let i = hops.length - 1; i >= 0 && isTrusted(address); i--) {
      const hop = hops[i] ?? '';
      // "unknown", or nonsense: the last address before it is the best known.
      if (isIP(hop) === 0) break;
      address = hop;
    }
    return address;
  };
}

/** True for a request from a program on this computer that did not come through a proxy. */
export function isFromHere({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  const address = unmapped(socket.remoteAddress ?? '');
  const isLoopback = address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
  return (
    isLoopback && ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-proto'].every((name) => headers[name] === undefined)
  );
}

/** X-Forwarded-For before Forwarded: a proxy that sets the first may pass on a Forwarded header from the client. */
function hopsOf(headers: IncomingMessage['headers']): string[] {
  const plain = headers['x-forwarded-for'];
  if (plain !== undefined) return [plain].flat().join(',').split(',').map(addressIn);
  const forwarded = headers['forwarded'];
  if (forwarded === undefined) return [];
  return forwarded.split(',').map((element) => addressIn(/(?:^|;)\s*for\s*=\s*("[^"]*"|[^;\s]*)/i.exec(element)?.[1] ?? ''));
}

/** The address without quotes, brackets and port. */
function addressIn(text: string): string {
  const bare = text.trim().replace(/^"|"$/g, '');
  const bracketed = /^\[([^\]]*)\]/.exec(bare)?.[1];
  if (bracketed !== undefined) return unmapped(bracketed);
  return unmapped(isIP(bare) === 0 ? bare.replace(/:[0-9]+$/, '') : bare);
}

/** Turns an IPv4-mapped IPv6 address into IPv4. */
function unmapped(address: string): string {
  return /^::ffff:([0-9.]+)$/i.exec(address)?.[1] ?? address;
}
