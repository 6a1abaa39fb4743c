/**
 * Checks LMDB's file before LMDB maps it. LMDB trusts its file: one that was cut short (an interrupted copy, a restore
 * that ran out of disk) kills the process with SIGBUS on the first read past its end, and bytes that are no LMDB file
 * at all kill it with SIGSEGV, without a message. Here both become an error that says what to do.
 *
 * The first two pages each hold a record of the last two commits (lmdb 3.5.6 on 64 bits, little endian):
 *
 *   0    page header, 24 bytes
 *   24   u32 magic 0xbeefc0de
 *   48   u32 page size
 *   144  u64 last page in use
 *   152  u64 commit number; the higher one counts
 */

import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { arch, endianness } from 'node:os';
import { StoreError } from '../errors.ts';
import type { StorageLogger } from '../port.ts';

const MAGIC = 0xbeefc0de;
const META_BYTES = 160;
/**
 * LMDB does not write pages that were allocated and freed within one commit, so a sound file can end a little early.
 * Zeros in their place are never used; if they replace lost data, LMDB or a checksum notices.
 */
const MAX_UNWRITTEN_PAGES = 64;

/** @throws {StoreError} `CORRUPT`, with nothing changed. */
export function checkDataFile(path: string, logger: StorageLogger | undefined): void {
  if (endianness() !== 'LE' || arch() === 'ia32' || arch() === 'arm') return; // another layout
  const descriptor = openSync(path, 'r+');
  try {
    const first = readMeta(descriptor, 0);
    const second = first === null ? null : readMeta(descriptor, first.pageBytes);
    if (first === null || second === null) {
      throw new StoreError(
        'CORRUPT',
        `${path} is not an LMDB file, or its beginning is damaged. Nothing was changed. Restore the data folder from a backup, or move it away to start empty.`,
      );
    }
    const expected = (first.commit > second.commit ? first : second).lastPage;
    const expectedBytes = (expected + 1) * first.pageBytes;
    const { size } = fstatSync(descriptor);
    if (size >= expectedBytes) return;
    if (expectedBytes - size > MAX_UNWRITTEN_PAGES * first.pageBytes) {
      throw new StoreError(
        'CORRUPT',
        `${path} was cut short: it has ${size} of ${expectedBytes} bytes. Nothing was changed. Copy it again, or restore the data folder from a backup.`,
      );
    }
    logger?.warn({ path, size, expectedBytes }, 'data file ends early and was filled with zeros');
    ftruncateSync(descriptor, expectedBytes);
  } finally {
    closeSync(descriptor);
  }
}

function readMeta(descriptor: number, at: number): { pageBytes: number; lastPage: number; commit: bigint } | null {
  const meta = Buffer.alloc(META_BYTES);
  if (readSync(descriptor, meta, 0, META_BYTES, at) < META_BYTES || meta.readUInt32LE(24) !== MAGIC) return null;
  const pageBytes = meta.readUInt32LE(48);
  const lastPage = Number(meta.readBigUInt64LE(144));
  const isPlausible = pageBytes >= 512 && pageBytes <= 65_536 && Number.isSafeInteger(lastPage * pageBytes);
  return isPlausible ? { pageBytes, lastPage, commit: meta.readBigUInt64LE(152) } : null;
}
