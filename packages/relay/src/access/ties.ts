/**
 * Which boards a user was on with a role, the newest first: a record `ties/HASH { boards }`. From it follows, with few reads,
 * who shares a board with whom: both were on it, and both still have a role there.
 */

import type { Records, StoredRecord } from '@wetink/storage';
import { boardKey, decodeBoard, isBoardId, membersPrefix } from './board-codec.ts';
import type { Boards } from './board-types.ts';
import { looseFields } from './loose-records.ts';
import { hashedKey } from './user-keys.ts';

export interface Ties {
  /** Notes that a user is on a board. Costs nothing when it was noted a moment ago. Never rejects. */
  note(userId: string, board: string): Promise<void>;
  /** Newest first, at most `MAX_TIES`. */
  boardsOf(userId: string): Promise<readonly string[]>;
  /** Whether the two share a board on which both have a role now. */
  share(userId: string, other: string): Promise<boolean>;
  /** Takes a board that is erased off the lists of its owner and its members, while their records are there. */
  forget(board: string): Promise<void>;
}

export interface TiesOptions {
  records: Records;
  boards: Pick<Boards, 'accessOf'>;
  /** Milliseconds, only compared with each other. */
  now(): number;
  onError(error: unknown): void;
}

export const MAX_TIES = 50;
/** Boards at the beginning of the list by which people online are found. */
export const NEWEST_TIES = 20;
/**
 * A board among as many stays where it is, so that going back and forth between boards writes nothing. Fewer than `NEWEST_TIES`: the
 * board that a user is on is never behind them for long.
 */
const NEW_ENOUGH = NEWEST_TIES / 2;
const MAX_ATTEMPTS = 3;
/** Common boards whose records are read: older ones do not count. */
const MAX_CHECKED = 8;
const MEMBERS_PER_PAGE = 100;
/** Users and boards noted a moment ago, about 1 MB. */
const MAX_NOTED = 10_000;
/** Other boards may push this one down meanwhile, and another relay may drop it. */
const NOTED_MS = 10 * 60_000;

export function createTies({ records, boards, now, onError }: TiesOptions): Ties {
  /** Time of each in ms, the oldest first. */
  const noted = new Map<string, number>();

  const read = async (userId: string): Promise<{ ids: string[]; version: number }> => {
    const record = await records.get(keyOf(userId));
    return record === null ? { ids: [], version: 0 } : { ids: idsIn(record.value), version: record.version };
  };
  /**
   * @param change The new list; the same array when it stays; an empty one leaves no record.
   * @returns False when others kept changing it.
   */
  const rewrite = async (userId: string, change: (ids: string[]) => string[]): Promise<boolean> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { ids, version } = await read(userId);
      const kept = change(ids);
      if (kept === ids) return true;
      if (kept.length === 0 && (await records.remove(keyOf(userId), version))) return true;
      const value = new TextEncoder().encode(JSON.stringify({ boards: kept }));
      if (kept.length > 0 && (await records.put(keyOf(userId), value, version)) !== null) return true;
    }
    return false;
  };
  const add = (userId: string, board: string): Promise<boolean> =>
    rewrite(userId, (ids) => {
      const at = ids.indexOf(board);
      return at !== -1 && at < NEW_ENOUGH ? ids : [board, ...ids.filter((id) => id !== board)].slice(0, MAX_TIES);
    });
  const drop = (userId: string, board: string): Promise<boolean> =>
    rewrite(userId, (ids) => (ids.includes(board) ? ids.filter((id) => id !== board) : ids));
  const notes = createLines();
  const boardsOf = async (userId: string): Promise<readonly string[]> => {
    // A user who leaves a board at once and comes elsewhere was on it.
    await notes.settled(userId);
    return userId === '' ? [] : (await read(userId)).ids;
  };

  return {
    boardsOf,
    async note(userId, board) {
      const key = hashedKey('tie', userId, board);
      const nowMs = now();
      if (userId === '' || !isBoardId(board) || nowMs - (noted.get(key) ?? -Infinity) < NOTED_MS) return;
      noted.delete(key);
      noted.set(key, nowMs);
      const [oldest] = noted.keys();
      if (noted.size > MAX_NOTED && oldest !== undefined) noted.delete(oldest);
      try {
        if (!(await notes.run(userId, () => add(userId, board)))) noted.delete(key);
      } catch (error) {
        noted.delete(key);
        onError(error);
      }
    },
    async share(userId, other) {
      const [own, theirs] = await Promise.all([boardsOf(userId), boardsOf(other)]);
      const common = own.filter((board) => theirs.includes(board)).slice(0, MAX_CHECKED);
      for (const board of common) {
        const [mine, their] = await Promise.all([boards.accessOf(board, userId), boards.accessOf(board, other)]);
        if (mine.role !== null && their.role !== null) return true;
      }
      return false;
    },
    async forget(board) {
      const record = await records.get(boardKey(board));
      if (record !== null) await drop(ownerIn(record), board);
      const prefix = membersPrefix(board);
      for (let after: string | null = prefix; after !== null;) {
        const page: StoredRecord[] = await records.list({ prefix, after, limit: MEMBERS_PER_PAGE });
        for (const { key } of page) await drop(key.slice(prefix.length), board);
        after = page.at(-1)?.key ?? null;
      }
    },
  };
}

interface Lines {
  /** Runs work of one key after what runs already. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing of this key runs. */
  settled(key: string): Promise<void>;
}

function createLines(): Lines {
  const last = new Map<string, Promise<void>>();
  const settled = (key: string): Promise<void> => last.get(key) ?? Promise.resolve();
  return {
    settled,
    async run(key, work) {
      const outcome = settled(key).then(work);
      // The caller hears of a failure.
      const end = outcome.then(
        () => undefined,
        () => undefined,
      );
      last.set(key, end);
      try {
        return await outcome;
      } finally {
        if (last.get(key) === end) last.delete(key);
      }
    },
  };
}

/** A damaged record names nobody: '' has no list. */
function ownerIn(record: StoredRecord): string {
  try {
    return decodeBoard(record).owner;
  } catch {
    return ''; // An erasure must not stop at a record that it removes.
  }
}

function keyOf(userId: string): string {
  return `ties/${hashedKey('user', userId)}`;
}

/** A damaged record counts as empty: it opens nothing, and is written anew. */
function idsIn(value: Uint8Array): string[] {
  const { boards } = looseFields(value);
  return Array.isArray(boards) ? boards.filter((id) => typeof id === 'string') : [];
}
