/**
 * Removes pictures and files that the document of their board no longer needs. The relay can't read documents: `readUses`
 * is the embedder's. Any relay may run this at any time, and several at once.
 *
 *     blob/BOARD/HASH   { …, unusedSince }   ms since 1970: the document did not need it then, nor at any check since
 *     unused/BOARD      { at, checkedAt, updatedAt }   the last check, so that relays check a board in turn
 *
 *     not needed          -> marked
 *     needed again, put again, or the relay tells a client that it is there -> the mark goes
 *     no check for `AWAY_MS`                                       -> the mark begins anew
 *     marked for `keptMs` -> use becomes `putting` -> the board's record goes, in that version -> counts
 *                            -> version of the bytes -> the use goes, untouched -> no other use? the bytes go, in that version
 *     the document changed since it was read, seen before and after the record goes -> nothing goes, or the record comes back
 *
 * The record's version decides between a removal and an answer to a client: one of them is first, and the other sees it.
 * A relay that dies before the record is gone changed nothing: the sweep (board-sweep.ts) gives its use back. After that
 * the sweep finds the use and the bytes, and the recount (blob-recount.ts) the counts.
 */

import type { BlobListing, Records, Store, StoredRoom } from '@wetink/storage';
import { inGroups, type PictureBytes } from './picture-bytes.ts';
import type { BlobQuotas } from './picture-quota.ts';
import { encodeFields, fieldsOf, userCountOf, type PictureRecord, type PictureRecords } from './picture-records.ts';
import type { PictureUses } from './picture-uses.ts';
import { pagesOf } from './record-pages.ts';

/**
 * Reads which of these pictures and files a document needs.
 *
 * @param stored The caller gives its bytes away: they may be moved to another thread.
 * @param hashes SHA-256 in hex.
 * @returns For each that the document mentions until when it was needed, ms since 1970; `Infinity` while it is. Null when the
 *   document can't be read completely: then nothing of the board is marked or removed.
 */
export type ReadUses = (stored: StoredRoom, hashes: readonly string[], board: string) => Promise<ReadonlyMap<string, number> | null>;

export interface UnusedBlobsOptions {
  store: Pick<Store, 'list' | 'load' | 'listBlobs'> & { records: Records };
  pictures: PictureRecords;
  quotas: BlobQuotas;
  uses: PictureUses;
  bytes: Pick<PictureBytes, 'removeUnused'>;
  readUses: ReadUses;
  /** Milliseconds for which a picture or file is kept that its document no longer needs. */
  keptMs: number;
  /** ms since 1970. */
  wallClock(): number;
  /** Called for each board from which the search removed something, as soon as its check ends. */
  onRemoved?(board: string, count: number, bytes: number): void;
  /** Called for a board that could not be checked; the others still are. */
  onError(error: unknown): void;
}

export interface UnusedReport {
  /** Pictures and files that boards no longer have. */
  unused: number;
  /** Their bytes, whether or not another board has them. */
  unusedBytes: number;
}

export interface UnusedBlobs {
  /** @param isStopped Called now and then; true ends the run early. @throws {StoreError} */
  run(isStopped: () => boolean): Promise<UnusedReport>;
}

export const UNUSED = 'unused/';
/** Shorter than the time between two sweeps of one relay, a day on average: the sweep of another relay may come first. */
export const CHECKED_AGAIN_MS = 6 * 60 * 60_000;
/**
 * Time without a check after which marks begin anew: no relay ran, or its clock jumped, so clients could not bring what they
 * drew meanwhile. Longer than two sweeps can be apart.
 */
export const AWAY_MS = 3 * 24 * 60 * 60_000;
/** A change that came while its room was read may have the same time as the one before: such a room is read again. */
const SETTLED_MS = 60_000;
/** Pictures and files of one board that are looked for in one reading of its document. */
const PER_READING = 5_000;
const AT_ONCE = 50;

export function createUnusedBlobs(options: UnusedBlobsOptions): UnusedBlobs {
  return {
    async run(isStopped) {
      const report: UnusedReport = { unused: 0, unusedBytes: 0 };
      for await (const { board, pages } of boardsOf(options.pictures)) {
        if (isStopped()) break;
        const own: UnusedReport = { unused: 0, unusedBytes: 0 };
        try {
          await checkBoard(options, board, pages, own, isStopped);
        } catch (error) {
          if (!isStopped()) options.onError(error);
        }
        report.unused += own.unused;
        report.unusedBytes += own.unusedBytes;
        if (own.unused > 0) options.onRemoved?.(board, own.unused, own.unusedBytes);
      }
      return report;
    },
  };
}

interface Check {
  key: string;
  version: number;
  /** The time before, at which a check ended; 0: none. */
  checkedAt: number;
  /** The room's `updatedAt` as that check found it. */
  updatedAt: number;
}

async function checkBoard(
  options: UnusedBlobsOptions,
  board: string,
  pages: AsyncIterable<readonly PictureRecord[]>,
  report: UnusedReport,
  isStopped: () => boolean,
): Promise<void> {
  const { store, wallClock } = options;
  const nowMs = wallClock();
  const check = await claim(store.records, board, nowMs);
  if (check === null) return;
  const updatedAt = await updatedAtOf(store, board);
  const wasAway = nowMs - check.checkedAt > AWAY_MS;
  const isSettled = !wasAway && updatedAt === check.updatedAt && check.checkedAt - updatedAt > SETTLED_MS;
  for await (const page of pages) {
    const found = page.flatMap((record) => marked(record));
    if (isSettled && found.every((one) => isKnown(one, check, nowMs - options.keptMs))) continue;
    const stored = await store.load(board);
    if (stored.isErased) {
      await store.records.remove(check.key, check.version);
      return;
    }
    // A part of the document is missing: it may be the one that needs them.
    if (stored.quarantined > 0) return;
    const { position } = stored;
    const isAsRead = async (): Promise<boolean> => {
      if ((await updatedAtOf(store, board)) !== updatedAt) return false;
      const { checkpoint, updates, isErased } = await store.load(board, position);
      return checkpoint === null && updates.length === 0 && !isErased;
    };
    const until = await options.readUses(
      stored,
      found.map(({ hash }) => hash),
      board,
    );
    if (until === null || isStopped()) return;
    const mayRemove = await isAsRead();
    const judgeOne = (one: Marked): Promise<void> =>
      judge(options, one, { until: until.get(one.hash) ?? 0, nowMs, wasAway, mayRemove, isAsRead }, report);
    await inGroups(found, AT_ONCE, judgeOne);
    if (isStopped()) return;
  }
  await store.records.put(check.key, encodeFields({ at: nowMs, checkedAt: nowMs, updatedAt }), check.version);
}

interface Marked extends PictureRecord {
  fields: Record<string, unknown>;
  unusedSince: number | null;
  /** When it was put, or a client was last told of a marked one. */
  toldAt: number;
}

function marked(record: PictureRecord): Marked {
  const fields = fieldsOf(record.value);
  const { unusedSince, since, toldAt } = fields;
  return {
    ...record,
    fields,
    unusedSince: typeof unusedSince === 'number' ? unusedSince : null,
    toldAt: Math.max(typeof since === 'number' ? since : 0, typeof toldAt === 'number' ? toldAt : 0),
  };
}

/** The last check has seen it, nothing has changed since, and it is not due: reading the document would tell nothing new. */
function isKnown({ unusedSince, toldAt }: Marked, { checkedAt }: Check, dueMs: number): boolean {
  return unusedSince === null ? toldAt < checkedAt - SETTLED_MS : unusedSince > dueMs;
}

interface Finding {
  /** When the document needed it last. */
  until: number;
  nowMs: number;
  wasAway: boolean;
  /** The document had not changed when its reading ended. */
  mayRemove: boolean;
  /** Whether it still has not. */
  isAsRead(): Promise<boolean>;
}

async function judge(options: UnusedBlobsOptions, one: Marked, finding: Finding, report: UnusedReport): Promise<void> {
  const { until, nowMs, wasAway, mayRemove, isAsRead } = finding;
  const { store, keptMs } = options;
  const { unusedSince: _, ...unmarked } = one.fields;
  if (until === Infinity) {
    if (one.unusedSince !== null) await store.records.put(one.key, encodeFields(unmarked), one.version);
  } else if (one.unusedSince === null || wasAway) {
    await store.records.put(one.key, encodeFields({ ...unmarked, unusedSince: nowMs }), one.version);
  } else if (mayRemove && Math.max(one.unusedSince, until) <= nowMs - keptMs && (await remove(options, one, isAsRead))) {
    report.unused += 1;
    report.unusedBytes += bytesOf(one);
  }
}

/** @returns False when it was put, told or removed by another meanwhile, or its document changed. */
async function remove(
  { store, pictures, quotas, uses, bytes }: UnusedBlobsOptions,
  one: Marked,
  isAsRead: () => Promise<boolean>,
): Promise<boolean> {
  const { board, hash } = one;
  // A version counts writes, and begins anew with a new record: this one must be the one that was read.
  const present = await store.records.get(one.key);
  if (present === null || !Buffer.from(present.value).equals(one.value)) return false;
  const use = await uses.suspend(hash, board);
  if (use === 'busy') return false;
  if (!(await isAsRead()) || !(await pictures.remove(one))) {
    if (use !== null) await uses.keep(hash, board, use.id);
    return false;
  }
  const count = userCountOf(one);
  // Shown again between the look at the document and the removal: the bytes are still there.
  if (!(await isAsRead())) {
    const isBack = (await store.records.put(one.key, one.value, 0)) !== null;
    if (!isBack) await quotas.giveBack(board, count?.userId ?? '', bytesOf(one)); // put again, and counted by that put
    if (use !== null) await uses.keep(hash, board, use.id);
    return false;
  }
  await quotas.giveBack(board, count?.userId ?? '', bytesOf(one));
  const listed: BlobListing[] = (await store.listBlobs({ prefix: hash, limit: 1 })).filter(({ isWhole }) => isWhole);
  // Touched: the same bytes are being put again.
  if (use === null || (await uses.dropIfUntouched(use))) await bytes.removeUnused(listed);
  return true;
}

function bytesOf({ fields: { bytes } }: Marked): number {
  return typeof bytes === 'number' ? bytes : 0;
}

/**
 * For a store that was restored from a backup: forgets when boards were checked, so that all marks begin anew. What clients
 * drew after the backup may need pictures that it has marked, and comes back only with them.
 */
export async function forgetChecks(records: Records): Promise<void> {
  for await (const page of pagesOf(records, UNUSED)) for (const { key, version } of page) await records.remove(key, version);
}

/** @returns Null when another relay checks this board, or did so lately. */
async function claim(records: Records, board: string, nowMs: number): Promise<Check | null> {
  const key = UNUSED + board;
  const record = await records.get(key);
  const { at, checkedAt, updatedAt } = record === null ? {} : fieldsOf(record.value);
  const before = { checkedAt: typeof checkedAt === 'number' ? checkedAt : 0, updatedAt: typeof updatedAt === 'number' ? updatedAt : -1 };
  if (typeof at === 'number' && at <= nowMs && nowMs - at < CHECKED_AGAIN_MS) return null;
  const version = await records.put(key, encodeFields({ at: nowMs, ...before }), record?.version ?? 0);
  return version === null ? null : { key, version, ...before };
}

/** 0 for a room that was never written. */
async function updatedAtOf(store: Pick<Store, 'list'>, room: string): Promise<number> {
  const [first] = await store.list({ prefix: room, limit: 1 });
  return first?.room === room ? first.updatedAt : 0;
}

/** Boards with pictures, each with its pictures in pages of at most `PER_READING`. */
async function* boardsOf(pictures: PictureRecords): AsyncGenerator<{ board: string; pages: AsyncIterable<readonly PictureRecord[]> }> {
  let last: string | null = null;
  for await (const page of pictures.pages())
    for (const { board } of page) {
      if (board === last) continue;
      last = board;
      yield { board, pages: joined(pictures.pages(board)) };
    }
}

async function* joined(pages: AsyncIterable<readonly PictureRecord[]>): AsyncGenerator<readonly PictureRecord[]> {
  let held: PictureRecord[] = [];
  for await (const page of pages) {
    held.push(...page);
    if (held.length < PER_READING) continue;
    yield held;
    held = [];
  }
  if (held.length > 0) yield held;
}
