/**
 * Reads one room while others write it. Two generations of checkpoint are kept, with every row since the older one:
 *
 *   rows         . . . 4 5 6 7 8 | 9 10        4 to 8 are in the newer checkpoint, and stay until the next one
 *   newer        ----------------+             covers 8
 *   older        -----+                        covers 3
 *
 * So when the newer one is missing or damaged, the older one plus rows 4 to 10 is the same document. Head, checkpoint
 * and rows are read one after the other, and another process may swap the head and delete rows in between; so the head
 * is read again at the end, and if it changed, everything is read again.
 */

import { emptyRoom } from '../empty-room.ts';
import { StoreError } from '../errors.ts';
import type { Position, StorageLogger, StoredRoom } from '../port.ts';
import { arePositionsEqual, isCovered, joinPositions, START } from '../position.ts';
import { readCheckpoint } from './checkpoints.ts';
import { type Database, isDuplicate } from './database.ts';
import type { Head, RowDocument } from './documents.ts';
import { readHead } from './heads.ts';
import { sortRows } from './rows.ts';

/** Limit of attempts; reached only if the room is checkpointed faster than it can be read, this many times in a row. */
const MAX_ATTEMPTS = 100;

export async function loadRoom(database: Database, room: string, since: Position, logger: StorageLogger | undefined): Promise<StoredRoom> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const head = await readHead(database, room);
    const read = await readOnce(database, room, head, since);
    const after = await readHead(database, room);
    if ((after?.version ?? 0) !== (head?.version ?? 0)) continue;
    return report(database, room, read, logger);
  }
  throw new StoreError('UNREACHABLE', `Room "${room}" changed during each of ${MAX_ATTEMPTS} attempts to read it. Try again.`);
}

interface Read {
  stored: StoredRoom;
  broken: RowDocument[];
  missing: number;
  damagedCheckpoints: string[];
  isBeyondRepair: boolean;
}

async function readOnce(database: Database, room: string, head: Head | null, since: Position): Promise<Read> {
  const [newer, older] = head?.generations ?? [];
  const epoch = head?.epoch ?? 0;
  const isErased = head?.isErased ?? false;
  const nothing: Read = {
    stored: { ...emptyRoom(), position: since, epoch, isErased },
    broken: [],
    missing: 0,
    damagedCheckpoints: [],
    isBeyondRepair: false,
  };
  if (isErased) return nothing;

  const isCheckpointKnown = newer === undefined || (isCovered(newer.covers, since) && !arePositionsEqual(since, START));
  if (isCheckpointKnown) return withRows(nothing, await readRows(database, room, epoch, since), since);

  const from = joinPositions(since, newer.covers);
  const [checkpoint, rows] = await Promise.all([readCheckpoint(database, newer), readRows(database, room, epoch, from)]);
  if (checkpoint !== null) {
    const stored = { ...nothing.stored, checkpoint, position: from, bytes: checkpoint.length };
    // The newer one covers everything that the older one does, and rows of writers that it forgot, now being deleted.
    return withRows({ ...nothing, stored }, rows, joinPositions(from, older?.covers ?? START));
  }

  // The fallback. Positions still cover what the damaged one covered: the next checkpoint takes its place.
  const before = older === undefined ? null : await readCheckpoint(database, older);
  const allRows = await readRows(database, room, epoch, older?.covers ?? START);
  const damagedCheckpoints = [newer.name, ...(older !== undefined && before === null ? [older.name] : [])];
  const stored = { ...nothing.stored, checkpoint: before, position: from, bytes: before?.length ?? 0 };
  const read = withRows({ ...nothing, stored, damagedCheckpoints }, allRows, older?.covers ?? START);
  const isWholeFromRows = older === undefined && sortRows(allRows, START).reachesFromStart(newer.covers);
  return { ...read, isBeyondRepair: before === null && !isWholeFromRows };
}

function withRows(read: Read, rows: RowDocument[], from: Position): Read {
  const sorted = sortRows(rows, from);
  const { stored } = read;
  return {
    ...read,
    broken: sorted.broken,
    missing: sorted.missing,
    stored: {
      ...stored,
      updates: sorted.updates,
      position: joinPositions(stored.position, sorted.position),
      quarantined: sorted.broken.length + sorted.missing + read.damagedCheckpoints.length,
      bytes: sorted.updates.reduce((sum, update) => sum + update.length, stored.bytes),
    },
  };
}

/**
 * Rows that `from` does not cover, each writer's in order. If `from` covers some, the numbers are read first and then
 * only the new rows: one round trip more instead of a query that no index can serve.
 */
async function readRows({ journal }: Database, room: string, epoch: number, from: Position): Promise<RowDocument[]> {
  const order = { node: 1, seq: 1 } as const;
  if (arePositionsEqual(from, START)) return journal.find({ room, epoch }, { sort: order }).toArray();
  const keys = await journal.find({ room, epoch }, { projection: { _id: 1, node: 1, seq: 1 }, sort: order }).toArray();
  const ids = keys.filter(({ node, seq }) => seq > (from[node] ?? 0)).map(({ _id }) => _id);
  if (ids.length === 0) return [];
  const rowsById = new Map<string, RowDocument>();
  for await (const row of journal.find({ _id: { $in: ids } })) rowsById.set(row._id.toHexString(), row);
  return ids.flatMap((id) => rowsById.get(id.toHexString()) ?? []); // a row deleted meanwhile means that the head changed too
}

async function report(database: Database, room: string, read: Read, logger: StorageLogger | undefined): Promise<StoredRoom> {
  for (const name of read.damagedCheckpoints) logger?.error({ room, name }, 'checkpoint is missing or damaged and was left out');
  if (read.isBeyondRepair) {
    throw new StoreError(
      'CORRUPT',
      `No checkpoint of room "${room}" is intact, and its rows alone are not the whole document. Restore the database from a backup; other rooms are not affected. Nothing was deleted.`,
    );
  }
  if (read.missing > 0) logger?.error({ room, missing: read.missing }, 'rows are missing; the rest of the room was loaded');
  for (const row of read.broken) {
    logger?.error({ room, node: row.node, seq: row.seq }, 'row is damaged and was left out');
    await setAside(database, row).catch((error: unknown) => {
      logger?.warn({ err: error, room }, 'damaged row could not be copied to the collection quarantine');
    });
  }
  return read.stored;
}

async function setAside({ quarantine }: Database, row: RowDocument): Promise<void> {
  try {
    await quarantine.insertOne({ ...row, quarantinedAt: Date.now() });
  } catch (error) {
    if (!isDuplicate(error)) throw error; // else an earlier load copied it
  }
}
