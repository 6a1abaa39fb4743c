/**
 * Shows why nothing is published before it is durable. The same two nodes, the same edits, the same death of one of them:
 * once over a store that resolves when a row is durable, once over one that resolves at once and writes later, which has
 * the effect of publishing first. Counts the changes that the other node acknowledged and the store then hides.
 */

import { createMemoryStore, type Position, type Store } from '@wetink/storage';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { createCluster, type Cluster } from '../testing/cluster.ts';
import { seeded } from '../testing/seeded.ts';

/** Clocks that were acknowledged and can't be read from the store. */
async function hiddenAfterDeath(
  seed: number,
  makeStore: ((inner: Store, isDead: () => boolean, wait: Wait) => Store) | null,
): Promise<number> {
  let isDead = false;
  const later: Wait = (fn, ms) => void cluster.time.schedule(fn, ms);
  const cluster: Cluster = createCluster({
    seed,
    wrapStore: (inner, i) => (i === 0 && makeStore !== null ? makeStore(inner, () => isDead, later) : inner),
  });
  const random = seeded(seed);
  const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
  await cluster.time.advance(500);
  for (let i = 0; i < 100; i++) {
    const client = random() < 0.5 ? ana : ben;
    client.edit((doc) => doc.getText('t').insert(Math.floor(random() * (doc.getText('t').length + 1)), 'x'));
    await cluster.time.advance(random() * 40);
  }
  await cluster.time.advance(random() * 30);
  isDead = true;
  cluster.node(0).kill();
  await cluster.time.advance(20_000);
  expect(ben.acked).toBe(ben.sent);
  const stored = Y.decodeStateVector(Y.encodeStateVector(await cluster.stored()));
  let hidden = 0;
  for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(ben.doc))) hidden += Math.max(0, clock - (stored.get(client) ?? 0));
  return hidden;
}

type Wait = (fn: () => void, ms: number) => void;

/** A store that resolves at once and writes 100 ms later. A dead process writes nothing. */
function writesLater(inner: Store, isDead: () => boolean, wait: Wait): Store {
  let row = 0;
  return {
    ...inner,
    async append(room, updates): Promise<Position> {
      const copies = updates.map((update) => update.slice());
      wait(() => {
        if (!isDead()) void inner.append(room, copies);
      }, 100);
      return { w0: (row += updates.length) };
    },
  };
}

it('[RL72] publishing before a change is durable hides acknowledged work of others; publishing afterwards hides none', async () => {
  let early = 0;
  let after = 0;
  for (let seed = 1; seed <= 6; seed++) {
    early += await hiddenAfterDeath(seed, writesLater);
    after += await hiddenAfterDeath(seed, null);
  }
  expect(early).toBeGreaterThan(0);
  expect(after).toBe(0);
});

it('[RL72] the store that resolves early still returns the position and writes the row', async () => {
  const store = createMemoryStore();
  const position = await writesLater(
    store,
    () => false,
    (fn) => fn(),
  ).append('r', [new Uint8Array([0, 0])]);
  expect([position, (await store.load('r')).updates.length]).toEqual([{ w0: 1 }, 1]);
});
