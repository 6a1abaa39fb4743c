/** The journal in the database: inserted once, in order, whole appends or nothing, on a majority of disks. */

import { Binary, ObjectId } from 'mongodb';
import { expect, it } from 'vitest';
import { bytes, describeMongo } from '../fixtures/mongo.ts';
import { rowChecksum } from './documents.ts';
import { isCovered } from '../position.ts';

const MIB = 1024 * 1024;

describeMongo('journal', 'any', (test) => {
  const rows = async (): Promise<{ node: string; seq: number; after?: number; updates: Binary[] }[]> =>
    (await test.db.collection('journal').find().sort({ node: 1, seq: 1 }).toArray()) as never;

  it('[MG1] appends that arrive together go in one insert, and a row names the one before it', async () => {
    const { store, commands } = await test.openWatched();
    await Promise.all(Array.from({ length: 30 }, (_, i) => store.append(`r${i % 3}`, [bytes(i), bytes(i, i)])));
    expect(commands.filter(({ commandName, command }) => commandName === 'insert' && command.insert === 'journal')).toHaveLength(1);
    const stored = await rows();
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(new Set(stored.map(({ node }) => node))).toEqual(new Set([store.writer]));
    expect(stored.slice(0, 6).map(({ after }) => after)).toEqual([0, 0, 0, 1, 2, 3]);
    await store.append('r0', [bytes(1)]);
    expect((await rows()).at(-1)).toMatchObject({ seq: 31, after: 28 });
  });

  it('[MG1] two starts have two names, and no row is ever updated', async () => {
    const { store, commands } = await test.openWatched();
    const other = await test.open();
    expect(other.writer).not.toBe(store.writer);
    const one = await store.append('r', [bytes(1)]);
    await store.checkpoint('r', bytes(1), one);
    const two = await other.append('r', [bytes(2)]);
    expect(isCovered(two, one)).toBe(false);
    expect(commands.filter(({ command }) => command.update === 'journal' || command.findAndModify === 'journal')).toEqual([]);
  });

  it('[MG2] a duplicate with other bytes is refused and overwrites nothing', async () => {
    const store = await test.open({ writer: 'twice' });
    const intruder = await test.open({ writer: 'twice' });
    await store.append('r', [bytes(1)]);
    await expect(intruder.append('r', [bytes(2)])).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
      message: expect.stringContaining('another process writes under this name'),
    });
    expect((await store.load('r')).updates).toEqual([bytes(1)]);
  });

  it('[MG2] a duplicate with the same bytes is the row itself', async () => {
    const store = await test.open({ writer: 'again' });
    await store.append('r', [bytes(1, 2, 3)]);
    const sentAgain = await test.open({ writer: 'again' });
    expect(await sentAgain.append('r', [bytes(1, 2, 3)])).toEqual({ again: 1 });
    expect((await store.load('r')).updates).toEqual([bytes(1, 2, 3)]);
  });

  it('[MG3] an append larger than one row is loaded whole, or not at all when it was cut off', async () => {
    const store = await test.open();
    const large = [1, 2, 3].map((value) => new Uint8Array(6 * MIB).fill(value));
    await store.append('r', [bytes(0)]);
    const whole = await store.append('r', large);
    expect(await rows()).toHaveLength(4);
    expect((await store.load('r')).updates.map((update) => [update.length, update[0]])).toEqual([
      [1, 0],
      [6 * MIB, 1],
      [6 * MIB, 2],
      [6 * MIB, 3],
    ]);
    // As if the process had died after the second of three rows.
    await test.db.collection('journal').deleteOne({ seq: 4 });
    const cut = await store.load('r');
    expect(cut.updates).toEqual([bytes(0)]);
    expect(cut).toMatchObject({ position: { [store.writer]: 1 }, quarantined: 0 });
    // A later row shows that it was acknowledged: then it is damage, and the rest counts.
    await store.append('r', [bytes(9)]);
    const damaged = await store.load('r');
    expect(damaged.updates).toHaveLength(4);
    expect(damaged.quarantined).toBe(1);
    expect(isCovered(whole, damaged.position)).toBe(true);
  });

  it('[MG3] many updates of one append share a row, up to 8 MiB', async () => {
    const store = await test.open();
    await store.append(
      'r',
      Array.from({ length: 5_000 }, (_, i) => bytes(i % 256, i >> 8)),
    );
    expect(await rows()).toHaveLength(1);
    const { updates } = await store.load('r');
    expect(updates.map(([low = 0, high = 0]) => low + high * 256)).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
  });

  it('[MG5] every write waits for a majority and the journal, whatever the URI says', async () => {
    const uri = test.server.uri;
    const { store, commands } = await test.openWatched();
    const weak = await test.open({ uri: `${uri}${uri.includes('?') ? '&' : '?'}w=1&journal=false&readConcernLevel=local` });
    await weak.append('weak', [bytes(1)]);
    const one = await store.append('r', [bytes(1)]);
    await store.checkpoint('r', bytes(1), one);
    await store.putBlob('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', bytes(0));
    await store.writeUpload('a'.repeat(64), 0, bytes(0));
    await store.finishUpload('a'.repeat(64), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    await store.remove('r');
    await store.probe();
    const writes = commands.filter(({ commandName }) => ['insert', 'update', 'delete'].includes(commandName));
    expect(writes.length).toBeGreaterThan(8);
    for (const { command } of writes) expect(command.writeConcern).toMatchObject({ w: 'majority', j: true });
    const reads = commands.filter(({ commandName }) => ['find', 'aggregate'].includes(commandName));
    for (const { command } of reads) expect(command.readConcern).toMatchObject({ level: 'majority' });
  });

  it('[MG11] a damaged row is left out, counted and set aside; the rest loads', async () => {
    const store = await test.open();
    for (let i = 1; i <= 3; i++) await store.append('r', [bytes(i)]);
    await test.db.collection('journal').updateOne({ seq: 2 }, { $set: { updates: [new Binary(bytes(7))] } });
    expect(await store.load('r')).toMatchObject({ updates: [bytes(1), bytes(3)], quarantined: 1, position: { [store.writer]: 3 } });
    expect(await store.load('r')).toMatchObject({ quarantined: 1 });
    expect(await test.db.collection('quarantine').find({}).toArray()).toMatchObject([{ room: 'r', seq: 2 }]);
    expect(test.logged).toContain('row is damaged and was left out');
  });

  it('[MG11] a row copied from another room, or of a strange shape, counts as damaged', async () => {
    const store = await test.open();
    await store.append('r', [bytes(1)]);
    const crc = rowChecksum({ room: 'other', epoch: 0, node: 'n', seq: 1 }, [bytes(5)]);
    const strange = { room: 'r', epoch: 0, node: 'n', bytes: 1, crc, at: 1 };
    await test.db.collection('journal').insertMany([
      { _id: new ObjectId(), ...strange, seq: 1, updates: [new Binary(bytes(5))] },
      { _id: new ObjectId(), ...strange, seq: 2, updates: 'text' },
      { _id: new ObjectId(), ...strange, seq: 3 },
    ]);
    expect(await store.load('r')).toMatchObject({ updates: [bytes(1)], quarantined: 3 });
  });

  it('[MG11] a lost row is counted, because the next one names it', async () => {
    const store = await test.open();
    for (let i = 1; i <= 3; i++) await store.append('r', [bytes(i)]);
    await test.db.collection('journal').deleteOne({ seq: 2 });
    expect(await store.load('r')).toMatchObject({ updates: [bytes(1), bytes(3)], quarantined: 1 });
    expect(await store.load('r', { [store.writer]: 2 })).toMatchObject({ updates: [bytes(3)], quarantined: 0 });
  });

  it('[MG17] nothing of an erased room is left, and rows that come later are deleted', async () => {
    const store = await test.open();
    const other = await test.open();
    await store.append('gone', [Buffer.from('CANARY')]);
    const { position } = await store.load('gone');
    await store.checkpoint('gone', Buffer.from('CANARY'), position);
    await other.append('gone', [Buffer.from('CANARY 2')]);
    await test.db.collection('journal').updateOne({ node: other.writer }, { $set: { crc: 1 } });
    await store.load('gone');
    await store.append('stays', [bytes(1)]);
    await store.remove('gone');
    await expect(other.append('gone', [Buffer.from('CANARY 3')])).rejects.toMatchObject({ code: 'ERASED' });
    for (const name of ['journal', 'checkpoints', 'quarantine'])
      expect(
        JSON.stringify(
          await test.db
            .collection(name)
            .find({ room: { $ne: 'stays' } })
            .toArray(),
        ),
      ).toBe('[]');
    expect((await store.load('stays')).updates).toEqual([bytes(1)]);
  });

  it('[MG17] leftovers of an unfinished erase are deleted at the next start', async () => {
    const store = await test.open();
    await store.remove('gone');
    await test.db.collection('journal').insertOne({ room: 'gone', epoch: 0, node: 'dead', seq: 1 });
    await test.db.collection('checkpoints').insertOne({ docName: 'gone/7/dead-1', version: 'v1' });
    await test.open();
    await expect
      .poll(async () => [await test.db.collection('journal').countDocuments(), await test.db.collection('checkpoints').countDocuments()], {
        timeout: 10_000,
      })
      .toEqual([0, 0]);
  });
});
