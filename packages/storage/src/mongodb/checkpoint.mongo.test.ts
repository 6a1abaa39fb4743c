/** Checkpoints: kept by y-mongodb-provider, accepted only when they read back as written, two of them. */

import { createHash } from 'node:crypto';
import { Binary } from 'mongodb';
import { expect, it } from 'vitest';
import { MongodbPersistence } from 'y-mongodb-provider';
import * as Y from 'yjs';
import { bytes, describeMongo } from '../fixtures/mongo.ts';
import type { MongoStore } from '../mongodb.ts';
import { MAX_WRITERS } from './covers.ts';
import { connect } from './database.ts';
import type { HeadDocument } from './documents.ts';
import { createStore } from './store.ts';
import { joinPositions } from '../position.ts';
import type { Position } from '../port.ts';

describeMongo('checkpoints', 'any', (test) => {
  const names = async (): Promise<string[]> => (await test.db.collection('checkpoints').distinct('docName')).map(String).sort();
  const journalSeqs = async (): Promise<number[]> =>
    (await test.db.collection('journal').find().sort({ seq: 1 }).toArray()).map(({ seq }) => Number(seq));

  /** Rows 1 to 3; one checkpoint covers the first row, a newer one the first two. */
  const twoGenerations = async (): Promise<MongoStore> => {
    const store = await test.open();
    const one = await store.append('r', [bytes(1)]);
    await store.checkpoint('r', bytes(1), one);
    const two = await store.append('r', [bytes(2)]);
    await store.checkpoint('r', bytes(1, 2), two);
    await store.append('r', [bytes(3)]);
    return store;
  };
  const damage = (name: string): Promise<unknown> =>
    test.db.collection('checkpoints').updateOne({ docName: name, clock: 1 }, { $set: { value: new Binary(bytes(66)) } });

  it('[MG6] y-mongodb-provider can read a checkpoint, under a name that one process writes once', async () => {
    const store = await test.open();
    const doc = new Y.Doc();
    doc.getMap('m').set('k', 'v');
    const position = await store.append('a room/ü', [Y.encodeStateAsUpdate(doc)]);
    await store.checkpoint('a room/ü', Y.encodeStateAsUpdate(doc), position);
    expect(await names()).toEqual([`a%20room%2F%C3%BC/1/${store.writer}-1`]);
    const provider = new MongodbPersistence({ client: test.client, db: test.db }, { collectionName: 'checkpoints' });
    const [name = ''] = await names();
    expect((await provider.getYDoc(name)).getMap('m').toJSON()).toEqual({ k: 'v' });
  });

  it('[MG6] the rows since the older checkpoint stay as a fallback, the others are deleted by id', async () => {
    const { store, commands } = await test.openWatched();
    for (let i = 1; i <= 4; i++) {
      const position = await store.append('r', [bytes(i)]);
      await store.checkpoint('r', bytes(i), position);
      expect(await journalSeqs()).toEqual(i === 1 ? [1] : [i]);
      expect(await names()).toHaveLength(Math.min(i, 2));
    }
    const deletes = commands
      .filter(({ command }) => command.delete === 'journal')
      .flatMap(({ command }) => command.deletes as { q: object }[]);
    expect(deletes.length).toBeGreaterThan(0);
    for (const { q } of deletes) expect(Object.keys(q)).toEqual(['_id']);
  });

  it('[MG8] a load during which others checkpoint three times starts over, with and without a position', async () => {
    const other = await test.open();
    let position = await other.append('r', [bytes(0)]);
    await other.checkpoint('r', bytes(0), position);
    const since = (await other.load('r')).position;

    const database = await connect({ uri: test.server.uri, database: test.database });
    const findHead = database.heads.findOne.bind(database.heads) as (filter: object) => Promise<HeadDocument | null>;
    let isPaused = false;
    const pausing = async (filter: object): Promise<HeadDocument | null> => {
      const head = await findHead(filter);
      if (isPaused) return head;
      isPaused = true; // between reading the head and the checkpoint it names
      const present = await other.load('r');
      let state = [...(present.checkpoint ?? []), ...present.updates.flatMap((update) => [...update])];
      for (let i = 0; i < 3; i++) {
        state = [...state, state.length];
        position = joinPositions(position, await other.append('r', [bytes(state.length - 1)]));
        await other.checkpoint('r', new Uint8Array(state), position);
      }
      return head;
    };
    Object.assign(database.heads, { findOne: pausing });
    const reader = createStore(database, {});
    expect(await reader.load('r')).toMatchObject({ checkpoint: bytes(0, 1, 2, 3), updates: [], quarantined: 0 });
    isPaused = false;
    expect(await reader.load('r', since)).toMatchObject({ checkpoint: bytes(0, 1, 2, 3, 4, 5, 6), quarantined: 0 });
    await reader.close();
  });

  it('[MG9] a board of more than 16 MB can be checkpointed and loaded', async () => {
    const store = await test.open();
    const state = new Uint8Array(17_000_000).map((_, i) => i % 253);
    const position = await store.append('r', [bytes(1)]);
    expect(await store.checkpoint('r', state, position)).toBe('written');
    const { checkpoint } = await store.load('r');
    expect(
      createHash('sha256')
        .update(checkpoint ?? '')
        .digest('hex'),
    ).toBe(createHash('sha256').update(state).digest('hex'));
    // A lost part is noticed; the rows since the start are the fallback.
    await test.db.collection('checkpoints').deleteOne({ clock: 1, part: 2 });
    expect(await store.load('r')).toMatchObject({ checkpoint: null, updates: [bytes(1)], quarantined: 1, position });
  });

  it('[MG10] a damaged checkpoint is replaced by the one before it and the rows since', async () => {
    const store = await twoGenerations();
    const [older = '', newer = ''] = await names();
    await damage(newer);
    const loaded = await store.load('r');
    expect(loaded).toMatchObject({ checkpoint: bytes(1), updates: [bytes(2), bytes(3)], quarantined: 1, position: { [store.writer]: 3 } });
    expect(test.logged).toContain('checkpoint is missing or damaged and was left out');
    // The next checkpoint keeps the intact one as its fallback.
    await store.checkpoint('r', bytes(1, 2, 3), loaded.position);
    expect(await names()).toEqual([older, expect.stringMatching(/^r\/3\//)]);
    expect(await store.load('r')).toMatchObject({ checkpoint: bytes(1, 2, 3), updates: [], quarantined: 0 });
  });

  it('[MG10] a room without an intact checkpoint is an error, never an empty board, and nothing is deleted', async () => {
    const store = await twoGenerations();
    await store.append('other', [bytes(1)]);
    await test.db.collection('checkpoints').deleteMany({});
    await expect(store.load('r')).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringContaining('Restore the database') });
    await expect(store.load('r', { nobody: 1 })).rejects.toMatchObject({ code: 'CORRUPT' });
    expect(await journalSeqs()).toEqual([2, 3, 4]);
    expect((await store.load('other')).updates).toEqual([bytes(1)]);
  });

  it('[MG10] an imported board whose only checkpoint is gone is an error too', async () => {
    const store = await test.open();
    await store.checkpoint('r', bytes(1), {});
    await store.append('r', [bytes(2)]);
    expect(await store.load('r')).toMatchObject({ checkpoint: bytes(1), updates: [bytes(2)] });
    await test.db.collection('checkpoints').deleteMany({});
    await expect(store.load('r')).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it('[MG10] a damaged head is an error for its room alone', async () => {
    const store = await twoGenerations();
    await store.append('other', [bytes(1)]);
    for (const change of [{ epoch: 1 }, { generations: [] }, { generations: 'none' }, { generations: [null, { covers: 1 }] }]) {
      const before = await test.db.collection('heads').findOne({ _id: 'r' as never });
      await test.db.collection('heads').updateOne({ _id: 'r' as never }, { $set: change });
      await expect(store.load('r')).rejects.toMatchObject({ code: 'CORRUPT' });
      await expect(store.checkpoint('r', bytes(1), {})).rejects.toMatchObject({ code: 'CORRUPT' });
      expect((await store.list({ limit: 10 })).map(({ room }) => room)).toEqual(['other']);
      expect(test.logged).toContain('record of a room is damaged and was left out of the list');
      await test.db.collection('heads').replaceOne({ _id: 'r' as never }, before ?? {});
    }
    expect((await store.load('r')).updates).toEqual([bytes(3)]);
    expect((await store.load('other')).updates).toEqual([bytes(1)]);
  });

  it('[MG12] gone writers leave the covers, older positions still learn of their rows, and a resting writer comes back', async () => {
    const watcher = await test.open();
    const resting = await test.open();
    const database = await connect({ uri: test.server.uri, database: test.database });
    let document: number[] = [];
    const all: number[] = [1, 2];
    for (const i of all) await resting.append('r', [bytes(i)]);
    let early: Position = {};
    for (let i = 3; i <= MAX_WRITERS + 10; i++) {
      const start = createStore(database, { writer: `start-${i}` }); // each as after a restart, over one connection
      await start.append('r', [bytes(i)]);
      all.push(i);
      if (i === 3) early = (await watcher.load('r')).position;
      const { checkpoint, updates, position } = await start.load('r');
      document = [...(checkpoint ?? []), ...updates.flatMap((update) => [...update])];
      document = [...new Set(document)];
      expect(await start.checkpoint('r', new Uint8Array(document), position)).toBe('written');
    }
    await database.client.close();
    const head = await test.db.collection('heads').findOne({ _id: 'r' as never });
    const covers = head?.generations[0].covers as Position;
    expect(Object.keys(covers).length).toBeLessThan(MAX_WRITERS);
    expect(document.sort((a, b) => a - b)).toEqual(all);

    // A relay that has known the room since its first row.
    expect(await watcher.checkpoint('r', bytes(1, 2, 3), early)).toBe('behind');
    const missed = await watcher.load('r', early);
    expect([...(missed.checkpoint ?? [])].sort((a, b) => a - b)).toEqual(all);
    const position = joinPositions(early, missed.position);
    expect(await watcher.checkpoint('r', new Uint8Array(document), position)).toBe('written');
    expect(await watcher.load('r', position)).toMatchObject({ checkpoint: null, updates: [] });
    expect(await watcher.load('r')).toMatchObject({ quarantined: 0 });

    for (const i of [200, 201]) await resting.append('r', [bytes(i)]);
    const { updates, quarantined } = await watcher.load('r');
    expect(updates.flatMap((update) => [...update])).toEqual([200, 201]);
    expect(quarantined).toBe(0);
  });
});
