import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { answerTo, CUSTOM, finished, openDatabase, readAll, UPDATES, type Row } from './database.ts';
import { clocksOf } from './check-update.ts';
import { DeviceCopy } from './device-copy.ts';
import type { DeviceCopyOptions } from './device-copy-options.ts';
import { OPEN_DEADLINE_MS } from './device-timing.ts';
import type { Epoch, KeptRecord } from './device-layout.ts';
import { environmentOf, type Environment } from './environment.ts';
import { eraseOfflineCopy } from './erase.ts';
import { until } from './fixtures/rooms.ts';
import { Ledger } from './ledger.ts';
import { RemoteOrigin } from './replica.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A copy with a document on it, as a room wires them. */
function attach(factory: IDBFactory | undefined, environment: Partial<Environment> = {}, options: Partial<DeviceCopyOptions> = {}) {
  const doc = new Y.Doc();
  const origin = new RemoteOrigin('device');
  const ledger = new Ledger();
  const take = (rows: readonly Uint8Array[]): Promise<number[]> => {
    const broken = rows.flatMap((row, index) => (clocksOf(row) === null ? [index] : []));
    rows.forEach((row, index) => broken.includes(index) || Y.applyUpdate(doc, row, origin));
    return Promise.resolve(broken);
  };
  const copy = new DeviceCopy({
    name: 'board',
    tab: 'tab',
    environment: environmentOf({ indexedDB: factory, ...environment }),
    ledger,
    doc: () => doc,
    onRows: take,
    absorb: take,
    onNewer: () => undefined,
    onWritten: () => undefined,
    onErased: () => undefined,
    onState: () => undefined,
    ...options,
  });
  doc.on('update', (update: Uint8Array, from: unknown) => {
    if (from === origin) return;
    ledger.count('tab');
    copy.append(update, ledger.allMade());
  });
  return { doc, copy, ledger };
}

/** For changes of others, which have no number here. */
const NOBODY = new Map<string, number>();
const NEXT: Epoch = { number: 1, kept: { id: 'x', at: 5, changes: 1, code: 'BAD_UPDATE' } };

function refused(doc: Y.Doc): KeptRecord {
  return { id: 'x', at: 5, changes: 1, code: 'BAD_UPDATE', update: Y.encodeStateAsUpdate(doc) };
}

/** A change of another client. */
function updateOf(key: string, value: unknown = 1): Uint8Array {
  const doc = new Y.Doc();
  doc.getMap('m').set(key, value);
  return Y.encodeStateAsUpdate(doc);
}

async function rows(factory: IDBFactory, store: string): Promise<Row[]> {
  const database = await openDatabase(factory, 'board');
  let all: Row[] = [];
  const transaction = database.transaction(store, 'readonly');
  readAll(transaction.objectStore(store), (found) => (all = found));
  await finished(transaction);
  database.close();
  return all;
}

describe('the copy on the device', () => {
  it('[D1] flushed edits are there on the next visit, in one row per batch', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    await a.copy.load();
    for (let i = 0; i < 300; i++) a.doc.getArray('stroke').push([i]);
    expect(a.copy.isWritten).toBe(false);
    await a.copy.flush();
    expect(a.copy.isWritten).toBe(true);
    expect(await rows(factory, UPDATES)).toHaveLength(1);
    const b = attach(factory);
    await b.copy.load();
    expect(b.doc.getArray('stroke').length).toBe(300);
    expect([b.ledger.made('tab'), b.ledger.settled('tab')]).toEqual([300, 0]);
  });

  it('[D1] edits made before the copy is open, and at close, are written', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    a.doc.getMap('m').set('early', 1);
    await a.copy.load();
    a.doc.getMap('m').set('late', 2);
    await a.copy.close();
    const b = attach(factory);
    await b.copy.load();
    expect(b.doc.getMap('m').toJSON()).toEqual({ early: 1, late: 2 });
  });

  it('[D9] the copy asks the browser to persist it once, when there is something to keep', async () => {
    let asked = 0;
    const a = attach(new IDBFactory(), { persist: () => void asked++ });
    await a.copy.load();
    expect(asked).toBe(0);
    a.doc.getMap('m').set('k', 1);
    a.doc.getMap('m').set('k', 2);
    await a.copy.flush();
    a.doc.getMap('m').set('k', 3);
    await a.copy.close();
    expect(asked).toBe(1);
    let isRefused = false;
    const persist = () => ((isRefused = true), Promise.reject(new DOMException('no', 'SecurityError')));
    vi.stubGlobal('navigator', { storage: { persist } });
    environmentOf().persist();
    await Promise.resolve();
    expect(isRefused).toBe(true);
    for (const lacking of [{}, { storage: {} }, undefined]) {
      vi.stubGlobal('navigator', lacking);
      environmentOf().persist();
    }
  });

  it('[D2] opening the copy again and again adds nothing', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    await a.copy.load();
    a.doc.getMap('m').set('k', 'x'.repeat(10_000));
    await a.copy.close();
    for (let i = 0; i < 20; i++) {
      const again = attach(factory);
      await again.copy.load();
      await again.copy.close();
    }
    expect(await rows(factory, UPDATES)).toHaveLength(1);
  });

  it('[D3] y-indexeddb reads what we wrote, and we read what it wrote', async () => {
    const factory = new IDBFactory();
    vi.stubGlobal('indexedDB', factory);
    const fake = await import('fake-indexeddb');
    vi.stubGlobal('IDBKeyRange', fake.IDBKeyRange);
    const ours = attach(factory);
    await ours.copy.load();
    ours.doc.getMap('m').set('ours', 1);
    await ours.copy.close();
    const doc = new Y.Doc();
    const theirs = new IndexeddbPersistence('board', doc);
    await theirs.whenSynced;
    expect(doc.getMap('m').get('ours')).toBe(1);
    doc.getMap('m').set('theirs', 2);
    await theirs.set('their own key', 1);
    await theirs.destroy();
    const again = attach(factory);
    await again.copy.load();
    expect(again.doc.getMap('m').toJSON()).toEqual({ ours: 1, theirs: 2 });
    await again.copy.compact();
    await again.copy.close();
    expect((await rows(factory, CUSTOM)).map((row) => row.key)).toContain('their own key');
    const last = new Y.Doc();
    const persistence = new IndexeddbPersistence('board', last);
    await persistence.whenSynced;
    expect(last.getMap('m').toJSON()).toEqual({ ours: 1, theirs: 2 });
    await persistence.destroy();
  });

  it('[D4] compaction leaves one row, drops deleted content, and loses no row of another tab', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    const b = attach(factory, {}, { tab: 'other' });
    await Promise.all([a.copy.load(), b.copy.load()]);
    a.doc.getText('t').insert(0, 'x'.repeat(100_000));
    await a.copy.flush();
    a.doc.getText('t').delete(0, 100_000);
    b.doc.getMap('m').set('from b', 1);
    await Promise.all([a.copy.flush(), b.copy.flush()]);
    await Promise.all([a.copy.compact(), b.copy.compact()]);
    const left = await rows(factory, UPDATES);
    expect(left).toHaveLength(1);
    expect((left[0]?.value as Uint8Array).length).toBeLessThan(200);
    const c = attach(factory);
    await c.copy.load();
    expect(c.doc.getMap('m').get('from b')).toBe(1);
  });

  it('[D4] P2: a large copy is rewritten as rows of about 1 MB, in an order in which none waits for a later one', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    await a.copy.load();
    a.doc.transact(() => {
      for (let i = 0; i < 40; i++) a.doc.getMap('m').set(`k${i}`, new Uint8Array(100_000).fill(i));
    });
    await a.copy.flush();
    const b = attach(factory, {}, { tab: 'other' });
    await b.copy.load();
    const compacted = a.copy.compact();
    b.doc.getMap('m').set('k0', 'changed by b meanwhile');
    b.doc.getMap('m').delete('k1');
    await Promise.all([compacted, b.copy.flush()]);
    const left = await rows(factory, UPDATES);
    const sizes = left.map(({ value }) => (value as Uint8Array).byteLength);
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThan(1.2 * 1024 * 1024);
    const doc = new Y.Doc();
    for (const { value } of left) {
      Y.applyUpdate(doc, value as Uint8Array);
      expect(doc.store.pendingStructs).toBe(null);
    }
    expect(doc.getMap('m').size).toBe(39);
    expect(doc.getMap('m').get('k0')).toBe('changed by b meanwhile');
    await Promise.all([a.copy.compact(), b.copy.compact()]);
    const c = attach(factory);
    await c.copy.load();
    expect([...c.doc.getMap('m').keys()].sort()).toEqual([...doc.getMap('m').keys()].sort());
    expect(c.doc.getMap('m').get('k0')).toBe('changed by b meanwhile');
  });

  it('[D1] P2: much that came at once is written as it came, since joining it would freeze the page', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    await a.copy.load();
    for (let i = 0; i < 15; i++) a.copy.appendLater(updateOf(`k${i}`, new Uint8Array(100_000)), NOBODY);
    await a.copy.flush();
    expect(await rows(factory, UPDATES)).toHaveLength(15);
    for (let i = 0; i < 15; i++) a.copy.appendLater(updateOf(`small ${i}`), NOBODY);
    await a.copy.flush();
    expect(await rows(factory, UPDATES)).toHaveLength(16);
    const b = attach(factory);
    await b.copy.load();
    expect(b.doc.getMap('m').size).toBe(30);
  });

  it('[D4] P2: a rewriting while the copy is still being read leaves every row that is not in the document yet', async () => {
    const factory = new IDBFactory();
    const before = attach(factory);
    await before.copy.load();
    for (const key of ['one', 'two']) {
      before.doc.getMap('m').set(key, 1);
      await before.copy.flush();
    }
    await before.copy.close();
    let goOn = (): void => undefined;
    const isReady = new Promise<void>((resolve) => (goOn = resolve));
    let taken: readonly Uint8Array[] = [];
    const onRows = async (rows: readonly Uint8Array[]): Promise<number[]> => {
      taken = rows;
      await isReady; // A large copy on a slow machine.
      return [];
    };
    const during = attach(factory, {}, { tab: 'other', onRows });
    const loaded = during.copy.load();
    await until(() => taken.length > 0);
    // Nothing that is not in the document is counted as if a message with the document had it.
    expect([during.ledger.waiting(), during.copy.hasUnread]).toEqual([0, true]);
    during.doc.getMap('m').set('drawn meanwhile', 1);
    await during.copy.flush();
    await during.copy.compact();
    const after = attach(factory);
    await after.copy.load();
    goOn();
    await loaded;
    expect([during.ledger.made('tab'), during.copy.hasUnread]).toEqual([2, false]);
    expect([...after.doc.getMap('m').keys()].sort()).toEqual(['drawn meanwhile', 'one', 'two']);
  });

  it('[D4] P2: rows that replace others never have the key of an earlier one, which another tab may take for that', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    await a.copy.load();
    const keys = new Set<string>();
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 30; i++) a.doc.getMap('m').set(`${round} ${i}`, new Uint8Array(100_000).fill(i));
      await a.copy.flush();
      await a.copy.compact();
      const now = (await rows(factory, UPDATES)).map(({ key }) => String(key));
      expect(now.length).toBeGreaterThan(2);
      expect(now.filter((key) => keys.has(key))).toEqual([]);
      for (const key of now) keys.add(key);
    }
  });

  it('[D5] a broken row is set aside and everything else is read', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    await a.copy.load();
    a.doc.getMap('m').set('good', 1);
    await a.copy.close();
    const database = await openDatabase(factory, 'board');
    const transaction = database.transaction(UPDATES, 'readwrite');
    for (const bad of [new Uint8Array([1, 1, 255, 255, 255, 255, 7]), new Uint8Array(), 'text', new Uint8Array([1, 2, 3])]) {
      transaction.objectStore(UPDATES).add(bad);
    }
    await finished(transaction);
    database.close();
    const b = attach(factory);
    await b.copy.load();
    expect(b.copy.state).toEqual({ kind: 'persistent' });
    expect(b.doc.getMap('m').get('good')).toBe(1);
    await until(() => b.copy.isWritten);
    await b.copy.close();
    expect(await rows(factory, UPDATES)).toHaveLength(1);
    expect((await rows(factory, CUSTOM)).filter((row) => String(row.key).startsWith('wetink.broken/'))).toHaveLength(4);
  });

  it('[D6] full storage: memory-only, no throw, and all of it is written when there is room again', async () => {
    const factory = new IDBFactory();
    const timers: { task: () => void; delayMs: number }[] = [];
    const schedule = (task: () => void, delayMs: number) => {
      const timer = { task, delayMs };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
    };
    const a = attach(factory, { schedule });
    await a.copy.load();
    const { IDBObjectStore } = await import('fake-indexeddb');
    const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore) {
      const { transaction } = this; // As browsers do: the request is taken, and the transaction aborted with the reason.
      Object.defineProperty(transaction, 'error', { value: new DOMException('full', 'QuotaExceededError') });
      queueMicrotask(() => transaction.abort());
      return {} as IDBRequest<IDBValidKey>;
    });
    expect(() => a.doc.getMap('m').set('one', 1)).not.toThrow();
    await a.copy.flush();
    expect(a.copy.state).toEqual({ kind: 'memory-only', reason: 'full' });
    a.doc.getMap('m').set('two', 2);
    await a.copy.flush();
    expect(a.copy.isWritten).toBe(false);
    full.mockRestore();
    await a.copy.flush();
    expect(a.copy.state).toEqual({ kind: 'persistent' });
    const b = attach(factory);
    await b.copy.load();
    expect(b.doc.getMap('m').toJSON()).toEqual({ one: 1, two: 2 });
  });

  it.each([
    [
      'throws',
      () => {
        throw new DOMException('no', 'SecurityError');
      },
    ],
    [
      'fails',
      () => {
        const request: { onerror: (() => void) | null; error: DOMException } = {
          onerror: null,
          error: new DOMException('private', 'InvalidStateError'),
        };
        setTimeout(() => request.onerror?.());
        return request;
      },
    ],
    ['never answers', () => ({})],
  ])('[D6] storage whose open %s: memory-only, settled, nothing thrown into an edit', async (_title, openFake) => {
    const schedule = (task: () => void, delayMs: number) => {
      const timer = setTimeout(task, delayMs === OPEN_DEADLINE_MS ? 20 : delayMs);
      return () => clearTimeout(timer);
    };
    const a = attach({ open: openFake } as unknown as IDBFactory, { schedule });
    await a.copy.load();
    expect(a.copy.state).toEqual({ kind: 'memory-only', reason: 'blocked' });
    expect(() => a.doc.getMap('m').set('k', 1)).not.toThrow();
    await a.copy.flush();
    await a.copy.close();
  });

  it('[D6] no IndexedDB at all settles at once', async () => {
    const a = attach(undefined);
    await a.copy.load();
    expect(a.copy.state).toEqual({ kind: 'memory-only', reason: 'blocked' });
    await a.copy.close();
  });

  it('[D7] a database erased under us is written again as a whole, not as a document with holes', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    await a.copy.load();
    a.doc.getMap('m').set('before', 1);
    await a.copy.flush();
    await new Promise<void>((resolve, reject) => {
      const request = factory.deleteDatabase('board');
      request.onsuccess = () => resolve();
      request.onerror = () => reject(new Error('not deleted'));
    });
    a.doc.getMap('m').set('after', 2);
    await a.copy.flush();
    expect(a.copy.state).toEqual({ kind: 'persistent' });
    const b = attach(factory);
    await b.copy.load();
    expect(b.doc.getMap('m').toJSON()).toEqual({ before: 1, after: 2 });
  });

  it('[D7] K4: after a copy is erased while it is being read, nothing is called kept before all of it is written again', async () => {
    const factory = new IDBFactory();
    const before = attach(factory);
    await before.copy.load();
    before.doc.getMap('m').set('old', 1);
    await before.copy.close();
    let goOn = (): void => undefined;
    const isReady = new Promise<void>((resolve) => (goOn = resolve));
    let isReading = false;
    const told: string[] = [];
    const onRows = async (): Promise<number[]> => {
      isReading = true;
      await isReady;
      return [];
    };
    const during = attach(factory, {}, { tab: 'other', onRows, onWritten: () => told.push('written') });
    const loaded = during.copy.load();
    await until(() => isReading);
    await answerTo(factory.deleteDatabase('board'));
    during.doc.getMap('m').set('new', 1);
    await during.copy.flush();
    expect([told, during.ledger.isKept(), during.copy.copyOf(1)]).toEqual([[], false, 'writing']);
    goOn();
    await loaded;
    await until(() => during.copy.copyOf(during.ledger.waiting()) === 'kept');
    expect(told).toEqual(['written']);
    await during.copy.close();
  });

  it('[D7] erasing removes the whole copy, also while a room has it open, and throws when the browser refuses', async () => {
    const factory = new IDBFactory();
    vi.stubGlobal('indexedDB', factory);
    const a = attach(factory);
    await a.copy.load();
    a.doc.getMap('m').set('k', 1);
    await a.copy.flush();
    await eraseOfflineCopy('board');
    expect(await factory.databases()).toEqual([]);
    const refusing = {
      deleteDatabase: () => {
        throw new DOMException('no', 'SecurityError');
      },
    };
    vi.stubGlobal('indexedDB', refusing);
    await expect(eraseOfflineCopy('board')).rejects.toThrow('no');
    vi.stubGlobal('indexedDB', undefined);
    await eraseOfflineCopy('board');
  });

  it('[D8] a document set aside is kept, and its successor begins empty', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    await a.copy.load();
    a.doc.getMap('m').set('refused', 1);
    a.ledger.settle(a.ledger.allMade());
    a.copy.replace(NEXT, refused(a.doc));
    await a.copy.flush();
    const b = attach(factory);
    await b.copy.load();
    expect(b.doc.getMap('m').size).toBe(0);
    expect(await b.copy.kept()).toMatchObject([{ id: 'x', at: 5, changes: 1, code: 'BAD_UPDATE' }]);
    await b.copy.discard('x');
    expect(await b.copy.kept()).toEqual([]);
  });

  it('[D8] a tab that gives the document up late takes nothing of its successor, and keeps what others had written', async () => {
    const factory = new IDBFactory();
    const [a, b] = [attach(factory), attach(factory, {}, { tab: 'other' })];
    await Promise.all([a.copy.load(), b.copy.load()]);
    a.doc.getMap('m').set('refused', 1);
    b.doc.getMap('m').set('never heard of', 1);
    await Promise.all([a.copy.flush(), b.copy.flush()]);
    b.copy.replace(NEXT, null); // This tab learns of the refusal before the other tab wrote anything.
    b.copy.append(updateOf('new'), NOBODY);
    await b.copy.flush();
    a.ledger.settle(a.ledger.allMade());
    a.copy.replace(NEXT, refused(a.doc));
    await a.copy.flush();
    a.copy.append(updateOf('newer'), NOBODY);
    await a.copy.flush();
    const c = attach(factory);
    await c.copy.load();
    expect(c.doc.getMap('m').toJSON()).toEqual({ new: 1, newer: 1 });
    const kept = await c.copy.kept();
    expect(kept).toHaveLength(1);
    const old = new Y.Doc();
    Y.applyUpdate(old, kept[0]?.update ?? new Uint8Array());
    expect(old.getMap('m').toJSON()).toEqual({ refused: 1, 'never heard of': 1 });
    expect((await rows(factory, CUSTOM)).map(({ key }) => key)).toEqual(['wetink.copy', 'wetink.epoch', 'wetink.kept/x']);
  });

  it('[D8] K2: an edit handed over at once that comes too late for its document is in the kept copy of that', async () => {
    const factory = new IDBFactory();
    const a = attach(factory);
    const late = attach(factory, {}, { tab: 'other' });
    await Promise.all([a.copy.load(), late.copy.load()]);
    a.doc.getMap('m').set('a', 1);
    await a.copy.flush();
    a.copy.replace(NEXT, refused(a.doc));
    await a.copy.flush();
    late.doc.getMap('m').set('late', 1);
    await until(() => late.copy.isWritten);
    a.copy.append(updateOf('new'), NOBODY);
    await a.copy.flush();
    const kept = await a.copy.kept();
    const doc = new Y.Doc();
    for (const { update } of kept) Y.applyUpdate(doc, update);
    expect([...doc.getMap('m').keys()].sort()).toEqual(['a', 'late']);
  });

  it('[D8] a late row of a document given up is not written, and its tab learns of the new document', async () => {
    const factory = new IDBFactory();
    const told: Epoch[] = [];
    const a = attach(factory);
    const late = attach(factory, {}, { tab: 'other', onNewer: (epoch) => told.push(epoch) });
    await Promise.all([a.copy.load(), late.copy.load()]);
    a.doc.getMap('m').set('refused', 1);
    a.ledger.settle(a.ledger.allMade());
    a.copy.replace(NEXT, refused(a.doc));
    await a.copy.flush();
    late.ledger.count('other');
    late.copy.append(updateOf('late'), new Map([['other', 1]]));
    await late.copy.flush();
    expect(told).toEqual([NEXT]);
    const c = attach(factory);
    await c.copy.load();
    expect(c.doc.getMap('m').size).toBe(0);
    expect(c.ledger.waiting()).toBe(0);
  });
});
