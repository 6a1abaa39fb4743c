/**
 * Replaces one checkpoint by another:
 *
 *   1. write it under a name of its own, read it back, compare
 *   2. swap the head, if it is still the one that was read
 *   3. delete, by id, the rows that the older of the two kept checkpoints covers, and checkpoints that no head names
 *
 * Killed between any two steps, the room is as it was before or after. The next checkpoint finishes step 3. A process
 * that loses the swap reads the head again and decides again.
 */

import type { ObjectId } from 'mongodb';
import { erasedError, sha256Hex } from '../check-input.ts';
import { StoreError } from '../errors.ts';
import type { CheckpointOutcome, Position, StorageLogger } from '../port.ts';
import { isCovered } from '../position.ts';
import { deleteCheckpoints, findDeadCheckpoints, generationName, isIntact, writeCheckpoint } from './checkpoints.ts';
import { FORGOTTEN, forgetWriters, pastTheEnd } from './covers.ts';
import type { Database } from './database.ts';
import type { Generation, Head } from './documents.ts';
import { ensureHead, readHead, swapHead } from './heads.ts';

const IDS_PER_DELETE = 1_000;
/** Reached only if another node wins every swap. */
const MAX_ATTEMPTS = 50;

export interface CheckpointContext {
  database: Database;
  logger: StorageLogger | undefined;
  now(): number;
  /** A name that no process has used before. */
  writerName(): string;
}

export async function replaceCheckpoint(
  context: CheckpointContext,
  room: string,
  state: Uint8Array,
  covers: Position,
): Promise<CheckpointOutcome> {
  const { database, now } = context;
  const sha256 = sha256Hex(state);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = await readHead(database, room);
    if (before?.isErased === true) throw erasedError();
    const unknown = await checkKnownRows(database, room, before, covers);
    const [present, older] = before?.generations ?? [];
    if (present !== undefined && !isCovered(present.covers, covers)) return isCovered(covers, present.covers) ? 'covered' : 'behind';

    const head = before ?? (await ensureHead(database, room, now()));
    if (head.isErased) throw erasedError();
    const next: Generation = {
      name: generationName(room, head.version + 1, context.writerName()),
      covers: forgetWriters(covers, present?.covers ?? null, older?.covers ?? null, unknown),
      bytes: state.length,
      sha256,
    };
    if (!(await writeCheckpoint(database, next, state))) {
      await deleteCheckpoints(database, [next.name]);
      if ((await readHead(database, room))?.version !== head.version) continue; // a faster writer's sweep removed it
      throw didNotReadBack(next.name);
    }
    const wayBack = await newestIntact(context, head);
    const generations = wayBack === null ? [next] : [next, wayBack];
    const swapped =
      (await swapHead(database, head, { epoch: head.epoch, isErased: false, generations, updatedAt: now() })) ??
      (await swappedAfterAll(database, next));
    if (swapped === null) {
      await deleteCheckpoints(database, [next.name]);
      continue;
    }
    await sweep(database, swapped).catch((error: unknown) => {
      context.logger?.warn(
        { err: error, room },
        'rows that a checkpoint replaced are still in the database; the next checkpoint deletes them',
      );
    });
    return 'written';
  }
  throw new StoreError('UNREACHABLE', `Other relays replaced the checkpoint of room "${room}" ${MAX_ATTEMPTS} times meanwhile. Try again.`);
}

/** Deletes what the head no longer needs. Safe with an outdated head, and twice at once. */
export async function sweep(database: Database, head: Head): Promise<void> {
  const wayBack = head.generations[1];
  if (wayBack !== undefined) {
    const rows = database.journal.find({ room: head.room, epoch: head.epoch }, { projection: { _id: 1, node: 1, seq: 1 } });
    const merged: ObjectId[] = [];
    for await (const { _id, node, seq } of rows) if (seq <= (wayBack.covers[node] ?? 0)) merged.push(_id);
    await deleteRows(database, merged);
  }
  await deleteCheckpoints(database, await findDeadCheckpoints(database, head.room, head.version, head.generations));
}

/** The head, when a swap succeeded but its answer was lost: the driver's retry found the head changed already. */
async function swappedAfterAll(database: Database, next: Generation): Promise<Head | null> {
  const room = decodeURIComponent(next.name.split('/')[0] ?? '');
  const head = await readHead(database, room);
  return head?.generations.some(({ name }) => name === next.name) === true ? head : null;
}

/** The checkpoint to keep as a fallback for the new one: the newest that is intact now. */
async function newestIntact({ database, logger }: CheckpointContext, head: Head): Promise<Generation | null> {
  for (const generation of head.generations) {
    if (await isIntact(database, generation)) return generation;
    logger?.error({ room: head.room, name: generation.name }, 'checkpoint is missing or damaged; the new one takes its place');
  }
  return null;
}

/**
 * @returns Forgotten writers.
 * @throws {StoreError} `INVALID` when the journal never had such a row.
 */
async function checkKnownRows(database: Database, room: string, head: Head | null, covers: Position): Promise<ReadonlySet<string>> {
  const generations = head?.generations ?? [];
  const hasForgotten = (generations[0]?.covers[FORGOTTEN] ?? 0) > 0;
  const unknown = new Set<string>();
  await Promise.all(
    Object.entries(covers).map(async ([node, seq]) => {
      if (seq === 0 || generations.some((generation) => (generation.covers[node] ?? 0) >= seq)) return;
      const row = await database.journal.findOne({ room, epoch: head?.epoch ?? 0, node, seq: { $gte: seq } }, { projection: { _id: 1 } });
      if (row !== null) return;
      const isNode = node !== FORGOTTEN && generations.every((generation) => generation.covers[node] === undefined);
      if (!hasForgotten || !isNode) throw pastTheEnd(node, seq);
      unknown.add(node);
    }),
  );
  return unknown;
}

function didNotReadBack(name: string): StoreError {
  return new StoreError(
    'CORRUPT',
    `Checkpoint "${name}" did not read back as it was written. The rows it was made of are kept; check the database.`,
  );
}

async function deleteRows({ journal }: Database, ids: ObjectId[]): Promise<void> {
  for (let i = 0; i < ids.length; i += IDS_PER_DELETE) await journal.deleteMany({ _id: { $in: ids.slice(i, i + IDS_PER_DELETE) } });
}
