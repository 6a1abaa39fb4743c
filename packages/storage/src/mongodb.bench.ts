/**
 * The cost of 1,000 updates of one board for MongoDB: commands, rows and bytes, in this store and in plain
 * y-mongodb-provider. Counts, not times: they are the same on every server. A command is one round trip. Prints a
 * table:
 *
 *   pnpm --filter @wetink/storage bench
 */

import { randomBytes } from 'node:crypto';
import { BSON, MongoClient, type CommandStartedEvent, type CommandSucceededEvent, type Db } from 'mongodb';
import { MongodbPersistence } from 'y-mongodb-provider';
import * as Y from 'yjs';
import { connect } from './mongodb/database.ts';
import { createStore } from './mongodb/store.ts';
import { joinPositions } from './position.ts';
import type { Position } from './port.ts';
import { findMongo, startMongo } from './testing/start-mongo.ts';

const UPDATES = Number(process.env.UPDATES ?? 1_000);
if (findMongo() === null) {
  process.stdout.write('mongodb.bench.ts did not run: no MongoDB found. `node scripts/mongo.mjs` gets one.\n');
  process.exit(0);
}
const server = await startMongo();
const name = `wetink_bench_${randomBytes(4).toString('hex')}`;

/** A map of shapes with a path each: about 150 bytes an update. */
function strokes(): { updates: Uint8Array[]; state: Uint8Array } {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < UPDATES; i++) doc.getMap('shapes').set(`shape-${i}`, new Uint8Array(randomBytes(120)));
  return { updates, state: Y.encodeStateAsUpdate(doc) };
}

interface Counted {
  commands: number;
  kilobytesSent: number;
  kilobytesReceived: number;
}

async function counting(client: MongoClient, run: () => Promise<void>): Promise<Counted> {
  let commands = 0;
  let sent = 0;
  let received = 0;
  const onStart = ({ command }: CommandStartedEvent): void => {
    commands += 1;
    sent += BSON.calculateObjectSize(command);
  };
  const onEnd = ({ reply }: CommandSucceededEvent): void => {
    received += BSON.calculateObjectSize(reply as BSON.Document);
  };
  client.on('commandStarted', onStart).on('commandSucceeded', onEnd);
  await run();
  client.off('commandStarted', onStart).off('commandSucceeded', onEnd);
  return { commands, kilobytesSent: Math.round(sent / 1_000), kilobytesReceived: Math.round(received / 1_000) };
}

async function rowsAndBytes(db: Db, collection: string): Promise<{ rows: number; kilobytesKept: number }> {
  const rows = await db.collection(collection).find().toArray();
  return { rows: rows.length, kilobytesKept: Math.round(rows.reduce((sum, row) => sum + BSON.calculateObjectSize(row), 0) / 1_000) };
}

interface Line extends Partial<Counted> {
  rows?: number;
  kilobytesKept?: number;
}

const columns = ['commands', 'rows', 'kilobytesSent', 'kilobytesReceived', 'kilobytesKept'] as const;

function report(what: string, line: Line): void {
  const cells = columns.map((column) => (line[column] ?? '').toLocaleString('en'));
  process.stdout.write(`| ${[what, ...cells].join(' | ')} |\n`);
}

const watched = `${server.uri}${server.uri.includes('?') ? '&' : '?'}monitorCommands=true`;
try {
  const { updates, state } = strokes();
  const kilobytes = Math.round(updates.reduce((sum, { length }) => sum + length, 0) / 1_000);
  process.stdout.write(`${UPDATES} updates of one board, ${kilobytes} kB, on ${server.kind}:\n\n`);
  process.stdout.write('| | commands | rows | kB sent | kB received | kB kept |\n| --- | --- | --- | --- | --- | --- |\n');
  for (const batch of [1, 10, 50]) {
    const database = await connect({ uri: watched, database: `${name}_${batch}` });
    const store = createStore(database, {});
    let position: Position = {};
    const appended = await counting(database.client, async () => {
      for (let i = 0; i < updates.length; i += batch)
        position = joinPositions(position, await store.append('board', updates.slice(i, i + batch)));
    });
    report(`append, ${batch} at a time`, { ...appended, ...(await rowsAndBytes(database.db, 'journal')) });
    report(`load of ${updates.length / batch} rows`, await counting(database.client, async () => void (await store.load('board'))));
    report('first checkpoint', await counting(database.client, async () => void (await store.checkpoint('board', state, position))));
    report('load of the checkpoint', await counting(database.client, async () => void (await store.load('board'))));
    report('look for news, none there', await counting(database.client, async () => void (await store.load('board', position))));
    await database.db.dropDatabase();
    await store.close();
  }

  const client = new MongoClient(watched, { writeConcern: { w: 'majority', journal: true } });
  const db = client.db(`${name}_plain`);
  const provider = new MongodbPersistence({ client, db }, {});
  const stored = await counting(client, async () => {
    for (const update of updates) await provider.storeUpdate('board', update);
  });
  report('y-mongodb-provider used plainly: storeUpdate', { ...stored, ...(await rowsAndBytes(db, 'yjs-writings')) });
  report('y-mongodb-provider used plainly: getYDoc', await counting(client, async () => void (await provider.getYDoc('board'))));
  await db.dropDatabase();
  await client.close();
} finally {
  await server.stop();
}
