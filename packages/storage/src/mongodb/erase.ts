/** Erases a room: first its head says so, which every other process sees; then everything of it is deleted. */

import type { StorageLogger } from '../port.ts';
import { deleteCheckpoints, findDeadCheckpoints } from './checkpoints.ts';
import type { Database } from './database.ts';
import { documentToHead } from './documents.ts';
import { ensureHead, swapHead } from './heads.ts';

/** Longer than a relay runs without seeing an erase; the next start deletes what such a relay left behind. */
const RECENT_MS = 24 * 3600 * 1000;

export async function eraseRoom(database: Database, room: string, now: () => number): Promise<void> {
  for (;;) {
    const head = await ensureHead(database, room, now());
    const isDone =
      head.isErased ||
      (await swapHead(database, head, { epoch: head.epoch + 1, isErased: true, generations: [], updatedAt: now() })) !== null;
    if (isDone) break;
  }
  // Also for a room erased before: repeating an unfinished erase finishes it.
  await sweepErased(database, room);
}

/** Deletes what reached erased rooms when a process, or the erase, died half-way. */
export async function sweepRecentlyErased(database: Database, now: number, logger: StorageLogger | undefined): Promise<void> {
  const recent = database.heads.find({ isErased: true, updatedAt: { $gt: now - RECENT_MS } });
  for await (const document of recent) {
    try {
      await sweepErased(database, documentToHead(document).room);
    } catch (error) {
      logger?.error({ err: error, room: document._id }, 'leftovers of an erased room could not be deleted');
    }
  }
}

async function sweepErased(database: Database, room: string): Promise<void> {
  await database.journal.deleteMany({ room });
  await database.quarantine.deleteMany({ room });
  await deleteCheckpoints(database, await findDeadCheckpoints(database, room, Infinity, []));
}
