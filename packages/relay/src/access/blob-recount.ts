/**
 * Corrects the counts of picture-quota.ts, which a crash leaves too high: adds up what the records of pictures, files and
 * uploads say, for some boards and users at a time.
 *
 * A put counts its bytes before their record is there. So a count is corrected only if it has stayed as it is, and wrong by
 * the same bytes, for as long as no put takes (`isLeft`); and only in the version that was read before the records were.
 */

import type { BlobQuotas, CountedBytes, CountKind } from './picture-quota.ts';
import { fieldsOf, userCountOf, type PictureRecords } from './picture-records.ts';

export interface BlobRecountOptions {
  pictures: PictureRecords;
  quotas: BlobQuotas;
  /** Uploads that are not whole. */
  uploads: { counts(): AsyncGenerator<{ board: string; userId: string; bytes: number }> };
}

export interface BlobRecount {
  /** @param isLeft Whether this was there, unchanged, at an earlier run long enough ago. @returns Number of corrected counts. */
  run(isStopped: () => boolean, isLeft: (what: string) => boolean): Promise<number>;
}

/** Counts of each kind in one run: a few megabytes. The next run goes on behind them. */
const COUNTS_PER_RUN = 20_000;

type Sums = Map<string, CountedBytes & { sum: number }>;

export function createBlobRecount({ pictures, quotas, uploads }: BlobRecountOptions): BlobRecount {
  const after: Record<CountKind, string> = { board: '', user: '' };
  /** Differences that the last run found among the same counts; null: these counts come up for the first time. */
  const found: Record<CountKind, ReadonlySet<string> | null> = { board: null, user: null };

  return {
    async run(isStopped, isLeft) {
      const sums = { board: await sumsOf('board'), user: await sumsOf('user') };
      const add = (kind: CountKind, id: string, bytes: number): void => {
        const own = sums[kind].get(id);
        if (own !== undefined) own.sum += bytes;
      };
      for await (const page of pictures.pages()) {
        if (isStopped()) return 0;
        for (const record of page) {
          const { bytes } = fieldsOf(record.value);
          if (typeof bytes === 'number') add('board', record.board, bytes);
          const ofUser = userCountOf(record);
          if (ofUser !== null) add('user', ofUser.userId, ofUser.bytes);
        }
      }
      for await (const { board, userId, bytes } of uploads.counts()) {
        add('board', board, bytes);
        add('user', userId, bytes);
      }
      return (await correct('board', sums.board)) + (await correct('user', sums.user));

      async function correct(kind: CountKind, own: Sums): Promise<number> {
        let corrected = 0;
        let isWaiting = false;
        const before = found[kind];
        const now = new Set<string>();
        for (const [id, { bytes, version, sum }] of own) {
          if (sum === bytes || isStopped()) continue;
          const what = `count of ${kind} ${id}: ${version} ${bytes} ${sum}`;
          now.add(what);
          if (!isLeft(what)) isWaiting ||= before === null || before.has(what);
          else if (await quotas.correct(kind, id, version, sum)) corrected += 1;
        }
        // Those that stayed wrong are looked at again first. Counts that puts keep changing hold nothing up.
        found[kind] = isWaiting ? now : null;
        if (!isWaiting) after[kind] = own.size < COUNTS_PER_RUN ? '' : ([...own.keys()].at(-1) ?? '');
        return corrected;
      }
    },
  };

  async function sumsOf(kind: CountKind): Promise<Sums> {
    const sums: Sums = new Map();
    for await (const { id, ...counted } of quotas.all(kind, after[kind])) {
      sums.set(id, { ...counted, sum: 0 });
      if (sums.size === COUNTS_PER_RUN) break;
    }
    return sums;
  }
}
