/** Lists rooms in the byte order of their names, which is the order of MongoDB's strings without a collation. */

import { Buffer } from 'node:buffer';
import { StoreError } from '../errors.ts';
import type { RoomListing, StorageLogger } from '../port.ts';
import type { Database } from './database.ts';
import { documentToHead, type Head, type HeadDocument } from './documents.ts';

/** A room whose record is damaged is left out and logged, so that the others can be listed. */
export async function listRooms(
  database: Database,
  prefix: string,
  after: string,
  limit: number,
  logger: StorageLogger | undefined,
): Promise<RoomListing[]> {
  const rooms: RoomListing[] = [];
  for (let behind = after; ;) {
    const isBehindLater = Buffer.compare(Buffer.from(behind), Buffer.from(prefix)) >= 0;
    const range = isBehindLater ? { $gt: behind } : { $gte: prefix };
    const page = await database.heads.find({ _id: range, isErased: false }, { sort: { _id: 1 }, limit: limit - rooms.length }).toArray();
    const found = page.filter(({ _id }) => _id.startsWith(prefix));
    rooms.push(...(await withRows(database, intactHeads(found, logger))));
    const last = page.at(-1);
    // Names with one prefix are adjacent, so the first without it ends them.
    if (last === undefined || found.length < page.length || rooms.length >= limit) return rooms;
    behind = last._id;
  }
}

function intactHeads(documents: readonly HeadDocument[], logger: StorageLogger | undefined): Head[] {
  return documents.flatMap((document) => {
    try {
      return [documentToHead(document)];
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      logger?.error({ room: document._id }, 'record of a room is damaged and was left out of the list');
      return [];
    }
  });
}

/** Leaves out rooms that only have a head, from a first checkpoint that was cut off. */
async function withRows({ journal }: Database, heads: Head[]): Promise<RoomListing[]> {
  if (heads.length === 0) return [];
  const headsByRoom = new Map(heads.map((head) => [head.room, head]));
  const rowsByRoom = new Map<string, { bytes: number; at: number }>();
  const cursor = journal.find(
    { room: { $in: [...headsByRoom.keys()] } },
    { projection: { _id: 0, room: 1, epoch: 1, node: 1, seq: 1, bytes: 1, at: 1 } },
  );
  for await (const { room, epoch, node, seq, bytes, at } of cursor) {
    const head = headsByRoom.get(room);
    if (head === undefined || epoch !== head.epoch) continue;
    const isCovered = seq <= (head.generations[0]?.covers[node] ?? 0);
    const sum = rowsByRoom.get(room) ?? { bytes: 0, at: 0 };
    rowsByRoom.set(room, { bytes: sum.bytes + (isCovered ? 0 : bytes), at: Math.max(sum.at, at) });
  }
  return heads.flatMap((head) => {
    const rows = rowsByRoom.get(head.room);
    const [checkpoint] = head.generations;
    if (rows === undefined && checkpoint === undefined) return [];
    return [{ room: head.room, bytes: (checkpoint?.bytes ?? 0) + (rows?.bytes ?? 0), updatedAt: Math.max(head.updatedAt, rows?.at ?? 0) }];
  });
}
