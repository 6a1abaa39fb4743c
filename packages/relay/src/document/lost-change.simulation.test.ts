/** A change that was lost on the way, and megabytes that wait for it. */

import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createCluster } from '../testing/cluster.ts';

describe.each([
  ['an extension client', true],
  ['a stock client', false],
])('%s that misses something', (client, isExtension) => {
  it(`[RL15] ${client} whose change was lost comes back once with everything, however much that is, and stays`, async () => {
    const cluster = createCluster({ nodes: 1 });
    const reader = cluster.enter(0);
    const doc = new Y.Doc();
    const first = cluster.enter(0, { doc, isExtension, isSilent: true });
    await cluster.time.advance(200);
    // This change is lost on the way; those that follow wait, and are soon too much.
    doc.getMap('m').set('lost', 1);
    for (let i = 0; first.ended === null && i < 10_000; i++) first.set(`k${i}`, 'x'.repeat(200));
    expect(first.ended).toBe('INCOMPLETE');
    doc.transact(() => {
      for (let i = 0; i < 5_000; i++) doc.getMap('m').set(`offline ${i}`, 'y'.repeat(1_000));
    });
    const again = cluster.enter(0, { doc, isExtension });
    await cluster.untilEqual([again, reader], 5_000);
    again.set('after', 1);
    await cluster.time.advance(20_000);
    expect([again.ended, reader.ended, reader.doc.getMap('m').get('after')]).toEqual([null, null, 1]);
    expect(cluster.node(0).room().stats()).toMatchObject({ pendingBytes: 0 });
  });

  it(`[RL15] ${client} whose change was lost, and that answers when asked, is not closed, even if other changes wait`, async () => {
    const cluster = createCluster({ nodes: 1 });
    const [reader, other] = [cluster.enter(0), cluster.enter(0, { isSilent: true })];
    const doc = new Y.Doc();
    const honest = cluster.enter(0, { doc, isExtension });
    await cluster.time.advance(2_000);
    // Another hole, which no client fills for now.
    other.doc.getMap('o').set('lost', 1);
    other.edit((d) => d.getMap('o').set('waits', 1));
    doc.transact(() => {
      for (let i = 0; i < 5_000; i++) doc.getMap('m').set(`offline ${i}`, 'y'.repeat(1_000));
    });
    honest.set('next', 1);
    await cluster.untilEqual([honest, reader], 5_000);
    expect([honest.ended, other.ended, reader.doc.getMap('m').size]).toEqual([null, null, 5_001]);
  });
});
