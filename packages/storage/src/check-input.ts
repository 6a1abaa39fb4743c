/** Checks of callers' input, shared by the stores, so that each refuses the same input in the same words. */

import { createHash } from 'node:crypto';
import { StoreError } from './errors.ts';
import { storageLimits } from './limits.ts';
import type { Position } from './port.ts';
import { checkPosition, isCovered } from './position.ts';

const HEX_64 = /^[0-9a-f]{64}$/;

/** @returns The name in UTF-8, 1 to 512 bytes. @throws {StoreError} `INVALID`, `TOO_LARGE`. */
export function roomNameBytes(room: string): Buffer {
  if (typeof room !== 'string' || room === '') throw new StoreError('INVALID', 'A room needs a name of at least one character.');
  const bytes = nameBytes(room);
  if (bytes.length > storageLimits.maxRoomNameBytes) {
    throw new StoreError(
      'TOO_LARGE',
      `A room name is at most ${storageLimits.maxRoomNameBytes} bytes of UTF-8; this one has ${bytes.length}.`,
    );
  }
  return bytes;
}

/** UTF-8 of a name, a prefix or a cursor. Half a surrogate pair has none: two such names would be one room. */
export function nameBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.toString('utf8') !== text) throw new StoreError('INVALID', 'The name holds half of a surrogate pair and has no UTF-8 form.');
  return bytes;
}

/** @throws {StoreError} `TOO_LARGE`, `INVALID`. */
export function checkUpdates(updates: readonly Uint8Array[]): void {
  for (const update of updates) {
    if (!(update instanceof Uint8Array)) throw new StoreError('INVALID', 'An update is a Uint8Array.');
    if (update.length > storageLimits.maxUpdateBytes) {
      throw new StoreError(
        'TOO_LARGE',
        `One update is at most ${storageLimits.maxUpdateBytes} bytes; this one has ${update.length}. Send it in parts.`,
      );
    }
  }
}

/** @throws {StoreError} `TOO_LARGE`, `INVALID`. */
export function checkCheckpoint(state: Uint8Array, covers: Position): void {
  if (!(state instanceof Uint8Array)) throw new StoreError('INVALID', 'A checkpoint is a Uint8Array.');
  if (state.length > storageLimits.maxDocumentBytes) {
    throw new StoreError('TOO_LARGE', `One document is at most ${storageLimits.maxDocumentBytes} bytes; this one has ${state.length}.`);
  }
  checkPosition(covers);
}

/** @throws {StoreError} `INVALID`. */
export function checkCoversKnownRows(covers: Position, position: Position): void {
  if (!isCovered(covers, position)) {
    throw new StoreError(
      'INVALID',
      `A checkpoint cannot cover ${JSON.stringify(covers)}: the journal ends at ${JSON.stringify(position)}.`,
    );
  }
}

/** @throws {StoreError} `INVALID`, `TOO_LARGE`, `CORRUPT`. */
export function checkBlob(hash: string, bytes: Uint8Array): void {
  checkHash(hash);
  if (!(bytes instanceof Uint8Array)) throw new StoreError('INVALID', 'A blob is a Uint8Array.');
  if (bytes.length > storageLimits.maxBlobBytes) {
    throw new StoreError('TOO_LARGE', `One blob is at most ${storageLimits.maxBlobBytes} bytes; this one has ${bytes.length}.`);
  }
  if (sha256Hex(bytes) !== hash)
    throw new StoreError('CORRUPT', `The bytes do not hash to ${hash}: they were damaged on the way. Send them again.`);
}

/** @throws {StoreError} `INVALID`, `TOO_LARGE`. */
export function checkRange(hash: string, start: number, end: number): void {
  checkHash(hash);
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw new StoreError('INVALID', 'A range is two whole numbers from 0, the second not below the first.');
  if (end - start > storageLimits.maxRangeBytes)
    throw new StoreError('TOO_LARGE', `One range is at most ${storageLimits.maxRangeBytes} bytes; this one has ${end - start}.`);
}

/** @throws {StoreError} `INVALID`, `TOO_LARGE`. */
export function checkUploadPart(upload: string, offset: number, bytes: Uint8Array): void {
  checkUpload(upload);
  if (!(bytes instanceof Uint8Array)) throw new StoreError('INVALID', 'A part of an upload is a Uint8Array.');
  if (!Number.isSafeInteger(offset) || offset < 0) throw new StoreError('INVALID', 'The offset in an upload is a whole number from 0.');
  if (bytes.length > storageLimits.maxRangeBytes)
    throw new StoreError('TOO_LARGE', `One part is at most ${storageLimits.maxRangeBytes} bytes; this one has ${bytes.length}.`);
  if (offset + bytes.length > storageLimits.maxUploadBytes)
    throw new StoreError('TOO_LARGE', `One upload is at most ${storageLimits.maxUploadBytes} bytes.`);
}

/** @throws {StoreError} `INVALID`. */
export function checkUpload(upload: string): void {
  if (typeof upload !== 'string' || !HEX_64.test(upload))
    throw new StoreError('INVALID', 'The name of an upload is 64 lower-case hex digits.');
}

/** @throws {StoreError} `TOO_LARGE`. @param bytes Size of a blob that is to be read whole. */
export function checkWholeRead(bytes: number): void {
  if (bytes > storageLimits.maxBlobBytes)
    throw new StoreError(
      'TOO_LARGE',
      `A blob of ${bytes} bytes is not read whole: at most ${storageLimits.maxBlobBytes}. Read it in ranges.`,
    );
}

export function damagedBlob(hash: string, where: string): StoreError {
  return new StoreError('CORRUPT', `Blob ${hash} is damaged. Put it again, or restore ${where} from a backup.`);
}

/** @throws {StoreError} `INVALID`. */
export function checkHash(hash: string): void {
  if (typeof hash !== 'string' || !HEX_64.test(hash)) {
    throw new StoreError('INVALID', 'A blob is named by its SHA-256: 64 lower-case hex digits.');
  }
}

/** @throws {StoreError} `INVALID`. */
export function checkBlobQuery({ prefix = '', after = '', limit }: { prefix?: string; after?: string; limit: number }): {
  prefix: string;
  after: string;
} {
  checkListLimit(limit);
  for (const part of [prefix, after])
    if (typeof part !== 'string' || !/^[0-9a-f]{0,64}$/.test(part))
      throw new StoreError('INVALID', 'A blob prefix or cursor is up to 64 lower-case hex digits.');
  return { prefix, after };
}

/** @throws {StoreError} `INVALID`. */
export function checkListLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > storageLimits.maxListLimit) {
    throw new StoreError('INVALID', `A page has 1 to ${storageLimits.maxListLimit} entries.`);
  }
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function erasedError(): StoreError {
  return new StoreError('ERASED', 'This room was erased. Its name cannot be used again: use a new room.');
}

export function closedError(): StoreError {
  return new StoreError('CLOSED', 'The store is closed.');
}
