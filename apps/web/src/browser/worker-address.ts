/**
 * The address of the service worker, as a trusted type: under a policy that requires trusted types browsers refuse a plain
 * string. The policy vouches for this one address only, and its name is the one that the relay allows.
 */
import type { Workbox } from 'workbox-window';

/** A string, or what a trusted types policy makes of one. */
export type WorkerAddress = ConstructorParameters<typeof Workbox>[0];

/** The part of `window.trustedTypes` that is used; TypeScript's DOM library does not know it yet. */
export interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): {
    createScriptURL(address: string): WorkerAddress;
  };
}

const ADDRESS = '/sw.js';
const POLICY = 'wetink-service-worker';

/**
 * Call once per page: the browser refuses a second policy of the same name.
 *
 * @param trustedTypes Undefined in browsers that have none.
 * @throws {TypeError} When the page's policy allows no such name.
 */
export function workerAddress(trustedTypes: TrustedTypes | undefined): WorkerAddress {
  if (trustedTypes === undefined) return ADDRESS;
  const policy = trustedTypes.createPolicy(POLICY, {
    createScriptURL(address) {
      if (address !== ADDRESS) throw new TypeError(`${address} is not the service worker`);
      return address;
    },
  });
  return policy.createScriptURL(ADDRESS);
}
