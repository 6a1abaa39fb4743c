/**
 * The rules that every Store keeps, as tests. Run them against your own:
 *
 *   storageContract('my store', async () => ({ store: await openMyStore(), cleanup: async () => {} }));
 *
 * With `reopen` the rules about durability are checked too: it closes the store and opens the same data again. Titles
 * cite the rules in SPEC.md. Needs vitest, an optional peer dependency.
 */

import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../port.ts';
import { blobRemovalRules, blobRules } from './blobs-contract.ts';
import { checkpointRules, journalRules, loadSinceRules } from './journal-contract.ts';
import { recordsContract } from './records-contract.ts';
import { eraseRules, lifeRules, listRules } from './rooms-contract.ts';
import type { StoreOfTest } from './store-of-test.ts';
import { rangeRules, uploadRules } from './uploads-contract.ts';

export interface ContractSetup {
  store: Store;
  /** Closes the store and opens the same data again. Leave out for a store that keeps nothing. */
  reopen?(): Promise<Store>;
  /** Called after each test, with the store closed. */
  cleanup(): Promise<void>;
}

export function storageContract(name: string, setup: () => Promise<ContractSetup>): void {
  describe(`storage contract: ${name}`, () => {
    let made: ContractSetup;
    let store: Store;

    beforeEach(async () => {
      made = await setup();
      store = made.store;
    });

    afterEach(async () => {
      await store.close();
      await made.cleanup();
    });

    /** The data as a new process would find it, if the store can do that. */
    const again = async (): Promise<Store> => {
      if (made.reopen !== undefined) store = await made.reopen();
      return store;
    };

    const tested: StoreOfTest = { open: () => store, again };
    journalRules(tested);
    checkpointRules(tested);
    loadSinceRules(tested);
    eraseRules(tested);
    listRules(tested);
    blobRules(tested);
    blobRemovalRules(tested);
    rangeRules(tested);
    uploadRules(tested);
    recordsContract(tested.open, again);
    lifeRules(tested);
  });
}
