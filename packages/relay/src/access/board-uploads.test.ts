/** Uploads of boards: dropped after a day, and a relay that dies at any call of the store loses no file and no count. */

import { createHash, randomBytes } from 'node:crypto';
import { createMemoryDisk, createMemoryStore, type Store } from '@wetink/storage';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../limits/limits.ts';
import { drivenStore } from '../testing/driven-store.ts';
import { createBoardBlobs, type BoardBlobs } from './board-blobs.ts';
import { UPLOAD_KEPT_MS } from './board-uploads.ts';

const MIB = 1024 * 1024;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const file = randomBytes(2_500);
const address = { board: 'one', userId: 'ana', hash: hashOf(file) };

function createOn(store: Store, wallClock = (): number => 1_000): BoardBlobs {
  return createBoardBlobs({ store, limits: defaultLimits, wallClock });
}

/** Sends the file as a client does, from wherever the relay says. @returns How it ended. */
async function send({ uploads }: BoardBlobs): Promise<'whole' | 'refused' | 'stuck'> {
  for (let offset = 0, parts = 0; parts < 20; parts++) {
    const outcome = await uploads.write(address, { offset, length: file.length, bytes: file.subarray(offset, offset + 1_000) });
    if (outcome.kind === 'whole' || outcome.kind === 'refused') return outcome.kind;
    offset = outcome.offset;
  }
  return 'stuck';
}

describe('uploads that were not continued', () => {
  it('[BL6] are dropped by the sweep after 24 hours, not earlier, and give their bytes back', async () => {
    let now = 1_000;
    const disk = createMemoryDisk();
    const store = createMemoryStore({ disk, now: () => now });
    const blobs = createOn(store, () => now);
    const never = (): boolean => false;
    await blobs.uploads.write(address, { offset: 0, length: file.length, bytes: file.subarray(0, 1_000) });
    now += UPLOAD_KEPT_MS - 1;
    expect(await blobs.uploads.sweep(never)).toBe(0);
    await blobs.uploads.write(address, { offset: 1_000, length: file.length, bytes: file.subarray(1_000, 1_001) });
    now += UPLOAD_KEPT_MS - 1;
    expect(await blobs.uploads.sweep(never)).toBe(0);
    expect(await blobs.uploads.state(address)).toEqual({ kind: 'held', offset: 1_001, length: file.length });
    // Bytes without a record, as a crash leaves them.
    await store.writeUpload('f'.repeat(64), 0, file);
    now += 2;
    expect(await blobs.uploads.sweep(never)).toBe(1);
    expect(await blobs.quotas.counted('one', 'ana')).toEqual({ boardBytes: 0, userBytes: 0 });
    now += UPLOAD_KEPT_MS;
    expect(await blobs.uploads.sweep(never)).toBe(1);
    expect([await store.listUploads({ limit: 1 }), await store.records.list({ prefix: '', limit: 1 })]).toEqual([[], []]);
  });

  it('[BL6] an upload of a file that is whole is never dropped with the file', async () => {
    const store = createMemoryStore();
    const blobs = createOn(store, () => 3 * UPLOAD_KEPT_MS + Date.now());
    expect(await send(blobs)).toBe('whole');
    expect(await blobs.uploads.sweep(() => false)).toBe(0);
    expect((await blobs.get('one', address.hash))?.bytes.length).toBe(file.length);
    await blobs.uploads.drop(address);
    expect(await blobs.quotas.counted('one', 'ana')).toEqual({ boardBytes: file.length, userBytes: file.length });
  });
});

describe('a relay that dies during an upload', () => {
  it('[BL6] with all bytes held and no blob yet: the next part, whichever it is, completes the file', async () => {
    for (const offset of [0, 1_000, file.length - 1]) {
      const disk = createMemoryDisk();
      const store = createMemoryStore({ disk });
      const dying = createOn({ ...store, finishUpload: () => new Promise(() => undefined) });
      void send(dying);
      await expect
        .poll(async () => (await store.uploadedBytes((await store.listUploads({ limit: 1 }))[0]?.upload ?? 'f'.repeat(64))) ?? 0)
        .toBe(file.length);
      await new Promise((resolve) => setTimeout(resolve, 20));
      // The quotas have no room for the file a second time.
      const limits = { ...defaultLimits, maxBoardBlobBytes: 1.5 * file.length, maxUserBlobBytes: 1.5 * file.length };
      const next = createBoardBlobs({ store: createMemoryStore({ disk }), limits, wallClock: () => 1_000 });
      expect(await next.uploads.state(address)).toMatchObject({ kind: 'held', offset: file.length });
      const bytes = file.subarray(offset, offset + 1_000);
      expect(await next.uploads.write(address, { offset, length: file.length, bytes })).toEqual({ kind: 'whole', isNew: true });
      expect((await next.get('one', address.hash))?.bytes.length).toBe(file.length);
    }
  });

  it.each(['before', 'after'] as const)(
    '[BL6] %s any call of the store: the upload goes on, ends whole, and its counts are not too low',
    async (when) => {
      let deaths = 0;
      for (let dieAt = 1; ; dieAt++) {
        const disk = createMemoryDisk();
        const dying = drivenStore(createMemoryStore({ disk, writer: 'a' }), { dieAt, when });
        let hasSent = false;
        void send(createOn(dying.store)).then(() => (hasSent = true));
        await untilStill(dying);
        const isDead = !hasSent;
        const store = createMemoryStore({ disk, writer: 'b' });
        const blobs = createOn(store);
        const state = await blobs.uploads.state(address);
        expect(await send(blobs), `call ${dieAt}`).toBe('whole');
        expect(hashOf((await blobs.get('one', address.hash))!.bytes), `call ${dieAt}`).toBe(address.hash);
        const { boardBytes, userBytes } = await blobs.quotas.counted('one', 'ana');
        expect([boardBytes >= file.length, userBytes >= file.length], `call ${dieAt}, ${JSON.stringify(state)}`).toEqual([true, true]);
        expect(boardBytes % file.length).toBe(0);
        if (!isDead) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(20);
    },
  );

  it('[BL6] uploads of an erased board go, and those of another board with the same file stay', async () => {
    const store = createMemoryStore();
    const blobs = createOn(store);
    for (const board of ['one', 'two']) await blobs.uploads.write({ ...address, board }, { offset: 0, length: MIB, bytes: file });
    await blobs.uploads.forget('one');
    expect(await blobs.uploads.state({ ...address, board: 'two' })).toMatchObject({ offset: file.length });
    expect(await blobs.quotas.counted('one', 'ana')).toEqual({ boardBytes: 0, userBytes: MIB });
  });
});

/** Resolves when the relay has made no call for some turns of the event loop. */
async function untilStill({ calls }: { calls(): number }): Promise<void> {
  for (let turns = 0, before = -1; turns < 20; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (calls() !== before) [turns, before] = [0, calls()];
  }
}
