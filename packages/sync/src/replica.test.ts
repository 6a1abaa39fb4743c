import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createClock } from './fixtures/clock.ts';
import { TURN_MS } from './pace.ts';
import { RemoteOrigin, Replica, type Source } from './replica.ts';

/** Milliseconds that a transaction takes here: two make a turn. */
const TRANSACTION_MS = TURN_MS / 2;

/** A replica whose clock moves by what is applied, and whose page takes its turns when `onTurn` says. */
function setup({ onTurn = (): void => undefined, doc = new Y.Doc() } = {}) {
  const clock = createClock();
  const told: { batches: Uint8Array[]; arrivals: Source[]; arrived: Uint8Array[]; errors: unknown[] } = {
    batches: [],
    arrivals: [],
    arrived: [],
    errors: [],
  };
  let turns = 0;
  /** Keys that one transaction brought. */
  const brought: number[] = [];
  const replica = new Replica({
    doc,
    clock: {
      ...clock,
      nextTask: () => {
        turns++;
        onTurn();
        return Promise.resolve();
      },
    },
    onChange: () => undefined,
    onBatch: (update) => told.batches.push(update),
    onArrival: (update, source) => {
      told.arrived.push(update);
      told.arrivals.push(source);
    },
    report: (error) => told.errors.push(error),
  });
  doc.on('afterTransaction', ({ changed }: Y.Transaction) => {
    brought.push([...changed.values()].reduce((sum, keys) => sum + keys.size, 0));
    clock.advance(TRANSACTION_MS);
  });
  return { doc, replica, told, brought, turns: () => turns };
}

/** A document of strokes, 600 bytes each, by one client. */
function strokes(count: number): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (let i = 0; i < count; i++) doc.getMap('m').set(`k${i}`, new Uint8Array(600));
  });
  return Y.encodeStateAsUpdate(doc);
}

const holed = (): Uint8Array => {
  const updates: Uint8Array[] = [];
  const doc = new Y.Doc();
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < 400; i++) doc.getMap('m').set(`h${i}`, new Uint8Array(600));
  return Y.mergeUpdates(updates.filter((_, i) => i !== 200));
};

describe('[U2] a copy on this device', () => {
  it('P3: a copy of 20,000 strokes is applied in slices of at most 500, and the page has its turn after every 8 ms', async () => {
    const { replica, doc, brought, turns } = setup();
    expect(await replica.restore([strokes(20_000)])).toEqual([]);
    expect(doc.getMap('m').size).toBe(20_000);
    expect(Math.max(...brought)).toBeLessThan(500);
    expect(turns()).toBeGreaterThan(30);
  });

  it('a copy of a few rows is applied at once, as one change', async () => {
    const { replica, doc, brought, turns } = setup();
    void replica.restore([strokes(3), strokes(20)]);
    expect(doc.getMap('m').size).toBe(20);
    await Promise.resolve();
    expect(brought).toHaveLength(1);
    expect(turns()).toBe(0);
  });

  it('a copy of many small rows is applied in slices too', async () => {
    const { replica, brought, turns } = setup();
    await replica.restore(Array.from({ length: 2_000 }, () => strokes(1)));
    expect(brought.length).toBeGreaterThan(8);
    expect(brought.length).toBeLessThan(20);
    expect(turns()).toBeGreaterThan(3);
  });

  it('P3: an edit made between two slices stays, and goes out once, as a change of this tab', async () => {
    let isDrawn = false;
    const s = setup({
      onTurn: () => {
        if (!isDrawn) s.doc.getMap('m').set('mine', 1);
        isDrawn = true;
      },
    });
    await s.replica.restore([strokes(5_000)]);
    s.replica.flush();
    expect(s.doc.getMap('m').get('mine')).toBe(1);
    expect(s.told.batches).toHaveLength(1);
    expect(s.told.arrivals).toEqual([]);
  });

  it('what an observer of the application writes when the copy arrives is a change of this tab', async () => {
    const s = setup();
    s.doc.on('afterTransaction', ({ origin }: Y.Transaction) => {
      if (origin instanceof RemoteOrigin) s.doc.getMap('seen').set('at', s.doc.getMap('m').size);
    });
    await s.replica.restore([strokes(1_000)]);
    s.replica.flush();
    const heard = new Y.Doc();
    for (const batch of s.told.batches) Y.applyUpdate(heard, batch);
    expect(heard.getMap('seen').get('at')).toBe(1_000);
    expect(heard.getMap('m').size).toBe(0);
  });

  it('a copy is not encoded again for us while it is applied', async () => {
    const s = setup();
    let encodings = 0;
    s.doc.on('afterTransactionCleanup', () => {
      if (s.doc._observers.has('update')) encodings++;
    });
    await s.replica.restore([strokes(2_000), strokes(1)]);
    expect(encodings).toBe(0);
    s.doc.getMap('m').set('mine', 1);
    expect(encodings).toBe(1);
  });

  it('rows that can not be read are named, large and small, and the rest is there', async () => {
    const large = strokes(1_000);
    const { replica, doc } = setup();
    expect(await replica.restore([large.slice(0, 300_000), strokes(2), Uint8Array.of(1, 2, 3), large])).toEqual([0, 2]);
    expect(doc.getMap('m').size).toBe(1_000);
  });

  it('a copy with a hole in it is applied whole, and what can be shown is there', async () => {
    const { replica, doc, brought } = setup();
    await replica.restore([holed()]);
    expect(doc.getMap('m').size).toBe(200);
    expect(brought.length).toBeLessThan(3);
  });

  it('a copy that builds on a missing row is not read again with every slice', async () => {
    const doc = new Y.Doc();
    doc.clientID = 7;
    doc.getMap('m').set('first', 1);
    const before = Y.encodeStateVector(doc);
    for (let i = 0; i < 2_000; i++) doc.getMap('m').set(`k${i}`, new Uint8Array(600));
    const { replica, brought } = setup();
    await replica.restore([Y.encodeStateAsUpdate(doc, before)]);
    expect(brought.length).toBeLessThan(4);
  });

  it('a copy is given up with the document', async () => {
    const s = setup({ onTurn: () => s.replica.release() });
    await s.replica.restore([strokes(20_000), strokes(1)]);
    expect(s.doc.getMap('m').size).toBeLessThan(2_000);
    s.doc.getMap('m').set('mine', 1);
    expect(s.told.batches).toEqual([]);
  });
});

describe('[U3] an update of others', () => {
  it('P3: an update of 20,000 strokes is applied in slices, each passed on, with turns for the page between', async () => {
    const { replica, doc, told, brought, turns } = setup();
    expect(await replica.take(strokes(20_000), 'relay')).toBe('applied');
    expect(doc.getMap('m').size).toBe(20_000);
    expect(Math.max(...brought)).toBeLessThan(500);
    expect(turns()).toBeGreaterThan(30);
    expect(told.arrivals).toHaveLength(brought.length);
  });

  it('the slices are passed on as they are: Yjs does not encode them again, and together they are the update', async () => {
    const s = setup();
    let encodings = 0;
    s.doc.on('afterTransactionCleanup', () => {
      if (s.doc._observers.has('update')) encodings++;
    });
    const update = strokes(5_000);
    await s.replica.take(update, 'relay');
    expect(encodings).toBe(0);
    const other = new Y.Doc();
    for (const arrived of s.told.arrived) Y.applyUpdate(other, arrived);
    expect(Buffer.from(Y.encodeStateAsUpdate(other)).equals(Buffer.from(Y.encodeStateAsUpdate(s.doc)))).toBe(true);
    const before = s.told.arrived.length;
    await s.replica.take(update, 'relay');
    expect(s.told.arrived.length, 'nothing in it was new').toBe(before);
  });

  it('an update of a few strokes is applied at once', () => {
    const { replica, doc } = setup();
    expect(replica.take(strokes(3), 'relay')).toBe('applied');
    expect(doc.getMap('m').size).toBe(3);
  });

  it('a large update that can not be read, or claims our client id, leaves nothing behind', async () => {
    const large = strokes(1_000);
    const malformed = setup();
    expect(await malformed.replica.take(large.slice(0, 300_000), 'relay')).toBe('malformed');
    expect(malformed.doc.store.clients.size).toBe(0);
    const doc = new Y.Doc();
    doc.clientID = [...Y.decodeStateVector(Y.encodeStateVectorFromUpdate(large)).keys()][0] ?? 0;
    const forged = setup({ doc });
    expect(await forged.replica.take(large, 'relay')).toBe('forged');
    expect(forged.doc.store.clients.size).toBe(0);
  });
});
