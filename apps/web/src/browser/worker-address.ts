/**
 * The addresses of workers, as trusted types: under a policy that requires trusted types browsers refuse a plain string.
 * Each policy vouches for one address only, and its name is one that the relay allows.
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
  return trustedScript(trustedTypes, POLICY, ADDRESS);
}

/** The address of a script under a policy of its own. As for `workerAddress`. */
export function trustedScript(trustedTypes: TrustedTypes | undefined, name: string, trusted: string): WorkerAddress {
  if (trustedTypes === undefined) return trusted;
  const policy = trustedTypes.createPolicy(name, {
    createScriptURL(address) {
      if (address !== trusted) throw new TypeError(`${address} is not the script of ${name}`);
      return address;
    },
  });
  return policy.createScriptURL(trusted);
}
