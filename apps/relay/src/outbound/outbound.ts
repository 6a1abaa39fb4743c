/**
 * Posts to addresses that people and programs gave: https only, to public addresses only, whatever a name resolves to at
 * that moment. Redirects are not followed, and of the answer only the head is read.
 */

import { request as requestHttp, type IncomingHttpHeaders } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { createHostNames, type HostNames } from './host-names.ts';
import { isPrivateAddress } from './private-addresses.ts';

export interface OutboundAnswer {
  status: number;
  headers: IncomingHttpHeaders;
}

export interface Outbound {
  /** A sentence about what is wrong with an address; null: nothing that can be seen without asking. */
  mistakeIn(address: string): string | null;
  /** @throws {Error} No answer in time, or the address may not be used, or `signal` was aborted. */
  post(address: string, headers: Readonly<Record<string, string>>, body: Uint8Array, signal?: AbortSignal): Promise<OutboundAnswer>;
}

export interface OutboundOptions {
  /** Private addresses, and http, may be used: for tests, and services in the operator's own network. */
  allowsPrivate: boolean;
  timeoutMs: number;
  /** Instead of the names that this machine knows. */
  names?: HostNames;
}

const MAX_LENGTH = 1_024;

export function createOutbound({ allowsPrivate, timeoutMs, names }: OutboundOptions): Outbound {
  const lookup = lookupIn(names ?? createHostNames({ usesSearchDomains: allowsPrivate }), allowsPrivate);
  const mistakeIn = (address: string): string | null => {
    if (address.length > MAX_LENGTH || !URL.canParse(address)) return `must be an https address of at most ${MAX_LENGTH} characters`;
    const { protocol, username, password, port, hostname } = new URL(address);
    if (username !== '' || password !== '') return 'must have no user name and no password';
    if (allowsPrivate) return protocol === 'https:' || protocol === 'http:' ? null : 'must begin with https://';
    if (protocol !== 'https:') return 'must begin with https://';
    if (port !== '') return 'must use the usual port of https';
    const host = hostname.replace(/^\[|\]$/g, '');
    return isIP(host) !== 0 && isPrivateAddress(host) ? 'must be a public address' : null;
  };
  return {
    mistakeIn,
    post: (address, headers, body, signal) =>
      new Promise((resolve, reject) => {
        const mistake = mistakeIn(address);
        if (mistake !== null) return reject(new Error(`the address ${mistake}`));
        const send = address.startsWith('http:') ? requestHttp : requestHttps;
        const request = send(
          address,
          {
            method: 'POST',
            headers: { ...headers, 'Content-Length': body.length },
            ...(signal === undefined ? {} : { signal }),
            // No connection is kept: a later one is checked again.
            agent: false,
            lookup,
          },
          (response) => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers });
            response.destroy();
          },
        );
        // AbortSignal.any loses its timeouts when memory is collected (seen in Node 20.20).
        const late = setTimeout(() => request.destroy(new DOMException('there was no answer in time', 'TimeoutError')), timeoutMs);
        request.on('close', () => clearTimeout(late));
        request.on('error', reject);
        request.end(body);
      }),
  };
}

/** Without private addresses, unless they are allowed: checked where the connection is made, so no second answer can differ. */
function lookupIn(names: HostNames, allowsPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    names.addressesOf(hostname).then(
      (addresses) => {
        const found = addresses.filter(({ address }) => allowsPrivate || !isPrivateAddress(address));
        const [first] = found;
        if (first === undefined) callback(new Error('the name leads to a private address'), []);
        else if (options.all === true) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), []),
    );
  };
}
