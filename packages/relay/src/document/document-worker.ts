/**
 * Making one document out of many rows, away from the event loop where that takes long: applying and encoding 20 MB
 * stops every socket of a process for about a second otherwise.
 *
 * Applied and encoded again, never merged: `Y.mergeUpdates` would keep deleted text.
 */

import { START } from '@wetink/storage';
import { documentFromStored } from './load-document.ts';

export interface DocumentWorker {
  /**
   * @param updates Given away: they may be moved to another thread.
   * @returns The document that they make; null when not all of them can be shown in it.
   * @throws {Error} when the worker is gone.
   */
  compact(updates: Uint8Array[]): Promise<Uint8Array | null>;
  /** Final, idempotent. What is under way rejects. */
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
