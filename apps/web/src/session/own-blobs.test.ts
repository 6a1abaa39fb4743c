import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BoardId } from '../core/board-id.ts';
import { openFileStore, openImageStore } from './blob-store.ts';
import { savedBoard } from './fixtures/saved-board.ts';
import { OwnBlobs } from './own-blobs.ts';

const boardId = 'board-of-tests' as BoardId;
const DAY_MS = 24 * 60 * 60_000;

beforeEach(() => void vi.stubGlobal('IDBKeyRange', IDBKeyRange));
afterEach(() => void vi.unstubAllGlobals());

/** A device, and a server that has the images named. Waits are over at once. */
function world(...onServer: string[]) {
  const factory = new IDBFactory();
  const clock = { ms: 1_000 };
  const store = openImageStore(boardId, factory, { now: () => clock.ms });
  const server = { has: new Set(onServer), asked: [] as string[], isReachable: true };
  const shown = new Set<string>();
  const session = savedBoard();
  const changes = new Set<() => void>();
  let waiting = 0;
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  /** Opens the board, lets it work, and closes it. */
  const visit = async ({ mayEdit = true, during = async () => undefined as unknown } = {}): Promise<void> => {
    const own = new OwnBlobs({
      store,
      session,
      shown: { hashes: () => shown, onChange: (run) => (changes.add(run), () => changes.delete(run)) },
      has(hash) {
        server.asked.push(hash);
        return Promise.resolve(server.isReachable ? server.has.has(hash) : null);
      },
      onWaiting: () => (waiting += 1),
      onWake: () => () => undefined,
      schedule(run) {
        const timer = setTimeout(run);
        return () => clearTimeout(timer);
      },
      now: () => clock.ms,
    });
    if (mayEdit) own.mayEdit();
    await settle();
    await during();
    await settle();
    own.close();
  };
  const add = (hash: string) => store.add(hash, { type: 'image/png', bytes: Uint8Array.of(1), name: `${hash}.png` });
  const waits = async () => (await store.waiting()).map(({ hash }) => hash);
  const change = (): void => changes.forEach((run) => run());
  return { factory, store, clock, server, shown, session, visit, add, waits, change, wakes: () => waiting };
}

describe('own images and files that nothing needs', () => {
  it('one that waits and is on the board in two visits a day apart neither time leaves the device', async () => {
    const { store, clock, shown, visit, add, waits } = world();
    for (const hash of ['gone', 'shown']) await add(hash);
    shown.add('shown');
    await visit();
    expect(await waits()).toEqual(['gone', 'shown']);
    clock.ms += DAY_MS - 1;
    await visit();
    expect(await store.has('gone')).toBe(true);
    clock.ms += 1;
    await visit();
    expect([await waits(), await store.has('gone'), await store.has('shown')]).toEqual([['shown'], false, true]);
  });

  it('one that was on the board again in between, or was added again, stays for another day', async () => {
    const { store, clock, shown, visit, add } = world();
    for (const hash of ['undone', 'added']) await add(hash);
    await visit();
    shown.add('undone');
    await visit();
    shown.delete('undone');
    await add('added');
    clock.ms += DAY_MS;
    await visit();
    expect([await store.has('undone'), await store.has('added')]).toEqual([true, true]);
    clock.ms += DAY_MS;
    await visit();
    expect([await store.has('undone'), await store.has('added')]).toEqual([false, false]);
  });

  it.each<[string, (session: ReturnType<typeof savedBoard>) => unknown]>([
    ['the board is not whole', (session) => (session.isWhole = false)],
    ['the server lacks changes', (session) => (session.room.status = { kind: 'sending' })],
    ['an undo could show it', (session) => (session.board.canUndo = true)],
    ['a redo could show it', (session) => (session.board.canRedo = true)],
    ['a kept copy could show it', (session) => (session.copies = 1)],
    ['kept copies can’t be read', (session) => (session.room.keptCopies = () => Promise.reject(new Error('lost')))],
  ])('nothing is deleted while %s', async (_, make) => {
    const { store, clock, session, visit, add } = world();
    await add('a');
    await visit();
    clock.ms += 2 * DAY_MS;
    make(session);
    await visit();
    expect(await store.has('a')).toBe(true);
    Object.assign(session, savedBoard());
    await visit();
    expect(await store.has('a')).toBe(false);
  });

  it('files are left to the store of files, and other boards to themselves', async () => {
    const { factory, clock, visit, waits } = world();
    const files = openFileStore(boardId, factory, { now: () => clock.ms });
    const others = openImageStore('another' as BoardId, factory, { now: () => clock.ms });
    await files.add('f', { type: '', bytes: new Blob(['1']), name: 'f.txt' });
    await others.add('o', { type: 'image/png', bytes: Uint8Array.of(1), name: 'o.png' });
    await visit();
    clock.ms += DAY_MS;
    await visit();
    expect([await files.has('f'), await others.has('o'), await waits()]).toEqual([true, true, []]);
  });
});

describe('own images that the server had', () => {
  it('one that the board shows again after a month is sent again when the server has it no longer', async () => {
    const { store, clock, server, shown, visit, add, waits, wakes, change } = world('kept');
    for (const hash of ['kept', 'lost', 'hidden']) {
      await add(hash);
      await store.sent(hash);
    }
    clock.ms += 31 * DAY_MS;
    shown.add('kept');
    await visit({
      during: async () => {
        expect(server.asked).toEqual(['kept']);
        shown.add('lost');
        change();
      },
    });
    expect([server.asked, await waits(), wakes()]).toEqual([['kept', 'lost'], ['lost'], 1]);
    expect(await store.waiting()).toEqual([{ hash: 'lost', name: 'lost.png', refusal: null, isPaused: false }]);
    // Use of the bytes does not make the device forget when the server was last asked.
    await store.get('kept');
    await visit();
    expect(server.asked).toEqual(['kept', 'lost']);
  });

  it('the server is not asked within two weeks, for images of others, or by a viewer, and again later when it can’t answer', async () => {
    const { store, clock, server, shown, visit, add } = world();
    await add('a');
    await store.sent('a');
    await store.keep('other', { type: 'image/png', bytes: Uint8Array.of(2) });
    for (const hash of ['a', 'other']) shown.add(hash);
    clock.ms += 13 * DAY_MS;
    await visit();
    clock.ms += DAY_MS;
    await visit({ mayEdit: false });
    expect(server.asked).toEqual([]);
    server.isReachable = false;
    await visit();
    await visit();
    expect([server.asked, await store.waiting()]).toEqual([['a', 'a'], []]);
  });

  it('one whose bytes the device has no longer does not wait', async () => {
    const { store, add, waits } = world();
    await add('a');
    await store.sent('a');
    const own = await store.own();
    await store.erase();
    for (const one of own) await store.sendAgain(one);
    expect([own.length, await waits()]).toEqual([1, []]);
  });
});
