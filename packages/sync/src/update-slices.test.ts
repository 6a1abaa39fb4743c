import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { randomOf, type Random } from './fixtures/random.ts';
import { cutUpdate, SLICE_BYTES } from './update-slices.ts';
import { UpdateWalk } from './update-walk.ts';

function walked(update: Uint8Array): UpdateWalk {
  const walk = new UpdateWalk(update);
  while (walk.step());
  return walk;
}

function cut(update: Uint8Array): Uint8Array[] {
  const slices = cutUpdate(walked(update));
  if (slices === null) throw new Error('can not be cut');
  return [...slices];
}

/** People who write in each other's maps, lists and texts, and now and then hear of each other. */
function scribble(random: Random, people: number, steps: number, bytes: number): Y.Doc[] {
  const docs = Array.from({ length: people }, (_, i) => {
    const doc = new Y.Doc();
    doc.clientID = 1 + random.int(1_000) * 10 + i;
    return doc;
  });
  for (let step = 0; step < steps; step++) {
    const doc = random.pick(docs);
    const key = `k${random.int(20)}`;
    const kind = random.int(7);
    if (kind === 0) doc.getText('t').insert(random.int(doc.getText('t').length + 1), 'word '.repeat(1 + random.int(3)));
    else if (kind === 1 && doc.getText('t').length > 4) doc.getText('t').delete(random.int(doc.getText('t').length - 3), 3);
    else if (kind === 2) doc.getArray('l').insert(random.int(doc.getArray('l').length + 1), [step, new Uint8Array(random.int(bytes))]);
    else if (kind === 3) doc.getMap('n').set(key, new Y.Map([['in', step]]));
    else if (kind === 4) (doc.getMap('n').get(key) as Y.Map<unknown> | undefined)?.set('more', step);
    else if (kind === 5) doc.getMap('m').delete(key);
    else doc.getMap('m').set(key, { step, ink: new Uint8Array(random.int(bytes)) });
    if (random.int(5) === 0) Y.applyUpdate(random.pick(docs), Y.encodeStateAsUpdate(doc));
  }
  return docs;
}

function merged(docs: readonly Y.Doc[]): Uint8Array {
  const all = new Y.Doc();
  for (const doc of docs) Y.applyUpdate(all, Y.encodeStateAsUpdate(doc));
  return Y.encodeStateAsUpdate(all);
}

/** Maps by key: in which order keys arrived is no content. Bytes by their number. */
function content(doc: Y.Doc): string {
  const plain = (_: string, value: unknown): unknown => {
    if (value instanceof Uint8Array) return value.length;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const [l, m, n] = [doc.getArray('l'), doc.getMap('m'), doc.getMap('n')].map((type) => type.toJSON() as unknown);
  return JSON.stringify({ t: doc.getText('t').toDelta() as unknown, l, m, n }, plain);
}

describe('[U2] an update cut into slices', () => {
  it('slices say the same as the whole, with any mix of authors, and no slice waits for a later one', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = randomOf(seed);
      const update = merged(scribble(random, 1 + random.int(4), 20 + random.int(300), 8_000));
      const whole = new Y.Doc();
      Y.applyUpdate(whole, update);
      const doc = new Y.Doc();
      for (const slice of cut(update)) {
        expect(clocksOf(slice), `seed ${seed}`).not.toBeNull();
        Y.applyUpdate(doc, slice);
        expect(doc.store.pendingStructs, `seed ${seed}`).toBeNull();
        expect(doc.store.pendingDs, `seed ${seed}`).toBeNull();
      }
      expect(content(doc), `seed ${seed}`).toBe(content(whole));
      expect(Buffer.from(Y.encodeStateAsUpdate(doc)).equals(Buffer.from(Y.encodeStateAsUpdate(whole))), `seed ${seed}`).toBe(true);
    }
  });

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
    for (let i = 0; i < 5_000; i++) doc.getText('t').delete(i, 1);
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
  it('a walk in steps finds the same clocks, and refuses the same bytes, as a walk at once', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const random = randomOf(seed);
      const update = merged(scribble(random, 2, 40, 60));
      for (let left = random.int(3); left > 0; left--) update[random.int(update.length)] = random.int(256);
      let clocks: Map<number, number> | null = null;
      try {
        clocks = walked(update).clocks;
      } catch {
        clocks = null; // Refused.
      }
      expect(clocks, `seed ${seed}`).toEqual(clocksOf(update));
    }
  });

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
