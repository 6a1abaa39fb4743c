/** Addresses of clients, and what limits count them under. */

import type { IncomingMessage } from 'node:http';
import { addressKey } from '@wetink/relay';
import { createAddressReader, createProxyCheck, type AddressReader } from '@wetink/relay/http';

export interface ClientAddresses {
  addressOf: AddressReader;
  /**
   * The key of an address for limits. Null for a proxy's own: behind a proxy that hides addresses all clients look alike,
   * so none is limited by address.
   */
  keyOf(address: string): string | null;
  keyOfRequest(request: IncomingMessage): string | null;
}

/** @param trustedProxies Checked with `cidrMistake`. */
export function createClientAddresses(trustedProxies: readonly string[]): ClientAddresses {
  const addressOf = createAddressReader(trustedProxies);
  const isTrustedProxy = createProxyCheck(trustedProxies);
  const keyOf = (address: string): string | null => (isTrustedProxy(address) ? null : addressKey(address));
  return { addressOf, keyOf, keyOfRequest: (request) => keyOf(addressOf(request)) };
}
