/** Uploads that cross a drop, another upload of the same file, or the loss of the file; and how many a board may have. */

import { createHash, randomBytes } from 'node:crypto';
import { createMemoryStore, StoreError, type Store } from '@wetink/storage';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../limits/limits.ts';
import { createBoardBlobs, type BoardBlobs } from './board-blobs.ts';
import { MAX_HELD, UPLOAD_KEPT_MS, type UploadOutcome } from './board-uploads.ts';

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const file = randomBytes(2_500);
const address = { board: 'one', userId: 'ana', hash: hashOf(file) };
const part = (offset: number, end = file.length) => ({ offset, length: file.length, bytes: file.subarray(offset, end) });
const createOn = (store: Store, wallClock = (): number => 1_000): BoardBlobs =>
  createBoardBlobs({ store, limits: defaultLimits, wallClock });

async function leftIn(store: Store): Promise<unknown[]> {
  return [...(await store.listUploads({ limit: 10 })), ...(await store.records.list({ prefix: 'upload/', limit: 10 }))];
}

describe('a part that crosses a drop of its upload', () => {
  const drops: readonly [string, (blobs: BoardBlobs) => Promise<unknown>][] = [
    ['its client', ({ uploads }) => uploads.drop(address)],
    ['an erasure', ({ uploads }) => uploads.forget('one')],
    ['the sweep', ({ uploads }) => uploads.sweep(() => false)],
  ];

  it.each(drops)('[BL7] by %s, before its bytes are written: it is refused and leaves nothing', async (_, drop) => {
    const inner = createMemoryStore({ now: () => 1_000 });
    let nowMs = 1_000;
    let beforeWrite = (): Promise<unknown> => Promise.resolve();
    const store: Store = {
      ...inner,
      async writeUpload(...args) {
        await beforeWrite();
        return inner.writeUpload(...args);
      },
    };
    const blobs = createOn(store, () => nowMs);
    beforeWrite = async () => {
      nowMs += 2 * UPLOAD_KEPT_MS;
      await drop(createOn(inner, () => nowMs));
    };
    expect(await blobs.uploads.write(address, part(0, 1_000))).toEqual({ kind: 'refused', code: 'busy' });
    expect(await leftIn(inner)).toEqual([]);
    expect(await blobs.quotas.counted('one', 'ana')).toEqual({ boardBytes: 0, userBytes: 0 });
  });

  it('[BL7] after the drop removed the bytes and before it removes the record: the part goes, too', async () => {
    const inner = createMemoryStore();
    const blobs = createOn(inner);
    await blobs.uploads.write(address, part(0, 1_000));
    let outcome: UploadOutcome | null = null;
    const store: Store = {
      ...inner,
      async dropUpload(upload) {
        await inner.dropUpload(upload);
        outcome ??= await blobs.uploads.write(address, part(0, 1_000));
      },
    };
    await createOn(store).uploads.drop(address);
    expect(outcome).toEqual({ kind: 'held', offset: 1_000 });
    expect(await leftIn(inner)).toEqual([]);
  });
});

describe('an upload of a file that the board has whole by now', () => {
  const requests: readonly [string, (blobs: BoardBlobs) => Promise<unknown>][] = [
    ['the next part', ({ uploads }) => uploads.write(address, part(1_000))],
    ['a question how far it is', ({ uploads }) => uploads.state(address)],
  ];

  it.each(requests)('[BL7] %s drops it with what it counts', async (_, request) => {
    const store = createMemoryStore();
    const blobs = createOn(store);
    await blobs.uploads.write(address, part(0, 1_000));
    expect(await blobs.uploads.write({ ...address, userId: 'ben' }, part(0))).toMatchObject({ kind: 'whole' });
    expect(await request(blobs)).toMatchObject({ kind: 'whole' });
    expect(await leftIn(store)).toEqual([]);
    expect(await blobs.quotas.counted('one', 'ana')).toEqual({ boardBytes: file.length, userBytes: 0 });
  });
});

describe('the number of unfinished uploads', () => {
  it('[BL7] a board with the most of them refuses another and counts nothing; those it has go on, and so do other boards', async () => {
    const { uploads, quotas } = createOn(createMemoryStore());
    const begin = (board: string, number: number): Promise<UploadOutcome> =>
      uploads.write(
        { board, userId: 'ana', hash: hashOf(Buffer.from(String(number))) },
        { offset: 0, length: 2, bytes: file.subarray(0, 1) },
      );
    for (let number = 0; number < MAX_HELD; number++) expect(await begin('one', number)).toEqual({ kind: 'held', offset: 1 });
    expect(await begin('one', MAX_HELD)).toEqual({ kind: 'refused', code: 'busy' });
    expect(await quotas.counted('one', 'ana')).toEqual({ boardBytes: 2 * MAX_HELD, userBytes: 2 * MAX_HELD });
    expect([await begin('one', 0), await begin('two', 0)]).toEqual([
      { kind: 'elsewhere', offset: 1 },
      { kind: 'held', offset: 1 },
    ]);
  });
});

describe('a file whose bytes the store has lost', () => {
  it.each(['lost', 'cut off'])('[BL8] %s: it is not whole, and an upload puts the bytes back, counted once', async (how) => {
    const inner = createMemoryStore();
    let isDamaged = false;
    const store: Store = {
      ...inner,
      async readBlob(hash, start, end) {
        if (!isDamaged) return inner.readBlob(hash, start, end);
        if (how === 'lost') throw new StoreError('CORRUPT', 'no such file');
        return inner.readBlob(hash, Math.min(start, 2_000), Math.min(end, 2_000));
      },
      async finishUpload(upload, hash) {
        const isDone = await inner.finishUpload(upload, hash);
        isDamaged = false;
        return isDone;
      },
    };
    const blobs = createOn(store);
    expect(await blobs.uploads.write(address, part(0))).toEqual({ kind: 'whole', isNew: true });
    isDamaged = true;
    expect(await blobs.uploads.state(address)).toMatchObject({ kind: 'held', offset: 0 });
    expect(await blobs.uploads.write(address, part(0))).toEqual({ kind: 'whole', isNew: false });
    expect(await blobs.uploads.state(address)).toEqual({ kind: 'whole' });
    expect(await leftIn(inner)).toEqual([]);
    expect(await blobs.quotas.counted('one', 'ana')).toEqual({ boardBytes: file.length, userBytes: file.length });
  });

  it('[BL8] an error of the store that is no damage goes to the caller', async () => {
    const inner = createMemoryStore();
    const store: Store = { ...inner, readBlob: () => Promise.reject(new StoreError('UNREACHABLE', 'no answer')) };
    await createOn(inner).uploads.write(address, part(0));
    await expect(createOn(store).uploads.state(address)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });
});
