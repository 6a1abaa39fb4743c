/** Owners of client ids with real clients: y-websocket providers and bare sockets. */

import { afterEach, expect, it } from 'vitest';
import { encode, writeUint8, writeVarUint } from 'lib0/encoding';
import * as Y from 'yjs';
import { Bare, joined, startRelay, stock, storedDoc, until, type Stock, type TestRelay } from '../testing/harness.ts';

let relay: TestRelay;
let clients: { close(): void }[] = [];

afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await relay.close();
});

function person(room: string): Stock {
  const client = stock(relay.url, room, new Y.Doc(), { maxBackoffTime: 100 });
  clients.push(client);
  return client;
}

const forged = (client: number, clock: number): Uint8Array =>
  encode((encoder) => {
    for (const number of [1, 1, client, clock]) writeVarUint(encoder, number);
    writeUint8(encoder, 0);
    writeVarUint(encoder, 1);
    writeVarUint(encoder, 0);
  });

const sizeOf = (client: Stock): number => client.doc.getMap('m').size;

it('[OW7] y-websocket clients bring back a board that the store lost, each with the changes of all', async () => {
  relay = await startRelay();
  const people = [person('board'), person('board'), person('board')];
  await until(() => people.every(({ provider }) => provider.synced), 'sync');
  people.forEach(({ doc }, i) => doc.getMap('m').set(`before ${i}`, 1));
  await until(() => people.every((client) => sizeOf(client) === 3), 'their changes');
  const { port } = new URL(relay.url);
  await relay.close();
  // Only the author sends these.
  people.forEach(({ doc }, i) => doc.getMap('m').set(`meanwhile ${i}`, 1));
  relay = await startRelay({ port: Number(port) });
  await until(() => people.every((client) => sizeOf(client) === 6), 'everything');
  await until(() => relay.relay.stats().unsavedBytes === 0, 'the journal');
  expect((await storedDoc(relay.store, 'board')).getMap('m').size).toBe(6);
});

it('[OW2] [OW3] a y-websocket client that is here answers for its id: a client that forges it is closed and stays away', async () => {
  relay = await startRelay();
  const [ana, ben] = [person('board'), person('board')];
  await until(() => ana.provider.synced && ben.provider.synced, 'sync');
  ana.doc.getMap('m').set('before', 1);
  await until(() => sizeOf(ben) === 1, 'the change');
  const mallory = await new Bare(relay.url, 'board').opened();
  const known = await joined(relay.url, 'board', 9);
  clients.push(mallory, known);
  mallory.send({ type: 'update', update: forged(ana.doc.clientID, 1) });
  known.send({ type: 'update', update: forged(ana.doc.clientID, 1) });
  await until(() => mallory.closed !== null && known.of('refused').length > 0, 'the refusals');
  expect([mallory.closed?.code, known.of('refused')]).toEqual([4409, [{ type: 'refused', count: 1, code: 'FOREIGN_CLIENT' }]]);
  ana.doc.getMap('m').set('after', 1);
  await until(() => sizeOf(ben) === 2, 'the next change');
  expect(ana.closes).toEqual([]);
});
