/**
 * Decides which pages may use this relay, at the WebSocket upgrade and under /v1. A browser sends the page's origin with
 * every WebSocket and every cross-origin request; a page cannot change it. Pure except for the request it reads.
 *
 *     no Origin               allowed: a program, not a page. There are no cookies that a page could misuse
 *     the relay's own origin  allowed: scheme, host and port that the request was sent to
 *     one of the list         allowed, when it matches character by character
 *     a loopback origin       allowed without a list, in open mode, on a relay that only this computer reaches
 *     anything else, `null`   refused
 *
 * A relay that listens on loopback accepts only loopback names as Host, unless a trusted proxy sends it: otherwise a page
 * whose name resolves to 127.0.0.1 (DNS rebinding) would count as the relay's own.
 */

import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

export interface OriginRules {
  /** Other origins whose pages may use this relay, checked with `originMistake`; null: no list; `['*']`: every page. */
  origins: readonly string[] | null;
  /** Anyone who knows the name of a room without an owner may edit it. */
  isOpenMode: boolean;
  /** Only programs and proxies on this computer reach the relay. */
  isLoopbackOnly: boolean;
  /** Whether to believe X-Forwarded-Proto and X-Forwarded-Host of requests from this address. */
  isTrustedProxy(address: string): boolean;
}

export type OriginRequest = Pick<IncomingMessage, 'headers' | 'socket'>;

export const ANY_ORIGIN = '*';

/** @returns What is wrong with one entry of a list of origins, or null. */
export function originMistake(text: string): string | null {
  if (text === ANY_ORIGIN || normalized(text) !== null) return null;
  if (text === 'null')
    return 'every sandboxed page has the origin null: name the page around the frame, or serve the frame from an address';
  return 'it must be scheme, host and port of a page, such as https://draw.example or http://localhost:5173';
}

/** @throws {RangeError} An origin does not pass `originMistake`. */
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

/** @returns The origin of the page that would have sent this request to its own server, or null when unknown. */
export function ownOrigin(
  { headers, socket }: OriginRequest,
  rules: Pick<OriginRules, 'isLoopbackOnly' | 'isTrustedProxy'>,
): string | null {
  const isProxied = rules.isTrustedProxy(socket.remoteAddress ?? '');
  // With several values, the first is what the client asked the first proxy for.
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

/** The origin as browsers write it (lower case, no default port), or null when the text is not exactly an origin. */
function normalized(text: string): string | null {
  // Rejects a path, query, user or wildcard, which URL would drop in silence or keep.
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$/.test(text) || !URL.canParse(text)) return null;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}`;
}
