/**
 * The documents in the database. One collection each:
 *
 *   meta         { _id: 'format', version }
 *   journal      rows: { room, epoch, node, seq, updates, … }, inserted once and never changed
 *   heads        one per room: its epoch, and which checkpoints belong to it
 *   checkpoints  whole documents, written by y-mongodb-provider, each under a name of its own
 *   records      { _id: key, version, value, … }, changed only where the version is the one that was read
 *   blobs        pieces under `<hash>:<version>:<i>`, and `<hash>` once all of them are there
 *   quarantine   rows that did not match their checksum, kept for a repair of the room
 *
 * Rows and heads carry a CRC-32 over themselves and what they belong to, so that a row which was changed, or copied to
 * another room, is noticed.
 */

import { crc32 } from 'node:zlib';
import { Binary, type ObjectId } from 'mongodb';
import { StoreError } from '../errors.ts';
import type { Position } from '../port.ts';

/** One document of the journal: up to 8 MiB of one `append`. */
export interface RowDocument {
  _id: ObjectId;
  room: string;
  epoch: number;
  /** The process that appended it. */
  node: string;
  /** One counter per process, so rows of a room have gaps. */
  seq: number;
  /** Number of this node's acknowledged row before it in this room, 0 for none: a lost row shows. Absent when unknown. */
  after?: number;
  /** First and last `seq` of an append too large for one document: all of its rows count, or none. */
  span?: [number, number];
  /** Bytes of `updates`. */
  bytes: number;
  crc: number;
  /** ms since 1970, by the clock of the appending process. */
  at: number;
  updates: Binary[];
}

/** One checkpoint of a room. */
export interface Generation {
  /** Its document name in y-mongodb-provider. */
  name: string;
  covers: Position;
  bytes: number;
  sha256: string;
}

export interface Head {
  room: string;
  /** Number of its changes; swaps compare it. */
  version: number;
  epoch: number;
  isErased: boolean;
  /** Newest first, at most two: the one in use, and the one before it as a fallback. */
  generations: Generation[];
  /** ms since 1970, of the last checkpoint or erase. */
  updatedAt: number;
}

export interface HeadDocument extends Omit<Head, 'room'> {
  _id: string;
  crc: number;
}

/** Head of a room that has nothing yet. */
export function freshHead(room: string, now: number): Head {
  return { room, version: 0, epoch: 0, isErased: false, generations: [], updatedAt: now };
}

export function headToDocument(head: Head): HeadDocument {
  const { room, ...rest } = head;
  return { _id: room, ...rest, crc: headChecksum(head) };
}

/** @throws {StoreError} `CORRUPT`: a damaged head does not say whether the room was erased, so it is an error. */
export function documentToHead(document: HeadDocument): Head {
  const { _id: room, version, epoch, isErased, generations, updatedAt } = document;
  const head = { room, version, epoch, isErased, generations, updatedAt };
  if (!Array.isArray(generations) || !generations.every(isGeneration) || headChecksum(head) !== document.crc) {
    throw new StoreError(
      'CORRUPT',
      `The record of room "${room}" in the collection heads is damaged. Restore it from a backup; other rooms are not affected. Nothing was deleted.`,
    );
  }
  return head;
}

/** Checks only what the checksum needs; the checksum decides. */
function isGeneration(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'covers' in value && typeof value.covers === 'object' && value.covers !== null;
}

/** @returns Copies of the row's updates; null when they are not those written under this key. */
export function openRow(row: RowDocument): Uint8Array[] | null {
  if (!Array.isArray(row.updates) || !row.updates.every((update) => update instanceof Binary)) return null;
  const updates = row.updates.map((update) => new Uint8Array(update.value()));
  return rowChecksum(row, updates) === row.crc ? updates : null;
}

/**
 * CRC-32 of `bytes` after `before`. zlib answers 0 when the memory of an empty array has no address, which on Node 20
 * depends on how the array was made; an intact row then looked damaged.
 */
export function checksumOf(bytes: Uint8Array, before: number): number {
  return bytes.length === 0 ? before : crc32(bytes, before);
}

export function rowChecksum(key: Pick<RowDocument, 'room' | 'epoch' | 'node' | 'seq'>, updates: readonly Uint8Array[]): number {
  let sum = crc32(JSON.stringify([key.room, key.epoch, key.node, key.seq, updates.map(({ length }) => length)]));
  for (const update of updates) sum = checksumOf(update, sum);
  return sum;
}

function headChecksum(head: Head): number {
  const { room, version, epoch, isErased, updatedAt } = head;
  const generations = head.generations.map(({ name, covers, bytes, sha256 }) => [name, Object.entries(covers).sort(), bytes, sha256]);
  return crc32(JSON.stringify([room, version, epoch, isErased, generations, updatedAt]));
}
