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
  /** Puts a blob as versions before blobs were files did. @param version '' for one before there were versions. */
  const putPieces = async (blob: Uint8Array, version = ''): Promise<void> => {
    const hash = hashOf(blob);
    for (let i = 0; i * PIECE_BYTES < blob.length; i++) {
      const bytes = new Binary(blob.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES));
      await documents().insertOne({ _id: version === '' ? `${hash}:${i}` : `${hash}:${version}:${i}`, size: null, bytes });
    }
    await documents().insertOne({ _id: hash, size: blob.length, bytes: null, ...(version === '' ? {} : { version }) });
  };
  const chunks = () => test.db.collection<{ files_id: string; n: number; data: Binary }>('blobs.chunks');
  /** Ids of files that have a chunk or a document of their own. */
  const fileIds = async (): Promise<string[]> =>
    [
      ...new Set([...(await chunks().distinct('files_id')), ...(await test.db.collection<{ _id: string }>('blobs.files').distinct('_id'))]),
    ].sort();
  const isThere = async (store: { getBlob(hash: string): Promise<Uint8Array | null> }, blob: Uint8Array): Promise<boolean> =>
    Buffer.compare((await store.getBlob(hashOf(blob))) ?? new Uint8Array(), blob) === 0;

  it.each(['', 'AAAAAAAAAAAA'])(
    '[MG23] T10: a blob put before blobs were files is read, listed and removed like any other',
    async (version) => {
      const [blob, small] = [randomBytes(PIECE_BYTES + 1_000), randomBytes(100)];
      for (const one of [blob, small]) await putPieces(one, version);
      const store = await test.open();
      expect([await isThere(store, blob), await isThere(store, small)]).toEqual([true, true]);
      const range = await store.readBlob(hashOf(blob), PIECE_BYTES - 10, PIECE_BYTES + 10);
      expect(Buffer.compare(range!, blob.subarray(PIECE_BYTES - 10, PIECE_BYTES + 10))).toBe(0);
      const listed = await store.listBlobs({ prefix: hashOf(blob), limit: 10 });
      expect(listed).toMatchObject([{ hash: hashOf(blob), bytes: blob.length, isWhole: true }]);
      // A new put makes it a file, and nothing of the old one is left.
      await store.putBlob(hashOf(blob), blob);
      expect(await store.removeBlobs(listed)).toEqual([]);
      expect(await isThere(store, blob)).toBe(true);
      expect((await ids()).filter((id) => id.startsWith(hashOf(blob)))).toEqual([hashOf(blob)]);
      await store.removeBlobs(await store.listBlobs({ limit: 10 }));
      expect([await isThere(store, blob), await isThere(store, small), await ids(), await fileIds()]).toEqual([false, false, [], []]);
    },
  );

  it('[MG23] T10: leftovers of a broken put are listed as not whole, beside the blob if there is one, and can be removed without harm to it', async () => {
    const [blob, never] = [randomBytes(1_000), randomBytes(1_000)];
    const store = await test.open();
    await store.putBlob(hashOf(blob), blob);
    const stray = { size: null, bytes: new Binary(randomBytes(10)) };
    await documents().insertMany([
      { _id: `${hashOf(blob)}:0`, ...stray },
      { _id: `${hashOf(never)}:0BBBBBBBBBBB:0`, ...stray },
      { _id: `${hashOf(never)}:0BBBBBBBBBBB:1`, ...stray },
    ]);
    const data = new Binary(randomBytes(10));
    await chunks().insertMany([
      { files_id: `${hashOf(blob)}:AAAAAAAAAAAA`, n: 0, data },
      { files_id: `${hashOf(blob)}:AAAAAAAAAAAA`, n: 1, data },
      { files_id: `${hashOf(never)}:CCCCCCCCCCCC`, n: 0, data },
    ]);
    const listed = await store.listBlobs({ limit: 10 });
    expect(listed.filter(({ isWhole }) => isWhole).map(({ hash }) => hash)).toEqual([hashOf(blob)]);
    const left = listed.filter(({ isWhole }) => !isWhole);
    expect(left.map(({ hash }) => hash).sort()).toEqual([hashOf(blob), hashOf(blob), hashOf(never), hashOf(never)].sort());
    expect(await store.getBlob(hashOf(never))).toBeNull();
    expect((await store.removeBlobs(left)).sort()).toEqual([hashOf(blob), hashOf(never)].sort());
    expect([await isThere(store, blob), (await ids()).length, (await fileIds()).length]).toEqual([true, 1, 1]);
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
    expect([(await ids()).length, (await fileIds()).length]).toEqual([1, 1]);
  });

  it('[MG23] T10: puts of one blob by two relays at once leave the bytes of one of them', async () => {
    const stores = [await test.open(), await test.open()];
    for (let round = 0; round < 10; round++) {
      const blob = randomBytes(100);
      await Promise.all([...stores, ...stores].map((store) => store.putBlob(hashOf(blob), blob)));
      expect([await isThere(stores[0]!, blob), (await fileIds()).length]).toEqual([true, round + 1]);
    }
  });

  it('[MG23] a missing or wrong chunk is CORRUPT, and putting the blob again repairs it', async () => {
    const blob = randomBytes(2_500_000);
    const store = await test.open();
    await store.putBlob(hashOf(blob), blob);
    for (const damage of [
      () => chunks().updateOne({ n: 1 }, { $set: { data: new Binary(randomBytes(1024 * 1024)) } }),
      () => chunks().deleteOne({ n: 1 }),
      () => chunks().deleteMany({}),
    ]) {
      await damage();
      await expect(store.getBlob(hashOf(blob))).rejects.toMatchObject({ code: 'CORRUPT' });
      await store.putBlob(hashOf(blob), blob);
      expect(await isThere(store, blob)).toBe(true);
    }
    await chunks().deleteOne({ n: 1 });
    await expect(store.readBlob(hashOf(blob), 1_048_570, 1_048_580)).rejects.toMatchObject({ code: 'CORRUPT' });
    expect(await store.readBlob(hashOf(blob), 0, 1_048_576)).toHaveLength(1_048_576);
  });

  it('[MG24] an upload whose parts are not all there becomes no blob', async () => {
    const blob = randomBytes(3_000);
    const upload = 'a'.repeat(64);
    const store = await test.open();
    for (let at = 0; at < 3_000; at += 1_000) await store.writeUpload(upload, at, blob.subarray(at, at + 1_000));
    await test.db.collection('uploads').deleteOne({ start: 1_000 });
    expect([await store.finishUpload(upload, hashOf(blob)), await store.getBlob(hashOf(blob)), await fileIds()]).toEqual([false, null, []]);
    await store.dropUpload(upload);
    expect([await store.listUploads({ limit: 1 }), await test.db.collection('uploads').countDocuments()]).toEqual([[], 0]);
  });
});
