/** A connection that waits for a majority and the journal, a database of a known format, and its indexes. */

import { MongoClient, MongoServerError, type Binary, type Collection, type Db } from 'mongodb';
import { StoreError } from '../errors.ts';
import type { HeadDocument, RowDocument } from './documents.ts';
import { toStoreError, uriError } from './mongo-errors.ts';

/** Raise it when an older version could no longer read the database, or would harm it. */
const FORMAT_VERSION = 1;
const DEFAULT_DATABASE = 'wetink';
/** Enough for four lanes of appends, loads, and one checkpoint; further commands wait inside the driver. */
const DEFAULT_POOL_SIZE = 20;

export interface BlobDocument {
  _id: string;
  /** Size of the whole blob, in its head; null in a piece. */
  size: number | null;
  bytes: Binary | null;
  /** In a head: the version of its bytes. Absent in blobs put before there were versions. */
  version?: string;
  /** In a head: the bytes are a file in GridFS. */
  isFile?: boolean;
}

/** A part of an upload. */
export interface UploadDocument {
  /** The upload's name and where the part begins; see uploads.ts. */
  _id: string;
  start: number;
  end: number;
  bytes: Binary;
  /** ms since 1970. */
  at: number;
}

/** A document as y-mongodb-provider writes it. */
export interface CheckpointDocument {
  docName: string;
  version: 'v1' | 'v1_sv';
  action?: 'update';
  clock?: number;
  /** 1, 2, … for the parts of a value over 15 MB. */
  part?: number;
  value: Binary;
}

export interface RecordDocument {
  /** The record's key. */
  _id: string;
  version: number;
  value: Binary;
  /** Mark of this one write, so that a sender that repeats it recognizes its own. */
  write: string;
  crc: number;
}

export interface MetaDocument {
  _id: string;
  version?: number;
}

export interface Database {
  client: MongoClient;
  db: Db;
  /** Hosts for error messages: no user, no password. */
  hosts: string;
  meta: Collection<MetaDocument>;
  journal: Collection<RowDocument>;
  heads: Collection<HeadDocument>;
  checkpoints: Collection<CheckpointDocument>;
  blobs: Collection<BlobDocument>;
  uploads: Collection<UploadDocument>;
  records: Collection<RecordDocument>;
  quarantine: Collection<RowDocument & { quarantinedAt: number }>;
}

export interface ConnectOptions {
  uri: string;
  /** Default: the one in the URI, else `wetink`. */
  database?: string;
  /** Limit of connections. */
  poolSize?: number;
}

/** The collection that y-mongodb-provider uses. */
export const CHECKPOINTS = 'checkpoints';

/** @throws {StoreError} `INVALID` for a wrong URI, `UNREACHABLE`, `NOT_WRITABLE`, `NEWER`, `CORRUPT`. Changes nothing then. */
export async function connect(options: ConnectOptions): Promise<Database> {
  let client: MongoClient;
  try {
    client = new MongoClient(options.uri, {
      appName: 'wetink',
      maxPoolSize: options.poolSize ?? DEFAULT_POOL_SIZE,
      ...timeoutsNotIn(options.uri),
      retryWrites: true,
      retryReads: true,
      // Whatever the URI says: acknowledged means on a majority of disks, and reads return only such data.
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
    });
  } catch (error) {
    throw uriError(error);
  }
  const hosts = client.options.srvHost ?? client.options.hosts.map(String).join(', ');
  try {
    const database = collectionsOf(client, options.database, hosts);
    await client.connect();
    await checkFormat(database);
    await createIndexes(database);
    return database;
  } catch (error) {
    await client.close();
    throw toStoreError(error, hosts);
  }
}

/** Our timeouts, except those that the URI sets itself. */
function timeoutsNotIn(uri: string): Record<string, number> {
  const timeouts = {
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 5_000,
    socketTimeoutMS: 20_000, // a connection that went dead silently
    heartbeatFrequencyMS: 2_000, // time to find a new primary; the driver's 10 s would be most of an outage
  };
  return Object.fromEntries(Object.entries(timeouts).filter(([name]) => !uri.toLowerCase().includes(`${name.toLowerCase()}=`)));
}

function collectionsOf(client: MongoClient, name: string | undefined, hosts: string): Database {
  // Without a database in the URI the driver uses "test", its default of 2009.
  const db = client.db(name ?? (client.options.dbName === 'test' ? DEFAULT_DATABASE : client.options.dbName));
  return {
    client,
    db,
    hosts,
    meta: db.collection('meta'),
    journal: db.collection('journal'),
    heads: db.collection('heads'),
    checkpoints: db.collection(CHECKPOINTS),
    blobs: db.collection('blobs'),
    uploads: db.collection('uploads'),
    records: db.collection('records'),
    quarantine: db.collection('quarantine'),
  };
}

async function checkFormat({ meta, db, hosts }: Database): Promise<void> {
  let format = await meta.findOne({ _id: 'format' });
  if (format === null) {
    try {
      await meta.insertOne({ _id: 'format', version: FORMAT_VERSION });
      return;
    } catch (error) {
      if (!isDuplicate(error)) throw error; // else another relay starts at the same time
    }
    format = await meta.findOne({ _id: 'format' });
  }
  const version = format?.version;
  const where = `The database "${db.databaseName}" at ${hosts}`;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1)
    throw new StoreError(
      'CORRUPT',
      `${where} does not say which version wrote it (collection meta, _id "format"). Nothing was changed. Restore it from a backup, or use another database.`,
    );
  if (version > FORMAT_VERSION)
    throw new StoreError(
      'NEWER',
      `${where} was written by a newer version (format ${version}; this one reads up to ${FORMAT_VERSION}). Nothing was changed. Update the relay, or use another database.`,
    );
}

/** y-mongodb-provider makes no indexes, and scans its collection without them; the driver makes those of GridFS too late for a listing. */
async function createIndexes({ db, journal, heads, checkpoints, quarantine }: Database): Promise<void> {
  await Promise.all([
    journal.createIndex({ room: 1, epoch: 1, node: 1, seq: 1 }, { unique: true }),
    heads.createIndex({ isErased: 1, updatedAt: 1 }),
    checkpoints.createIndex({ docName: 1, version: 1, action: 1, clock: 1, part: 1 }),
    quarantine.createIndex({ room: 1 }),
    db.collection('blobs.chunks').createIndex({ files_id: 1, n: 1 }, { unique: true }),
    db.collection('blobs.files').createIndex({ filename: 1, uploadDate: 1 }),
  ]);
}

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}
