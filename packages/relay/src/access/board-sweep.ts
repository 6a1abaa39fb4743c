/**
 * Removes pictures and files that their boards no longer need (unused-blobs.ts), and finds what crashes left behind: boards
 * that were erased but not forgotten completely, uses of pictures whose put never ended, bytes that no board uses, and wrong
 * counts. Any relay may sweep at any time, and several at once.
 *
 * Anything that may be work under way is left alone until it has been seen twice, unchanged, `LEFT_ALONE_MS` apart.
 * Even then no work in progress loses anything: bytes go only in the version that was seen, and only while no board
 * uses them.
 */

import type { BlobListing, Records, Store } from '@wetink/storage';
import type { BoardBlobs } from './board-blobs.ts';
import { isRoomErased } from './erased-rooms.ts';
import type { PictureUse } from './picture-uses.ts';
import { pagesOf } from './record-pages.ts';
import { boardKey } from './board-codec.ts';
import { BOTS_PREFIX } from './bots.ts';
import type { UnusedBlobs, UnusedReport } from './unused-blobs.ts';

export interface BoardSweepOptions {
  store: Pick<Store, 'listBlobs' | 'append'> & { records: Records };
  blobs: BoardBlobs;
  /** Default: pictures and files stay as long as their boards. */
  unused?: UnusedBlobs;
  /** Rooms of which the embedder keeps something beside their documents. Default: none. */
  keptBeside?: { rooms(): AsyncIterable<string> };
  /** Removes all that is kept of an erased board. */
  forget(board: string): Promise<void>;
  /** Called for a board that could not be forgotten, and for counts that could not be read; the rest goes on. */
  onError(error: unknown): void;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

export interface SweepReport extends UnusedReport {
  /** Erased boards that were forgotten completely. */
  boards: number;
  /** Pictures whose bytes were removed, leftovers of broken puts included, and their known bytes. */
  pictures: number;
  bytes: number;
  /** Uploads that nobody continued. */
  uploads: number;
  /** Counts of bytes that were wrong since a crash. */
  counts: number;
  /** Leftovers seen for the first time: worth another look in `LEFT_ALONE_MS`. */
  waiting: number;
}

export interface BoardSweep {
  /** @param isStopped Called now and then; true ends the sweep early. @throws {StoreError} The next sweep starts over. */
  run(isStopped?: () => boolean): Promise<SweepReport>;
}

/** Longer than a put takes: seconds, or a few minutes for a large upload that is finished in a slow bucket. */
export const LEFT_ALONE_MS = 10 * 60_000;
const BLOBS_PER_PAGE = 1_000;

export function createBoardSweep({ store, blobs, unused, keptBeside, forget, onError, now }: BoardSweepOptions): BoardSweep {
  let seen = new Map<string, number>();

  return {
    async run(isStopped = () => false) {
      const report: SweepReport = { boards: 0, pictures: 0, bytes: 0, uploads: 0, counts: 0, unused: 0, unusedBytes: 0, waiting: 0 };
      const again = new Map<string, number>();
      const nowMs = now();
      /** Whether this was there, unchanged, `LEFT_ALONE_MS` ago. */
      const isLeft = (what: string): boolean => {
        const sinceMs = seen.get(what) ?? nowMs;
        again.set(what, sinceMs);
        const isOld = nowMs - sinceMs >= LEFT_ALONE_MS;
        if (!isOld) report.waiting += 1;
        return isOld;
      };

      for await (const board of boardsOf(store.records, blobs, keptBeside)) {
        if (isStopped()) return report;
        try {
          if (!(await isRoomErased(store, board))) continue;
          await forget(board);
          report.boards += 1;
        } catch (error) {
          onError(error);
        }
      }
      if (unused !== undefined) Object.assign(report, await unused.run(isStopped));
      for await (const use of blobs.uses.all()) {
        if (isStopped()) return report;
        if (!use.isKept && isLeft(`use ${use.hash} ${use.board} ${use.version}`)) await settle(use, blobs);
      }
      report.uploads = await blobs.uploads.sweep(isStopped);
      const left: BlobListing[] = [];
      for await (const blob of unusedBlobs(store, blobs)) {
        if (isStopped()) return report;
        if (isLeft(`blob ${blob.hash} ${blob.version}`)) left.push(blob);
      }
      for (const { bytes } of left.length === 0 ? [] : await blobs.bytes.removeUnused(left)) {
        report.pictures += 1;
        report.bytes += bytes;
      }
      try {
        report.counts = await blobs.recount.run(isStopped, isLeft);
      } catch (error) {
        if (!isStopped()) onError(error);
      }
      seen = again;
      return report;
    },
  };
}

/** All boards that have a record; a board may come twice. */
async function* boardsOf(records: Records, blobs: BoardBlobs, keptBeside: BoardSweepOptions['keptBeside']): AsyncGenerator<string> {
  for await (const page of pagesOf(records, boardKey(''))) for (const { key } of page) yield key.slice(boardKey('').length);
  for await (const page of pagesOf(records, BOTS_PREFIX)) for (const { key } of page) yield key.slice(BOTS_PREFIX.length);
  yield* blobs.boards();
  if (keptBeside !== undefined) yield* keptBeside.rooms();
}

/** Settles a put that died before one of its last steps. If it still runs, it notices that its use is gone and starts over. */
async function settle(use: PictureUse, blobs: BoardBlobs): Promise<void> {
  const { hash, board, id } = use;
  if (await blobs.has(board, hash)) await blobs.uses.keep(hash, board, id);
  else await blobs.uses.dropIfUntouched(use);
}

/** Lists blobs that no board uses. Blobs and uses both come in the order of hashes, so each is read once. */
async function* unusedBlobs(store: Pick<Store, 'listBlobs'>, blobs: BoardBlobs): AsyncGenerator<BlobListing> {
  const uses = blobs.uses.all();
  let use = await uses.next();
  for await (const blob of blobsOf(store)) {
    while (use.done !== true && use.value.hash < blob.hash) use = await uses.next();
    const isUsed = use.done !== true && use.value.hash === blob.hash;
    if (!blob.isWhole || !isUsed) yield blob;
  }
}

async function* blobsOf(store: Pick<Store, 'listBlobs'>): AsyncGenerator<BlobListing> {
  for (let after = ''; ;) {
    const page = await store.listBlobs({ ...(after === '' ? {} : { after }), limit: BLOBS_PER_PAGE });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.hash;
  }
}
