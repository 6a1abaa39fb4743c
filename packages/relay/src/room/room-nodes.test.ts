/** Checkpoints, unloading and erasing of a room that is open on several nodes, or on one. */

import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createCluster, sameDocument, type Cluster } from '../testing/cluster.ts';
import { inlineDocumentWorker, type DocumentWorker } from '../document/document-worker.ts';

const settle = (cluster: Cluster): Promise<void> => cluster.time.advance(200);
const rowsOf = (cluster: Cluster): number => cluster.disk.roomsByName.get('board')?.rows.length ?? 0;

describe('checkpoints', () => {
  it('[RL83] a node whose checkpoint is behind another node’s reads what it lacks, passes it on, and writes it', async () => {
    const cluster = createCluster({
      limits: { checkpointRows: 5, checkpointPauseMs: 0, announceBusyMs: 1e9, announceIdleMs: 1e9, tailPauseMs: 1e9 },
    });
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await cluster.time.advance(2_000);
    cluster.losses.drop = 1;
    for (let i = 0; i < 5; i++) {
      ana.set(`a${i}`, i);
      await cluster.time.advance(20);
    }
    await settle(cluster);
    expect(cluster.node(0).checkpoints).toEqual(['written']);
    expect(ben.keys()).toEqual([]);
    for (let i = 0; i < 5; i++) {
      ben.set(`b${i}`, i);
      await cluster.time.advance(20);
    }
    await settle(cluster);
    expect(cluster.node(1).checkpoints).toEqual(['behind', 'written']);
    expect(ben.keys()).toHaveLength(10);
    expect(sameDocument(ben.doc, await cluster.stored())).toBe(true);
    expect(rowsOf(cluster)).toBe(0);
  });

  it('[RL83] nodes that write and save at once lose nothing, with and without a worker', async () => {
    for (const worker of [undefined, inlineDocumentWorker()]) {
      for (let seed = 1; seed <= 5; seed++) {
        const cluster = createCluster({
          nodes: 3,
          seed,
          losses: { drop: 0.3 },
          limits: { checkpointRows: 4, checkpointPauseMs: 0, workerBytes: 0 },
          ...(worker === undefined ? {} : { worker }),
        });
        const clients = [0, 1, 2].map((i) => cluster.enter(i));
        for (let i = 0; i < 60; i++) {
          clients[(i * seed) % 3]?.edit((doc) => doc.getText('t').insert(0, `${i} `));
          clients[i % 3]?.set(`k${i}`, i);
          await cluster.time.advance(30);
        }
        await cluster.untilEqual(clients, 20_000);
        expect(clients[0]?.keys()).toHaveLength(60);
        const [first] = clients;
        expect(first !== undefined && sameDocument(first.doc, await cluster.stored())).toBe(true);
        for (const client of clients) client.leave();
        await cluster.time.advance(30_000);
        expect(rowsOf(cluster)).toBe(0);
        expect(first !== undefined && sameDocument(first.doc, await cluster.stored())).toBe(true);
      }
    }
  });

  it('[RL85] a room that changes gets a checkpoint at least every checkpointMaxAgeMs, and when the last person has left', async () => {
    const cluster = createCluster({ nodes: 1 });
    const ana = cluster.enter(0);
    for (let i = 0; i < 100; i++) {
      ana.set('k', i);
      await cluster.time.advance(1_000);
    }
    expect(cluster.node(0).checkpoints.length).toBeGreaterThanOrEqual(3);
    expect(cluster.node(0).checkpoints.length).toBeLessThanOrEqual(4);
    ana.leave();
    await cluster.time.advance(6_000);
    expect([rowsOf(cluster), cluster.node(0).rooms.count]).toEqual([0, 0]);
    const before = cluster.node(0).checkpoints.length;
    cluster.enter(0);
    await cluster.time.advance(120_000);
    expect(cluster.node(0).checkpoints).toHaveLength(before);
  });

  it('[RL86] the worker builds the checkpoint of a large document; a failing worker loses nothing and is tried again', async () => {
    let fails = 1;
    let asked = 0;
    const inline = inlineDocumentWorker();
    const worker: DocumentWorker = {
      ...inline,
      async compact(updates) {
        asked += 1;
        if ((fails -= 1) >= 0) throw new Error('out of memory');
        return inline.compact(updates);
      },
    };
    const cluster = createCluster({ nodes: 1, worker, limits: { checkpointRows: 2, checkpointPauseMs: 1_000, workerBytes: 1_000 } });
    const ana = cluster.enter(0);
    await settle(cluster);
    ana.set('small', 1);
    await cluster.time.advance(10);
    ana.set('b', 2);
    await cluster.time.advance(1_500);
    expect(asked).toBe(0);
    ana.set('large', 'x'.repeat(5_000));
    await cluster.time.advance(10);
    ana.set('c', 2);
    await cluster.time.advance(10_000);
    expect([asked, rowsOf(cluster)]).toEqual([2, 0]);
    expect(cluster.node(0).checkpoints).toEqual(['written', 'failed', 'written']);
    expect(sameDocument(ana.doc, await cluster.stored())).toBe(true);
    fails = Infinity;
    ana.set('d', 1);
    await cluster.time.advance(10);
    ana.set('e', 2);
    await cluster.time.advance(10_000);
    expect(cluster.node(0).checkpoints.slice(3)).toEqual(['failed', 'failed', 'written']);
    expect([asked, rowsOf(cluster)]).toEqual([4, 0]);
  });
});

describe('coming and going', () => {
  it('[RL3] [RL71] the last one leaves while the store is busy and another comes: the newcomer sees everything, on any node', async () => {
    for (const [first, second] of [
      [0, 0],
      [0, 1],
    ] as const) {
      for (let waitMs = 0; waitMs <= 8_000; waitMs += 400) {
        const cluster = createCluster();
        const ana = cluster.enter(first);
        await settle(cluster);
        ana.set('a', 1);
        ana.leave();
        await cluster.time.advance(waitMs);
        const ben = cluster.enter(second);
        await cluster.time.advance(12_000);
        expect(ben.keys()).toEqual(['a']);
        ben.set('b', 1);
        await settle(cluster);
        expect([...(await cluster.stored()).getMap('m').keys()].sort()).toEqual(['a', 'b']);
        ben.leave();
        await cluster.time.advance(15_000);
        expect(cluster.nodes.map(({ rooms }) => rooms.count)).toEqual([0, 0]);
      }
    }
  });

  it('[RL84] erasing a room closes its members on every node, even when the message is lost; an old client cannot bring it back', async () => {
    for (const drop of [0, 1]) {
      const cluster = createCluster({ nodes: 3 });
      const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
      ana.set('a', 1);
      await cluster.time.advance(3_000);
      cluster.losses.drop = drop;
      await cluster.node(0).room().erase();
      if (drop === 0) await cluster.time.advance(1_000);
      else {
        ben.set('b', 1);
        await cluster.time.advance(1_000);
      }
      expect([ana.ended, ben.ended]).toEqual(['ROOM_ERASED', 'ROOM_ERASED']);
      expect(cluster.nodes.map(({ rooms }) => rooms.count)).toEqual([0, 0, 0]);
      const offline = cluster.enter(2, { doc: ana.doc });
      offline.set('c', 1);
      await cluster.time.advance(1_000);
      expect([offline.ended, offline.acked]).toEqual(['ROOM_ERASED', 0]);
      expect((await cluster.stored()).getMap('m').size).toBe(0);
    }
  });

  it('[RL87] a member that sends again what the store holds gets its ack, alone or among other changes', async () => {
    const author = new Y.Doc();
    const rows: Uint8Array[] = [];
    author.on('update', (update: Uint8Array) => void rows.push(update));
    for (let i = 0; i < 4; i++) author.getArray('a').push([i]);
    author.getArray('a').delete(3);
    const cluster = createCluster({ nodes: 1, limits: { pendingMs: 2_000 } });
    await cluster.node(0).store.append(
      'board',
      rows.filter((_, i) => i !== 1),
    );
    // The client lacks the same row, so what builds on it waits in its document too, and is sent as a whole.
    const doc = new Y.Doc();
    for (const [i, row] of rows.entries()) if (i !== 1) Y.applyUpdate(doc, row);
    const ana = cluster.enter(0, { doc });
    await settle(cluster);
    expect(cluster.node(0).room().stats().heldRows).toBe(3);
    ana.set('mine', 1);
    for (const i of [2, 3, 4]) ana.sendUpdate(rows[i] ?? new Uint8Array());
    await cluster.time.advance(20_000);
    expect([ana.ended, ana.sent - ana.acked]).toEqual([null, 0]);
    // A change that the store does not hold is still not acknowledged.
    author.getArray('a').push(['new']);
    ana.sendUpdate(rows.at(-1) ?? new Uint8Array());
    await settle(cluster);
    expect(ana.acked).toBeLessThan(ana.sent);
    await cluster.time.advance(10_000);
    expect(ana.ended).toBe('INCOMPLETE');
    ana.leave();
    await cluster.time.advance(20_000);
    const healer = cluster.enter(0);
    healer.sendUpdate(rows[1] ?? new Uint8Array());
    const reader = cluster.enter(0);
    await settle(cluster);
    expect(reader.doc.getArray('a').toArray()).toEqual([0, 1, 2]);
  });

  it('[RL88] a room reports its statistics when ready and while loading', async () => {
    const cluster = createCluster();
    const ana = cluster.enter(0, { userId: 'ana' });
    cluster.enter(0, { userId: 'ana' });
    cluster.enter(0);
    cluster.enter(1);
    await cluster.time.advance(2_000);
    ana.set('a', 1);
    await settle(cluster);
    const stats = cluster.node(0).room().stats();
    expect(stats).toMatchObject({
      state: 'ready',
      people: 2,
      connections: 3,
      heldRows: 0,
      pendingBytes: 0,
      clientIds: 1,
      position: { w0: 1 },
      unsavedBytes: 0,
      rowsSinceCheckpoint: 1,
      nodes: ['n1'],
    });
    expect(stats.documentBytes).toBeGreaterThan(10);
    const loading = cluster.node(0).room('another').stats();
    expect(loading).toMatchObject({ state: 'loading', documentBytes: 0, position: {}, nodes: [] });
  });
});
