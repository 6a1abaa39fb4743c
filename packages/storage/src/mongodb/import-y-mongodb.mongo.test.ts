/** Import of data that plain y-mongodb-provider wrote: losses are reported, and the source is not touched. */

import { expect, it } from 'vitest';
import { MongodbPersistence } from 'y-mongodb-provider';
import * as Y from 'yjs';
import { bytes, describeMongo } from '../fixtures/mongo.ts';
import { createMemoryStore } from '../memory.ts';
import { importYMongodb } from '../mongodb.ts';

describeMongo('import', 'any', (test) => {
  const provider = (options: object): MongodbPersistence => new MongodbPersistence({ client: test.client, db: test.db }, options);

  const write = async (into: MongodbPersistence, name: string, count: number): Promise<Y.Doc> => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    for (let i = 0; i < count; i++) doc.getMap('m').set(`k${i}`, i);
    for (const update of updates) expect(await into.storeUpdate(name, update)).toBeTypeOf('number');
    return doc;
  };

  const contents = async (collection: string): Promise<unknown[]> => test.db.collection(collection).find().sort({ _id: 1 }).toArray();

  const mapOf = (state: Uint8Array | null): unknown => {
    const doc = new Y.Doc();
    if (state !== null) Y.applyUpdate(doc, state);
    return doc.getMap('m').toJSON();
  };

  it('[MG15] documents of one collection are imported, and the source stays as it is', async () => {
    const source = provider({});
    const a = await write(source, 'board a', 5);
    const b = await write(source, 'board/b', 3);
    const before = await contents('yjs-writings');
    const into = await test.open({ database: `${test.database}_into` });
    const seen: string[] = [];
    const reports = await importYMongodb({
      uri: test.server.uri,
      database: test.database,
      into,
      onDocument: ({ document }) => seen.push(document),
    });
    expect(reports).toEqual([
      { document: 'board a', outcome: 'imported', updates: 5, problems: [] },
      { document: 'board/b', outcome: 'imported', updates: 3, problems: [] },
    ]);
    expect(seen).toEqual(['board a', 'board/b']);
    expect(mapOf((await into.load('board a')).checkpoint)).toEqual(a.getMap('m').toJSON());
    expect(mapOf((await into.load('board/b')).checkpoint)).toEqual(b.getMap('m').toJSON());
    expect(await contents('yjs-writings')).toEqual(before);

    // Again: existing rooms are left alone, even after new updates.
    const again = await importYMongodb({ uri: test.server.uri, database: test.database, into });
    expect(again.map(({ outcome }) => outcome)).toEqual(['exists', 'exists']);
    await test.client.db(`${test.database}_into`).dropDatabase();
  });

  it('[MG15] documents with a collection each are imported, and other collections are skipped', async () => {
    const source = provider({ multipleCollections: true });
    await write(source, 'one', 2);
    await write(source, 'two', 2);
    await test.db.collection('users').insertOne({ name: 'nobody', docName: 'users' });
    const into = createMemoryStore();
    const reports = await importYMongodb({ uri: test.server.uri, database: test.database, isMultipleCollections: true, into });
    expect(reports.map(({ document, outcome }) => [document, outcome])).toEqual([
      ['one', 'imported'],
      ['two', 'imported'],
    ]);
    expect(mapOf((await into.load('two')).checkpoint)).toEqual({ k0: 0, k1: 1 });
  });

  it('[MG16] unreadable values are reported, and the rest is imported', async () => {
    const source = provider({});
    await write(source, 'damaged', 4);
    const rows = test.db.collection('yjs-writings');
    await rows.updateOne({ docName: 'damaged', clock: 3 }, { $set: { value: Buffer.from([255, 255, 255]) } });
    await rows.updateOne({ docName: 'damaged', clock: 2 }, { $set: { value: 'text' } });
    await write(source, 'gap', 4);
    await rows.deleteOne({ docName: 'gap', clock: 1 });
    await rows.insertMany([
      { version: 'v1', action: 'update', docName: 'halves', clock: 0, part: 2, value: Buffer.from([1]) },
      { version: 'v1', action: 'update', docName: 'x'.repeat(600), clock: 0, value: Buffer.from([0, 0]) },
    ]);
    const into = createMemoryStore();
    const byName = new Map(
      (await importYMongodb({ uri: test.server.uri, database: test.database, into })).map((report) => [report.document, report]),
    );
    expect(byName.get('damaged')).toMatchObject({
      outcome: 'partly',
      updates: 2,
      problems: ['clock 2: its value is not binary', expect.stringContaining('clock 3: not a Yjs update')],
    });
    expect(byName.get('gap')).toMatchObject({ outcome: 'partly', problems: ['some updates need others that are missing'] });
    expect(byName.get('halves')).toMatchObject({ outcome: 'failed', problems: ['clock 0: part 1 of it is missing'] });
    expect(byName.get('x'.repeat(600))).toMatchObject({ outcome: 'failed', problems: [expect.stringContaining('512 bytes')] });
    expect(mapOf((await into.load('damaged')).checkpoint)).toEqual({ k0: 0, k1: 1 });
    expect((await into.load('halves')).checkpoint).toBeNull();
  });

  it('[MG16] values of several parts are put together', async () => {
    const doc = new Y.Doc();
    doc.getMap('m').set('big', 'x'.repeat(16_000_000));
    expect(await provider({}).storeUpdate('large', Y.encodeStateAsUpdate(doc))).toBe(0);
    expect(await test.db.collection('yjs-writings').countDocuments({ docName: 'large', action: 'update' })).toBe(2);
    const into = createMemoryStore();
    expect(await importYMongodb({ uri: test.server.uri, database: test.database, into })).toMatchObject([{ outcome: 'imported' }]);
    expect(mapOf((await into.load('large')).checkpoint)).toEqual(doc.getMap('m').toJSON());
  });

  it('[MG16] a wrong collection name is answered with the existing ones, and an erased room is reported', async () => {
    const into = createMemoryStore();
    await expect(importYMongodb({ uri: 'http://nowhere', into })).rejects.toMatchObject({ code: 'INVALID' });
    await test.db.collection('mine').insertOne({});
    await expect(importYMongodb({ uri: test.server.uri, database: test.database, into })).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('It has: mine'),
    });
    await write(provider({}), 'gone', 1);
    await into.remove('gone');
    expect(await importYMongodb({ uri: test.server.uri, database: test.database, into })).toMatchObject([{ outcome: 'exists' }]);
    await expect(into.append('gone', [bytes(1)])).rejects.toMatchObject({ code: 'ERASED' });
  });
});
