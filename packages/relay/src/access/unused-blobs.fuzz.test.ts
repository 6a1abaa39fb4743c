/** Two relays that put, give, draw and sweep at once for months: nothing goes within `KEPT_MS` of its last need, and the rest does. */

import { expect, it } from 'vitest';
import { drivenStore } from '../testing/driven-store.ts';
import { PictureDisk, turns } from '../testing/picture-disk.ts';
import { hashOf, PictureRelay } from '../testing/picture-relay.ts';
import { pictures } from '../testing/pictures.ts';
import { seeded } from '../testing/seeded.ts';
import { LEFT_ALONE_MS } from './board-sweep.ts';
import type { ReadUses } from './unused-blobs.ts';

const DAY_MS = 24 * 60 * 60_000;
const RUNS = Number(process.env['WETINK_UNUSED_RUNS'] ?? 12);
const STEPS = 80;
/** Short, so that many removals cross with puts. */
const KEPT_MS = 3 * DAY_MS;
const all = Object.values(pictures);
const boards = ['board-one', 'board-two'];

/** A row is JSON: its number, and until when each hash was needed, or null while it is. The highest number counts. */
type Row = readonly [number: number, uses: Readonly<Record<string, number | null>>];

/** Rows of several writers come in no common order. */
const readUses: ReadUses = async (stored) => {
  const rows = stored.updates.map((update) => JSON.parse(Buffer.from(update).toString()) as Row);
  const [, uses = {}] = rows.sort(([a], [b]) => b - a)[0] ?? [];
  const entries = Object.entries(uses);
  return new Map(entries.map(([hash, until]) => [hash, until ?? Infinity]));
};

interface Own {
  board: string;
  bytes: Uint8Array;
  /** Whether the board has it, as far as a client can know. */
  isThere: boolean;
  isShown: boolean;
  /** When it was last shown. */
  shownAt: number | null;
  /** When a client put or got it. */
  toldAt: number;
}

/** Red without the looks at the document before and after a removal. */
const SEEDS_THAT_CROSS = [14, 41, 90];

it.each([...Array.from({ length: RUNS }, (_, i) => i + 1), ...SEEDS_THAT_CROSS])('[BL9] months of two relays, seed %i', async (seed) => {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  let nowMs = 1_000 * DAY_MS;
  const disk = new PictureDisk(() => nowMs);
  const slow = () => drivenStore(disk.open(), { before: () => turns(Math.floor(random() * 4)) }).store;
  const options = { readUses, keptMs: KEPT_MS, wallClock: () => nowMs };
  const relays = [new PictureRelay(slow(), options), new PictureRelay(slow(), options)];
  const owns: Own[] = boards.flatMap((board) =>
    all.map((bytes) => ({ board, bytes, isThere: false, isShown: false, shownAt: null, toldAt: 0 })),
  );
  const log: string[] = [];

  let rows = 0;
  /** One after the other, so that the newest row is that of the last act. */
  let drawn: Promise<void> = Promise.resolve();
  const draw = (relay: PictureRelay, own: Own): Promise<void> => (drawn = drawn.then(() => drawNext(relay, own)));
  const drawNext = async (relay: PictureRelay, own: Own): Promise<void> => {
    const neededAt = own.isShown ? nowMs : Math.max(own.shownAt ?? 0, own.toldAt);
    own.isShown = !own.isShown;
    own.shownAt = nowMs;
    const shown = owns.filter(({ board, shownAt }) => board === own.board && shownAt !== null);
    const document = Object.fromEntries(shown.map(({ bytes, isShown, shownAt }) => [hashOf(bytes), isShown ? null : shownAt]));
    await turns(Math.floor(random() * 100)); // in the middle of a sweep
    await relay.store.append(own.board, [Buffer.from(JSON.stringify([(rows += 1), document] satisfies Row))]);
    // Removed before the document had it; if the record is about to come back, later checks of it are left out.
    if (!own.isThere || (await isWhole(own))) return;
    expect(nowMs - neededAt, log.join('\n')).toBeGreaterThanOrEqual(KEPT_MS);
    own.isThere = false;
  };
  const put = async (relay: PictureRelay, own: Own): Promise<void> => {
    if (!(await relay.put(own.board, own.bytes)).ok) return;
    own.isThere = true;
    own.toldAt = nowMs;
  };
  const get = async (relay: PictureRelay, own: Own): Promise<void> => {
    if ((await relay.blobs.open(own.board, hashOf(own.bytes))) !== null) own.toldAt = nowMs;
  };
  const isWhole = async ({ board, bytes }: Own): Promise<boolean> => {
    const store = disk.open();
    const record = await store.records.get(`blob/${board}/${hashOf(bytes)}`);
    return record !== null && (await store.sizeOfBlob(hashOf(bytes))) === bytes.length;
  };

  for (let step = 0; step < STEPS; step++) {
    const laterMs = pick([60_000, LEFT_ALONE_MS, DAY_MS / 2, DAY_MS, DAY_MS, DAY_MS, DAY_MS, 2 * DAY_MS]);
    nowMs += laterMs;
    // All at once are about one picture, so that they cross.
    const own = pick(owns);
    const acts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const [relay, act] = [pick(relays), pick(['put', 'get', 'draw', 'sweep', 'sweep', 'sweep', 'sweep'])];
      log.push(`${step}: ${act} ${own.board} ${hashOf(own.bytes).slice(0, 4)} at ${(nowMs / DAY_MS).toFixed(2)}`);
      if (act === 'put') return put(relay, own);
      if (act === 'get') return get(relay, own);
      if (act === 'draw') return draw(relay, own);
      return relay.sweep(laterMs);
    });
    await Promise.all(acts);
    for (const own of owns) {
      const neededAt = own.isShown ? nowMs : Math.max(own.shownAt ?? 0, own.toldAt);
      const isThere = await isWhole(own);
      if (own.isThere && !isThere)
        expect(nowMs - neededAt, `${own.board} ${hashOf(own.bytes)}\n${log.join('\n')}`).toBeGreaterThanOrEqual(KEPT_MS);
      own.isThere &&= isThere;
    }
  }
  for (const own of owns) if (own.isShown) await draw(relays[0]!, own);
  for (let day = 0; day < 40; day++) {
    nowMs += DAY_MS;
    for (const relay of relays) await relay.sweep(DAY_MS);
  }
  for (const relay of relays) expect(relay.errors).toEqual([]);
  expect(await disk.bytesLeft()).toEqual([]);
  expect((await disk.open().records.list({ prefix: '', limit: 100 })).map(({ key }) => key)).toEqual(
    boards
      .map((board) => `unused/${board}`)
      .filter((key) => log.some((line) => line.includes(key.slice(7))))
      .sort(),
  );
});
