/** Presence in a room that is open on several nodes. */

import { decodeAwareness, encodeAwareness, type AwarenessEntry, type Message } from '@wetink/protocol';
import { describe, expect, it } from 'vitest';
import { createCluster, type Cluster } from '../testing/cluster.ts';
import type { TestClient } from '../testing/test-client.ts';

const settle = (cluster: Cluster): Promise<void> => cluster.time.advance(300);

function announce(client: TestClient, clock: number, state: string | null = `{"clock":${clock}}`): void {
  client.say({ type: 'awareness', body: encodeAwareness([{ clientId: client.ownClientId, clock, state: state ?? 'null' }]) });
}

const entriesOf = (messages: readonly Message[]): AwarenessEntry[] =>
  messages.flatMap((message) => (message.type === 'awareness' ? decodeAwareness(message.body) : []));

/** Client ids that a reader obeying y-protocols shows as present. */
function seen(client: TestClient): number[] {
  const clocks = new Map<number, { clock: number; isLive: boolean }>();
  for (const { clientId, clock, state } of entriesOf(client.received)) {
    const known = clocks.get(clientId);
    const isLive = state !== 'null';
    if (known === undefined || clock > known.clock || (clock === known.clock && !isLive)) clocks.set(clientId, { clock, isLive });
  }
  return [...clocks].flatMap(([clientId, { isLive }]) => (isLive ? [clientId] : [])).sort();
}

function removalsOf(client: TestClient, clientId: number): number {
  return entriesOf(client.received).filter((entry) => entry.clientId === clientId && entry.state === 'null').length;
}

describe('presence of several nodes', () => {
  it('[RL80] each member sees every other, late joiners included; a member that leaves is removed on every node', async () => {
    const cluster = createCluster({ nodes: 3 });
    const [ana, ben] = [cluster.enter(0, { clientId: 1 }), cluster.enter(1, { clientId: 2 })];
    await settle(cluster);
    announce(ana, 1);
    announce(ben, 1);
    await settle(cluster);
    const cem = cluster.enter(2, { clientId: 3 });
    announce(cem, 1);
    await settle(cluster);
    for (const client of [ana, ben, cem]) expect(seen(client).filter((id) => id !== client.ownClientId)).toHaveLength(2);
    ben.leave();
    await settle(cluster);
    for (const client of [ana, cem]) expect(seen(client)).not.toContain(2);
  });

  it('[RL80] when a node dies, the other nodes and their members remove its entries', async () => {
    const cluster = createCluster({ nodes: 3 });
    const clients = [1, 2, 3].map((clientId, i) => cluster.enter(i, { clientId }));
    await settle(cluster);
    for (const client of clients) announce(client, 1);
    await settle(cluster);
    expect(clients[1] && seen(clients[1])).toContain(1);
    cluster.node(0).kill();
    await cluster.time.advance(1_000);
    for (const client of clients.slice(1)) expect(seen(client)).not.toContain(1);
    expect(clients[2] && seen(clients[2])).toContain(2);
  });

  it('[RL80] lost presence is repaired by the next poll and when the bus is back', async () => {
    const cluster = createCluster({ losses: { drop: 1 } });
    const [ana, ben] = [cluster.enter(0, { clientId: 1 }), cluster.enter(1, { clientId: 2 })];
    announce(ana, 1);
    announce(ben, 1);
    await cluster.time.advance(3_000);
    expect(seen(ana)).not.toContain(2);
    cluster.losses.drop = 0;
    await cluster.time.advance(7_000);
    expect([seen(ana).includes(2), seen(ben).includes(1)]).toEqual([true, true]);
    cluster.bus.breakLink('n0');
    const cem = cluster.enter(0, { clientId: 3 });
    announce(cem, 1);
    announce(ben, 2, null);
    ben.leave();
    await cluster.time.advance(2_000);
    expect(seen(ana)).toContain(2);
    const dan = cluster.enter(1, { clientId: 4 });
    announce(dan, 1);
    cluster.bus.healLink('n0');
    await cluster.time.advance(3_000);
    expect(seen(ana)).toEqual(expect.arrayContaining([4]));
    expect(seen(ana)).not.toContain(2);
    expect(seen(dan)).toEqual(expect.arrayContaining([1, 3]));
  });

  it('[RL81] a client that moves to another node at the same clock is not removed when its old connection closes late', async () => {
    const cluster = createCluster({ nodes: 3 });
    const watchers = [0, 1, 2].map((i) => cluster.enter(i, { clientId: 100 + i }));
    const before = cluster.enter(0, { clientId: 7, userId: 'ana' });
    await settle(cluster);
    announce(before, 3);
    await settle(cluster);
    const after = cluster.enter(1, { clientId: 7, userId: 'ana' });
    announce(after, 3);
    await settle(cluster);
    before.leave();
    await settle(cluster);
    for (const watcher of watchers) expect([seen(watcher).includes(7), removalsOf(watcher, 7)]).toEqual([true, 0]);
    announce(after, 4);
    await settle(cluster);
    after.leave();
    await settle(cluster);
    for (const watcher of watchers) expect(seen(watcher)).not.toContain(7);
  });

  it('[RL81] a client that moves back and forth faster than the bus is shown as present in the end', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const cluster = createCluster({ nodes: 3, seed, losses: { delayMs: 200, drop: 0.1 } });
      const watchers = [0, 1, 2].map((i) => cluster.enter(i, { clientId: 100 + i }));
      await settle(cluster);
      let clock = 1;
      let here = cluster.enter(0, { clientId: 7 });
      const old: TestClient[] = [];
      announce(here, clock);
      for (let move = 0; move < 6; move++) {
        await cluster.time.advance((seed * 37 * (move + 1)) % 300);
        if (move % 2 === 0) announce(here, (clock += 1));
        old.push(here);
        here = cluster.enter((move + seed) % 3, { clientId: 7 });
        announce(here, clock);
        if (old.length > 1) old.shift()?.leave();
      }
      for (const client of old) client.leave();
      cluster.losses.drop = 0;
      // A client that receives the removal of its own id announces itself again; and it does so every 15 s anyway.
      for (let round = 0; round < 3; round++) {
        await cluster.time.advance(15_000);
        announce(here, (clock += 10));
      }
      await cluster.time.advance(1_000);
      for (const watcher of watchers) expect(seen(watcher)).toContain(7);
      here.leave();
      await cluster.time.advance(10_000);
      for (const watcher of watchers) expect(seen(watcher)).not.toContain(7);
    }
  });

  it('[RL81] a client cannot take over another user’s id from another node', async () => {
    const cluster = createCluster();
    const ana = cluster.enter(0, { clientId: 7, userId: 'ana' });
    const watcher = cluster.enter(0, { clientId: 100 });
    await settle(cluster);
    announce(ana, 1);
    await settle(cluster);
    const mallory = cluster.enter(1, { clientId: 7, userId: 'mallory' });
    announce(mallory, 99, '{"evil":1}');
    await settle(cluster);
    mallory.leave();
    await settle(cluster);
    expect(seen(watcher)).toContain(7);
    expect(entriesOf(watcher.received).some(({ state }) => state.includes('evil'))).toBe(false);
  });

  it('[RL82] wet ink of one node is drawn on the others, never by its author, with one publish a tick', async () => {
    const cluster = createCluster();
    const [ana, ben] = [cluster.enter(0, { clientId: 1 }), cluster.enter(1, { clientId: 2 })];
    await cluster.time.advance(3_000);
    const published = cluster.node(0).counted.published;
    for (let i = 0; i < 100; i++) {
      ana.say({ type: 'wet', clientId: 1, gesture: 's.1', index: i, isEnd: false, payload: new Uint8Array([i]) });
      announce(ana, i + 1);
      await cluster.time.advance(1);
    }
    await settle(cluster);
    const wet = ben.received.flatMap((message) => (message.type === 'wet' ? [message.index] : []));
    expect(wet).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(ana.received.filter((message) => message.type === 'wet')).toEqual([]);
    expect(cluster.node(0).counted.published - published).toBeLessThanOrEqual(12);
  });

  it('[RL82] a node alone in a room publishes no presence', async () => {
    const cluster = createCluster();
    const ana = cluster.enter(0, { clientId: 1 });
    await cluster.time.advance(3_000);
    const published = cluster.node(0).counted.published;
    for (let i = 0; i < 50; i++) {
      announce(ana, i + 1);
      await cluster.time.advance(50);
    }
    expect(cluster.node(0).counted.published - published).toBeLessThanOrEqual(1);
  });
});
