/** Pictures and files that a real board no longer needs, read in a real thread over a data folder on disk. */

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createBoard, type ImageContent } from '@wetink/board';
import { defaultLimits } from '@wetink/relay';
import { createBoardBlobs, createBoardSweep, LEFT_ALONE_MS, type BoardSweep } from '@wetink/relay/access';
import { START, type Store, type StoredRoom } from '@wetink/storage';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bundleRelay, type BundledRelay } from '../testing/bundle.ts';
import { createBlobUsesThread, type BlobUsesThread } from './blob-uses-thread.ts';

const DAY_MS = 24 * 60 * 60_000;
/** One pixel each. */
const gif = Buffer.from('R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAF0lEQVR4AWJ6JnnxPwwzMYDBCyD5ggEAAAD//86swoYAAAAGSURBVAMAqnEKQqO6WF4AAAAASUVORK5CYII=',
  'base64',
);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const image = (bytes: Uint8Array): ImageContent => ({
  hash: hashOf(bytes),
  type: 'image/png',
  width: 1,
  height: 1,
  bytes: bytes.length,
  name: '',
});

let bundle: BundledRelay;
let thread: BlobUsesThread | null = null;
const cleanups: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterEach(async () => {
  await thread?.close();
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
afterAll(() => bundle.dispose());

function startThread(idleMs?: number): BlobUsesThread {
  const entry = pathToFileURL(join(dirname(bundle.script), 'blob-uses-entry.js'));
  return (thread = createBlobUsesThread({ entry, execArgv: [], ...(idleMs === undefined ? {} : { idleMs }) }));
}

const stored = (updates: Uint8Array[]): StoredRoom => ({
  checkpoint: null,
  updates,
  position: START,
  epoch: 0,
  isErased: false,
  quarantined: 0,
  bytes: 0,
});

function draw(doc: Y.Doc, now: () => number) {
  const board = createBoard({ doc, userId: 'ana' as never, now });
  const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' } as const;
  const show = (bytes: Uint8Array) =>
    board.run((edit) => edit.create({ kind: 'image', image: image(bytes), geometry: { x: 0, y: 0, w: 9, h: 9, rotation: 0 }, style }));
  return { board, show };
}

it('[BL9] the thread reads a document of several rows; a hole in it, or rows that are no document, is no answer', async () => {
  const { readUses } = startThread();
  const doc = new Y.Doc();
  const rows: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => rows.push(update));
  const { board, show } = draw(doc, () => 1_790_000_000_000);
  const id = show(png);
  show(gif);
  board.run((edit) => edit.remove([id]));
  const hashes = [hashOf(png), hashOf(gif), '0'.repeat(64)];
  const until = await readUses(stored(rows.map((row) => row.slice())), hashes);
  expect([...(until ?? [])].sort((a, b) => a[1] - b[1])).toEqual([
    [hashOf(png), expect.closeTo(1_790_000_000_000, -3)],
    [hashOf(gif), Infinity],
  ]);
  expect(await readUses(stored(rows.slice(1).map((row) => row.slice())), hashes)).toBeNull();
  expect(await readUses(stored([new Uint8Array([9, 9, 9])]), hashes)).toBeNull();
});

it('[BL9] timers of the relay go on while the thread reads a document of 40 MB; it ends when idle, and starts again', async () => {
  const { readUses } = startThread(50);
  const doc = new Y.Doc();
  for (let i = 0; i < 40; i++) doc.getMap('base').set(`k${i}`, new Uint8Array(1_000_000).fill(i));
  const whole = Y.encodeStateAsUpdate(doc);
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 5);
  const reading = readUses(stored([whole.slice()]), [hashOf(png)]);
  expect(await reading).toEqual(new Map());
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await readUses(stored([]), [])).toEqual(new Map());
});

it('[BL9] a document that takes too long is no answer, and the next one is read by a new thread', async () => {
  const entry = pathToFileURL(join(dirname(bundle.script), 'blob-uses-entry.js'));
  const maxReadMs = (bytes: number): number => (bytes > 1_000_000 ? 1 : 60_000);
  thread = createBlobUsesThread({ entry, execArgv: [], maxReadMs });
  const doc = new Y.Doc();
  for (let i = 0; i < 20; i++) doc.getMap('base').set(`k${i}`, new Uint8Array(1_000_000).fill(i));
  const slow = thread.readUses(stored([Y.encodeStateAsUpdate(doc)]), [hashOf(png)]);
  const next = thread.readUses(stored([]), []);
  expect([await slow, await next]).toEqual([null, new Map()]);
});

it('[BL9] calls under way reject when the thread is closed or cannot start, and a closed one takes no more', async () => {
  const closed = startThread();
  const underWay = closed.readUses(stored([]), []);
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([closed.close(), expect(underWay).rejects.toThrow('ended')]);
  await expect(closed.readUses(stored([]), [])).rejects.toThrow('closed');
  thread = createBlobUsesThread({ entry: new URL('./no-such-file.js', import.meta.url) });
  await expect(thread.readUses(stored([]), [])).rejects.toThrow();
});

it('[BL9] on a data folder, a picture deleted on a real board goes after 30 days; one whose deletion was undone stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-unused-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  let nowMs = 1_790_000_000_000;
  const store: Store = await openLmdbStore({ folder: join(folder, 'data') });
  cleanups.push(() => store.close());
  const doc = new Y.Doc();
  const rows: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => rows.push(update));
  const { board, show } = draw(doc, () => nowMs);
  const save = async (): Promise<void> => void (await store.append('board-one', rows.splice(0)));

  const blobs = createBoardBlobs({ store, limits: defaultLimits, wallClock: () => nowMs });
  const errors: unknown[] = [];
  const sweep: BoardSweep = createBoardSweep({
    store,
    blobs,
    unused: blobs.unused({ store, readUses: startThread().readUses, keptMs: 30 * DAY_MS, onError: (error) => errors.push(error) }),
    forget: (room) => blobs.forget(room),
    onError: (error) => errors.push(error),
    now: () => nowMs + LEFT_ALONE_MS,
  });
  const sweepDaily = async (days: number): Promise<number> => {
    let unused = 0;
    for (let day = 0; day < days; day++) {
      nowMs += DAY_MS;
      unused += (await sweep.run()).unused;
    }
    expect(errors).toEqual([]);
    return unused;
  };

  for (const bytes of [png, gif]) await blobs.put('board-one', hashOf(bytes), bytes, 'ana');
  const first = show(png);
  show(gif);
  await save();
  expect(await sweepDaily(40)).toBe(0);
  board.run((edit) => edit.remove([first]));
  await save();
  expect(await sweepDaily(29)).toBe(0);
  board.undo();
  await save();
  expect(await sweepDaily(40)).toBe(0);
  board.redo();
  await save();
  expect(await sweepDaily(30)).toBe(0);
  expect(await sweepDaily(2)).toBe(1);
  expect([await store.sizeOfBlob(hashOf(png)), await store.sizeOfBlob(hashOf(gif))]).toEqual([null, gif.length]);
});
