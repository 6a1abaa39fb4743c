/** Stock y-websocket 3.1 clients against the relay: the must-list of a compatible server. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Bare, pause, startRelay, stock, storedDoc, until, type Stock, type TestRelay } from '../testing/harness.ts';

let relay: TestRelay;
let clients: { close(): void }[];

beforeEach(async () => {
  relay = await startRelay({ limits: { unloadDelayMs: 20 } });
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  await relay.close();
});

function join(room: string, doc?: Y.Doc): Stock {
  const client = stock(relay.url, room, doc);
  clients.push(client);
  return client;
}

describe('stock clients', () => {
  it('[RL1] two stock clients edit one document: each gets the changes of the other, and the store has all', async () => {
    const a = join('board');
    const b = join('board');
    await until(() => a.provider.synced && b.provider.synced, 'sync');
    a.doc.getMap('m').set('from-a', 1);
    b.doc.getMap('m').set('from-b', 2);
    await until(() => a.doc.getMap('m').size === 2 && b.doc.getMap('m').size === 2, 'both changes on both sides');
    await until(() => relay.relay.stats().unsavedBytes === 0, 'journal');
    expect((await storedDoc(relay.store, 'board')).getMap('m').toJSON()).toEqual({ 'from-a': 1, 'from-b': 2 });
  });

  it('[RL1] a stock client sends edits made offline at reconnect, deletions too', async () => {
    const a = join('board');
    const b = join('board');
    await until(() => a.provider.synced && b.provider.synced, 'sync');
    a.doc.getText('t').insert(0, 'hello world');
    await until(() => b.doc.getText('t').toString() === 'hello world', 'text');
    a.provider.disconnect();
    a.doc.getText('t').delete(5, 6);
    a.doc.getText('t').insert(5, ' there');
    b.doc.getMap('m').set('meanwhile', true);
    await pause(30);
    a.provider.connect();
    await until(() => b.doc.getText('t').toString() === 'hello there' && a.doc.getMap('m').size === 1, 'merge');
    expect(Y.encodeStateAsUpdate(a.doc)).toEqual(Y.encodeStateAsUpdate(b.doc));
  });

  it('[RL2] a stock client that joins late sees everything, also after the room was unloaded', async () => {
    const a = join('board');
    await until(() => a.provider.synced, 'sync');
    a.doc.getArray('list').push(['x', 'y']);
    await until(() => relay.relay.stats().unsavedBytes === 0, 'journal');
    await pause(20);
    a.provider.disconnect();
    await until(() => relay.relay.stats().rooms === 0, 'unload');
    const b = join('board');
    await until(() => b.provider.synced, 'sync');
    expect(b.doc.getArray('list').toJSON()).toEqual(['x', 'y']);
  });

  it('[RL30] others see the awareness state of a client that joins, its changes, and its removal when the client leaves', async () => {
    const a = join('board');
    const b = join('board');
    a.provider.awareness.setLocalState({ name: 'Ana' });
    b.provider.awareness.setLocalState({ name: 'Ben' });
    await until(() => a.provider.awareness.getStates().size === 2 && b.provider.awareness.getStates().size === 2, 'both see both');
    expect(a.provider.awareness.getStates().get(b.doc.clientID)).toEqual({ name: 'Ben' });
    a.provider.awareness.setLocalStateField('cursor', { x: 1 });
    await until(() => b.provider.awareness.getStates().get(a.doc.clientID)?.['cursor'] !== undefined, 'cursor');
    b.provider.ws?.close();
    b.provider.shouldConnect = false;
    await until(() => a.provider.awareness.getStates().size === 1, 'leave');
  });

  it.each(['a b', 'a/b', 'ünï', 'x%y'.replace('%', '%25')])('[RL50] two stock clients meet in the room named %s', async (room) => {
    const a = join(room);
    const b = join(room);
    await until(() => a.provider.synced && b.provider.synced, 'sync');
    a.doc.getMap('m').set('k', 1);
    await until(() => b.doc.getMap('m').size === 1, 'change');
  });

  it('[RL50] a room name that cannot be decoded closes with 4414 and is never retried', async () => {
    const a = join('50%');
    await until(() => a.closes.length > 0, 'close');
    await pause(600);
    expect(a.closes).toEqual([{ code: 4414, reason: 'The name of this board cannot be used.' }]);
    const bare = new Bare(relay.url, '%00');
    clients.push(bare);
    await until(() => bare.closed !== null, 'close');
    expect(bare.closed?.code).toBe(4414);
  });
});
