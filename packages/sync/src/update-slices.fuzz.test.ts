/** Random documents of several people: slices and steps say the same as the whole. */
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { randomOf, type Random } from './fixtures/random.ts';
import { content, cut, walked } from './fixtures/slices.ts';

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
});
