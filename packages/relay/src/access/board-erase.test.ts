/** An erased board leaves nothing behind, at whatever moment a relay dies; everything that other boards have stays. */

import { StoreError, type Store } from '@wetink/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { drivenStore } from '../testing/driven-store.ts';
import { PictureDisk, turns } from '../testing/picture-disk.ts';
import { hashOf, PictureRelay } from '../testing/picture-relay.ts';
import { pictures } from '../testing/pictures.ts';
import { createBoardSweep, LEFT_ALONE_MS } from './board-sweep.ts';

const { png, gif, jpeg, webp } = pictures;

let disk: PictureDisk;
beforeEach(() => (disk = new PictureDisk()));

describe('a board that is erased', () => {
  it('[BL4] T10: the pictures of an erased board go with their bytes, except those that another board has', async () => {
    const relay = new PictureRelay(disk.open());
    for (const picture of [png, gif, jpeg]) await relay.put('one', picture);
    for (const picture of [gif, webp]) await relay.put('two', picture);
    await relay.erase('one');
    expect((await disk.bytesLeft()).sort()).toEqual([hashOf(gif), hashOf(webp)].sort());
    expect([await disk.keysOf('one'), await relay.has('two', gif), await relay.has('two', webp)]).toEqual([[], true, true]);
    await relay.erase('two');
    await relay.erase('two');
    expect([await disk.bytesLeft(), await disk.open().records.list({ prefix: '', limit: 10 })]).toEqual([[], []]);
  });

  it('[BL4] T10: a picture of the erased board can be put on another one, before and after the erasure', async () => {
    const relay = new PictureRelay(disk.open());
    await relay.put('one', png);
    await relay.erase('one');
    expect(await relay.put('two', png)).toEqual({ ok: true, isNew: true });
    expect(await relay.has('two', png)).toBe(true);
    expect(await relay.put('one', png)).toEqual({ ok: false, code: 'board_erased' });
    expect([await disk.keysOf('one'), await relay.has('two', png)]).toEqual([[], true]);
  });

  it('[BL4] T10: pictures put before uses were recorded stay as long as a board has them', async () => {
    const old = disk.open();
    const putAsBefore = async (board: string, bytes: Uint8Array): Promise<void> => {
      await old.putBlob(hashOf(bytes), bytes);
      await old.records.put(`blob/${board}/${hashOf(bytes)}`, Buffer.from(JSON.stringify({ type: 'image/png', bytes: 1 })), 0);
    };
    for (const board of ['one', 'two']) await putAsBefore(board, png);
    await putAsBefore('one', gif);
    await old.putBlob(hashOf(webp), webp);
    const relay = new PictureRelay(disk.open());
    await relay.erase('one');
    expect([(await disk.bytesLeft()).sort(), await relay.has('two', png)]).toEqual([[hashOf(png), hashOf(webp)].sort(), true]);
    await relay.sweepAll();
    expect([await disk.bytesLeft(), await relay.has('two', png)]).toEqual([[hashOf(png)], true]);
    await relay.erase('two');
    expect(await disk.bytesLeft()).toEqual([]);
  });

  it('[BL4] T10: an unreadable use does not count as no use', async () => {
    const relay = new PictureRelay(disk.open());
    for (const board of ['one', 'two']) await relay.put(board, png);
    // As a store treats a damaged record: reading it is an error, and lists leave it out.
    const store = disk.open();
    const isDamaged = (key: string): boolean => key === `picture/${hashOf(png)}/two`;
    const corrupt = Object.assign(new Error('damaged'), { code: 'CORRUPT' });
    const damaged: Store = {
      ...store,
      records: {
        ...store.records,
        get: (key) => (isDamaged(key) ? Promise.reject(new StoreError('CORRUPT', 'damaged', { cause: corrupt })) : store.records.get(key)),
        list: async (query) => (await store.records.list(query)).filter(({ key }) => !isDamaged(key)),
      },
    };
    const other = new PictureRelay(damaged);
    await other.erase('one');
    await other.sweepAll();
    expect(await relay.has('two', png)).toBe(true);
  });
});

/** @returns Number of calls that it made, or null when it died before its end. */
async function dying(when: 'before' | 'after', dieAt: number, run: (relay: PictureRelay) => Promise<unknown>): Promise<number | null> {
  const driven = drivenStore(disk.open(), { dieAt, when });
  const running = run(new PictureRelay(driven.store)).then(() => driven.calls());
  return Promise.race([running, turns(60).then(() => null)]);
}

describe.each(['before', 'after'] as const)('a relay that dies %s a call to the store', (when) => {
  it('[BL5] T10: at any call of an erasure, another relay finishes it, and pictures of other boards stay', async () => {
    let calls: number | null = null;
    let dieAt = 0;
    while (calls === null) {
      dieAt += 1;
      disk = new PictureDisk();
      const first = new PictureRelay(disk.open());
      await first.store.records.put('board/one', Buffer.from('facts'), 0);
      for (const picture of [png, gif]) await first.put('one', picture);
      for (const picture of [gif, webp]) await first.put('two', picture);
      calls = await dying(when, dieAt, (relay) => relay.erase('one'));
      const next = new PictureRelay(disk.open());
      await next.sweepAll();
      const isErased = (await next.store.load('one')).isErased;
      expect(await Promise.all([gif, webp].map((picture) => next.has('two', picture))), `call ${dieAt}`).toEqual([true, true]);
      if (isErased)
        expect([await disk.keysOf('one'), (await disk.bytesLeft()).sort()], `call ${dieAt}`).toEqual([
          [],
          [hashOf(gif), hashOf(webp)].sort(),
        ]);
      else expect(await Promise.all([png, gif].map((picture) => next.has('one', picture))), `call ${dieAt}`).toEqual([true, true]);
    }
    expect(dieAt).toBeGreaterThan(15);
  });

  it('[BL5] T10: at any call of a put, the picture is there or nothing is left of it in the end, and it can be put again', async () => {
    let calls: number | null = null;
    for (let dieAt = 1; calls === null; dieAt++) {
      disk = new PictureDisk();
      await new PictureRelay(disk.open()).put('two', gif);
      calls = await dying(when, dieAt, (relay) => relay.put('one', png));
      const next = new PictureRelay(disk.open());
      await next.sweepAll();
      const isThere = await next.has('one', png);
      expect((await disk.bytesLeft()).includes(hashOf(png)), `call ${dieAt}`).toBe(isThere);
      if (!isThere)
        expect(
          (await disk.keysOf('one')).filter((key) => !key.startsWith('blobs/')),
          `call ${dieAt}`,
        ).toEqual([]);
      expect(await next.put('one', png)).toMatchObject({ ok: true });
      await next.sweepAll();
      expect([await next.has('one', png), await next.has('two', gif)], `call ${dieAt}`).toEqual([true, true]);
      await next.erase('one');
      expect([await disk.keysOf('one'), await disk.bytesLeft()], `call ${dieAt}`).toEqual([[], [hashOf(gif)]]);
    }
  });

  it('[BL5] T10: at any call of a put on a board that is erased meanwhile, nothing of it is left', async () => {
    let calls: number | null = null;
    for (let dieAt = 1; calls === null; dieAt++) {
      disk = new PictureDisk();
      await disk.open().remove('one');
      calls = await dying(when, dieAt, (relay) => relay.put('one', png));
      const next = new PictureRelay(disk.open());
      await next.sweepAll();
      expect([await disk.keysOf('one'), await disk.bytesLeft()], `call ${dieAt}`).toEqual([[], []]);
    }
  });
});

describe('the sweep', () => {
  it('[BL5] T10: a sweep leaves a possible put alone until it has seen it twice, ten minutes apart', async () => {
    const relay = new PictureRelay(disk.open());
    await relay.store.putBlob(hashOf(png), png);
    expect(await relay.sweep()).toMatchObject({ pictures: 0, waiting: 1 });
    expect(await relay.sweep(LEFT_ALONE_MS - 1)).toMatchObject({ pictures: 0, waiting: 1 });
    // Put again meanwhile: seen for the first time.
    await relay.store.putBlob(hashOf(png), png);
    expect(await relay.sweep(1)).toMatchObject({ pictures: 0, waiting: 1 });
    expect(await relay.sweep(LEFT_ALONE_MS)).toMatchObject({ boards: 0, pictures: 1, bytes: png.length, uploads: 0, waiting: 0 });
    expect(await relay.sweep(LEFT_ALONE_MS)).toMatchObject({ boards: 0, pictures: 0, bytes: 0, uploads: 0, waiting: 0 });
    expect(await disk.bytesLeft()).toEqual([]);
  });

  it('[BL5] T10: a sweep ends early when stopped, and a board that cannot be forgotten does not hold up the others', async () => {
    const relay = new PictureRelay(disk.open());
    for (const board of ['one', 'two']) await relay.put(board, png);
    for (const board of ['one', 'two']) await relay.store.remove(board);
    const failing: Store = {
      ...relay.store,
      append: (room, updates) => (room === 'one' ? Promise.reject(new Error('odd')) : relay.store.append(room, updates)),
    };
    const other = new PictureRelay(failing);
    expect(await other.sweep()).toMatchObject({ boards: 1 });
    expect(other.errors.map(String)).toEqual(['Error: odd', 'Error: odd']);
    expect([await disk.keysOf('two'), await disk.bytesLeft()]).toEqual([[], [hashOf(png)]]);
    await relay.sweepAll();
    expect([await disk.keysOf('one'), await disk.bytesLeft()]).toEqual([[], []]);
  });
});

it('[AC20] what is kept beside the documents of erased rooms is found by the sweep, also without a record of the board', async () => {
  const store = disk.open();
  for (const room of ['gone', 'here']) await store.append(room, [new Uint8Array([0, 0])]);
  await store.remove('gone');
  const forgotten: string[] = [];
  const sweep = createBoardSweep({
    store,
    blobs: new PictureRelay(store).blobs,
    keptBeside: {
      async *rooms() {
        await Promise.resolve();
        yield* ['gone', 'here'];
      },
    },
    forget: (room) => Promise.resolve(void forgotten.push(room)),
    onError: (error) => expect.unreachable(String(error)),
    now: () => 0,
  });
  expect([(await sweep.run()).boards, forgotten]).toEqual([1, ['gone']]);
});
