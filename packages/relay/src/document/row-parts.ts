/**
 * Splits a change too large for one row of the journal into several rows, and joins them.
 *
 *     part = ten bytes that no update begins with, id (16 bytes), index, count, bytes
 *
 * All parts of a change are appended at once. The id is a hash of the change: parts written twice are the same, and
 * a change is only put together when it is complete and intact. Otherwise its parts stay in the store, like other rows
 * that can't be applied.
 */

import { createHash } from 'node:crypto';
import { BoundedReader, SyncError } from '@wetink/protocol';
import { createEncoder, toUint8Array, writeUint8Array, writeVarUint } from 'lib0/encoding';

/** An update begins with a varUint; none has ten bytes. */
const MARK = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x70]);
const ID_BYTES = 16;
/** Mark, id, and two numbers of up to eight bytes. */
const HEAD_BYTES = MARK.length + ID_BYTES + 16;

/** @returns The change itself when it fits in a row. */
export function splitIntoRows(update: Uint8Array, maxRowBytes: number): Uint8Array[] {
  if (update.length <= maxRowBytes) return [update];
  const id = idOf(update);
  const partBytes = maxRowBytes - HEAD_BYTES;
  const count = Math.ceil(update.length / partBytes);
  return Array.from({ length: count }, (_, index) => {
    const encoder = createEncoder();
    writeUint8Array(encoder, MARK);
    writeUint8Array(encoder, id);
    writeVarUint(encoder, index);
    writeVarUint(encoder, count);
    writeUint8Array(encoder, update.subarray(index * partBytes, (index + 1) * partBytes));
    return toUint8Array(encoder);
  });
}

/** A stored change, and its rows. */
export interface StoredChange {
  update: Uint8Array;
  rows: readonly Uint8Array[];
}

/** @returns Changes in the order of their first rows. A part of an incomplete change is a change of its own, which can't be applied. */
export function joinRows(rows: readonly Uint8Array[]): StoredChange[] {
  if (!rows.some(isPart)) return rows.map((row) => ({ update: row, rows: [row] }));
  const changes: (StoredChange | { parts: Part[] })[] = [];
  const partsById = new Map<string, { parts: Part[] }>();
  for (const row of rows) {
    const part = isPart(row) ? readPart(row) : null;
    if (part === null) {
      changes.push({ update: row, rows: [row] });
      continue;
    }
    const known = partsById.get(part.key);
    if (known !== undefined) known.parts.push(part);
    else {
      const fresh = { parts: [part] };
      partsById.set(part.key, fresh);
      changes.push(fresh);
    }
  }
  return changes.flatMap((change) => ('parts' in change ? together(change.parts) : [change]));
}

interface Part {
  /** Id and count. */
  key: string;
  id: Uint8Array;
  index: number;
  count: number;
  bytes: Uint8Array;
  row: Uint8Array;
}

function isPart(row: Uint8Array): boolean {
  return row.length > MARK.length && MARK.every((byte, i) => row[i] === byte);
}

function readPart(row: Uint8Array): Part | null {
  try {
    const reader = new BoundedReader(row.subarray(MARK.length));
    const id = reader.fixed('id', ID_BYTES);
    const index = reader.uint('index');
    const count = reader.uint('count');
    return { key: `${Buffer.from(id).toString('hex')}/${count}`, id, index, count, bytes: reader.rest('part'), row };
  } catch (error) {
    if (error instanceof SyncError) return null;
    throw error;
  }
}

function together(parts: readonly Part[]): StoredChange[] {
  const rows = parts.map(({ row }) => row);
  const byIndex = new Map(parts.map((part) => [part.index, part]));
  const first = parts[0];
  const ordered = first === undefined || byIndex.size !== first.count ? [] : Array.from({ length: first.count }, (_, i) => byIndex.get(i));
  const update = Buffer.concat(ordered.flatMap((part) => part?.bytes ?? []));
  if (first !== undefined && update.length > 0 && Buffer.from(first.id).equals(idOf(update)))
    return [{ update: new Uint8Array(update), rows }];
  return rows.map((row) => ({ update: row, rows: [row] }));
}

function idOf(update: Uint8Array): Buffer {
  return createHash('sha256').update(update).digest().subarray(0, ID_BYTES);
}
