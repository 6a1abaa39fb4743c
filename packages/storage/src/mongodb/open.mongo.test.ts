/**
 * Databases that a relay cannot use, each refused in words that say what to do; and queries that read no more than
 * needed.
 */

import { createServer, type AddressInfo } from 'node:net';
import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { bytes, describeMongo } from '../fixtures/mongo.ts';
import { openMongoStore } from '../mongodb.ts';

describe('opening without a server', () => {
  it('[MG14] a bad MongoDB address is refused with an example of a good one, and never with the password', async () => {
    for (const uri of ['', 'localhost:27017', 'http://me:secret@host', 'mongodb://', 'mongodb://me:sec%ret@host', 'mongodb://h/?nope=1']) {
      const refused = await openMongoStore({ uri }).catch((error: unknown) => error as Error);
      expect(refused).toMatchObject({
        name: 'StoreError',
        code: 'INVALID',
        message: expect.stringContaining('mongodb://user:password@host'),
      });
      expect((refused as Error).message).not.toContain('secret');
    }
  });

  it('[MG14] an address that does not answer is UNREACHABLE, and the message names it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const refused = openMongoStore({ uri: `mongodb://me:secret@127.0.0.1:${port}/?serverSelectionTimeoutMS=300` });
    await expect(refused).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining(`127.0.0.1:${port}`) });
    await refused.catch((error: Error) => expect(error.message).not.toContain('secret'));
  });
});

describeMongo('opening', 'any', (test) => {
  it('[MG14] a database of a newer format is refused and left as it is', async () => {
    const meta = test.db.collection<{ _id: string; version: unknown }>('meta');
    await meta.insertOne({ _id: 'format', version: 2 });
    await expect(test.open()).rejects.toMatchObject({ code: 'NEWER', message: expect.stringContaining('Update the relay') });
    expect((await test.db.listCollections().toArray()).map(({ name }) => name)).toEqual(['meta']);
    await meta.replaceOne({ _id: 'format' }, { version: 'two' });
    await expect(test.open()).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it('[MG14] many relays may start at once on a new database', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => test.open()));
    await Promise.all(stores.map((store) => store.append('r', [bytes(1)])));
    expect((await stores[0]?.load('r'))?.updates).toHaveLength(5);
  });

  it('[MG14] the database of the URI and the given pool size are used', async () => {
    const uri = new URL(test.server.uri);
    uri.pathname = `/${test.database}`;
    const store = await openMongoStore({ uri: uri.href, poolSize: 2 });
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.append(`r${i}`, [bytes(i)])));
    await store.close();
    expect(await test.db.collection('journal').countDocuments()).toBe(20);
  });

  it('[MG13] every query uses an index', async () => {
    const { store, commands } = await test.openWatched();
    for (let i = 0; i < 20; i++) await store.append(`other ${i}`, [bytes(i)]);
    let position = {};
    for (let i = 0; i < 3; i++) {
      position = await store.append('r', [bytes(i)]);
      await store.checkpoint('r', bytes(i), position);
    }
    await store.append('r', [bytes(9)]);
    await store.load('r');
    await store.load('r', position);
    await store.list({ prefix: 'o', limit: 5 });
    await store.list({ after: 'other 3', limit: 5 });
    await store.putBlob('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', bytes(0));
    await store.getBlob('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    const upload = 'a'.repeat(64);
    await store.writeUpload(upload, 0, bytes(0));
    await store.finishUpload(upload, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    await store.listUploads({ limit: 5 });
    await store.dropUpload(upload);
    await store.removeBlobs(await store.listBlobs({ limit: 5 }));
    await store.remove('r');
    await store.probe();

    const asked = commands.flatMap(({ commandName, command }): { collection: string; filter: Document; sort?: Document }[] => {
      if (commandName === 'find') return [{ collection: command.find, filter: command.filter, sort: command.sort }];
      const parts = (command.updates ?? command.deletes ?? []) as { q: Document }[];
      return parts.map(({ q }) => ({ collection: command[commandName] as string, filter: q }));
    });
    expect(new Set(asked.map(({ collection }) => collection))).toEqual(
      new Set(['journal', 'heads', 'checkpoints', 'blobs', 'blobs.files', 'blobs.chunks', 'uploads', 'quarantine']),
    );
    for (const { collection, filter, sort } of asked) {
      // The driver asks once whether there is any file at all.
      if (collection === 'blobs.files' && Object.keys(filter).length === 0) continue;
      // SecantusDB scans for a range of _id or files_id, or when there is a condition beside _id; MongoDB uses the index of _id whatever
      // the other conditions.
      const isEqualityAlone = typeof filter['_id'] !== 'object' && Object.keys(filter).length === 1;
      const isRangeOfFiles = typeof filter['files_id'] === 'object';
      if (test.server.kind === 'secantusdb' && (isRangeOfFiles || ('_id' in filter && !isEqualityAlone))) continue;
      const plan = JSON.stringify(
        await test.db
          .collection(collection)
          .find(filter, sort === undefined ? {} : { sort })
          .explain(),
      );
      expect(plan, `${collection} ${JSON.stringify(filter)}`).not.toContain('COLLSCAN');
      expect(plan).toMatch(/IXSCAN|IDHACK|EXPRESS/);
    }
  });

  it('[MG13] a load reads only rows after the known position, however much is known', async () => {
    const { store, commands } = await test.openWatched();
    const known = await store.append('r', [new Uint8Array(100)]);
    for (let i = 0; i < 50; i++) await store.append('r', [new Uint8Array(100)]);
    const { position } = await store.load('r');
    await store.append('r', [bytes(1)]);
    commands.length = 0;
    expect((await store.load('r', position)).updates).toHaveLength(1);
    expect(commands.map(({ commandName, command }) => `${commandName} ${String(command[commandName])}`)).toEqual([
      'find heads',
      'find journal',
      'find journal',
      'find heads',
    ]);
    const reply = await store.load('r', (await store.load('r')).position);
    expect(reply).toMatchObject({ updates: [], checkpoint: null, bytes: 0 });
    expect((await store.load('r', known)).updates).toHaveLength(51);
  });
});
