import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { content, cut, walked } from './fixtures/slices.ts';
import { cutUpdate, SLICE_BYTES } from './update-slices.ts';
import { UpdateWalk } from './update-walk.ts';

describe('[U2] an update cut into slices', () => {
  it('no slice is much larger than 128 kB, unless one value is', () => {
    const doc = new Y.Doc();
    for (let i = 0; i < 3_000; i++) doc.getMap('m').set(`k${i}`, new Uint8Array(600));
    const slices = cut(Y.encodeStateAsUpdate(doc));
    expect(slices.length).toBeGreaterThan(10);
    for (const slice of slices) expect(slice.length).toBeLessThan(SLICE_BYTES * 1.3);
    doc.getMap('m').set('large', new Uint8Array(1_000_000));
    expect(cut(Y.encodeStateAsUpdate(doc)).some((slice) => slice.length > 1_000_000)).toBe(true);
  });

  it('deletions come in slices of a thousand, after what they delete', () => {
    const doc = new Y.Doc();
    doc.getText('t').insert(0, 'ab'.repeat(5_000));
    doc.transact(() => {
      for (let i = 0; i < 5_000; i++) doc.getText('t').delete(i, 1);
    });
    const slices = cut(Y.encodeStateAsUpdate(doc));
    const copy = new Y.Doc();
    for (const slice of slices) Y.applyUpdate(copy, slice);
    expect(copy.getText('t').toString()).toBe('b'.repeat(5_000));
    expect(slices.filter((slice) => slice[0] === 0).length).toBe(5);
  });

  it('an update that builds on something outside it is cut all the same: the document may have it', () => {
    const doc = new Y.Doc();
    doc.getMap('m').set('a', 1);
    const before = Y.encodeStateAsUpdate(doc);
    const peer = new Y.Doc();
    Y.applyUpdate(peer, before);
    for (let i = 0; i < 400; i++) peer.getMap('m').set('a', new Uint8Array(1_000));
    const diff = Y.encodeStateAsUpdate(peer, Y.encodeStateVector(doc));
    for (const slice of cut(diff)) Y.applyUpdate(doc, slice);
    expect(content(doc)).toBe(content(peer));
  });

  it('an update with a hole is not cut', () => {
    const updates: Uint8Array[] = [];
    const doc = new Y.Doc();
    doc.on('update', (update: Uint8Array) => updates.push(update));
    for (let i = 0; i < 5; i++) doc.getMap('m').set(`k${i}`, i);
    const holed = Y.mergeUpdates([updates[0], updates[3]] as Uint8Array[]);
    expect(cutUpdate(walked(holed))).toBeNull();
  });

  it('an update whose parts wait for each other is not cut, and cutting ends', () => {
    // Client 7 begins with a struct after 8:1, client 8 with one after 7:1: no real document says that.
    const waiting = (client: number, other: number): number[] => [2, client, 0, 0x84, other, 1, 1, 0x61, 0x84, client, 0, 1, 0x62];
    const update = Uint8Array.from([2, ...waiting(7, 8), ...waiting(8, 7), 0]);
    expect(clocksOf(update)).not.toBeNull();
    expect(cutUpdate(walked(update))).toBeNull();
  });
});

describe('[U1] walking an update in steps', () => {
  it('a step goes over about 16 kB', () => {
    const doc = new Y.Doc();
    for (let i = 0; i < 3_000; i++) doc.getMap('m').set(`k${i}`, new Uint8Array(600));
    const walk = new UpdateWalk(Y.encodeStateAsUpdate(doc));
    let steps = 0;
    while (walk.step()) steps++;
    expect(steps).toBeGreaterThan(80);
    expect(steps).toBeLessThan(300);
  });
});
