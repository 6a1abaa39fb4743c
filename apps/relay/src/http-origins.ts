/**
 * Which pages may talk to this relay, at the WebSocket upgrade and under /v1. A browser sends the origin of the page with
 * every WebSocket and every request to another origin; a page cannot change it. Pure but for the request it reads.
 *
 *     no Origin               a program, not a page: let in. There are no cookies, so a page has nothing to borrow
 *     the relay's own origin  the address that the request came to: scheme, host and port
 *     one of WETINK_ORIGINS   exactly, character by character
 *     a loopback origin       while nothing else is configured, on a relay of this computer alone, in open mode
 *     anything else, `null`   refused
 *
 * A relay that listens on loopback only believes a Host of this computer, unless a trusted proxy says it: otherwise a page
 * whose name was pointed at 127.0.0.1 (DNS rebinding) would be of the relay's own origin.
 */

import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

export interface OriginRules {
  /** From WETINK_ORIGINS, valid by `originMistake`; null when it is not set, `['*']` for every page. */
  origins: readonly string[] | null;
  /** Whoever knows a room's name may edit it. */
  isOpenMode: boolean;
  /** Nobody but programs and proxies of this computer reaches the relay. */
  isLoopbackOnly: boolean;
  /** Whether X-Forwarded-Proto and X-Forwarded-Host of a request that this address sent count. */
  isTrustedProxy(address: string): boolean;
}

export type OriginRequest = Pick<IncomingMessage, 'headers' | 'socket'>;

export const ANY_ORIGIN = '*';

/** @returns What is wrong with one part of WETINK_ORIGINS, or null. */
export function originMistake(text: string): string | null {
  if (text === ANY_ORIGIN || normalized(text) !== null) return null;
  if (text === 'null') return 'every sandboxed page is null: name the page that has the frame, or serve it from an address';
  return 'it must be scheme, host and port of a page, such as https://draw.example or http://localhost:5173';
}

/** @throws {RangeError} When an origin is not valid by `originMistake`. */
export function createOriginCheck(rules: OriginRules): (request: OriginRequest) => boolean {
  const allowed = new Set(
    (rules.origins ?? []).map((text) => {
      const origin = text === ANY_ORIGIN ? text : normalized(text);
      if (origin === null) throw new RangeError(`${JSON.stringify(text)} is not an origin`);
      return origin;
    }),
  );
  return (request) => {
    const { origin } = request.headers;
    if (origin === undefined) return true;
    if (allowed.has(ANY_ORIGIN) || allowed.has(origin)) return true;
    const own = ownOrigin(request, rules);
    if (own === null) return false;
    if (origin === own) return true;
    return rules.origins === null && rules.isOpenMode && rules.isLoopbackOnly && isLoopbackOrigin(own) && isLoopbackOrigin(origin);
  };
}

/** @returns The origin of the page that would have sent this request to its own server, or null when that cannot be told. */
export function ownOrigin(
  { headers, socket }: OriginRequest,
  rules: Pick<OriginRules, 'isLoopbackOnly' | 'isTrustedProxy'>,
): string | null {
  const isProxied = rules.isTrustedProxy(socket.remoteAddress ?? '');
  // The first of several is what the client asked the first proxy for.
  const forwarded = (name: string): string | undefined => (isProxied ? [headers[name]].flat().join(',').split(',', 1)[0]?.trim() : '');
  const scheme = forwarded('x-forwarded-proto') || ('encrypted' in socket ? 'https' : 'http');
  const host = forwarded('x-forwarded-host') || headers.host;
  if (host === undefined || !/^https?$/i.test(scheme)) return null;
  const origin = normalized(`${scheme.toLowerCase()}://${host}`);
  return origin === null || (rules.isLoopbackOnly && !isProxied && !isLoopbackOrigin(origin)) ? null : origin;
}

/** True for http and https pages of this computer, on any port. */
export function isLoopbackOrigin(origin: string): boolean {
  if (!/^https?:\/\//.test(origin) || normalized(origin) !== origin) return false;
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}

/** As browsers write it: lower case, no default port; null for what is more or less than an origin. */
function normalized(text: string): string | null {
  // Without path, query, user and wildcards, which URL would drop in silence or keep.
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$/.test(text) || !URL.canParse(text)) return null;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}
