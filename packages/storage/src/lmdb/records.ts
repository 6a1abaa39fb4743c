/**
 * Values of the LMDB store. Each carries a CRC-32 over itself and its key, so that a flipped bit, a torn write or a
 * record under a wrong key is noticed:
 *
 *   u8 format = 1 | u32 CRC-32 of (body, key) | body
 */

import { crc32 } from 'node:zlib';
import { StoreError } from '../errors.ts';
import type { RowNumber } from './row-number.ts';

const FORMAT = 1;
const HEADER_BYTES = 5;

/** One checkpoint of a room. */
export interface Generation {
  /** Its number; part of its chunks' keys, never used twice in a room. */
  id: number;
  covers: RowNumber;
  bytes: number;
  chunks: number;
  sha256: string;
}

/** The state of a room that is known without reading its rows. */
export interface RoomHead {
  /** Number of the last row. A room's rows are numbered without gaps, so a lost row shows. */
  position: RowNumber;
  epoch: number;
  isErased: boolean;
  /** Newest first, at most two: the one in use, and the one before it as a fallback. */
  generations: Generation[];
  nextGeneration: number;
  /** Bytes of the rows after the newest checkpoint. */
  rowBytes: number;
  /** ms since 1970. */
  updatedAt: number;
}

export function freshHead(): RoomHead {
  return { position: 0, epoch: 0, isErased: false, generations: [], nextGeneration: 1, rowBytes: 0, updatedAt: 0 };
}

/** Copies the body behind a header that `seal` fills in later, when the key is known. */
export function unsealed(body: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  record[0] = FORMAT;
  record.set(body, HEADER_BYTES);
  return record;
}

/** Writes the checksum into a record made by `unsealed`. */
export function seal(record: Buffer, key: Buffer): Buffer {
  record.writeUInt32BE(checksum(record, key), 1);
  return record;
}

/** @returns The body, a view into `record`; null when the record is not the one written under this key. */
export function open(record: Uint8Array | undefined, key: Uint8Array): Uint8Array | null {
  if (record === undefined || record.length < HEADER_BYTES || record[0] !== FORMAT) return null;
  const view = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  return view.readUInt32BE(1) === checksum(view, key) ? record.subarray(HEADER_BYTES) : null;
}

export function encodeHead(head: RoomHead, key: Buffer): Buffer {
  return seal(unsealed(Buffer.from(JSON.stringify(head), 'utf8')), key);
}

/** @returns null when the record is damaged. */
export function decodeHead(record: Uint8Array, key: Uint8Array): RoomHead | null {
  const body = open(record, key);
  return body === null ? null : (JSON.parse(Buffer.from(body).toString('utf8')) as RoomHead);
}

/** @throws {StoreError} `CORRUPT`: a damaged head does not say whether the room was erased, so it is an error. */
export function readHead(record: Buffer | undefined, name: Buffer): RoomHead | null {
  if (record === undefined) return null;
  const head = decodeHead(record, name);
  if (head === null)
    throw new StoreError(
      'CORRUPT',
      `The record of room "${name.toString('utf8')}" is damaged. Restore the data folder from a backup; other rooms are not affected.`,
    );
  return head;
}

/** Length of the body of a whole record. */
export function bodyBytes(record: Uint8Array): number {
  return Math.max(0, record.length - HEADER_BYTES);
}

function checksum(record: Uint8Array, key: Uint8Array): number {
  return crc32(key, crc32(record.subarray(HEADER_BYTES)));
}
