/**
 * Reads one room, and finds data in it that nothing refers to any more. All of it on one unchanging view.
 *
 * Two generations of checkpoint are kept, with every row since the older one:
 *
 *   rows         . . . 4 5 6 7 8 | 9 10        4 to 8 are in the newer checkpoint, and stay until the next one
 *   newer        ----------------+             covers 8
 *   older        -----+                        covers 3
 *
 * So when the newer one is damaged, the older one plus rows 4 to 10 is the same document, and nothing is lost.
 */

import { emptyRoom } from '../empty-room.ts';
import { StoreError } from '../errors.ts';
import type { Position, StorageLogger, StoredRoom } from '../port.ts';
import { positionAt, rowAt, type RowNumber } from './row-number.ts';
import { readChunks, type Snapshot } from './chunked.ts';
import { behindPrefix, generationOfChunk, generationPrefix, rowOfKey, roomPrefix, rowKey } from './keys.ts';
import { bodyBytes, open, type Generation, type RoomHead } from './records.ts';
import type { TableName } from './tables.ts';

/** Rows read before other work gets its turn: a few milliseconds. */
const ROWS_PER_TURN = 2_000;

export async function loadRoom(
  snapshot: Snapshot,
  name: Buffer,
  head: RoomHead | null,
  logger: StorageLogger | undefined,
  since: Position,
): Promise<StoredRoom> {
  if (head === null) return emptyRoom();
  const { position: end, epoch, isErased } = head;
  const position = positionAt(end);
  if (isErased) return { ...emptyRoom(), position, epoch, isErased };
  const known = rowAt(since);
  if (known > 0 && known >= (head.generations[0]?.covers ?? 0)) return loadTail(snapshot, name, head, logger, known);

  const room = name.toString('utf8');
  const prefix = roomPrefix(name);
  const start = await newestIntact(snapshot, prefix, head);
  for (const broken of start.broken)
    logger?.error({ room, covers: broken.covers, bytes: broken.bytes }, 'checkpoint is damaged and was left out');

  const covers = start.generation?.covers ?? 0;
  const updates: Uint8Array[] = [];
  let intactBytes = start.bytes?.length ?? 0;
  await eachRow(snapshot, prefix, epoch, covers, end, (key, value) => {
    const body = open(value, key);
    if (body === null) {
      logger?.error({ room, position: rowOfKey(key) }, 'row is damaged and was left out');
      return;
    }
    updates.push(new Uint8Array(body));
    intactBytes += body.length;
  });
  const missing = end - covers - updates.length;
  if (missing > 0 && start.generation === null && head.generations.length > 0) {
    throw new StoreError(
      'CORRUPT',
      `No checkpoint of room "${room}" is intact, and its rows alone are not the whole document. Restore the data folder from a backup; other rooms are not affected. Nothing was deleted.`,
    );
  }
  if (missing > 0) logger?.error({ room, missing }, 'rows are missing or damaged; the rest of the room was loaded');
  return { checkpoint: start.bytes, updates, position, epoch, isErased, quarantined: missing + start.broken.length, bytes: intactBytes };
}

/** Reads the rows after `known`, which the caller has with everything before it. */
async function loadTail(
  snapshot: Snapshot,
  name: Buffer,
  head: RoomHead,
  logger: StorageLogger | undefined,
  known: RowNumber,
): Promise<StoredRoom> {
  const updates: Uint8Array[] = [];
  await eachRow(snapshot, roomPrefix(name), head.epoch, known, head.position, (key, value) => {
    const body = open(value, key);
    if (body === null) logger?.error({ room: name.toString('utf8'), position: rowOfKey(key) }, 'row is damaged and was left out');
    else updates.push(new Uint8Array(body));
  });
  return {
    checkpoint: null,
    updates,
    position: positionAt(Math.max(known, head.position)),
    epoch: head.epoch,
    isErased: false,
    quarantined: Math.max(0, head.position - known) - updates.length,
    bytes: updates.reduce((sum, update) => sum + update.length, 0),
  };
}

/** The newest checkpoint that is intact, and the damaged ones that are newer. */
export async function newestIntact(
  snapshot: Snapshot,
  prefix: Buffer,
  head: RoomHead,
): Promise<{ generation: Generation | null; bytes: Uint8Array | null; broken: Generation[] }> {
  const broken: Generation[] = [];
  for (const generation of head.generations) {
    const bytes = new Uint8Array(generation.bytes);
    let length = 0;
    const sha256 = await readChunks(
      generation.chunks,
      generationPrefix(prefix, generation.id),
      (key) => snapshot.get('chunks', key),
      (part) => {
        if (length + part.length <= bytes.length) bytes.set(part, length);
        length += part.length;
      },
    );
    if (sha256 === generation.sha256 && length === bytes.length) return { generation, bytes, broken };
    broken.push(generation);
  }
  return { generation: null, bytes: null, broken };
}

/** Bytes of the rows after `from` up to `to`. */
export async function rowBytesBetween(snapshot: Snapshot, prefix: Buffer, epoch: number, from: RowNumber, to: RowNumber): Promise<number> {
  let bytes = 0;
  await eachRow(snapshot, prefix, epoch, from, to, (_key, value) => {
    bytes += bodyBytes(value);
  });
  return bytes;
}

export interface Dead {
  table: TableName;
  key: Buffer;
  /** A damaged row, to be copied to the quarantine for a repair of the room; null for anything else. */
  setAside: Buffer | null;
}

/**
 * Finds what `head` does not refer to: rows that its oldest checkpoint contains, chunks of other checkpoints, and
 * everything of an earlier epoch.
 * @param limit Limit of results, so that one commit stays short; call again for more.
 */
export async function findDead(snapshot: Snapshot, name: Buffer, head: RoomHead, limit: number): Promise<Dead[]> {
  const prefix = roomPrefix(name);
  const dead: Dead[] = [];
  const oldestCovers = head.generations.length < 2 ? 0 : (head.generations.at(-1)?.covers ?? 0);
  const liveFrom = rowKey(prefix, head.epoch, oldestCovers + 1);

  for (const table of ['rows', 'quarantine'] as const) {
    // Rows in the quarantine stay until the room is erased.
    const end = table === 'rows' ? liveFrom : rowKey(prefix, head.epoch, 0);
    for (const { key, value } of snapshot.range(table, prefix, end)) {
      if (dead.length >= limit) return dead;
      const isDamaged = table === 'rows' && !head.isErased && open(value, key) === null;
      dead.push({ table, key: Buffer.from(key), setAside: isDamaged ? Buffer.from(value) : null });
      if (dead.length % ROWS_PER_TURN === 0) await nextTurn();
    }
  }
  const kept = new Set(head.generations.map(({ id }) => id));
  for (const { key } of snapshot.range('chunks', prefix, behindPrefix(prefix))) {
    if (dead.length >= limit) return dead;
    if (!kept.has(generationOfChunk(key))) dead.push({ table: 'chunks', key: Buffer.from(key), setAside: null });
  }
  return dead;
}

async function eachRow(
  snapshot: Snapshot,
  prefix: Buffer,
  epoch: number,
  from: RowNumber,
  to: RowNumber,
  each: (key: Buffer, value: Buffer) => void,
): Promise<void> {
  let count = 0;
  for (const { key, value } of snapshot.range('rows', rowKey(prefix, epoch, from + 1), rowKey(prefix, epoch, to + 1))) {
    each(key, value);
    count += 1;
    if (count % ROWS_PER_TURN === 0) await nextTurn();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
