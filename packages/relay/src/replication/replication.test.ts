/** Rooms on several nodes, in virtual time: messages are lost, and the nodes still agree. */

import { describe, expect, it } from 'vitest';
import { createCluster, sameDocument, type Cluster } from '../testing/cluster.ts';
import { seeded } from '../testing/seeded.ts';
import type { TestClient } from '../testing/test-client.ts';

const settle = (cluster: Cluster): Promise<void> => cluster.time.advance(200);

describe('changes', () => {
  it('[RL71] a change reaches members of every other node, deletions too, and is journaled once', async () => {
    const cluster = createCluster({ nodes: 3 });
    const [ana, ben, cem] = [cluster.enter(0), cluster.enter(1), cluster.enter(2)];
    await settle(cluster);
    ana.set('a', 1);
    ben.set('b', 2);
    await settle(cluster);
    cem.edit((doc) => doc.getMap('m').delete('a'));
    await settle(cluster);
    for (const client of [ana, ben, cem]) expect(client.keys()).toEqual(['b']);
    expect(sameDocument(ana.doc, await cluster.stored())).toBe(true);
    const rows = [...cluster.disk.roomsByName.values()].flatMap((room) => room.rows);
    // Updates that clients send on joining change nothing, so they make no row.
    expect(rows).toHaveLength(3);
    expect(cluster.nodes.map(({ counted }) => [counted.gaps, counted.repairedByNode])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('[RL71] one publish per journal write, however many nodes', async () => {
    const published: number[] = [];
    for (const nodes of [2, 5]) {
      const cluster = createCluster({ nodes });
      const clients = cluster.nodes.map((_, i) => cluster.enter(i));
      await cluster.time.advance(10_000);
      const before = cluster.node(0).counted.published;
      for (let i = 0; i < 20; i++) {
        for (let j = 0; j < 5; j++) clients[0]?.set(`k${i}${j}`, j);
        await cluster.time.advance(20);
      }
      published.push(cluster.node(0).counted.published - before);
      expect(clients.at(-1)?.keys()).toHaveLength(100);
    }
    expect(published).toEqual([20, 20]);
  });

  it('[RL72] an update is published and answered only when durable: a node that dies before that affects no other node', async () => {
    const cluster = createCluster();
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await settle(cluster);
    cluster.node(0).store.held.append = true;
    ana.set('never durable', 1);
    const friend = cluster.enter(0);
    await settle(cluster);
    expect(friend.keys()).toEqual(['never durable']);
    cluster.losses.drop = 1;
    await cluster.time.advance(30_000);
    cluster.losses.drop = 0;
    await cluster.time.advance(30_000);
    expect(ben.keys()).toEqual([]);
    ben.set('b', 1);
    await settle(cluster);
    cluster.node(0).kill();
    await cluster.time.advance(10_000);
    expect(ben.keys()).toEqual(['b']);
    expect([...(await cluster.stored()).getMap('m').keys()]).toEqual(['b']);
  });

  it('[RL72] a node sends an answer only when everything in it is durable', async () => {
    const cluster = createCluster({ limits: { repairTimeoutMs: 60_000, tailPauseMs: 1e9 } });
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await cluster.time.advance(3_000);
    cluster.losses.drop = 1;
    ana.set('lost', 1);
    await settle(cluster);
    cluster.losses.drop = 0;
    cluster.node(0).store.held.append = true;
    ana.set('not durable', 1);
    await cluster.time.advance(8_000);
    expect(ben.keys()).toEqual([]);
    cluster.node(0).store.held.append = false;
    await new Promise((resolve) => setTimeout(resolve, 20));
    await cluster.time.advance(2_000);
    expect(ben.keys()).toEqual(['lost', 'not durable']);
  });

  it('[RL79] rows of a node that died between writing and publishing reach the others', async () => {
    const cluster = createCluster();
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await settle(cluster);
    cluster.losses.drop = 1;
    ana.set('durable', 1);
    await cluster.time.advance(20);
    expect(ana.acked).toBe(ana.sent);
    cluster.node(0).kill();
    cluster.losses.drop = 0;
    await cluster.time.advance(3_000);
    expect(ben.keys()).toEqual(['durable']);
  });

  it('[RL16] [RL71] an update that is too large for a row or for the bus reaches the others through the store', async () => {
    const cluster = createCluster({ limits: { maxRowBytes: 10_000, maxBusUpdateBytes: 5_000 } });
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await settle(cluster);
    ana.set('large', 'x'.repeat(50_000));
    ana.set('b', 1);
    await cluster.untilEqual([ana, ben], 2_000);
    expect(ben.keys()).toEqual(['b', 'large']);
    expect(ana.acked).toBe(ana.sent);
    expect(cluster.node(0).counted.publishedBytes).toBeLessThan(10_000);
    await cluster.time.advance(60_000);
    ana.leave();
    ben.leave();
    await cluster.time.advance(20_000);
    expect(cluster.disk.roomsByName.get('board')?.rows).toEqual([]);
    expect((await cluster.stored()).getMap('m').size).toBe(2);
  });
});

describe('a bus that loses', () => {
  const busy = async (cluster: Cluster, clients: readonly TestClient[], seed: number, edits: number): Promise<void> => {
    const random = seeded(seed);
    for (let i = 0; i < edits; i++) {
      const client = clients[Math.floor(random() * clients.length)];
      const key = `k${Math.floor(random() * 30)}`;
      if (random() < 0.2) client?.edit((doc) => doc.getMap('m').delete(key));
      else if (random() < 0.5) client?.edit((doc) => doc.getText('t').insert(Math.floor(random() * doc.getText('t').length), `${i}`));
      else client?.set(key, i);
      await cluster.time.advance(random() * 100);
    }
  };

  const expectAllKept = async (cluster: Cluster, clients: readonly TestClient[]): Promise<void> => {
    for (const client of clients) {
      expect(client.ended).toBe(null);
      expect(client.acked).toBe(client.sent);
    }
    // A comparison of documents would repair what the positions should have shown.
    for (const { counted } of cluster.nodes) expect(counted.mismatches).toBe(0);
    const [first] = clients;
    expect(first !== undefined && sameDocument(first.doc, await cluster.stored())).toBe(true);
  };

  it('[RL73] lost, doubled, delayed and reordered messages change nothing in the end', async () => {
    const tookMs: number[] = [];
    for (let seed = 1; seed <= 8; seed++) {
      const cluster = createCluster({ nodes: 3, seed, losses: { drop: 0.3, duplicate: 0.2, delayMs: 50 } });
      const clients = [0, 1, 2, 0, 1].map((i) => cluster.enter(i));
      await busy(cluster, clients, seed, 60);
      tookMs.push(await cluster.untilEqual(clients, 60_000));
      await expectAllKept(cluster, clients);
    }
    expect(Math.max(...tookMs)).toBeLessThanOrEqual(20_000);
  });

  it('[RL73] when the bus loses everything, all nodes agree within ten seconds, through the store', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const cluster = createCluster({ nodes: 3, seed, losses: { drop: 1 } });
      const clients = [0, 1, 2].map((i) => cluster.enter(i));
      await busy(cluster, clients, seed, 40);
      expect(await cluster.untilEqual(clients, 60_000)).toBeLessThanOrEqual(10_000);
      await expectAllKept(cluster, clients);
    }
  });

  it('[RL73] while the bus is down a node reads the store; when it is back all nodes compare', async () => {
    const cluster = createCluster();
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await cluster.time.advance(1_000);
    cluster.bus.breakLink('n0');
    ana.set('a', 1);
    ben.set('b', 1);
    expect(await cluster.untilEqual([ana, ben], 20_000)).toBeLessThanOrEqual(10_000);
    cluster.bus.healLink('n0');
    await cluster.time.advance(3_000);
    ana.set('c', 1);
    await settle(cluster);
    expect(ben.keys()).toEqual(['a', 'b', 'c']);
  });

  it('[RL89] a node cut off from the bus alone counts as dead, and the others still read what it writes', async () => {
    const cluster = createCluster();
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await cluster.time.advance(1_000);
    cluster.bus.breakLink('n0');
    await cluster.time.advance(30_000);
    expect(cluster.node(1).room().stats().nodes).toEqual([]);
    for (const key of ['a', 'b', 'c']) {
      ana.set(key, 1);
      expect(await cluster.untilEqual([ana, ben], 20_000)).toBeLessThanOrEqual(10_000);
      await cluster.time.advance(200_000);
    }
    cluster.bus.healLink('n0');
    await cluster.time.advance(10_000);
    cluster.node(1).store.calls.load = 0;
    await cluster.time.advance(600_000);
    expect(cluster.node(1).store.calls.load).toBeLessThanOrEqual(11);
  });

  it('[RL89] a room opened after a node was cut off sees that node’s next change within a minute, later ones at once', async () => {
    const cluster = createCluster();
    const ana = cluster.enter(0);
    await cluster.time.advance(1_000);
    cluster.bus.breakLink('n0');
    await cluster.time.advance(60_000);
    const ben = cluster.enter(1);
    await cluster.time.advance(200_000);
    ana.set('a', 1);
    expect(await cluster.untilEqual([ana, ben], 90_000)).toBeLessThanOrEqual(61_000);
    for (const key of ['b', 'c']) {
      ana.set(key, 1);
      expect(await cluster.untilEqual([ana, ben], 20_000)).toBeLessThanOrEqual(6_500);
      await cluster.time.advance(200_000);
    }
    // A node that is heard again is not looked for in the store.
    cluster.bus.healLink('n0');
    await cluster.time.advance(10_000);
    cluster.node(1).store.calls.load = 0;
    await cluster.time.advance(600_000);
    expect(cluster.node(1).store.calls.load).toBeLessThanOrEqual(11);
  });

  it('[RL89] a room just opened reads the store after 5, 10, 20 and 40 seconds, then once a minute', async () => {
    const cluster = createCluster();
    cluster.enter(0);
    await cluster.time.advance(4_000);
    cluster.node(0).store.calls.load = 0;
    await cluster.time.advance(41_000);
    expect(cluster.node(0).store.calls.load).toBe(4);
    await cluster.time.advance(600_000);
    expect(cluster.node(0).store.calls.load).toBeLessThanOrEqual(4 + 10);
    expect(cluster.node(0).counted.repairedByStore).toBe(0);
  });

  it('[RL89] writes while the bus works are no sign of an unheard node', async () => {
    const limits = { tailPauseMs: 1_000, announceIdleMs: 10_000 };
    const cluster = createCluster({ losses: { delayMs: 100 }, limits });
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await cluster.time.advance(20_000);
    cluster.node(1).store.calls.load = 0;
    for (let i = 0; i < 250; i++) {
      ana.set(`k${i}`, i);
      await cluster.time.advance(400);
    }
    expect(await cluster.untilEqual([ana, ben], 1_000)).toBeLessThanOrEqual(500);
    expect(cluster.node(1).store.calls.load).toBeLessThanOrEqual(15);
  });

  it('[RL89] a sign of an unheard node costs one read every tailPauseMs for doubtMs, then one every announceIdleMs, none in empty rooms', async () => {
    const cluster = createCluster({ limits: { doubtMs: 60_000, unloadDelayMs: 1e9 } });
    cluster.enter(0);
    const ben = cluster.enter(1);
    await cluster.time.advance(1_000);
    cluster.node(0).kill();
    const { calls } = cluster.node(1).store;
    const readsIn = async (ms: number): Promise<number> => {
      calls.load = 0;
      await cluster.time.advance(ms);
      return calls.load;
    };
    const busy = await readsIn(60_000);
    expect(busy).toBeGreaterThanOrEqual(10);
    expect(busy).toBeLessThanOrEqual(13);
    await cluster.time.advance(5_000);
    const idle = await readsIn(600_000);
    expect(idle).toBeGreaterThanOrEqual(9); // as in a room without a sign
    expect(idle).toBeLessThanOrEqual(10);
    ben.leave();
    expect(await readsIn(600_000)).toBe(0);
    // A member that comes back is not shown a document that is a minute old.
    cluster.enter(1);
    expect(await readsIn(2_000)).toBe(1);
  });

  it('[RL89] a goodbye, even a late one, clears the lost-node mark', async () => {
    const quiet = async (cluster: Cluster): Promise<number> => {
      await cluster.time.advance(10_000);
      cluster.node(1).store.calls.load = 0;
      await cluster.time.advance(600_000);
      return cluster.node(1).store.calls.load;
    };
    for (const cutForMs of [0, 3_000, 30_000]) {
      const cluster = createCluster();
      const ana = cluster.enter(0);
      cluster.enter(1);
      await cluster.time.advance(1_000);
      if (cutForMs > 0) cluster.bus.breakLink('n0');
      ana.leave();
      await cluster.time.advance(cutForMs + 7_000);
      expect(cluster.node(0).rooms.count).toBe(0);
      if (cutForMs > 0) cluster.bus.healLink('n0');
      expect(await quiet(cluster)).toBeLessThanOrEqual(13);
    }
  });

  it('[RL74] a lost last message is noticed, also by a node that sends nothing itself', async () => {
    const cluster = createCluster();
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await cluster.time.advance(60_000);
    cluster.losses.drop = 1;
    ana.set('last', 1);
    await cluster.time.advance(20);
    cluster.losses.drop = 0;
    expect(await cluster.untilEqual([ana, ben], 20_000)).toBeLessThanOrEqual(7_000);
    expect(cluster.node(1).counted).toMatchObject({ gaps: 1, repairedByNode: 1, repairedByStore: 0 });
    const said = cluster.node(0).counted.published;
    await cluster.time.advance(120_000);
    expect(cluster.node(0).counted.published - said).toBeLessThan(8);
  });

  it('[RL73] a batch that follows a lost one does not count as proof that the lost one arrived', async () => {
    const cluster = createCluster({ limits: { announceBusyMs: 1e9, announceIdleMs: 1e9 } });
    const [ana, cem, ben] = [cluster.enter(0), cluster.enter(0), cluster.enter(1)];
    await cluster.time.advance(3_000);
    cluster.losses.drop = 1;
    ana.set('lost', 1);
    await cluster.time.advance(20);
    cluster.losses.drop = 0;
    // Does not build on the lost update.
    cem.set('next', 1);
    await cluster.time.advance(20);
    expect(ben.keys()).toEqual(['lost', 'next']);
    expect(cluster.node(1).counted).toMatchObject({ gaps: 1, repairedByNode: 1, mismatches: 0 });
  });

  it('[RL75] a repair asks one node only; without an answer the node reads the store', async () => {
    const cluster = createCluster({ nodes: 3 });
    const clients = [cluster.enter(0), cluster.enter(1), cluster.enter(2)] as const;
    await cluster.time.advance(60_000);
    const quiet = cluster.node(2).counted.published;
    cluster.losses.drop = 1;
    clients[0].set('a', 1);
    await cluster.time.advance(20);
    cluster.losses.drop = 0;
    cluster.node(2).store.calls.load = 0;
    await cluster.untilEqual(clients, 20_000);
    expect(cluster.nodes.map(({ counted }) => counted.repairedByNode)).toEqual([0, 1, 1]);
    // An announcement's reply and one question: no third node's answers.
    expect(cluster.node(2).counted.published - quiet).toBeLessThanOrEqual(3);
    cluster.losses.drop = 1;
    clients[0].set('b', 1);
    await cluster.time.advance(20);
    cluster.losses.drop = 0;
    await cluster.time.advance(4_500);
    cluster.node(0).kill();
    await cluster.time.advance(3_000);
    for (const client of clients.slice(1)) expect(client.keys()).toEqual(['a', 'b']);
  });

  it('[RL78] repairs are bounded: a bus break with two hundred rooms causes no storm of reads', async () => {
    const cluster = createCluster({ limits: { maxTailReads: 4 } });
    const names = Array.from({ length: 200 }, (_, i) => `room${i}`);
    const pairs = names.map((room) => [cluster.enter(0, { room }), cluster.enter(1, { room })] as const);
    await cluster.time.advance(3_000);
    cluster.bus.breakLink('n1');
    for (const [ana] of pairs) ana.set('a', 1);
    await cluster.time.advance(1_000);
    const before = cluster.node(1).counted.published;
    cluster.node(1).store.calls.load = 0;
    cluster.bus.healLink('n1');
    await cluster.time.advance(4_000);
    for (const [, ben] of pairs) expect(ben.keys()).toEqual(['a']);
    expect((cluster.node(1).counted.published - before) / 200).toBeLessThanOrEqual(7);
    expect(cluster.node(1).store.calls.load / 200).toBeLessThanOrEqual(1);
  });
});
