/** Builds a room's document from its stored rows and its unsaved changes. */

import type { StoredRoom } from '@wetink/storage';
import * as Y from 'yjs';
import { prerequisitesOf, type Need } from './need.ts';
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
  for (let way: Way = 'together'; ;) {
    const document = new RoomDocument();
    const { waiting, failure } = applyAll(document, rows, { firstRow, leftOut, way });
    if (failure === null) {
      const held = [...[...leftOut.values()].map((update) => ({ update, need: null })), ...waiting];
      document.hold([...new Map(held.map((row) => [keyOf(row.update), row])).values()]);
      return document;
    }
    document.destroy();
    if (failure === 'one of many') {
      way = 'one by one';
      continue;
    }
    if (failure.row < firstRow) throw new Error('the checkpoint cannot be applied', { cause: failure.error });
    if (leftOut.size === MAX_LEFT_OUT)
      throw new Error(`more than ${MAX_LEFT_OUT} stored changes cannot be applied`, { cause: failure.error });
    leftOut.set(keyOf(failure.update), failure.update);
    onLeftOut(failure.row - firstRow, failure.error);
    way = 'together';
  }
}

/** How rows are applied that came before what they need: at once, which is fast, or each where the first that fails is seen. */
type Way = 'together' | 'one by one';

interface Row {
  row: number;
  update: Uint8Array;
}

interface Failure extends Row {
  error: unknown;
}

type Outcome = { waiting: HeldRow[]; failure: null } | { waiting: []; failure: Failure | 'one of many' };

function applyAll(
  document: RoomDocument,
  rows: readonly Uint8Array[],
  { firstRow, leftOut, way }: { firstRow: number; leftOut: ReadonlyMap<string, Uint8Array>; way: Way },
): Outcome {
  const waiting: (Row & { need: Need })[] = [];
  for (const [row, update] of rows.entries()) {
    if (leftOut.size > 0 && leftOut.has(keyOf(update))) continue;
    const outcome = row < firstRow ? document.applyCheckpoint(update) : document.apply(update);
    if (outcome.kind !== 'applied') return { waiting: [], failure: { row, update, error: outcome.error } };
    if (outcome.need === null) continue;
    waiting.push({ row, update, need: outcome.need });
    // Yjs would merge each with all before it: 35 s for 5,000 rows instead of 0.7 s. They are applied together, below.
    document.dropPending();
  }
  // Not only those whose need is unmet by now: of a row that came before what it deletes, the deletions were dropped.
  const left = waiting.filter(({ update }) => !document.contains(document.inspect(update)));
  const failure = left.length === 0 ? null : way === 'together' ? applyTogether(document, left) : applyOneByOne(document, left);
  return failure === null ? { waiting: left.filter(({ need }) => !document.isMet(need)), failure } : { waiting: [], failure };
}

function applyTogether(document: RoomDocument, rows: readonly Row[]): 'one of many' | null {
  try {
    return document.apply(mergeMany(rows.map(({ update }) => update))).kind === 'applied' ? null : 'one of many';
  } catch {
    return 'one of many'; // they cannot be merged: one by one it is seen which
  }
}

/**
 * Applies each row when the document has what it needs, so that one that fails, and no other, is the one to blame. Then those
 * that need parts of each other, or parts that nobody has, as far as that goes; the rest is left pending.
 *
 * @returns The row that fails; the document is damaged then.
 */
function applyOneByOne(document: RoomDocument, rows: readonly Row[]): Failure | null {
  const apply = (row: Row): Failure | 'whole' | 'in part' => {
    const outcome = document.apply(row.update);
    if (outcome.kind !== 'applied') return { ...row, error: outcome.error };
    // The next one must not fail for what this one left.
    document.dropPending();
    return outcome.need === null ? 'whole' : 'in part';
  };
  const needs = new Map(rows.map((row) => [row, prerequisitesOf(row.update)]));
  const rest = new Set<Row>();
  for (let isOver = false; !isOver;) {
    isOver = true;
    for (const [row, need] of needs) {
      if (!document.isMet(need)) continue;
      const outcome = apply(row);
      if (typeof outcome === 'object') return outcome;
      if (outcome === 'in part') rest.add(row);
      needs.delete(row);
      isOver = false;
    }
  }
  for (const row of needs.keys()) rest.add(row);
  for (let version = -1; version !== document.version;) {
    version = document.version;
    for (const row of rest) {
      const outcome = apply(row);
      if (typeof outcome === 'object') return outcome;
      if (outcome === 'whole') rest.delete(row);
    }
  }
  if (rest.size > 0 && applyTogether(document, [...rest]) !== null) throw new Error('stored changes that wait cannot be merged');
  return null;
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
