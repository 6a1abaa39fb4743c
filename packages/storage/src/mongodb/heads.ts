/** A room's head: read, made once, and swapped only where it is still the one that was read. */

import { type Database, isDuplicate } from './database.ts';
import { documentToHead, freshHead, headToDocument, type Head } from './documents.ts';

/** @throws {StoreError} `CORRUPT`. */
export async function readHead({ heads }: Database, room: string): Promise<Head | null> {
  const document = await heads.findOne({ _id: room });
  return document === null ? null : documentToHead(document);
}

/** Reads the head, or makes a new one. */
export async function ensureHead(database: Database, room: string, now: number): Promise<Head> {
  const found = await readHead(database, room);
  if (found !== null) return found;
  const fresh = freshHead(room, now);
  try {
    await database.heads.insertOne(headToDocument(fresh));
    return fresh;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  return ensureHead(database, room, now); // another writer was first
}

/** @returns The new head; null when another process changed it since it was read, and nothing happened. */
export async function swapHead({ heads }: Database, from: Head, to: Omit<Head, 'room' | 'version'>): Promise<Head | null> {
  const next: Head = { room: from.room, version: from.version + 1, ...to };
  const { matchedCount } = await heads.replaceOne({ _id: from.room, version: from.version }, headToDocument(next));
  return matchedCount === 1 ? next : null;
}
