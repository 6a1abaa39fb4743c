// y-websocket over a real socket: a change is lost on the way, the next one waits, and the relay asks for the lost one or
// closes the client to come back.

import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { startRelay, stock, until, type Stock, type TestRelay } from '../testing/harness.ts';

let relay: TestRelay;
let clients: Stock[] = [];

afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await relay.close();
});

function enter(doc = new Y.Doc()): Stock {
  const client = stock(relay.url, 'board', doc);
  clients.push(client);
  return client;
}

/** The next frame that the client sends never arrives. */
function loseOne({ provider }: Stock, change: () => void): void {
  const ws = provider.ws as unknown as { send(data: Uint8Array): void };
  const { send } = ws;
  ws.send = () => undefined;
  change();
  ws.send = send;
}

function paste(doc: Y.Doc, megabytes: number): void {
  doc.transact(() => {
    for (let i = 0; i < megabytes * 1_000; i++) doc.getMap('m').set(`pasted ${i}`, 'y'.repeat(1_000));
  });
}

it('[RL13] [RL15] a stock client with a hole is asked, answers, and no client is closed', async () => {
  relay = await startRelay();
  const [ana, ben] = [enter(), enter()];
  await until(() => ana.provider.synced && ben.provider.synced, 'sync');
  loseOne(ana, () => ana.doc.getMap('m').set('lost', 1));
  ana.doc.getMap('m').set('next', 1);
  await until(() => ben.doc.getMap('m').size === 2, 'both changes');
  expect([ana.closes, ben.closes]).toEqual([[], []]);
});

it('[RL15] a stock client whose 4 MB lack a predecessor comes back once with everything, and stays', async () => {
  relay = await startRelay();
  const [ana, ben] = [enter(), enter()];
  await until(() => ana.provider.synced && ben.provider.synced, 'sync');
  loseOne(ana, () => ana.doc.getMap('m').set('lost', 1));
  paste(ana.doc, 4);
  await until(() => ben.doc.getMap('m').size === 4_001, 'everything', 20_000);
  ana.doc.getMap('m').set('after', 1);
  await until(() => ben.doc.getMap('m').has('after'), 'what follows');
  expect([ana.closes.map(({ code }) => code), ben.closes]).toEqual([[4511], []]);
});

it('[RL15] a stock client that sends 4 MB while changes of others wait is not closed', async () => {
  relay = await startRelay();
  const [ana, ben] = [enter(), enter()];
  await until(() => ana.provider.synced && ben.provider.synced, 'sync');
  loseOne(ana, () => ana.doc.getMap('a').set('lost', 1));
  const doc = new Y.Doc();
  paste(doc, 4);
  const offline = enter(doc);
  ana.doc.getMap('a').set('waits', 1);
  await until(() => ben.doc.getMap('m').size === 4_000 && ben.doc.getMap('a').size === 2, 'everything', 20_000);
  expect([ana.closes, ben.closes, offline.closes]).toEqual([[], [], []]);
});
