/** Records in MongoDB: a majority, indexes, a repeated write that finds its own mark, and damage. */

import { Binary } from 'mongodb';
import { expect, it } from 'vitest';
import { bytes, describeMongo } from '../fixtures/mongo.ts';
import type { RecordDocument } from './database.ts';
import { behindText, createMongoRecords } from './record-collection.ts';

interface Document {
  _id: string;
  version: number;
  value: unknown;
  write: string;
  crc: number;
}

describeMongo('records', 'any', (test) => {
  it('[MG5] [MG19] every write of a record waits for a majority and the journal, and every read sees only such writes', async () => {
    const { store, commands } = await test.openWatched();
    const { records } = store;
    await records.put('k', bytes(1), 0);
    await records.put('k', bytes(2), 1);
    await records.put('k', bytes(3), 0);
    await records.get('k');
    await records.list({ prefix: 'k', limit: 10 });
    await records.remove('k', 2);
    const names = commands.map(({ commandName }) => commandName);
    expect(names).toEqual(['insert', 'update', 'insert', 'find', 'find', 'find', 'delete']);
    for (const { commandName, command } of commands) {
      if (commandName === 'find') expect(command.readConcern).toMatchObject({ level: 'majority' });
      else expect(command.writeConcern).toMatchObject({ w: 'majority', j: true });
    }
  });

  it('[MG13] [MG19] a page is read by the index of the keys, and reads no key beyond its prefix', async () => {
    const { store, commands } = await test.openWatched();
    for (let i = 0; i < 20; i++) await store.records.put(`member/a/${i}`, bytes(i), 0);
    for (let i = 0; i < 20; i++) await store.records.put(`member/b/${i}`, bytes(i), 0);
    commands.length = 0;
    expect(await store.records.list({ prefix: 'member/a/', limit: 1_000 })).toHaveLength(20);
    expect(await store.records.list({ prefix: 'member/a/', after: 'member/a/5', limit: 3 })).toHaveLength(3);
    expect(commands.map(({ commandName }) => commandName)).toEqual(['find', 'find']);
    for (const { command } of commands) {
      const { filter, sort } = command;
      expect(await test.db.collection<Document>('records').countDocuments(filter)).toBeLessThanOrEqual(20);
      if (test.server.kind === 'secantusdb') continue; // scans for a range of _id; MongoDB has the index of _id
      const plan = JSON.stringify(await test.db.collection<Document>('records').find(filter, { sort }).explain());
      expect(plan).not.toContain('COLLSCAN');
      expect(plan).toMatch(/IXSCAN|IDHACK|EXPRESS/);
    }
  });

  it('[MG20] a repeated write that finds its own mark was the first, one that finds another was not', async () => {
    const collection = test.db.collection<RecordDocument>('records');
    /** Sends each write twice, as a driver does after a lost answer on a server without retryable writes. */
    const twice = new Proxy(collection, {
      get(target, name) {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        if (name !== 'insertOne' && name !== 'replaceOne') return method.bind(target);
        return async (...args: unknown[]) => {
          await method.apply(target, args);
          return method.apply(target, args);
        };
      },
    });
    const records = createMongoRecords({ records: twice }, (run) => run(), undefined);
    expect(await records.put('k', bytes(1), 0)).toBe(1);
    expect(await records.put('k', bytes(2), 1)).toBe(2);
    expect(await records.get('k')).toEqual({ key: 'k', value: bytes(2), version: 2 });
    const other = await test.open();
    expect(await other.records.put('k', bytes(2), 1)).toBeNull();
    expect(await other.records.put('k', bytes(2), 0)).toBeNull();
  });

  it('[MG21] a damaged record is CORRUPT, never as if there were none; the others are served, and the log says so', async () => {
    const store = await test.open();
    const { records } = store;
    const collection = test.db.collection<Document>('records');
    for (const key of ['a', 'b', 'c']) await records.put(key, bytes(1), 0);
    const whole = await collection.findOne({ _id: 'b' });
    const damages: Partial<Document>[] = [{ value: new Binary(bytes(2)) }, { version: 7 }, { value: 'text' }, { crc: 1 }, { version: 1.5 }];
    for (const damage of damages) {
      await collection.updateOne({ _id: 'b' }, { $set: damage });
      await expect(records.get('b'), JSON.stringify(damage)).rejects.toMatchObject({
        code: 'CORRUPT',
        message: expect.stringContaining('The record "b"'),
      });
      await expect(records.put('b', bytes(3), 0), JSON.stringify(damage)).rejects.toMatchObject({ code: 'CORRUPT' });
      test.logged.length = 0;
      expect((await records.list({ prefix: '', limit: 10 })).map(({ key }) => key)).toEqual(['a', 'c']);
      expect((await records.list({ prefix: '', limit: 2 })).map(({ key }) => key)).toEqual(['a', 'c']);
      expect(test.logged).toContain('record is damaged and was left out of the list');
      if (whole !== null) await collection.replaceOne({ _id: 'b' }, whole);
    }
    expect(await records.get('b')).toMatchObject({ value: bytes(1), version: 1 });
    // A record copied to another key.
    await collection.deleteOne({ _id: 'c' });
    if (whole !== null) await collection.insertOne({ ...whole, _id: 'c' });
    await expect(records.get('c')).rejects.toMatchObject({ code: 'CORRUPT' });
  });
});

it('[ST25] the end of a prefix is after all keys that begin with it, and before every later key', () => {
  const order = (text: string): Buffer => Buffer.from(text);
  for (const prefix of ['a', 'user/', 'é', '\ud7ff', '\uffff', '😀', 'a\u{10ffff}', 'a\u0000']) {
    const end = behindText(prefix) ?? '';
    expect(Buffer.from(end).toString()).toBe(end);
    expect(Buffer.compare(order(end), order(`${prefix}\u{10ffff}\u{10ffff}`)), prefix).toBe(1);
    expect(end.startsWith(prefix)).toBe(false);
  }
  expect([behindText(''), behindText('\u{10ffff}\u{10ffff}')]).toEqual([null, null]);
});
