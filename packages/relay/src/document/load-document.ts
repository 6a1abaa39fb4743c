/** Builds a room's document from its stored rows and its unsaved changes. */

import type { StoredRoom } from '@wetink/storage';
import * as Y from 'yjs';
import type { Need } from './need.ts';
import { RoomDocument, type HeldRow } from './room-document.ts';
import { joinRows } from './row-parts.ts';

/** Different rows that may be left out before the room counts as unreadable: each may cost another build. */
const MAX_LEFT_OUT = 8;
const MERGED_AT_ONCE = 64;

/**
 * A row that cannot be applied is left out, and a row whose predecessors are missing (a damaged row hides all that its
 * author did later) waits. The document holds both.
 *
 * @param unsaved Updates applied earlier, maybe not in the store yet; repeating them is harmless.
 * @param onLeftOut Called for a row that cannot be applied; it stays in the store.
 * @throws {Error} When the checkpoint cannot be applied, or too many rows cannot.
 */
export function documentFromStored(
  stored: StoredRoom,
  unsaved: readonly Uint8Array[],
  onLeftOut: (row: number, error: unknown) => void,
): RoomDocument {
  const rows = [
    ...(stored.checkpoint === null ? [] : [stored.checkpoint]),
    ...joinRows(stored.updates).map(({ update }) => update),
    ...unsaved,
  ];
  const firstRow = stored.checkpoint === null ? 0 : 1;
  const leftOut = new Map<string, Uint8Array>();
  for (;;) {
    const document = new RoomDocument();
    const { waiting, failure } = applyAll(document, rows, firstRow, leftOut);
    if (failure === null) {
      const held = [...[...leftOut.values()].map((update) => ({ update, need: null })), ...waiting];
      document.hold([...new Map(held.map((row) => [keyOf(row.update), row])).values()]);
      return document;
    }
    document.destroy();
    if (failure.row < firstRow) throw new Error('the checkpoint cannot be applied', { cause: failure.error });
    if (leftOut.size === MAX_LEFT_OUT)
      throw new Error(`more than ${MAX_LEFT_OUT} stored changes cannot be applied`, { cause: failure.error });
    leftOut.set(keyOf(failure.update), failure.update);
    onLeftOut(failure.row - firstRow, failure.error);
  }
}

interface Failure {
  row: number;
  update: Uint8Array;
  error: unknown;
}

function applyAll(
  document: RoomDocument,
  rows: readonly Uint8Array[],
  firstRow: number,
  leftOut: ReadonlyMap<string, Uint8Array>,
): { waiting: HeldRow[]; failure: Failure | null } {
  const waiting: { row: number; update: Uint8Array; need: Need }[] = [];
  for (const [row, update] of rows.entries()) {
    if (leftOut.size > 0 && leftOut.has(keyOf(update))) continue;
    const outcome = row < firstRow ? document.applyCheckpoint(update) : document.apply(update);
    if (outcome.kind !== 'applied') return { waiting: [], failure: { row, update, error: outcome.error } };
    if (outcome.need === null) continue;
    waiting.push({ row, update, need: outcome.need });
    // Yjs would merge each with all before it: 35 s for 5,000 rows instead of 0.7 s. They are applied together, below.
    document.dropPending();
  }
  const unmet = waiting.filter(({ need }) => !document.isMet(need));
  const last = unmet.at(-1);
  if (last === undefined) return { waiting: [], failure: null };
  const outcome = document.apply(mergeMany(unmet.map(({ update }) => update)));
  if (outcome.kind !== 'applied') return { waiting: [], failure: { ...last, error: outcome.error } };
  return { waiting: unmet.filter(({ need }) => !document.isMet(need)), failure: null };
}

/** Merges `MERGED_AT_ONCE` at a time, because Yjs sorts all that it merges again for each struct. */
export function mergeMany(updates: readonly Uint8Array[]): Uint8Array {
  let merged = updates;
  while (merged.length > 1) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < merged.length; at += MERGED_AT_ONCE) next.push(Y.mergeUpdates(merged.slice(at, at + MERGED_AT_ONCE)));
    merged = next;
  }
  return merged[0] ?? new Uint8Array([0, 0]);
}

/** A key that is equal for rows of equal bytes: a crash while a checkpoint is written may leave a held row twice. */
export function keyOf(update: Uint8Array): string {
  return Buffer.from(update.buffer, update.byteOffset, update.byteLength).toString('latin1');
}
