/** Pictures and files that no document needs go after 30 days, and nothing else does, whatever relays do at the same time. */

import { StoreError } from '@wetink/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { drivenStore, Gate } from '../testing/driven-store.ts';
import { PictureDisk, turns } from '../testing/picture-disk.ts';
import { hashOf, PictureRelay, UNUSED_MS, type PictureRelayOptions } from '../testing/picture-relay.ts';
import { pictures } from '../testing/pictures.ts';
import { LEFT_ALONE_MS } from './board-sweep.ts';
import { forgetChecks, type ReadUses } from './unused-blobs.ts';

const { png, gif, jpeg } = pictures;
const DAY_MS = 24 * 60 * 60_000;

let disk: PictureDisk;
let nowMs = 0;
beforeEach(() => {
  disk = new PictureDisk(() => nowMs);
  nowMs = 1_000 * DAY_MS;
});

/** In these tests a document is JSON: until when each hash was needed, or null while it is. The newest row counts. */
const readUses: ReadUses = async (stored) => {
  const newest = stored.updates.at(-1);
  if (newest === undefined) return new Map();
  const entries = Object.entries(JSON.parse(Buffer.from(newest).toString()) as Record<string, number | null>);
  return new Map(entries.map(([hash, until]) => [hash, until ?? Infinity]));
};
const options: PictureRelayOptions = { readUses, wallClock: () => nowMs };
const open = (): PictureRelay => new PictureRelay(disk.open(), options);
async function draw(board: string, shown: Record<string, number | null>): Promise<void> {
  await disk.open().append(board, [Buffer.from(JSON.stringify(shown))]);
}
async function sweepDaily(relay: PictureRelay, days: number): Promise<number> {
  let unused = 0;
  for (let day = 0; day < days; day++) {
    nowMs += DAY_MS;
    unused += (await relay.sweep(DAY_MS)).unused;
  }
  expect(relay.errors).toEqual([]);
  return unused;
}

describe('a picture that the document no longer needs', () => {
  it('[BL9] goes after 30 days without it, with its bytes and what it counted; what the document shows stays', async () => {
    const relay = open();
    for (const picture of [png, gif]) await relay.put('board-one', picture);
    await draw('board-one', { [hashOf(gif)]: null });
    expect(await sweepDaily(relay, 30)).toBe(0);
    expect((await disk.bytesLeft()).length).toBe(2);
    expect(await sweepDaily(relay, 1)).toBe(1);
    expect(await disk.bytesLeft()).toEqual([hashOf(gif)]);
    expect(await relay.blobs.quotas.counted('board-one', 'ana')).toEqual({ boardBytes: gif.length, userBytes: gif.length });
    expect((await disk.keysOf('board-one')).filter((key) => key.includes(hashOf(png)))).toEqual([]);
    expect([await sweepDaily(relay, 60), await relay.has('board-one', gif), await relay.has('board-one', png)]).toEqual([0, true, false]);
    expect(await relay.put('board-one', png)).toEqual({ ok: true, isNew: true });
  });

  it('[BL9] stays while it was deleted, undone or replaced less than 30 days ago, however long ago the check first missed it', async () => {
    const relay = open();
    await relay.put('board-one', png);
    await sweepDaily(relay, 29);
    await draw('board-one', { [hashOf(png)]: nowMs });
    expect([await sweepDaily(relay, 29), await relay.blobs.has('board-one', hashOf(png))]).toEqual([0, true]);
    expect(await sweepDaily(relay, 2)).toBe(1);
  });

  it.each([
    ['is shown again', () => draw('board-one', { [hashOf(png)]: null })],
    ['is put again', (relay: PictureRelay) => relay.put('board-one', png)],
    ['is asked for', (relay: PictureRelay) => relay.blobs.open('board-one', hashOf(png))],
    [
      'is about to be uploaded',
      (relay: PictureRelay) => relay.blobs.uploads.state({ board: 'board-one', userId: 'ben', hash: hashOf(png) }),
    ],
  ])('[BL9] is kept for 30 days more when it %s', async (_, keep) => {
    const relay = open();
    await relay.put('board-one', png);
    await sweepDaily(relay, 29);
    await keep(relay);
    await sweepDaily(relay, 1);
    await draw('board-one', {});
    expect(await sweepDaily(relay, 29)).toBe(0);
    expect(await sweepDaily(relay, 3)).toBe(1);
    expect(await disk.bytesLeft()).toEqual([]);
  });

  it('[BL9] is kept for 30 days more when no relay ran for days, since its clients could not come either', async () => {
    const relay = open();
    for (const picture of [png, gif]) await relay.put('board-one', picture);
    await sweepDaily(relay, 10);
    nowMs += 40 * DAY_MS;
    expect([await sweepDaily(relay, 29), (await disk.bytesLeft()).length]).toEqual([0, 2]);
    expect(await sweepDaily(relay, 3)).toBe(2);
  });

  it('[BL9] keeps its bytes while another board needs it', async () => {
    const relay = open();
    for (const board of ['board-one', 'board-two']) await relay.put(board, png);
    await draw('board-two', { [hashOf(png)]: null });
    expect(await sweepDaily(relay, 32)).toBe(1);
    expect([await relay.has('board-one', png), await relay.has('board-two', png)]).toEqual([false, true]);
  });

  it('[BL9] stays when the document cannot be read, or not completely, and for as long as it cannot', async () => {
    let answer: 'null' | 'error' | 'read' = 'null';
    const reading: ReadUses = async (stored, hashes, board) => {
      if (answer === 'error') throw new Error('unreadable');
      return answer === 'null' ? null : readUses(stored, hashes, board);
    };
    const relay = new PictureRelay(disk.open(), { ...options, readUses: reading });
    await relay.put('board-one', png);
    expect(await sweepDaily(relay, 40)).toBe(0);
    answer = 'error';
    for (let day = 0; day < 40; day++) {
      nowMs += DAY_MS;
      expect((await relay.sweep(DAY_MS)).unused).toBe(0);
    }
    expect(relay.errors.length).toBe(40);
    relay.errors.length = 0;
    answer = 'read';
    expect([await sweepDaily(relay, 29), await relay.has('board-one', png)]).toEqual([0, true]);
  });

  it('[BL9] stays while a part of the stored document is missing', async () => {
    const store = disk.open();
    const damaged = { ...store, load: async (room: string) => ({ ...(await store.load(room)), quarantined: 1 }) };
    const relay = new PictureRelay(damaged, options);
    await relay.put('board-one', png);
    expect(await sweepDaily(relay, 40)).toBe(0);
  });

  it.each([
    ['read', 'while'],
    ['looked at again, before its record goes', 'before'],
    ['looked at again, after its record went', 'after'],
  ] as const)('[BL9] stays, and is counted once, when it is shown again while its document is %s', async (_, when) => {
    let isUndoing = false;
    const undo = async (): Promise<void> => {
      if (!isUndoing) return;
      isUndoing = false;
      await draw('board-one', { [hashOf(png)]: null });
    };
    const reading: ReadUses = async (stored, hashes, board) => {
      const answer = await readUses(stored, hashes, board);
      if (when === 'while') await undo();
      return answer;
    };
    const store = disk.open();
    const { put, remove } = store.records;
    store.records.put = async (key, ...rest) => {
      if (when === 'before' && key.startsWith('picture/')) await undo();
      return put(key, ...rest);
    };
    store.records.remove = async (key, version) => {
      if (when === 'after' && key.startsWith('blob/')) await undo();
      return remove(key, version);
    };
    const relay = new PictureRelay(store, { ...options, readUses: reading });
    await relay.put('board-one', png);
    await sweepDaily(relay, 30);
    isUndoing = true;
    expect([await sweepDaily(relay, 1), isUndoing, await relay.has('board-one', png)]).toEqual([0, false, true]);
    expect([await sweepDaily(relay, 60), await relay.has('board-one', png)]).toEqual([0, true]);
    expect(await relay.blobs.quotas.counted('board-one', 'ana')).toEqual({ boardBytes: png.length, userBytes: png.length });
  });

  it('[BL9] is kept for 30 days from the first check of a store that was restored from a backup', async () => {
    const relay = open();
    await relay.put('board-one', png);
    await sweepDaily(relay, 30);
    await forgetChecks(disk.open().records);
    expect([await sweepDaily(relay, 30), await relay.blobs.has('board-one', hashOf(png))]).toEqual([0, true]);
    expect(await sweepDaily(relay, 2)).toBe(1);
  });

  it('[BL9] waits for the next sweep when other relays keep writing its use', async () => {
    const store = disk.open();
    const { put } = store.records;
    let isBusy = false;
    store.records.put = async (key, ...rest) => (isBusy && key.startsWith('picture/') ? null : put(key, ...rest));
    const relay = new PictureRelay(store, options);
    await relay.put('board-one', png);
    await sweepDaily(relay, 30);
    isBusy = true;
    expect([await sweepDaily(relay, 3), await relay.blobs.has('board-one', hashOf(png))]).toEqual([0, true]);
    isBusy = false;
    expect(await sweepDaily(relay, 1)).toBe(1);
  });

  it('[BL9] is returned by a store that takes no writes, marked or not', async () => {
    const relay = open();
    await relay.put('board-one', png);
    await sweepDaily(relay, 3);
    const store = disk.open();
    store.records.put = () => Promise.reject(new StoreError('FULL', 'no space'));
    const full = new PictureRelay(store, options);
    expect(await full.has('board-one', png)).toBe(true);
    const opened = await full.blobs.open('board-one', hashOf(png));
    expect([opened?.type, opened?.size]).toEqual(['image/png', png.length]);
    await expect(full.put('board-one', png)).rejects.toThrow('no space');
  });

  it('[BL9] of an erased board goes with it, and no note of its checks stays', async () => {
    const relay = open();
    await relay.put('board-one', png);
    await sweepDaily(relay, 3);
    expect(await disk.keysOf('board-one')).toContain('unused/board-one');
    await relay.erase('board-one');
    await sweepDaily(relay, 3);
    expect([await disk.keysOf('board-one'), await disk.bytesLeft()]).toEqual([[], []]);
  });
});

describe('the search for unused pictures', () => {
  it('[BL9] reads a document only when it may have changed, a picture was put, or one is due', async () => {
    let readings = 0;
    const relay = new PictureRelay(disk.open(), { ...options, readUses: (...args) => ((readings += 1), readUses(...args)) });
    await relay.put('board-one', png);
    await relay.put('board-one', gif);
    await draw('board-one', { [hashOf(gif)]: null });
    await sweepDaily(relay, 2);
    readings = 0;
    await sweepDaily(relay, 20);
    expect(readings).toBe(0);
    await relay.put('board-one', jpeg);
    await sweepDaily(relay, 1);
    expect(readings).toBe(1);
    await draw('board-one', { [hashOf(gif)]: null, [hashOf(jpeg)]: null });
    await sweepDaily(relay, 2);
    expect(readings).toBe(2);
    await sweepDaily(relay, 10);
    expect([readings, await disk.bytesLeft()]).toEqual([3, [hashOf(gif), hashOf(jpeg)].sort()]);
  });

  it('[BL9] of two relays that sweep at once, one checks a board, and a picture is removed and given back once', async () => {
    let readings = 0;
    const counting: PictureRelayOptions = { ...options, readUses: (...args) => ((readings += 1), readUses(...args)) };
    const relays = [new PictureRelay(disk.open(), counting), new PictureRelay(disk.open(), counting)];
    for (const picture of [png, gif]) await relays[0]!.put('board-one', picture);
    await draw('board-one', { [hashOf(gif)]: null });
    let unused = 0;
    for (let day = 0; day < 33; day++) {
      nowMs += DAY_MS;
      for (const report of await Promise.all(relays.map((relay) => relay.sweep(DAY_MS)))) unused += report.unused;
    }
    expect(unused).toBe(1);
    expect(readings).toBeLessThanOrEqual(3);
    expect(await relays[0]!.blobs.quotas.counted('board-one', 'ana')).toEqual({ boardBytes: gif.length, userBytes: gif.length });
  });

  it('[BL9] a put at any moment of the removal leaves the picture whole, on its board, and counted', async () => {
    let moments = 0;
    for (let calls = 0; ; calls++) {
      disk = new PictureDisk(() => nowMs);
      const other = open();
      await other.put('board-one', png);
      await sweepDaily(other, 30);
      nowMs += DAY_MS;
      const gate = new Gate();
      const driven = drivenStore(disk.open(), { before: gate.enter });
      const sweeping = new PictureRelay(driven.store, options).sweep(DAY_MS);
      gate.let(calls);
      await turns(3 * calls + 10);
      const wasOver = driven.calls() <= calls;
      expect((await other.put('board-one', png)).ok).toBe(true);
      gate.let(Infinity);
      await sweeping;
      expect([calls, await other.has('board-one', png)]).toEqual([calls, true]);
      for (let i = 0; i < 4; i++) await other.sweep(LEFT_ALONE_MS);
      expect([calls, await other.has('board-one', png)]).toEqual([calls, true]);
      expect(await other.blobs.quotas.counted('board-one', 'ana')).toEqual({ boardBytes: png.length, userBytes: png.length });
      if (wasOver) break;
      moments += 1;
    }
    expect(moments).toBeGreaterThan(15);
  });

  it.each(['before', 'after'] as const)(
    '[BL9] a relay that dies %s any call loses nothing that is needed; the next sweeps end its work, and counts are right again',
    async (when) => {
      let deaths = 0;
      for (let dieAt = 1; ; dieAt++) {
        disk = new PictureDisk(() => nowMs);
        const other = open();
        for (const picture of [png, gif]) await other.put('board-one', picture);
        await draw('board-one', { [hashOf(gif)]: null });
        await sweepDaily(other, 30);
        nowMs += DAY_MS;
        const driven = drivenStore(disk.open(), { dieAt, when });
        void new PictureRelay(driven.store, options).sweep(DAY_MS);
        await turns(400);
        const died = driven.calls() >= dieAt;
        await sweepDaily(other, 3);
        for (let i = 0; i < 4; i++) await other.sweep(LEFT_ALONE_MS);
        expect([dieAt, await disk.bytesLeft(), await other.has('board-one', gif)]).toEqual([dieAt, [hashOf(gif)], true]);
        expect((await disk.keysOf('board-one')).filter((key) => key.includes(hashOf(png)))).toEqual([]);
        expect(await other.blobs.quotas.counted('board-one', 'ana')).toEqual({ boardBytes: gif.length, userBytes: gif.length });
        if (!died) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(15);
    },
  );

  it('[BL9] names each board and what went from it, also when a later part of the sweep fails', async () => {
    const removed: unknown[] = [];
    const store = disk.open();
    const relay = new PictureRelay(store, { ...options, onRemoved: (...args) => removed.push(args) });
    for (const picture of [png, gif]) await relay.put('board-one', picture);
    await relay.put('board-two', png);
    await sweepDaily(relay, 30);
    store.listUploads = () => Promise.reject(new StoreError('UNREACHABLE', 'the store is away'));
    nowMs += DAY_MS;
    await expect(relay.sweep(DAY_MS)).rejects.toThrow('away');
    expect(removed).toEqual([
      ['board-one', 2, png.length + gif.length],
      ['board-two', 1, png.length],
    ]);
  });

  it('[BL9] ends early when the relay stops, and marks nothing after that', async () => {
    const relay = open();
    await relay.put('board-one', png);
    nowMs += DAY_MS;
    const { unused } = { unused: relay.blobs.unused({ store: disk.open(), readUses, keptMs: UNUSED_MS, onError: () => undefined }) };
    expect(await unused.run(() => true)).toEqual({ unused: 0, unusedBytes: 0 });
    expect(await disk.keysOf('board-one')).not.toContain('unused/board-one');
  });
});
