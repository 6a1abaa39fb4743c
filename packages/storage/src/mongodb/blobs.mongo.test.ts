/** Blobs in the database: put before there were versions, cut off, or put and removed by several relays. */

import { createHash, randomBytes } from 'node:crypto';
import { Binary } from 'mongodb';
import { expect, it } from 'vitest';
import { describeMongo } from '../fixtures/mongo.ts';

const PIECE_BYTES = 8 * 1024 * 1024;
const hashOf = (blob: Uint8Array): string => createHash('sha256').update(blob).digest('hex');

describeMongo('blobs', 'any', (test) => {
  const documents = () => test.db.collection<{ _id: string; size: number | null; bytes: Binary | null; version?: string }>('blobs');
  const ids = async (): Promise<string[]> =>
    (
      await documents()
        .find({}, { projection: { _id: 1 } })
        .toArray()
    )
      .map(({ _id }) => _id)
      .sort();
  /** Puts a blob as earlier versions of this package did. */
  const putUnversioned = async (blob: Uint8Array): Promise<void> => {
    const hash = hashOf(blob);
    for (let i = 0; i * PIECE_BYTES < blob.length; i++) {
      const bytes = new Binary(blob.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES));
      await documents().replaceOne({ _id: `${hash}:${i}` }, { size: null, bytes }, { upsert: true });
    }
    await documents().replaceOne({ _id: hash }, { size: blob.length, bytes: null }, { upsert: true });
  };
  const isThere = async (store: { getBlob(hash: string): Promise<Uint8Array | null> }, blob: Uint8Array): Promise<boolean> =>
    Buffer.compare((await store.getBlob(hashOf(blob))) ?? new Uint8Array(), blob) === 0;

  it('[MG23] T10: a blob put before there were versions is read, listed and removed like any other', async () => {
    const [blob, small] = [randomBytes(PIECE_BYTES + 1_000), randomBytes(100)];
    for (const one of [blob, small]) await putUnversioned(one);
    const store = await test.open();
    expect([await isThere(store, blob), await isThere(store, small)]).toEqual([true, true]);
    const listed = await store.listBlobs({ prefix: hashOf(blob), limit: 10 });
    expect(listed).toMatchObject([{ hash: hashOf(blob), bytes: blob.length, isWhole: true }]);
    // A new put gives it another version, and nothing of the old one is left.
    await store.putBlob(hashOf(blob), blob);
    expect(await store.removeBlobs(listed)).toEqual([]);
    expect(await isThere(store, blob)).toBe(true);
    expect((await ids()).filter((id) => id.startsWith(hashOf(blob)))).toHaveLength(3);
    await store.removeBlobs(await store.listBlobs({ limit: 10 }));
    expect([await isThere(store, blob), await isThere(store, small), await ids()]).toEqual([false, false, []]);
  });

  it('[MG23] T10: leftovers of a broken put are listed as not whole, beside the blob if there is one, and can be removed without harm to it', async () => {
    const [blob, never] = [randomBytes(1_000), randomBytes(1_000)];
    const store = await test.open();
    await store.putBlob(hashOf(blob), blob);
    const stray = { size: null, bytes: new Binary(randomBytes(10)) };
    await documents().insertMany([
      { _id: `${hashOf(blob)}:AAAAAAAAAAAA:0`, ...stray },
      { _id: `${hashOf(blob)}:0`, ...stray },
      { _id: `${hashOf(never)}:0BBBBBBBBBBB:0`, ...stray },
      { _id: `${hashOf(never)}:0BBBBBBBBBBB:1`, ...stray },
    ]);
    const listed = await store.listBlobs({ limit: 10 });
    expect(listed.filter(({ isWhole }) => isWhole).map(({ hash }) => hash)).toEqual([hashOf(blob)]);
    const left = listed.filter(({ isWhole }) => !isWhole);
    expect(left.map(({ hash }) => hash).sort()).toEqual([hashOf(blob), hashOf(blob), hashOf(never)].sort());
    expect(await store.getBlob(hashOf(never))).toBeNull();
    expect((await store.removeBlobs(left)).sort()).toEqual([hashOf(blob), hashOf(never)].sort());
    expect([await isThere(store, blob), (await ids()).length]).toEqual([true, 2]);
  });

  it('[MG23] T10: a blob that is put again while it is read is read whole', async () => {
    const [reader, writer] = [await test.open(), await test.open()];
    const blob = randomBytes(PIECE_BYTES + 1_000);
    await writer.putBlob(hashOf(blob), blob);
    let isDone = false;
    const puts = (async () => {
      for (let i = 0; i < 5; i++) await writer.putBlob(hashOf(blob), blob);
      isDone = true;
    })();
    while (!isDone) expect(await isThere(reader, blob)).toBe(true);
    await puts;
    expect(await ids()).toHaveLength(3);
  });

  it('[MG23] a missing or wrong piece is CORRUPT, and putting the blob again repairs it', async () => {
    const blob = randomBytes(1_000);
    const store = await test.open();
    for (const damage of [{ $set: { bytes: new Binary(randomBytes(1_000)) } }, { $set: { bytes: null } }]) {
      await store.putBlob(hashOf(blob), blob);
      await documents().updateOne({ _id: { $regex: ':0$' } as never }, damage);
      await expect(store.getBlob(hashOf(blob))).rejects.toMatchObject({ code: 'CORRUPT' });
      await store.putBlob(hashOf(blob), blob);
      expect(await isThere(store, blob)).toBe(true);
    }
  });
});
