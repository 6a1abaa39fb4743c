/**
 * What 1,000 updates of one board cost MongoDB: commands, rows and bytes, here and with y-mongodb-provider used
 * plainly. Counts, not times: they are the same on every server. Prints JSON lines; run from the root:
 *
 *   pnpm --filter @wetink/bench exec tsx --conditions=@wetink/source ../../packages/storage/src/mongodb.bench.ts
 */

import { randomBytes } from 'node:crypto';
import { BSON, MongoClient } from 'mongodb';
import type { CommandStartedEvent, CommandSucceededEvent, Db } from 'mongodb';
import { MongodbPersistence } from 'y-mongodb-provider';
import * as Y from 'yjs';
import { connect } from './mongodb/database.ts';
import { createStore } from './mongodb/store.ts';
import { joinPositions } from './position.ts';
import type { Position } from './port.ts';
import { startMongo } from './testing/start-mongo.ts';

const UPDATES = Number(process.env.UPDATES ?? 1_000);
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

function report(what: string, figures: object): void {
  process.stdout.write(`${JSON.stringify({ what, updates: UPDATES, server: server.kind, ...figures })}\n`);
}

const watched = `${server.uri}${server.uri.includes('?') ? '&' : '?'}monitorCommands=true`;
try {
  const { updates, state } = strokes();
  report('the updates themselves', { kilobytes: Math.round(updates.reduce((sum, { length }) => sum + length, 0) / 1_000) });
  for (const batch of [1, 10, 50]) {
    const database = await connect({ uri: watched, database: `${name}_${batch}` });
    const store = createStore(database, {});
    let position: Position = {};
    const appended = await counting(database.client, async () => {
      for (let i = 0; i < updates.length; i += batch)
        position = joinPositions(position, await store.append('board', updates.slice(i, i + batch)));
    });
    report(`wetink, ${batch} an append`, { ...appended, ...(await rowsAndBytes(database.db, 'journal')) });
    report('wetink, load of these rows', await counting(database.client, async () => void (await store.load('board'))));
    report(
      'wetink, first checkpoint',
      await counting(database.client, async () => void (await store.checkpoint('board', state, position))),
    );
    report('wetink, load of the checkpoint', await counting(database.client, async () => void (await store.load('board'))));
    report('wetink, a tail with nothing new', await counting(database.client, async () => void (await store.load('board', position))));
    await database.db.dropDatabase();
    await store.close();
  }

  const client = new MongoClient(watched, { writeConcern: { w: 'majority', journal: true } });
  const db = client.db(`${name}_plain`);
  const provider = new MongodbPersistence({ client, db }, {});
  const stored = await counting(client, async () => {
    for (const update of updates) await provider.storeUpdate('board', update);
  });
  report('y-mongodb-provider used plainly, storeUpdate', { ...stored, ...(await rowsAndBytes(db, 'yjs-writings')) });
  report('y-mongodb-provider used plainly, getYDoc', await counting(client, async () => void (await provider.getYDoc('board'))));
  await db.dropDatabase();
  await client.close();
} finally {
  await server.stop();
}
