/**
 * Rewrites the data file: at the end of an erase or, for a large file, when the folder is next opened. A mark in the
 * file records the outstanding rewrite, so that neither a crash nor a full disk loses it.
 */

import type { StorageLogger } from '../port.ts';
import type { Environment } from './environment.ts';

/** Present from an erase until the file has been rewritten. */
export const COMPACTION_OWED = Buffer.from('compaction-owed');

export interface Compactor {
  /** Rewrites the file, or logs when that will happen. Calls during a rewrite share the next one. */
  afterErase(): Promise<void>;
  /** Called at the start: does a rewrite that an earlier process left. */
  settleDebt(): Promise<void>;
  /** Rewrites the file now, whatever its size. */
  compact(): Promise<{ bytesBefore: number; bytesAfter: number }>;
}

export function createCompactor(environment: Environment, compactBelowBytes: number, logger: StorageLogger | undefined): Compactor {
  let queued: Promise<void> | null = null;
  let last: Promise<void> = Promise.resolve();

  const compact = async (): Promise<{ bytesBefore: number; bytesAfter: number }> => {
    const sizes = await environment.compact();
    await environment.write(100, ({ remove }) => {
      remove('marks', COMPACTION_OWED);
    });
    return sizes;
  };

  const compactOrTell = (): Promise<void> =>
    compact().then(
      () => undefined,
      (error: unknown) => {
        logger?.warn({ err: error }, 'erased bytes stay in the free pages of the data file until the next start: rewriting it failed');
      },
    );

  return {
    compact,

    afterErase() {
      if (queued !== null) return queued;
      const mine = last.then(async () => {
        queued = null;
        const bytes = environment.fileBytes();
        if (bytes <= compactBelowBytes) return compactOrTell();
        logger?.warn(
          { bytes, compactBelowBytes },
          'erased bytes stay in the free pages of the data file until the next start, which rewrites it',
        );
      });
      queued = mine;
      last = mine;
      return mine;
    },

    async settleDebt() {
      const isOwed = await environment.read(async ({ marks }) => marks.get(COMPACTION_OWED) !== undefined);
      if (!isOwed) return;
      logger?.info({ bytes: environment.fileBytes() }, 'rewriting the data file without erased bytes');
      await compactOrTell();
    },
  };
}
