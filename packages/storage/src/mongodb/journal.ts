/**
 * The insert-only journal. A row is inserted once, by the process that its `node` names, and never changed, so two
 * processes cannot disturb each other, whatever they do at the same time.
 *
 * Order: readers take "row 7 of a" as "all of a up to 7". So rows of one room must become visible in the order of their
 * numbers (append-lanes.ts).
 *
 * Acknowledged means that a majority confirmed the insert with the journal on disk (row-inserts.ts), and that the room
 * was still not erased after that.
 */

import { randomBytes } from 'node:crypto';
import { erasedError } from '../check-input.ts';
import { storageLimits } from '../limits.ts';
import type { Position } from '../port.ts';
import { AppendLanes, type Append } from './append-lanes.ts';
import type { Database } from './database.ts';
import { toStoreError } from './mongo-errors.ts';
import { splitIntoInserts, RowInserts, type RetryOptions } from './row-inserts.ts';
import { RowNumbers } from './row-numbers.ts';

export interface Journal {
  append(room: string, updates: readonly Uint8Array[]): Promise<Position>;
  /** Number of this process's last acknowledged row in a room, as a position. */
  positionOf(room: string): Position;
  /** Inserts rows of this many bytes under a name that no room can have, and deletes them. */
  probe(bytes: number): Promise<void>;
}

/** Not a valid room name, so it is never read. */
const PROBE_ROOM = '';

export interface JournalOptions extends RetryOptions {
  node: string;
  /** ms since 1970. */
  now(): number;
}

export function createJournal(database: Database, { node, now, ...retry }: JournalOptions): Journal {
  const numbers = new RowNumbers(node, now);
  const inserts = new RowInserts(database, retry);

  const insertGroup = async (group: Append[]): Promise<void> => {
    const lastInGroup = new Map<string, number>();
    const made = group.map(({ room, rows, resolve, reject }) => {
      const documents = numbers.number(room, rows, lastInGroup.get(room) ?? numbers.lastOf(room));
      const last = documents.at(-1)?.seq ?? 0;
      lastInGroup.set(room, last);
      return { room, documents, last, resolve, reject };
    });
    try {
      await inserts.insert(made.flatMap(({ documents }) => documents));
      const erased = await inserts.erasedAmong([...lastInGroup.keys()], now);
      const refused = made.filter(({ room }) => erased.has(room));
      if (refused.length > 0) await inserts.delete(refused.flatMap(({ documents }) => documents));
      for (const { room, last, resolve, reject } of made) {
        if (erased.has(room)) reject(erasedError());
        else resolve(numbers.remember(room, last));
      }
    } catch (error) {
      for (const { reject } of made) reject(toStoreError(error, database.hosts));
    }
  };
  const lanes = new AppendLanes(insertGroup);

  return {
    append(room, updates) {
      const rows = packRows(updates);
      const bytes = updates.reduce((sum, { length }) => sum + length, 0);
      return new Promise((resolve, reject) => {
        lanes.push({ room, rows, bytes, resolve, reject });
      });
    },
    positionOf: (room) => numbers.positionOf(room),
    async probe(bytes) {
      const filler = randomBytes(bytes);
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes; at += storageLimits.maxUpdateBytes) pieces.push(filler.subarray(at, at + storageLimits.maxUpdateBytes));
      for (const part of splitIntoInserts(numbers.number(PROBE_ROOM, packRows(pieces), undefined))) await database.journal.insertMany(part);
      // Deletes the probes of all relays, including one that died half-way.
      await database.journal.deleteMany({ room: PROBE_ROOM });
    },
  };
}

/** Copies the updates into rows of up to 8 MiB, which with their overhead stay far under MongoDB's 16 MB. */
function packRows(updates: readonly Uint8Array[]): Uint8Array[][] {
  const rows: Uint8Array[][] = [];
  let bytes = Infinity;
  for (const update of updates) {
    // Each update costs some bytes of BSON as well, even an empty one.
    const cost = update.length + 16;
    if (bytes + cost > storageLimits.maxUpdateBytes) {
      rows.push([]);
      bytes = 0;
    }
    rows.at(-1)?.push(update.slice());
    bytes += cost;
  }
  return rows;
}
