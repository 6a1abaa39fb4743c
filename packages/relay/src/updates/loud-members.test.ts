/** One member that sends far more than people do, and a slow disk: the others get their changes with the next tick. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createCluster, type Cluster } from '../testing/cluster.ts';
import { drivenStore, Gate } from '../testing/driven-store.ts';
import type { TestClient } from '../testing/test-client.ts';

afterEach(() => vi.restoreAllMocks());

const framesTo = (client: TestClient): number => client.received.filter(({ type }) => type === 'update').length;

async function entered(cluster: Cluster, count: number): Promise<TestClient[]> {
  const clients = Array.from({ length: count }, () => cluster.enter(0));
  await cluster.time.advance(300);
  return clients;
}

describe('a loud member', () => {
  it('[RL91] ten thousand changes of one letter in a second cost as many transactions as there are ticks, and others wait for one tick', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [loud, quiet, reader] = (await entered(cluster, 3)) as [TestClient, TestClient, TestClient];
    const emitted = vi.spyOn(Y.Doc.prototype, 'emit');
    const ofClients = new Set([loud, quiet, reader].map(({ doc }) => doc));
    for (let ms = 0; ms < 1_000; ms++) {
      for (let i = 0; i < 10; i++) loud.edit((doc) => doc.getText('t').insert(0, 'x'));
      if (ms % 100 === 50) quiet.set(`at ${ms}`, 1);
      await cluster.time.advance(1);
      if (ms % 100 === 67) expect(reader.keys()).toContain(`at ${ms - 17}`);
    }
    await cluster.time.advance(300);
    const changes = emitted.mock.contexts.filter((doc, at) => emitted.mock.calls[at]?.[0] === 'update' && !ofClients.has(doc as Y.Doc));
    // A tick every 16 ms, and Yjs emits 'update' once for each transaction.
    expect([changes.length, framesTo(reader)]).toEqual([64, 64]);
    expect([loud.acked, quiet.acked, reader.doc.getText('t').length]).toEqual([loud.sent, quiet.sent, 10_000]);
  });

  it('[RL90] three hundred silent members get at most one frame in 16 ms from one that writes a thousand times a second', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [loud, ...silent] = (await entered(cluster, 301)) as [TestClient, ...TestClient[]];
    for (let ms = 0; ms < 500; ms++) {
      loud.set(`k${ms}`, 1);
      await cluster.time.advance(1);
    }
    await cluster.time.advance(300);
    for (const client of silent) {
      expect(framesTo(client)).toBeLessThanOrEqual(33);
      expect(client.keys()).toHaveLength(500);
    }
    expect(loud.acked).toBe(loud.sent);
  });
});

describe('a slow disk', () => {
  it('[RL91] delays acks and nothing else: changes reach the others with each tick, and all that waited is written together', async () => {
    const gate = new Gate();
    gate.let(10);
    const cluster = createCluster({ nodes: 1, wrapStore: (inner) => drivenStore(inner, { before: gate.enter }).store });
    const [ana, ben] = (await entered(cluster, 2)) as [TestClient, TestClient];
    const before = ana.acked;
    gate.hold();
    for (let i = 0; i < 50; i++) {
      ana.set(`k${i}`, 1);
      await cluster.time.advance(20);
      expect(ben.keys()).toHaveLength(i + 1);
    }
    expect(ana.acked).toBe(before);
    // One write for the first change, which was on its way, and one for the others.
    gate.let(2);
    await cluster.time.advance(300);
    expect(ana.acked).toBe(ana.sent);
    expect(framesTo(ben)).toBe(50);
  });
});
