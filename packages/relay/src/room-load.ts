/** A room's document from what the store keeps and what is not yet stored. */

import type { StoredRoom } from '@wetink/storage';
import { RoomDocument } from './room-document.ts';

/** Rows that may be left out one by one before the room counts as unreadable: each costs building it again. */
const MAX_LEFT_OUT = 8;

/**
 * @param unsaved Applied earlier, maybe not in the store yet; repeating them is harmless.
 * @param onLeftOut A row that cannot be applied; it stays in the store.
 * @throws {Error} when the checkpoint cannot be applied or too many rows cannot.
 */
export function documentFromStored(
  stored: StoredRoom,
  unsaved: readonly Uint8Array[],
  onLeftOut: (row: number, error: unknown) => void,
): RoomDocument {
  const rows = [...(stored.checkpoint === null ? [] : [stored.checkpoint]), ...stored.updates, ...unsaved];
  const firstRow = stored.checkpoint === null ? 0 : 1;
  const leftOut = new Set<number>();
  for (;;) {
    const document = new RoomDocument();
    const failure = applyAll(document, rows, leftOut);
    if (failure === null) {
      // Only a row set aside by the store can leave a hole: what it hides must not be acknowledged or passed on.
      document.dropPending();
      return document;
    }
    document.destroy();
    if (failure.row < firstRow) throw new Error('the checkpoint cannot be applied', { cause: failure.error });
    if (leftOut.size === MAX_LEFT_OUT)
      throw new Error(`more than ${MAX_LEFT_OUT} stored changes cannot be applied`, { cause: failure.error });
    leftOut.add(failure.row);
    onLeftOut(failure.row - firstRow, failure.error);
  }
}

function applyAll(
  document: RoomDocument,
  rows: readonly Uint8Array[],
  leftOut: ReadonlySet<number>,
): { row: number; error: unknown } | null {
  for (const [row, update] of rows.entries()) {
    if (leftOut.has(row)) continue;
    const outcome = document.apply(update);
    if (outcome.kind !== 'applied') return { row, error: outcome.error };
  }
  return null;
}
