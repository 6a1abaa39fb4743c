/**
 * Whole documents, kept by y-mongodb-provider 0.2.1 in its own layout, so that its tools read them: `getYDoc(name)` is
 * the board. On its own the provider loses updates when two processes write one document; here a name is written by one
 * process, once:
 *
 *   <room, percent-encoded>/<version the head will have>/<node>-<attempt>
 *
 * Its faults, and how they are handled:
 * - it catches errors, prints them and resolves null: its collection is watched, and null becomes the error
 * - it decodes the first update of a name on our event loop, however large: that first update is an empty one
 * - it slices at 15 MB and does not say how many slices there are: the head has length and SHA-256
 * - it makes no index: we do
 * - it keeps promises by document name in a plain object (`__proto__`): it is used for one write only
 */

import { createHash } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { MongodbPersistence } from 'y-mongodb-provider';
import { CHECKPOINTS, type Database } from './database.ts';
import type { Generation } from './documents.ts';

/** A Yjs update with nothing in it. */
const EMPTY_UPDATE = new Uint8Array([0, 0]);
/** The clock of the document, after the empty update. */
const CLOCK = 1;
const NAMES_PER_DELETE = 100;

export function generationName(room: string, version: number, writer: string): string {
  return `${encodeURIComponent(room)}/${version}/${writer}`;
}

/**
 * Writes, reads back and compares. Nothing refers to it yet.
 * @returns False when it did not read back: damaged, or removed by a faster writer's sweep.
 * @throws Errors of the driver.
 */
export async function writeCheckpoint(database: Database, generation: Generation, state: Uint8Array): Promise<boolean> {
  const watched = watch(database.db);
  const provider = new MongodbPersistence({ client: database.client, db: watched.db }, { collectionName: CHECKPOINTS });
  for (const [clock, update] of [EMPTY_UPDATE, state].entries()) {
    const stored: unknown = await provider.storeUpdate(generation.name, update);
    const failure = watched.failure();
    if (failure !== undefined) throw failure;
    if (stored !== clock) return false; // the update before it is gone
  }
  return isIntact(database, generation);
}

/** @returns The document; null when it is missing or damaged. The caller owns the bytes. */
export async function readCheckpoint(database: Database, generation: Generation): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(generation.bytes);
  const isWhole = await readParts(database, generation, (part, at) => {
    bytes.set(part, at);
  });
  return isWhole ? bytes : null;
}

export function isIntact(database: Database, generation: Generation): Promise<boolean> {
  return readParts(database, generation, () => undefined);
}

/** Names of a room's checkpoints that no head can name any more: up to `version`, and not among the names to keep. */
export async function findDeadCheckpoints(
  { checkpoints }: Database,
  room: string,
  version: number,
  keep: readonly Generation[],
): Promise<string[]> {
  const prefix = `${encodeURIComponent(room)}/`;
  const kept = new Set(keep.map(({ name }) => name));
  const names = new Set<string>();
  const cursor = checkpoints.find({ docName: { $gte: prefix, $lt: `${prefix.slice(0, -1)}0` } }, { projection: { _id: 0, docName: 1 } });
  for await (const { docName } of cursor) {
    const isOlder = Number(docName.slice(prefix.length).split('/')[0]) <= version;
    if (isOlder && !kept.has(docName)) names.add(docName);
  }
  return [...names];
}

export async function deleteCheckpoints({ checkpoints }: Database, names: readonly string[]): Promise<void> {
  for (let i = 0; i < names.length; i += NAMES_PER_DELETE)
    await checkpoints.deleteMany({ docName: { $in: names.slice(i, i + NAMES_PER_DELETE) } });
}

async function readParts(
  { checkpoints }: Database,
  { name, bytes, sha256 }: Generation,
  each: (part: Uint8Array, at: number) => void,
): Promise<boolean> {
  const hash = createHash('sha256');
  let length = 0;
  const cursor = checkpoints.find({ docName: name, version: 'v1', action: 'update', clock: CLOCK }, { sort: { part: 1 } });
  for await (const { value } of cursor) {
    const part = value.value();
    if (length + part.length > bytes) return false;
    each(part, length);
    hash.update(part);
    length += part.length;
  }
  return length === bytes && hash.digest('hex') === sha256;
}

/** Wraps the two collection calls that the provider makes for `storeUpdate`, and keeps their failures. */
function watch(db: Db): { db: Db; failure(): unknown } {
  let failure: unknown;
  const noted = async <T>(result: Promise<T>): Promise<T> => {
    try {
      return await result;
    } catch (error) {
      failure ??= error;
      throw error;
    }
  };
  const collection = (name: string): Pick<Collection, 'updateOne'> & { find(...args: Parameters<Collection['find']>): unknown } => {
    const real = db.collection(name);
    return {
      updateOne: (...args: Parameters<Collection['updateOne']>) => noted(real.updateOne(...args)),
      find: (...args) => ({ toArray: () => noted(real.find(...args).toArray()) }),
    };
  };
  return { db: { collection } as unknown as Db, failure: () => failure };
}
