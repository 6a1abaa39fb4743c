/** Checks of callers' input to `records`, shared by the stores, so that each refuses the same input in the same words. */

import type { Buffer } from 'node:buffer';
import { checkListLimit, nameBytes } from './check-input.ts';
import { StoreError } from './errors.ts';
import { storageLimits } from './limits.ts';

/** @returns The key in UTF-8, 1 to 512 bytes. @throws {StoreError} `INVALID`, `TOO_LARGE`. */
export function recordKeyBytes(key: string): Buffer {
  if (typeof key !== 'string' || key === '') throw new StoreError('INVALID', 'A record needs a key of at least one character.');
  const bytes = nameBytes(key);
  if (bytes.length > storageLimits.maxRecordKeyBytes) {
    throw new StoreError(
      'TOO_LARGE',
      `A record's key is at most ${storageLimits.maxRecordKeyBytes} bytes of UTF-8; this one has ${bytes.length}.`,
    );
  }
  return bytes;
}

/** @throws {StoreError} `INVALID`, `TOO_LARGE`. */
export function checkRecordValue(value: Uint8Array): void {
  if (!(value instanceof Uint8Array)) throw new StoreError('INVALID', 'A record is a Uint8Array.');
  if (value.length > storageLimits.maxRecordBytes) {
    throw new StoreError('TOO_LARGE', `One record is at most ${storageLimits.maxRecordBytes} bytes; this one has ${value.length}.`);
  }
}

/** Largest version that LMDB's records can hold; a thousand writes a second reach it in 8,900 years. */
const MAX_VERSION = 2 ** 48 - 2;

/** @param least 0 where the caller may mean "no record yet", else 1. @throws {StoreError} `INVALID`. */
export function checkRecordVersion(version: number, least: 0 | 1): void {
  if (!Number.isSafeInteger(version) || version < least || version > MAX_VERSION)
    throw new StoreError('INVALID', `A record's version is a whole number from ${least}: the one that was read.`);
}

/** @returns Both in UTF-8. @throws {StoreError} `INVALID`. */
export function checkRecordQuery(query: { prefix: string; after?: string; limit: number }): { prefix: Buffer; after: Buffer } {
  const { prefix, after = '', limit } = query;
  checkListLimit(limit);
  if (typeof prefix !== 'string' || typeof after !== 'string')
    throw new StoreError('INVALID', 'The prefix and the key to start behind must be text.');
  return { prefix: nameBytes(prefix), after: nameBytes(after) };
}
