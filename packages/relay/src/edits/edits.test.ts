/** `relay.edit`: rooms of one node or several, in virtual time. */

import { StoreError } from '@wetink/storage';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createCluster, sameDocument, type Cluster } from '../testing/cluster.ts';
import { breakApplying } from '../testing/broken-apply.ts';

import { TEST_ROOM } from '../testing/test-node.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const map = (doc: Y.Doc): Y.Map<unknown> => doc.getMap('m');
const add = (key: string, value: unknown = 1) => {
  return (doc: Y.Doc): string => {
    map(doc).set(key, value);
    return `${key} set`;
  };
};

/** The outcome of a promise after a while: its value, the code of its error, or 'pending'. */
async function after(cluster: Cluster, ms: number, promise: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = 'pending';
  promise.then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error instanceof Error && 'code' in error ? error.code : error),
  );
  await cluster.time.advance(ms);
  return outcome;
}

function edit<Result>(cluster: Cluster, i: number, callback: (doc: Y.Doc) => Result, signal?: AbortSignal): Promise<Result> {
  const outcome = cluster.node(i).edits.run(TEST_ROOM, callback, signal === undefined ? {} : { signal });
  // Some tests look at a failure later than it comes: until then it is nobody's, which would end the run.
  outcome.catch(() => {});
  return outcome;
}

async function keys(cluster: Cluster): Promise<string[]> {
  return [...map(await cluster.stored()).keys()].sort();
}

describe('what an edit does', () => {
  it('[ED1] an edit of a room that is not open loads it, is durable when it resolves, and the room unloads again', async () => {
    const cluster = createCluster({ nodes: 1 });
    expect(await after(cluster, 200, edit(cluster, 0, add('a')))).toBe('a set');
    expect(await keys(cluster)).toEqual(['a']);
    await cluster.time.advance(10_000);
    expect(cluster.node(0).rooms.count).toBe(0);
    expect(
      await after(
        cluster,
        200,
        edit(cluster, 0, (doc) => map(doc).get('a')),
      ),
    ).toBe(1);
  });

  it('[ED1] the members on every node get it like any change, and it counts as nobody', async () => {
    const cluster = createCluster({ nodes: 2, limits: { maxRoomConnections: 2 } });
    const [ana, ben] = [cluster.enter(0), cluster.enter(1)];
    const cleo = cluster.enter(0);
    await cluster.time.advance(200);
    const done = edit(cluster, 0, add('a'));
    await Promise.resolve();
    expect(cluster.node(0).rooms.stats(TEST_ROOM)).toMatchObject({ people: 2, connections: 2 });
    expect(await after(cluster, 200, done)).toBe('a set');
    await cluster.untilEqual([ana, ben, cleo], 1_000);
    expect(ben.keys()).toEqual(['a']);
    expect(sameDocument(ana.doc, await cluster.stored())).toBe(true);
  });

  it('[ED1] edits see what members and other edits wrote before: a hundred that count up on one node lose nothing', async () => {
    const cluster = createCluster({ nodes: 1 });
    const ana = cluster.enter(0);
    await cluster.time.advance(200);
    ana.set('count', 1_000);
    const all = Array.from({ length: 100 }, () => edit(cluster, 0, (doc) => map(doc).set('count', Number(map(doc).get('count')) + 1)));
    await cluster.time.advance(500);
    expect(await Promise.all(all)).toEqual(Array.from({ length: 100 }, (_, i) => 1_001 + i));
    expect(map(ana.doc).get('count')).toBe(1_100);
  });

  it('[ED2] a callback that throws, or is asynchronous, changes nothing; the next edit works', async () => {
    const cluster = createCluster({ nodes: 1 });
    const ana = cluster.enter(0);
    const failing = edit(cluster, 0, (doc) => {
      map(doc).set('half', 1);
      throw new RangeError('no');
    });
    expect(await after(cluster, 200, failing)).toEqual(new RangeError('no'));
    const asynchronous = edit(cluster, 0, async (doc) => {
      map(doc).set('half', 1);
      await Promise.resolve();
    });
    expect(
      await after(
        cluster,
        200,
        edit(cluster, 0, (doc) => map(doc).size),
      ),
    ).toBe(0);
    expect(await after(cluster, 200, asynchronous)).toBeInstanceOf(TypeError);
    expect(
      await after(
        cluster,
        200,
        edit(cluster, 0, (doc) => map(doc).size),
      ),
    ).toBe(0);
    expect(await after(cluster, 200, edit(cluster, 0, add('whole')))).toBe('whole set');
    expect([await keys(cluster), ana.keys()]).toEqual([['whole'], ['whole']]);
  });

  it('[ED2] what a callback writes into its document later is not written, and stops no edit after it', async () => {
    const cluster = createCluster({ nodes: 1 });
    let kept: Y.Doc | null = null;
    expect(
      await after(
        cluster,
        200,
        edit(cluster, 0, (doc) => void (kept = doc)),
      ),
    ).toBeUndefined();
    map(kept!).set('late', 1);
    expect(
      await after(
        cluster,
        200,
        edit(cluster, 0, (doc) => map(doc).size),
      ),
    ).toBe(0);
    expect(await after(cluster, 200, edit(cluster, 0, add('next')))).toBe('next set');
    expect(await keys(cluster)).toEqual(['next']);
  });
});

describe('the client id of edits', () => {
  const idsOf = async (cluster: Cluster): Promise<number[]> => [...(await cluster.stored()).store.clients.keys()];

  it('[ED3] edits of one room share an id, also when the copy was dropped and the room loaded again', async () => {
    const cluster = createCluster({ nodes: 1 });
    for (let i = 0; i < 5; i++) {
      await after(cluster, 100, edit(cluster, 0, add(`a${i}`)));
      await cluster.time.advance(i % 2 === 0 ? 100 : 60_000);
    }
    expect(await keys(cluster)).toHaveLength(5);
    expect(await idsOf(cluster)).toHaveLength(1);
  });

  it('[ED3] an id whose changes the store has lost is not used again', async () => {
    const cluster = createCluster({ nodes: 1 });
    await after(cluster, 100, edit(cluster, 0, add('lost')));
    await cluster.time.advance(60_000);
    const [lost] = await idsOf(cluster);
    cluster.disk.roomsByName.clear();
    await after(cluster, 100, edit(cluster, 0, add('new')));
    expect([await keys(cluster), (await idsOf(cluster)).includes(lost!)]).toEqual([['new'], false]);
  });

  it('[ED4] a member cannot take the next changes of an edit: they are refused while it asks, and the edits go on', async () => {
    const cluster = createCluster({ nodes: 1 });
    const ana = cluster.enter(0, { userId: 'ana' });
    await after(cluster, 100, edit(cluster, 0, add('a')));
    const [id] = [...ana.doc.store.clients.keys()];
    const forger = new Y.Doc();
    Y.applyUpdate(forger, Y.encodeStateAsUpdate(ana.doc));
    forger.clientID = id!;
    // The forger says that the id is its own.
    const eve = cluster.enter(0, { userId: 'eve', clientId: id!, doc: forger });
    await cluster.time.advance(100);
    map(forger).set('forged', 1);
    eve.sendUpdate(Y.encodeStateAsUpdate(forger));
    expect(await after(cluster, 500, edit(cluster, 0, add('b')))).toBe('b set');
    expect(await keys(cluster)).toContain('b');
    expect(sameDocument(ana.doc, await cluster.stored())).toBe(true);
  });

  it('[ED4] when another user has claimed the id in a room that was loaded again, the edit is made under a new one', async () => {
    const cluster = createCluster({ nodes: 1 });
    await after(cluster, 100, edit(cluster, 0, add('a')));
    const [id] = await idsOf(cluster);
    await cluster.time.advance(60_000);
    const eve = cluster.enter(0, { userId: 'eve', clientId: id! });
    await cluster.time.advance(100);
    let runs = 0;
    const done = edit(cluster, 0, (doc) => {
      runs += 1;
      return add('b')(doc);
    });
    expect(await after(cluster, 1_000, done)).toBe('b set');
    expect([runs, await keys(cluster), (await idsOf(cluster)).length]).toEqual([2, ['a', 'b'], 2]);
    expect(sameDocument(eve.doc, await cluster.stored())).toBe(true);
  });
});

describe('what can stop an edit', () => {
  it('[ED5] an erased room', async () => {
    const cluster = createCluster({ nodes: 2 });
    await after(cluster, 100, edit(cluster, 0, add('a')));
    await cluster.node(1).room().erase();
    await cluster.time.advance(100);
    for (const i of [0, 1]) expect(await after(cluster, 100, edit(cluster, i, add('b')))).toBe('ROOM_ERASED');
  });

  it('[ED5] a name that no room can have', async () => {
    const cluster = createCluster({ nodes: 1 });
    expect(await after(cluster, 100, cluster.node(0).edits.run('a\n', add('a')))).toBe('ROOM_NAME');
    expect(cluster.node(0).rooms.count).toBe(0);
  });

  it('[ED5] a room that cannot be loaded, with the time to wait; later it can', async () => {
    const cluster = createCluster({ nodes: 1 });
    cluster.node(0).store.failure.load = new StoreError('NOT_WRITABLE', 'away');
    const failing = edit(cluster, 0, add('a'));
    await expect(Promise.all([failing, cluster.time.advance(100)])).rejects.toMatchObject({ code: 'LOAD_FAILED' });
    const waiting = edit(cluster, 0, add('a'));
    await expect(Promise.all([waiting, cluster.time.advance(1)])).rejects.toMatchObject({
      code: 'LOAD_FAILED',
      retryAfterMs: expect.any(Number) as number,
    });
    delete cluster.node(0).store.failure.load;
    await cluster.time.advance(60_000);
    expect(await after(cluster, 100, edit(cluster, 0, add('b')))).toBe('b set');
    expect(await keys(cluster)).toEqual(['b']);
  });

  it('[ED5] bounds on the document and on one message; what is within them is taken afterwards', async () => {
    const cluster = createCluster({ nodes: 1, limits: { maxDocumentBytes: 4_000, maxMessageBytes: 3_000, maxRootTypes: 2 } });
    expect(await after(cluster, 100, edit(cluster, 0, add('a', 'x'.repeat(4_000))))).toBe('TOO_LARGE');
    expect(await after(cluster, 100, edit(cluster, 0, add('a', 'x'.repeat(2_500))))).toBe('a set');
    expect(await after(cluster, 100, edit(cluster, 0, add('b', 'x'.repeat(2_500))))).toBe('DOCUMENT_TOO_LARGE');
    const roots = (doc: Y.Doc): void => ['r1', 'r2', 'r3'].forEach((name) => doc.getMap(name).set('k', 1));
    expect(await after(cluster, 100, edit(cluster, 0, roots))).toBe('DOCUMENT_TOO_LARGE');
    expect(await after(cluster, 100, edit(cluster, 0, add('c')))).toBe('c set');
    expect(await keys(cluster)).toEqual(['a', 'c']);
  });

  it('[ED6] a full store: the edit waits until the change is saved, later ones are refused, and its caller may stop waiting', async () => {
    const cluster = createCluster({ nodes: 1, limits: { refuseAfterFailures: 2, retryBaseMs: 10, retryMaxMs: 200 } });
    await after(cluster, 100, edit(cluster, 0, add('a')));
    const { store } = cluster.node(0);
    store.failure.append = new StoreError('FULL', 'full');
    const aborter = new AbortController();
    const [waiting, aborted] = [edit(cluster, 0, add('b')), edit(cluster, 0, add('c'), aborter.signal)];
    expect(await after(cluster, 5_000, waiting)).toBe('pending');
    expect(await after(cluster, 100, edit(cluster, 0, add('d')))).toBe('STORAGE_UNAVAILABLE');
    const outcome = after(cluster, 100, aborted);
    aborter.abort(new Error('long enough'));
    expect(await outcome).toEqual(new Error('long enough'));
    delete store.failure.append;
    expect(await after(cluster, 1_000, waiting)).toBe('b set');
    expect(await keys(cluster)).toEqual(['a', 'b', 'c']);
    expect(await after(cluster, 100, edit(cluster, 0, add('e')))).toBe('e set');
  });

  it('[ED6] an edit that was aborted before the room was loaded never runs', async () => {
    const cluster = createCluster({ nodes: 1 });
    const aborter = new AbortController();
    const outcome = after(cluster, 500, edit(cluster, 0, add('a'), aborter.signal));
    aborter.abort(new Error('gone'));
    expect(await outcome).toEqual(new Error('gone'));
    await expect(edit(cluster, 0, add('a'), aborter.signal)).rejects.toThrow('gone');
    expect(await keys(cluster)).toEqual([]);
  });

  it('[ED7] a room that is unloading, or whose document is built again, takes edits all the same', async () => {
    const cluster = createCluster({ nodes: 1, limits: { unloadDelayMs: 50 } });
    for (let i = 0; i < 40; i++) expect(await after(cluster, 30 + i, edit(cluster, 0, add(`k${i}`)))).toBe(`k${i} set`);
    expect(await keys(cluster)).toHaveLength(40);
    breakApplying('BREAKS');
    const all = [edit(cluster, 0, add('BREAKS')), edit(cluster, 0, add('fine'))];
    const outcomes = all.map((one) => after(cluster, 1_000, one));
    expect(await Promise.all(outcomes)).toEqual(['BAD_UPDATE', 'fine set']);
    expect(await keys(cluster)).toHaveLength(41);
  });

  it('[ED7] an edit fails with ROOM_ERASED when its room is erased while the change is saved', async () => {
    const cluster = createCluster({ nodes: 1 });
    await after(cluster, 100, edit(cluster, 0, add('a')));
    const { store } = cluster.node(0);
    store.failure.append = new StoreError('NOT_WRITABLE', 'away');
    const waiting = after(cluster, 2_000, edit(cluster, 0, add('b')));
    await cluster.node(0).room().erase();
    expect(await waiting).toBe('ROOM_ERASED');
  });
});

describe('several nodes', () => {
  it('[ED1] edits on three nodes that lose a third of their messages all arrive, once', async () => {
    const cluster = createCluster({ nodes: 3, seed: 7, losses: { drop: 0.3, duplicate: 0.2, delayMs: 20 } });
    const clients = [0, 1, 2].map((i) => cluster.enter(i));
    const done: Promise<unknown>[] = [];
    for (let i = 0; i < 60; i++) {
      done.push(edit(cluster, i % 3, (doc) => doc.getArray('list').push([i])));
      clients[i % 3]?.set(`k${i}`, i);
      await cluster.time.advance(30);
    }
    await cluster.untilEqual(clients, 20_000);
    await Promise.all(done);
    const list = (await cluster.stored()).getArray<number>('list').toArray();
    expect([...list].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it('[ED8] of edits on a node that is killed, those that were resolved are there', async () => {
    const cluster = createCluster({ nodes: 2 });
    const resolved: string[] = [];
    for (let i = 0; i < 30; i++) {
      void edit(cluster, 0, add(`k${i}`)).then(() => resolved.push(`k${i}`));
      await cluster.time.advance(i === 0 ? 100 : 3);
    }
    cluster.node(0).kill();
    await cluster.time.advance(1_000);
    const there = await after(
      cluster,
      500,
      edit(cluster, 1, (doc) => [...map(doc).keys()]),
    );
    expect(resolved.length).toBeGreaterThan(0);
    expect(there).toEqual(expect.arrayContaining(resolved));
  });
});

it('[ED9] an edit waits for what it builds on, even if it changes nothing', async () => {
  const cluster = createCluster({ nodes: 1 });
  await after(cluster, 100, edit(cluster, 0, add('a')));
  const ana = cluster.enter(0);
  await cluster.time.advance(100);
  const { store } = cluster.node(0);
  store.failure.append = new StoreError('NOT_WRITABLE', 'away');
  ana.set('b', 1);
  await cluster.time.advance(20);
  const reading = edit(cluster, 0, (doc) => map(doc).has('b'));
  expect(await after(cluster, 100, reading)).toBe('pending');
  delete store.failure.append;
  expect(await after(cluster, 2_000, reading)).toBe(true);
});
