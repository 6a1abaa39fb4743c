import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BoardId } from '../core/board-id.ts';
import { openImageStore, type ImageStore } from './blob-store.ts';

const boardId = 'board-of-tests' as BoardId;
const png = (...bytes: number[]) => ({ type: 'image/png', bytes: Uint8Array.from(bytes) });

beforeEach(() => void vi.stubGlobal('IDBKeyRange', IDBKeyRange));
afterEach(() => void vi.unstubAllGlobals());

/** A browser whose storage can fail to open, or to be read. */
function browser() {
  const factory = new IDBFactory();
  const failing = { open: false, read: false };
  /** Bytes that fit into the device. */
  const room = { bytes: Infinity };
  const clock = { ms: 0 };
  const open = factory.open.bind(factory);
  factory.open = (...args) => {
    if (failing.open) throw new DOMException('blocked', 'UnknownError');
    const request = open(...args);
    request.addEventListener('success', () => {
      const database = request.result;
      const transaction = database.transaction.bind(database);
      database.transaction = (names, mode, options) => {
        if (failing.read && mode === 'readonly') throw new DOMException('lost', 'UnknownError');
        return limited(transaction(names, mode, options), room);
      };
    });
    return request;
  };
  const page = (board = boardId): ImageStore => openImageStore(board, factory, { now: () => clock.ms, maxKeptBytes: 100 });
  return { page, failing, room, clock };
}

/** Aborts a transaction after which the images would have more bytes than there is room for, as a full browser does. */
function limited(transaction: IDBTransaction, room: { bytes: number }): IDBTransaction {
  const objectStore = transaction.objectStore.bind(transaction);
  transaction.objectStore = (name) => {
    const store = objectStore(name);
    const put = store.put.bind(store);
    if (name !== 'images') return store;
    store.put = (value: { bytes: Uint8Array }, key) => {
      const request = put(value, key);
      const all = store.getAll() as IDBRequest<{ bytes: Uint8Array }[]>;
      all.onsuccess = () => {
        if (all.result.reduce((sum, { bytes }) => sum + bytes.length, 0) <= room.bytes) return;
        Object.defineProperty(transaction, 'error', { value: new DOMException('full', 'QuotaExceededError') });
        transaction.abort();
      };
      return request;
    };
    return store;
  };
  return transaction;
}

const sized = (bytes: number) => ({ type: 'image/png', bytes: new Uint8Array(bytes) });

describe('the images on this device', () => {
  it('an own image and its refusal are there after a reload, until the server has it', async () => {
    const { page } = browser();
    const first = page();
    await first.add('a', { ...png(1), name: 'a.png' });
    expect(first.isAtRisk).toBe(false);
    await first.refused('a', { code: 'blob_quota', atMs: 5 });
    const second = page();
    expect(await second.waiting()).toEqual([{ hash: 'a', name: 'a.png', refusal: { code: 'blob_quota', atMs: 5 }, isPaused: false }]);
    await second.sent('a');
    const third = page();
    expect([await third.waiting(), await third.get('a')]).toEqual([[], png(1)]);
  });

  it('an image that was refused and is added again waits like a new one', async () => {
    const { page } = browser();
    const store = page();
    await store.add('a', { ...png(1), name: 'a.png' });
    await store.refused('a', { code: 'blob_quota', atMs: 5 });
    await store.add('a', { ...png(1), name: 'again.png' });
    expect(await store.waiting()).toEqual([{ hash: 'a', name: 'again.png', refusal: null, isPaused: false }]);
  });

  it('a pause, and a refusal, of one tab hold in the other, also when that one has said something else before', async () => {
    const { page } = browser();
    const [first, second] = [page(), page()];
    await first.add('a', { ...png(1), name: 'a.png' });
    await first.setPaused('a', true);
    await first.setPaused('a', false);
    await first.refused('a', null);
    await second.setPaused('a', true);
    await second.refused('a', { code: 'blob_quota', atMs: 5 });
    expect(await first.waiting()).toMatchObject([{ isPaused: true, refusal: { code: 'blob_quota' } }]);
    await first.setPaused('a', false);
    await first.refused('a', null);
    expect(await second.waiting()).toMatchObject([{ isPaused: false, refusal: null }]);
  });

  it('a pause holds while the device can’t be read', async () => {
    const { page, failing } = browser();
    const store = page();
    await store.add('a', { ...png(1), name: 'a.png' });
    await store.waiting();
    await store.setPaused('a', true);
    failing.read = true;
    expect(await store.waiting()).toMatchObject([{ isPaused: true }]);
  });

  it('a refusal of an image that another tab has sent meanwhile does not make it wait again', async () => {
    const { page } = browser();
    const [first, second] = [page(), page()];
    await first.add('a', { ...png(1), name: 'a.png' });
    await second.sent('a');
    await first.refused('a', { code: 'blob_quota', atMs: 5 });
    expect(await second.waiting()).toEqual([]);
  });

  it('a failed read is an error, not an image that is missing, and what was known to wait still does', async () => {
    const { page, failing } = browser();
    const store = page();
    await store.add('a', { ...png(1), name: 'a.png' });
    await store.waiting();
    failing.read = true;
    await expect(store.get('a')).rejects.toThrow('lost');
    expect([(await store.waiting()).map(({ hash }) => hash), store.isUnread]).toEqual([['a'], true]);
    failing.read = false;
    expect([await store.get('a'), await store.get('b'), (await store.waiting()).length, store.isUnread]).toEqual([png(1), null, 1, false]);
  });

  it('storage that failed to open is opened later; until then an own image is in memory, at risk', async () => {
    const { page, failing, clock } = browser();
    await page().add('old', { ...png(1), name: 'old.png' });
    const store = page();
    failing.open = true;
    await expect(store.get('old')).rejects.toThrow('does not open');
    await store.add('new', { ...png(2), name: 'new.png' });
    expect([await store.get('new'), store.isAtRisk]).toEqual([png(2), true]);
    expect([(await store.waiting()).map(({ hash }) => hash), store.isUnread]).toEqual([['new'], true]);
    failing.open = false;
    clock.ms += 30_000;
    expect(await store.get('old')).toEqual(png(1));
    expect([(await store.waiting()).map(({ hash }) => hash), store.isUnread]).toEqual([['old', 'new'], false]);
    await store.sent('new');
    expect(store.isAtRisk).toBe(false);
  });

  it('a browser without storage has them in memory, and nothing there is unread', async () => {
    const store = openImageStore(boardId, null);
    await store.add('a', { ...png(1), name: 'a.png' });
    await store.refused('a', { code: 'blob_type', atMs: 1 });
    expect(await store.waiting()).toEqual([{ hash: 'a', name: 'a.png', refusal: { code: 'blob_type', atMs: 1 }, isPaused: false }]);
    expect([await store.get('a'), await store.get('b'), store.isAtRisk, store.isUnread]).toEqual([png(1), null, true, false]);
  });

  it('images of all boards that can be fetched again have a limit: those shown longest ago go, never one that waits', async () => {
    const { page, clock } = browser();
    const [store, other] = [page(), page('another-board' as BoardId)];
    await store.add('own', { ...sized(90), name: 'own.png' });
    const keep = (where: ImageStore, hash: string): Promise<void> => ((clock.ms += 1), where.keep(hash, sized(40)));
    await keep(other, 'a');
    await keep(store, 'b');
    clock.ms += 1;
    await page('another-board' as BoardId).get('a');
    await keep(store, 'c');
    const there = await Promise.all([store.has('own'), other.has('a'), store.has('b'), store.has('c')]);
    expect(there).toEqual([true, true, false, true]);
    // Once the server has it, it is like any other, and was shown longest ago.
    await store.sent('own');
    await keep(store, 'd');
    expect([await store.has('own'), await store.has('d')]).toEqual([false, true]);
  });

  it('on a full device an own image takes the room of those that can be fetched again, but not of one that waits', async () => {
    const { page, room, clock } = browser();
    const store = page();
    await store.add('own', { ...sized(40), name: 'own.png' });
    for (const hash of ['a', 'b']) {
      clock.ms += 1;
      await store.keep(hash, sized(30));
    }
    room.bytes = 100;
    await store.add('small', { ...sized(20), name: 'small.png' });
    expect(await Promise.all(['own', 'a', 'b', 'small'].map((hash) => store.has(hash)))).toEqual([true, false, true, true]);
    await store.add('large', { ...sized(40), name: 'large.png' });
    expect(await Promise.all(['own', 'b', 'small', 'large'].map((hash) => store.has(hash)))).toEqual([true, false, true, true]);
    await expect(store.add('more', { ...sized(20), name: 'more.png' })).rejects.toThrow('full');
    expect((await store.waiting()).map(({ hash }) => hash)).toEqual(['large', 'own', 'small']);
  });

  it('a database of version 1, without sizes, is taken over', async () => {
    const factory = new IDBFactory();
    await new Promise<void>((resolve) => {
      const request = factory.open('wetink.images', 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore('images').put(png(7), `${boardId}/a`);
        request.result.createObjectStore('waiting').put({ hash: 'a', name: 'a.png' }, `${boardId}/a`);
      };
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
    const store = openImageStore(boardId, factory);
    expect([await store.get('a'), await store.waiting()]).toEqual([png(7), [{ hash: 'a', name: 'a.png', refusal: null, isPaused: false }]]);
  });
});
