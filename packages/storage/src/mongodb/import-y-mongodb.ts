/**
 * Imports what plain y-mongodb-provider (0.1 and 0.2) has written: one collection for all documents, or one collection
 * each. The source is only read. The report names what could not be read; nothing is left out silently.
 *
 * The provider loses parts of large values, and overwrites rows when two processes write, without a trace. So each
 * document is put together here: values of several parts need all of them from 1 on without a gap, each update must
 * decode, and updates whose predecessors are gone are counted as incomplete.
 */

import { Binary, MongoClient, type Collection, type Db } from 'mongodb';
import * as Y from 'yjs';
import { StoreError } from '../errors.ts';
import type { Store } from '../port.ts';
import { START } from '../position.ts';
import { toStoreError, uriError } from './mongo-errors.ts';

export interface ImportOptions {
  /** URI of the source. */
  uri: string;
  /** Default: the one in the URI. */
  database?: string;
  /** Collection of all documents; the provider's default is `yjs-writings`. */
  collection?: string;
  /** One collection for each document, as with the provider's `multipleCollections`. */
  isMultipleCollections?: boolean;
  /** Store that gets a room of the same name for each document. */
  into: Store;
  /** Called after each document. */
  onDocument?(report: ImportedDocument): void;
}

export interface ImportedDocument {
  document: string;
  /**
   * - `imported`: everything found is in the room now.
   * - `partly`: the room has what could be read; `problems` says what is missing.
   * - `exists`: the room has content already, or was erased; nothing was written.
   * - `failed`: nothing could be read, or the room refused it; nothing was written.
   */
  outcome: 'imported' | 'partly' | 'exists' | 'failed';
  updates: number;
  problems: string[];
}

interface SourceRow {
  docName?: unknown;
  clock?: unknown;
  part?: unknown;
  value?: unknown;
}

/** @throws {StoreError} `INVALID` for a wrong URI, `UNREACHABLE`, `NOT_WRITABLE`, and errors of `into` itself. */
export async function importYMongodb(options: ImportOptions): Promise<ImportedDocument[]> {
  let client: MongoClient;
  try {
    client = new MongoClient(options.uri, { serverSelectionTimeoutMS: 5_000 });
  } catch (error) {
    throw uriError(error);
  }
  try {
    const db = client.db(options.database);
    const reports: ImportedDocument[] = [];
    for await (const { name, collection } of documentsOf(db, options)) {
      const report = await importDocument(collection, name, options.into);
      reports.push(report);
      options.onDocument?.(report);
    }
    return reports;
  } catch (error) {
    throw toStoreError(error, client.options.hosts.map(String).join(', '));
  } finally {
    await client.close();
  }
}

async function* documentsOf(
  db: Db,
  { collection = 'yjs-writings', isMultipleCollections = false }: ImportOptions,
): AsyncGenerator<{ name: string; collection: Collection<SourceRow> }> {
  const infos = await db.listCollections({}, { nameOnly: true }).toArray();
  const names = infos.map(({ name }) => name).sort();
  const sources = isMultipleCollections ? names.filter((name) => !name.startsWith('system.')) : names.filter((name) => name === collection);
  if (sources.length === 0) {
    const asked = isMultipleCollections ? 'no collections' : `no collection "${collection}"`;
    throw new StoreError('INVALID', `The database "${db.databaseName}" has ${asked}. It has: ${names.join(', ') || 'nothing'}.`);
  }
  for (const source of sources) {
    const rows = db.collection<SourceRow>(source);
    // Not from the state vectors, as the provider does: a lost one would hide its document.
    const found = rows.aggregate<{ _id: unknown }>([
      { $match: { action: 'update' } },
      { $group: { _id: '$docName' } },
      { $sort: { _id: 1 } },
    ]);
    for await (const { _id: name } of found)
      if (typeof name === 'string' && (!isMultipleCollections || name === source)) yield { name, collection: rows };
  }
}

async function importDocument(collection: Collection<SourceRow>, document: string, into: Store): Promise<ImportedDocument> {
  const problems: string[] = [];
  const done = (outcome: ImportedDocument['outcome'], updates: number): ImportedDocument => ({ document, outcome, updates, problems });
  try {
    const present = await into.load(document);
    if (present.isErased || present.checkpoint !== null || present.updates.length > 0) return done('exists', 0);
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    problems.push(error.message);
    return done('failed', 0);
  }
  const doc = new Y.Doc();
  let updates = 0;
  for await (const { clock, bytes, problem } of valuesOf(collection, document)) {
    if (bytes === null) {
      problems.push(`clock ${clock}: ${problem}`);
      continue;
    }
    try {
      // Alone first: a broken update leaves the document that it is applied to in an unknown state.
      Y.applyUpdate(new Y.Doc(), bytes);
      Y.applyUpdate(doc, bytes);
      updates += 1;
    } catch (error) {
      problems.push(`clock ${clock}: not a Yjs update (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) problems.push('some updates need others that are missing');
  if (updates === 0) return done('failed', 0);
  try {
    await into.checkpoint(document, Y.encodeStateAsUpdate(doc), START);
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    problems.push(error.message);
    return done('failed', 0);
  }
  return done(problems.length === 0 ? 'imported' : 'partly', updates);
}

interface Value {
  clock: number | string;
  bytes: Uint8Array | null;
  problem: string;
}

/** Values in the order of their clocks, parts joined. */
async function* valuesOf(collection: Collection<SourceRow>, document: string): AsyncGenerator<Value> {
  const cursor = collection.find({ docName: document, action: 'update' }, { sort: { clock: 1, part: 1 }, allowDiskUse: true });
  let open: { clock: number | string; parts: Uint8Array[]; problem: string } | null = null;
  const close = (ending: NonNullable<typeof open>): Value => ({
    clock: ending.clock,
    bytes: ending.problem === '' ? new Uint8Array(Buffer.concat(ending.parts)) : null,
    problem: ending.problem,
  });
  for await (const { clock: found, part, value } of cursor) {
    const clock = typeof found === 'number' ? found : String(found);
    if (open !== null && (part === undefined || open.clock !== clock)) {
      yield close(open);
      open = null;
    }
    const bytes = value instanceof Binary ? value.value() : null;
    if (part === undefined) {
      yield { clock, bytes, problem: 'its value is not binary' };
      continue;
    }
    open ??= { clock, parts: [], problem: '' };
    if (bytes === null) open.problem = 'its value is not binary';
    else if (part === open.parts.length + 1) open.parts.push(bytes);
    else if (open.problem === '') open.problem = `part ${open.parts.length + 1} of it is missing`;
  }
  if (open !== null) yield close(open);
}

/** Errors of one document, not of the store: the others can still be imported. */
function isOwnFault(error: unknown): error is StoreError {
  return error instanceof StoreError && ['TOO_LARGE', 'INVALID', 'CORRUPT', 'ERASED'].includes(error.code);
}
