/**
 * The insert-only journal. A row is inserted once, by the process that its `node` names, and never changed, so two
 * processes cannot disturb each other, whatever they do at the same time.
 *
 * Order: readers take "row 7 of a" as "all of a up to 7". So rows of one room must become visible in the order of their
 * numbers: a room is in one insert at a time. Different rooms share an insert, and a few inserts run at once.
 *
 * Acknowledged means that a majority confirmed the insert with the journal on disk, and that the room was still not
 * erased after that. An insert whose answer was lost is sent again unchanged; "duplicate" then means success, but only
 * when a majority has the same bytes under the number.
 */

import { randomBytes } from 'node:crypto';
import { Binary, MongoBulkWriteError, ObjectId } from 'mongodb';
import { erasedError } from '../check-input.ts';
import { StoreError } from '../errors.ts';
import { storageLimits } from '../limits.ts';
import type { Position } from '../port.ts';
import type { Database } from './database.ts';
import { rowChecksum, type RowDocument } from './documents.ts';
import { ensureHead } from './heads.ts';
import { isTransient, toStoreError } from './mongo-errors.ts';

/** Inserts under way at once. Two are enough to hide a round trip; four leave the pool to loads and checkpoints. */
const MAX_LANES = 4;
/** Limit of one insert. MongoDB takes 48 MB and 100,000 rows a message; smaller ones bound memory and others' waits. */
const MAX_INSERT_BYTES = 32 * 1024 * 1024;
const MAX_INSERT_ROWS = 1_000;
/** Rooms whose last row is remembered, for `after`: a few MB. */
const MAX_REMEMBERED_ROOMS = 20_000;
const RETRY_AFTER_MS = 200;

export interface Journal {
  append(room: string, updates: readonly Uint8Array[]): Promise<Position>;
  /** Number of this process's last acknowledged row in a room, as a position. */
  positionOf(room: string): Position;
  /** Inserts rows of this many bytes under a name that no room can have, and deletes them. */
  probe(bytes: number): Promise<void>;
}

/** Not a valid room name, so it is never read. */
const PROBE_ROOM = '';

interface Append {
  room: string;
  /** The updates of each document. */
  rows: Uint8Array[][];
  bytes: number;
  resolve(position: Position): void;
  reject(error: unknown): void;
}

export interface JournalOptions {
  node: string;
  /** ms since 1970. */
  now(): number;
  /** Milliseconds of a clock that never goes back, even when the system clock is set. */
  elapsedMs(): number;
  retryForMs: number;
  sleep(ms: number): Promise<void>;
}

export function createJournal(database: Database, { node, now, elapsedMs, retryForMs, sleep }: JournalOptions): Journal {
  let waiting: Append[] = [];
  const busyRooms = new Set<string>();
  const lastByRoom = new Map<string, number>();
  let hasForgotten = false;
  let lanes = 0;
  let seq = 0;

  const remember = (room: string, last: number): void => {
    lastByRoom.delete(room);
    lastByRoom.set(room, last);
    if (lastByRoom.size <= MAX_REMEMBERED_ROOMS) return;
    for (const oldest of lastByRoom.keys()) {
      lastByRoom.delete(oldest);
      hasForgotten = true;
      break;
    }
  };

  const rowsOf = (append: Pick<Append, 'room' | 'rows'>, after: number | undefined): RowDocument[] => {
    const first = seq + 1;
    const last = seq + append.rows.length;
    return append.rows.map((updates, i) => {
      seq += 1;
      const before = i === 0 ? after : seq - 1;
      return {
        _id: new ObjectId(),
        room: append.room,
        epoch: 0, // a room has rows only before it is erased, so in its first epoch
        node,
        seq,
        ...(before === undefined ? {} : { after: before }),
        ...(last > first ? { span: [first, last] as [number, number] } : {}),
        bytes: updates.reduce((sum, { length }) => sum + length, 0),
        crc: rowChecksum({ room: append.room, epoch: 0, node, seq }, updates),
        at: now(),
        updates: updates.map((update) => new Binary(update)),
      };
    });
  };

  const insertGroup = async (group: Append[]): Promise<void> => {
    const lastInGroup = new Map<string, number>();
    const made = group.map((append) => {
      const known = lastInGroup.get(append.room) ?? lastByRoom.get(append.room) ?? (hasForgotten ? undefined : 0);
      const rows = rowsOf(append, known);
      lastInGroup.set(append.room, seq);
      return { append, rows, last: seq };
    });
    try {
      for (const part of parts(made.flatMap(({ rows }) => rows))) await insertRows(part);
      const erased = await retrying(() => erasedRooms([...lastInGroup.keys()]));
      const refused = made.filter(({ append }) => erased.has(append.room));
      if (refused.length > 0) await forget(refused.flatMap(({ rows }) => rows));
      for (const { append, last } of made) {
        if (erased.has(append.room)) append.reject(erasedError());
        else {
          remember(append.room, last);
          append.resolve({ [node]: last });
        }
      }
    } catch (error) {
      for (const { append } of made) append.reject(toStoreError(error, database.hosts));
    }
  };

  const insertRows = async (rows: RowDocument[]): Promise<void> => {
    let rest = rows;
    await retrying(async () => {
      while (rest.length > 0) {
        try {
          await database.journal.insertMany(rest, { ordered: true });
          rest = [];
        } catch (error) {
          const [refused] = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
          if (refused?.code !== 11000) throw error;
          const twin = rest[refused.index];
          if (twin === undefined) throw error;
          await checkTwin(twin);
          rest = rest.slice(refused.index + 1);
        }
      }
    });
  };

  /** Checks that the row stored under this number, as a majority has it, is this row. */
  const checkTwin = async (row: RowDocument): Promise<void> => {
    const { room, epoch, seq: number } = row;
    const stored = await database.journal.findOne({ room, epoch, node, seq: number });
    if (stored === null) throw new StoreError('UNREACHABLE', 'A row was written, but no majority of the servers confirms it yet.');
    const isSame =
      stored.updates.length === row.updates.length &&
      stored.updates.every((update, i) => Buffer.compare(update.value(), row.updates[i]?.value() ?? new Uint8Array(1)) === 0);
    if (isSame) return;
    throw new StoreError(
      'NOT_WRITABLE',
      `Row ${number} of "${node}" in room "${room}" is there already with other bytes: another process writes under this name. Nothing was overwritten. Restart the relay: it takes a new name.`,
    );
  };

  /** Erased rooms among these. New rooms get their head here, so that `list` finds them. */
  const erasedRooms = async (rooms: string[]): Promise<Set<string>> => {
    const found = await database.heads.find({ _id: { $in: rooms } }, { projection: { isErased: 1 } }).toArray();
    const isErasedByRoom = new Map(found.map(({ _id, isErased }) => [_id, isErased]));
    for (const room of rooms) if (!isErasedByRoom.has(room)) isErasedByRoom.set(room, (await ensureHead(database, room, now())).isErased);
    return new Set(rooms.filter((room) => isErasedByRoom.get(room) === true));
  };

  /** Deletes rows that reached a room after it was erased. If that fails, the next start finds them. */
  const forget = async (rows: RowDocument[]): Promise<void> => {
    await retrying(() => database.journal.deleteMany({ _id: { $in: rows.map(({ _id }) => _id) } }));
  };

  const retrying = async <T>(run: () => Promise<T>): Promise<T> => {
    const deadline = elapsedMs() + retryForMs;
    for (;;) {
      try {
        return await run();
      } catch (error) {
        const isWorthIt = isTransient(error) || (error instanceof StoreError && error.code === 'UNREACHABLE');
        if (!isWorthIt || elapsedMs() >= deadline) throw error;
        await sleep(RETRY_AFTER_MS);
      }
    }
  };

  const start = (): void => {
    while (lanes < MAX_LANES) {
      const group = takeGroup(waiting, busyRooms);
      if (group.length === 0) return;
      const taken = new Set(group);
      waiting = waiting.filter((append) => !taken.has(append));
      const rooms = new Set(group.map(({ room }) => room));
      for (const room of rooms) busyRooms.add(room);
      lanes += 1;
      void insertGroup(group).finally(() => {
        lanes -= 1;
        for (const room of rooms) busyRooms.delete(room);
        start();
      });
    }
  };

  return {
    append(room, updates) {
      const rows = packRows(updates);
      const bytes = updates.reduce((sum, { length }) => sum + length, 0);
      return new Promise((resolve, reject) => {
        waiting.push({ room, rows, bytes, resolve, reject });
        // At the end of this turn of the event loop, so that appends which arrive together go together.
        if (waiting.length === 1) setImmediate(start);
      });
    },
    positionOf(room) {
      const last = lastByRoom.get(room);
      return last === undefined ? {} : { [node]: last };
    },
    async probe(bytes) {
      const filler = randomBytes(bytes);
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes; at += storageLimits.maxUpdateBytes) pieces.push(filler.subarray(at, at + storageLimits.maxUpdateBytes));
      for (const part of parts(rowsOf({ room: PROBE_ROOM, rows: packRows(pieces) }, undefined))) await database.journal.insertMany(part);
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

/** The oldest appends whose rooms are not busy; when an append of a room waits, its later appends wait too. */
function takeGroup(waiting: readonly Append[], busyRooms: ReadonlySet<string>): Append[] {
  const group: Append[] = [];
  const passedOver = new Set<string>();
  let bytes = 0;
  let rows = 0;
  for (const append of waiting) {
    if (busyRooms.has(append.room) || passedOver.has(append.room)) continue;
    const isFull = bytes + append.bytes > MAX_INSERT_BYTES || rows + append.rows.length > MAX_INSERT_ROWS;
    if (group.length > 0 && isFull) {
      passedOver.add(append.room);
      continue;
    }
    group.push(append);
    bytes += append.bytes;
    rows += append.rows.length;
  }
  return group;
}

/** Splits rows into inserts. */
function parts(rows: RowDocument[]): RowDocument[][] {
  const result: RowDocument[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    if (bytes + row.bytes > MAX_INSERT_BYTES) {
      result.push([]);
      bytes = 0;
    }
    result.at(-1)?.push(row);
    bytes += row.bytes;
  }
  return result;
}
