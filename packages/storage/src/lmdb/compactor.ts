/**
 * When the data file is rewritten: at the end of an erase, or, for a large file, when the folder is next opened.
 * A mark in the file says that it is owed, so neither a crash nor a full disk forgets it.
 */

import type { StorageLogger } from '../port.ts';
import type { Environment } from './environment.ts';

/** Present from an erase until the file has been rewritten. */
export const COMPACTION_OWED = Buffer.from('compaction-owed');

export interface Compactor {
  /** Rewrites the file, or says in the log when that happens. Calls that come while one runs share the next. */
  afterErase(): Promise<void>;
  /** At the start: what an earlier process owed. */
  settleDebt(): Promise<void>;
  /** Now, whatever its size. */
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
        logger?.warn({ err: error }, 'Erased bytes stay in the free pages of the data file until the next start: rewriting it failed');
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
          'Erased bytes stay in the free pages of the data file until the next start, which rewrites it',
        );
      });
      queued = mine;
      last = mine;
      return mine;
    },

    async settleDebt() {
      const isOwed = await environment.read(async ({ marks }) => marks.get(COMPACTION_OWED) !== undefined);
      if (!isOwed) return;
      logger?.info({ bytes: environment.fileBytes() }, 'Rewriting the data file without erased bytes');
      await compactOrTell();
    },
  };
}
