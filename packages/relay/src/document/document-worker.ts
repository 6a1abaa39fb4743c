/**
 * Makes one document out of many rows, off the event loop where that takes long: applying and encoding 20 MB there would
 * stop every socket of the process for about a second.
 *
 * Rows are applied and encoded again, never merged: `Y.mergeUpdates` would keep deleted text.
 */

import { START } from '@wetink/storage';
import { documentFromStored } from './load-document.ts';

export interface DocumentWorker {
  /**
   * @param updates The caller gives them away: they may be moved to another thread.
   * @returns The document that they make; null when it cannot show all of them.
   * @throws {Error} When the worker is gone.
   */
  compact(updates: Uint8Array[]): Promise<Uint8Array | null>;
  /** Final, idempotent. Calls under way reject. */
  close(): Promise<void>;
}

/** Pure. */
export function compactUpdates(updates: readonly Uint8Array[]): Uint8Array | null {
  let isWhole = true;
  const stored = { checkpoint: null, updates: [...updates], position: START, epoch: 0, isErased: false, quarantined: 0, bytes: 0 };
  const document = documentFromStored(stored, [], () => (isWhole = false));
  isWhole &&= document.held().length === 0;
  const state = isWhole ? document.full() : null;
  document.destroy();
  return state;
}

/** Does the work in this thread: for tests and simulations. */
export function inlineDocumentWorker(): DocumentWorker {
  return {
    compact: async (updates) => compactUpdates(updates),
    close: () => Promise.resolve(),
  };
}
