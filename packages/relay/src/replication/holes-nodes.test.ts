/** Holes in the document of a room on several nodes, in virtual time. */

import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RoomDocument } from '../document/room-document.ts';
import { createCluster, type Cluster } from '../testing/cluster.ts';

const settle = (cluster: Cluster): Promise<void> => cluster.time.advance(200);

describe('holes', () => {
  /** An author's changes one by one, each building on the one before. */
  const chain = (count: number): Uint8Array[] => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => void updates.push(update));
    for (let i = 0; i < count; i++) doc.getArray('a').push([i]);
    return updates;
  };

  it('[RL77] a member’s update whose predecessor comes from another node is passed on, journaled and acknowledged', async () => {
    const cluster = createCluster();
    const [one, two] = chain(2);
    const [ana, ben, cem] = [cluster.enter(0), cluster.enter(1), cluster.enter(1)];
    await settle(cluster);
    ben.sendUpdate(two ?? new Uint8Array());
    await settle(cluster);
    expect([ben.acked < ben.sent, cem.doc.getArray('a').length]).toEqual([true, 0]);
    ana.sendUpdate(one ?? new Uint8Array());
    await cluster.time.advance(1_000);
    expect(ben.acked).toBe(ben.sent);
    expect(cem.doc.getArray('a').toArray()).toEqual([0, 1]);
    expect((await cluster.stored()).getArray('a').toArray()).toEqual([0, 1]);
  });

  it('[RL77] an update that another node sends too early closes no member and counts towards no member’s limits', async () => {
    const cluster = createCluster({ limits: { maxPendingBytes: 10, repairTimeoutMs: 1e9, tailPauseMs: 1e9 } });
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await cluster.time.advance(3_000);
    cluster.losses.drop = 1;
    ana.set('lost', 1);
    await cluster.time.advance(20);
    cluster.losses.drop = 0;
    for (let i = 0; i < 20; i++) ana.edit((doc) => doc.getMap('m').set('long', 'x'.repeat(100)));
    await cluster.time.advance(20);
    expect(cluster.node(1).room().stats()).toMatchObject({ pendingBytes: 0, heldRows: 0 });
    await cluster.time.advance(15_000);
    expect([ana.ended, ben.ended]).toEqual([null, null]);
    expect(ben.keys()).toEqual(['long', 'lost']);
  });

  it('[RL77] updates that members wait with and updates that a node sends too early are kept apart', () => {
    const [, second, third] = chain(3);
    const other = chain(2)[1];
    const document = new RoomDocument();
    document.apply(second ?? new Uint8Array());
    const { pendingBytes } = document;
    for (const update of [third, other])
      expect(document.applyForeign(update ?? new Uint8Array())).toMatchObject({ kind: 'applied', changes: [] });
    expect([pendingBytes > 0, document.pendingBytes]).toEqual([true, pendingBytes]);
  });

  it('[RL6] [RL77] rows with a gap are held by every node, and healed by the node that has the missing row', async () => {
    const cluster = createCluster({ limits: { checkpointRows: 3, checkpointPauseMs: 0 } });
    const rows = chain(5);
    await cluster.node(0).store.append(
      'board',
      rows.filter((_, i) => i !== 1),
    );
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    await settle(cluster);
    for (let i = 0; i < 10; i++) {
      (i % 2 === 0 ? ana : ben).set(`k${i}`, i);
      await cluster.time.advance(500);
    }
    expect(cluster.node(1).room().stats().heldRows).toBeGreaterThan(0);
    ana.leave();
    ben.leave();
    await cluster.time.advance(30_000);
    expect(cluster.nodes.map((node) => node.rooms.count)).toEqual([0, 0]);
    const [healer, reader] = [cluster.enter(0), cluster.enter(1)];
    await settle(cluster);
    expect(reader.doc.getArray('a').toArray()).toEqual([0]);
    healer.sendUpdate(rows[1] ?? new Uint8Array());
    await cluster.time.advance(3_000);
    expect(healer.acked).toBe(healer.sent);
    expect(reader.doc.getArray('a').toArray()).toEqual([0, 1, 2, 3, 4]);
    expect(reader.keys()).toHaveLength(10);
  });

  it('[RL76] nodes with equal positions and different documents notice it, exchange both ways and write a checkpoint', async () => {
    const cluster = createCluster();
    const rows = chain(3);
    const damaged = cluster.node(1).store;
    await damaged.append('board', rows.slice(0, 2));
    const ana = cluster.enter(0);
    await settle(cluster);
    // Node 1 reads a store that has lost a row which node 0 has in memory.
    const disk = cluster.disk.roomsByName.get('board');
    if (disk !== undefined) disk.rows = disk.rows.slice(0, 1);
    const ben = cluster.enter(1);
    await cluster.time.advance(1_000);
    await cluster.untilEqual([ana, ben], 20_000);
    expect(ben.doc.getArray('a').toArray()).toEqual([0, 1]);
    expect(cluster.node(1).counted.mismatches).toBeGreaterThan(0);
    await cluster.time.advance(60_000);
    expect((await cluster.stored()).getArray('a').toArray()).toEqual([0, 1]);
    expect(cluster.nodes.map(({ counted }) => counted.mismatches).reduce((a, b) => a + b)).toBeLessThan(4);
  });
});
