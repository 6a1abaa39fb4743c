/**
 * Knows whether the store takes appends of this relay. A nearly full disk takes a small write and refuses a large one, so
 * the largest append that found no space says how large a probe has to be:
 *
 *     append of 2 MB: FULL     probes are of 2 MB from now on, so they are refused while that append would be
 *     2 MB go in               by a probe or an append: there is space again, and probes are as small as before
 *
 * Other refusals are not remembered: a single room or change that is refused (erased, too large, damaged) is no fault of
 * the store, and a store that is broken or away refuses every probe.
 */

import { StoreError, storageLimits, type Store } from '@wetink/storage';

export class StoreHealth {
  readonly #store: Pick<Store, 'probe'>;
  /** Size of the largest append refused for lack of space; 0 while there is none. */
  #neededBytes = 0;
  #probing: Promise<void> | null = null;

  constructor(store: Pick<Store, 'probe'>) {
    this.#store = store;
  }

  appended(bytes: number): void {
    if (bytes >= this.#neededBytes) this.#neededBytes = 0;
  }

  refused(error: unknown, bytes: number): void {
    if (!(error instanceof StoreError) || error.code !== 'FULL') return;
    this.#neededBytes = Math.min(Math.max(this.#neededBytes, bytes), storageLimits.maxProbeBytes);
  }

  /** Resolves when an append would go in. Calls that come meanwhile share the answer. @throws {StoreError} With the reason. */
  probe(): Promise<void> {
    this.#probing ??= this.#probe().finally(() => (this.#probing = null));
    return this.#probing;
  }

  async #probe(): Promise<void> {
    let bytes: number;
    do {
      bytes = this.#neededBytes;
      await this.#store.probe(bytes);
    } while (this.#neededBytes > bytes); // a larger append was refused meanwhile
    this.#neededBytes = 0;
  }
}
