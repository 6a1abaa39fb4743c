import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BoardId } from '../core/board-id.ts';
import { openImageStore, type ImageStore } from './image-store.ts';

const boardId = 'board-of-tests' as BoardId;
const png = (...bytes: number[]) => ({ type: 'image/png', bytes: Uint8Array.from(bytes) });

beforeEach(() => void vi.stubGlobal('IDBKeyRange', IDBKeyRange));
afterEach(() => void vi.unstubAllGlobals());

/** A browser whose storage can fail to open, or to be read. */
function browser() {
  const factory = new IDBFactory();
  const failing = { open: false, read: false };
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
        return transaction(names, mode, options);
      };
    });
    return request;
  };
  const page = (): ImageStore => openImageStore(boardId, factory, () => clock.ms);
  return { page, failing, clock };
}

describe('the images on this device', () => {
  it('an own image and its refusal are there after a reload, until the server has it', async () => {
    const { page } = browser();
    const first = page();
    await first.add('a', { ...png(1), name: 'a.png' });
    expect(first.isAtRisk).toBe(false);
    await first.refused('a', { code: 'blob_quota', atMs: 5 });
    const second = page();
    expect(await second.waiting()).toEqual([{ hash: 'a', name: 'a.png', refusal: { code: 'blob_quota', atMs: 5 } }]);
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
    expect(await store.waiting()).toEqual([{ hash: 'a', name: 'again.png', refusal: null }]);
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
    expect(await store.waiting()).toEqual([{ hash: 'a', name: 'a.png', refusal: { code: 'blob_type', atMs: 1 } }]);
    expect([await store.get('a'), await store.get('b'), store.isAtRisk, store.isUnread]).toEqual([png(1), null, true, false]);
  });
});
