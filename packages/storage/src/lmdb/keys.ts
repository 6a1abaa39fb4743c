/**
 * Keys of the LMDB store. All binary, so LMDB's byte order is our order, and never longer than 528 bytes
 * (LMDB's longest is 1,978). A room's name is framed by its length, so no name can reach into another's range:
 *
 *   heads       name
 *   rows        u16 length | name | u32 epoch | u48 position
 *   chunks      u16 length | name | u48 generation | u32 index      a checkpoint, in parts
 *   quarantine  as rows
 *   blobs       32 bytes of SHA-256 | u32 index
 *   records     the record's key in UTF-8
 *   marks       'format…' or 'i' | u16 length | name                work to finish after a crash
 */

import type { RowNumber } from './row-number.ts';

const POSITION_BYTES = 6;
const EPOCH_BYTES = 4;
const INDEX_BYTES = 4;

export function roomPrefix(name: Buffer): Buffer {
  const prefix = Buffer.allocUnsafe(2 + name.length);
  prefix.writeUInt16BE(name.length, 0);
  name.copy(prefix, 2);
  return prefix;
}

export function rowKey(prefix: Buffer, epoch: number, position: RowNumber): Buffer {
  const key = Buffer.allocUnsafe(prefix.length + EPOCH_BYTES + POSITION_BYTES);
  prefix.copy(key, 0);
  key.writeUInt32BE(epoch, prefix.length);
  key.writeUIntBE(position, prefix.length + EPOCH_BYTES, POSITION_BYTES);
  return key;
}

export function rowOfKey(key: Uint8Array): RowNumber {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).readUIntBE(key.length - POSITION_BYTES, POSITION_BYTES);
}

/** The part that all chunk keys of one checkpoint share. */
export function generationPrefix(prefix: Buffer, generation: number): Buffer {
  const key = Buffer.allocUnsafe(prefix.length + POSITION_BYTES);
  prefix.copy(key, 0);
  key.writeUIntBE(generation, prefix.length, POSITION_BYTES);
  return key;
}

export function generationOfChunk(key: Uint8Array): number {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).readUIntBE(key.length - INDEX_BYTES - POSITION_BYTES, POSITION_BYTES);
}

export function chunkKey(prefix: Buffer, index: number): Buffer {
  const key = Buffer.allocUnsafe(prefix.length + INDEX_BYTES);
  prefix.copy(key, 0);
  key.writeUInt32BE(index, prefix.length);
  return key;
}

/** The first key after every key that starts with `prefix`; undefined when there is none (all 0xff). */
export function behindPrefix(prefix: Buffer): Buffer | undefined {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix[i] ?? 0;
    if (byte === 0xff) continue;
    const end = Buffer.from(prefix.subarray(0, i + 1));
    end[i] = byte + 1;
    return end;
  }
  return undefined;
}

/** Range of names or keys that begin with `prefix` and come after `after`; null when there can be none. */
export function rangeBehind(prefix: Buffer, after: Buffer): { start: Buffer; end?: Buffer } | null {
  const from = Buffer.compare(after, prefix) >= 0 ? Buffer.concat([after, Buffer.from([0])]) : prefix;
  const start = from.length === 0 ? Buffer.from([0]) : from; // LMDB has no empty key
  const end = behindPrefix(prefix);
  if (end === undefined) return { start };
  return Buffer.compare(start, end) >= 0 ? null : { start, end };
}

const INTENT = Buffer.from('i');

/** Present while a room has rows or chunks that nothing refers to (any more or yet). */
export function intentKey(prefix: Buffer): Buffer {
  return Buffer.concat([INTENT, prefix]);
}

export function intentRange(): { start: Buffer; end: Buffer } {
  return { start: INTENT, end: Buffer.from('j') };
}

/** The room's name in UTF-8. */
export function nameOfIntent(key: Uint8Array): Buffer {
  return Buffer.from(key.subarray(INTENT.length + 2));
}
