/** An erased board leaves nothing behind, at whatever moment a relay dies; everything that other boards have stays. */

import { createHash } from 'node:crypto';
import { createMemoryDisk, createMemoryStore, type MemoryDisk, type Store } from '@wetink/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../testing/cluster.ts';
import { drivenStore, Gate } from '../testing/driven-store.ts';
import { pictures } from '../testing/pictures.ts';
import { createBoardBlobs, type BoardBlobs } from './board-blobs.ts';
import { createBoardSweep, LEFT_ALONE_MS, type BoardSweep, type SweepReport } from './board-sweep.ts';

const limits = { maxBlobBytes: 8 * 1024 * 1024, maxBlobPixels: 40_000_000, maxBoardBlobBytes: 256 * 1024 * 1024 };
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const { png, gif, jpeg, webp } = pictures;

/** One relay on the store: its pictures and its sweep. */
class Relay {
  readonly store: Store;
  readonly blobs: BoardBlobs;
  readonly errors: unknown[] = [];
  readonly #sweep: BoardSweep;
  #nowMs = 0;

  constructor(store: Store) {
    this.store = store;
    this.blobs = createBoardBlobs({ store, limits, wallClock: () => 1_000 });
    const forget = async (board: string): Promise<void> => {
      await this.blobs.forget(board);
      const record = await store.records.get(`board/${board}`);
      if (record !== null) await store.records.remove(record.key, record.version);
    };
    this.#sweep = createBoardSweep({
      store,
      blobs: this.blobs,
      forget,
      onError: (error) => this.errors.push(error),
      now: () => this.#nowMs,
    });
  }

  put(board: string, bytes: Uint8Array): ReturnType<BoardBlobs['put']> {
    return this.blobs.put(board, hashOf(bytes), bytes, 'ana');
  }

  async has(board: string, bytes: Uint8Array): Promise<boolean> {
    const found = await this.blobs.get(board, hashOf(bytes));
    return found !== null && hashOf(found.bytes) === hashOf(bytes);
  }

  async erase(board: string): Promise<void> {
    await this.store.remove(board);
    await this.blobs.forget(board);
  }

  sweep(laterMs = 0): Promise<SweepReport> {
    this.#nowMs += laterMs;
    return this.#sweep.run();
  }

  /** Sweeps until nothing is left: two sweeps for work that may be under way, two for what those leave. */
  async sweepAll(): Promise<void> {
    for (let i = 0; i < 4; i++) await this.sweep(LEFT_ALONE_MS);
    expect(this.errors).toEqual([]);
  }
}

let disk: MemoryDisk;
const open = (): Store => createMemoryStore({ disk, writer: `w${(writers += 1)}` });
let writers = 0;

beforeEach(() => (disk = createMemoryDisk()));

const keysOf = async (board: string): Promise<string[]> =>
  (await open().records.list({ prefix: '', limit: 1_000 })).map(({ key }) => key).filter((key) => key.split('/').includes(board));
const bytesLeft = async (): Promise<string[]> => (await open().listBlobs({ limit: 1_000 })).map(({ hash }) => hash);
const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a board that is erased', () => {
  it('[BL4] T10: the pictures of an erased board go with their bytes, except those that another board has', async () => {
    const relay = new Relay(open());
    for (const picture of [png, gif, jpeg]) await relay.put('one', picture);
    for (const picture of [gif, webp]) await relay.put('two', picture);
    await relay.erase('one');
    expect((await bytesLeft()).sort()).toEqual([hashOf(gif), hashOf(webp)].sort());
    expect([await keysOf('one'), await relay.has('two', gif), await relay.has('two', webp)]).toEqual([[], true, true]);
    await relay.erase('two');
    await relay.erase('two');
    expect([await bytesLeft(), await open().records.list({ prefix: '', limit: 10 })]).toEqual([[], []]);
  });

  it('[BL4] T10: a picture of the erased board can be put on another one, before and after the erasure', async () => {
    const relay = new Relay(open());
    await relay.put('one', png);
    await relay.erase('one');
    expect(await relay.put('two', png)).toEqual({ ok: true, isNew: true });
    expect(await relay.has('two', png)).toBe(true);
    expect(await relay.put('one', png)).toEqual({ ok: false, code: 'board_erased' });
    expect([await keysOf('one'), await relay.has('two', png)]).toEqual([[], true]);
  });

  it('[BL4] T10: pictures put before uses were recorded stay as long as a board has them', async () => {
    const old = open();
    const putAsBefore = async (board: string, bytes: Uint8Array): Promise<void> => {
      await old.putBlob(hashOf(bytes), bytes);
      await old.records.put(`blob/${board}/${hashOf(bytes)}`, Buffer.from(JSON.stringify({ type: 'image/png', bytes: 1 })), 0);
    };
    for (const board of ['one', 'two']) await putAsBefore(board, png);
    await putAsBefore('one', gif);
    await old.putBlob(hashOf(webp), webp);
    const relay = new Relay(open());
    await relay.erase('one');
    expect([(await bytesLeft()).sort(), await relay.has('two', png)]).toEqual([[hashOf(png), hashOf(webp)].sort(), true]);
    await relay.sweepAll();
    expect([await bytesLeft(), await relay.has('two', png)]).toEqual([[hashOf(png)], true]);
    await relay.erase('two');
    expect(await bytesLeft()).toEqual([]);
  });

  it('[BL4] T10: an unreadable use does not count as no use', async () => {
    const relay = new Relay(open());
    for (const board of ['one', 'two']) await relay.put(board, png);
    // As a store treats a damaged record: reading it is an error, and lists leave it out.
    const store = open();
    const isDamaged = (key: string): boolean => key === `picture/${hashOf(png)}/two`;
    const corrupt = Object.assign(new Error('damaged'), { code: 'CORRUPT' });
    const { StoreError } = await import('@wetink/storage');
    const damaged: Store = {
      ...store,
      records: {
        ...store.records,
        get: (key) => (isDamaged(key) ? Promise.reject(new StoreError('CORRUPT', 'damaged', { cause: corrupt })) : store.records.get(key)),
        list: async (query) => (await store.records.list(query)).filter(({ key }) => !isDamaged(key)),
      },
    };
    const other = new Relay(damaged);
    await other.erase('one');
    await other.sweepAll();
    expect(await relay.has('two', png)).toBe(true);
  });
});

/** @returns Number of calls that it made, or null when it died before its end. */
async function dying(when: 'before' | 'after', dieAt: number, run: (relay: Relay) => Promise<unknown>): Promise<number | null> {
  const driven = drivenStore(open(), { dieAt, when });
  const running = run(new Relay(driven.store)).then(() => driven.calls());
  return Promise.race([running, turns(60).then(() => null)]);
}

describe.each(['before', 'after'] as const)('a relay that dies %s a call to the store', (when) => {
  it('[BL5] T10: at any call of an erasure, another relay finishes it, and pictures of other boards stay', async () => {
    let calls: number | null = null;
    let dieAt = 0;
    while (calls === null) {
      dieAt += 1;
      disk = createMemoryDisk();
      const first = new Relay(open());
      await first.store.records.put('board/one', Buffer.from('facts'), 0);
      for (const picture of [png, gif]) await first.put('one', picture);
      for (const picture of [gif, webp]) await first.put('two', picture);
      calls = await dying(when, dieAt, (relay) => relay.erase('one'));
      const next = new Relay(open());
      await next.sweepAll();
      const isErased = (await next.store.load('one')).isErased;
      expect(await Promise.all([gif, webp].map((picture) => next.has('two', picture))), `call ${dieAt}`).toEqual([true, true]);
      if (isErased)
        expect([await keysOf('one'), (await bytesLeft()).sort()], `call ${dieAt}`).toEqual([[], [hashOf(gif), hashOf(webp)].sort()]);
      else expect(await Promise.all([png, gif].map((picture) => next.has('one', picture))), `call ${dieAt}`).toEqual([true, true]);
    }
    expect(dieAt).toBeGreaterThan(15);
  });

  it('[BL5] T10: at any call of a put, the picture is there or nothing is left of it in the end, and it can be put again', async () => {
    let calls: number | null = null;
    for (let dieAt = 1; calls === null; dieAt++) {
      disk = createMemoryDisk();
      await new Relay(open()).put('two', gif);
      calls = await dying(when, dieAt, (relay) => relay.put('one', png));
      const next = new Relay(open());
      await next.sweepAll();
      const isThere = await next.has('one', png);
      expect((await bytesLeft()).includes(hashOf(png)), `call ${dieAt}`).toBe(isThere);
      if (!isThere)
        expect(
          (await keysOf('one')).filter((key) => !key.startsWith('blobs/')),
          `call ${dieAt}`,
        ).toEqual([]);
      expect(await next.put('one', png)).toMatchObject({ ok: true });
      await next.sweepAll();
      expect([await next.has('one', png), await next.has('two', gif)], `call ${dieAt}`).toEqual([true, true]);
      await next.erase('one');
      expect([await keysOf('one'), await bytesLeft()], `call ${dieAt}`).toEqual([[], [hashOf(gif)]]);
    }
  });

  it('[BL5] T10: at any call of a put on a board that is erased meanwhile, nothing of it is left', async () => {
    let calls: number | null = null;
    for (let dieAt = 1; calls === null; dieAt++) {
      disk = createMemoryDisk();
      await open().remove('one');
      calls = await dying(when, dieAt, (relay) => relay.put('one', png));
      const next = new Relay(open());
      await next.sweepAll();
      expect([await keysOf('one'), await bytesLeft()], `call ${dieAt}`).toEqual([[], []]);
    }
  });
});

describe('the sweep', () => {
  it('[BL5] T10: a sweep leaves a possible put alone until it has seen it twice, ten minutes apart', async () => {
    const relay = new Relay(open());
    await relay.store.putBlob(hashOf(png), png);
    expect(await relay.sweep()).toMatchObject({ pictures: 0, waiting: 1 });
    expect(await relay.sweep(LEFT_ALONE_MS - 1)).toMatchObject({ pictures: 0, waiting: 1 });
    // Put again meanwhile: seen for the first time.
    await relay.store.putBlob(hashOf(png), png);
    expect(await relay.sweep(1)).toMatchObject({ pictures: 0, waiting: 1 });
    expect(await relay.sweep(LEFT_ALONE_MS)).toEqual({ boards: 0, pictures: 1, bytes: png.length, waiting: 0 });
    expect(await relay.sweep(LEFT_ALONE_MS)).toEqual({ boards: 0, pictures: 0, bytes: 0, waiting: 0 });
    expect(await bytesLeft()).toEqual([]);
  });

  it('[BL5] T10: a sweep ends early when stopped, and a board that cannot be forgotten does not hold up the others', async () => {
    const relay = new Relay(open());
    for (const board of ['one', 'two']) await relay.put(board, png);
    for (const board of ['one', 'two']) await relay.store.remove(board);
    const failing: Store = {
      ...relay.store,
      append: (room, updates) => (room === 'one' ? Promise.reject(new Error('odd')) : relay.store.append(room, updates)),
    };
    const other = new Relay(failing);
    expect(await other.sweep()).toMatchObject({ boards: 1 });
    expect(other.errors.map(String)).toEqual(['Error: odd', 'Error: odd']);
    expect([await keysOf('two'), await bytesLeft()]).toEqual([[], [hashOf(png)]]);
    await relay.sweepAll();
    expect([await keysOf('one'), await bytesLeft()]).toEqual([[], []]);
  });
});

/** Two calls of two relays, each stopped in turn at its calls to the store. */
interface Race {
  prepare(): Promise<void>;
  first(relay: Relay): Promise<unknown>;
  second(relay: Relay): Promise<unknown>;
  /** Calls after which the first dies instead of finishing. */
  firstDiesAfter?: number;
}

/** Result of a race: whether each of the two finished within the calls that it was given at first. */
interface Stops {
  isFirstDone: boolean;
  isSecondDone: boolean;
}

/** Runs the first for `a` calls, the second for `b`, the first to its end, and the second to its end. */
async function race({ prepare, first, second, firstDiesAfter = Infinity }: Race, a: number, b: number): Promise<Stops> {
  disk = createMemoryDisk();
  await prepare();
  const begin = (run: (relay: Relay) => Promise<unknown>): { gate: Gate; running: Promise<unknown>; isDone: boolean } => {
    const gate = new Gate();
    const runner = { gate, running: run(new Relay(drivenStore(open(), { before: gate.enter }).store)), isDone: false };
    void runner.running.then(() => (runner.isDone = true));
    return runner;
  };
  const [one, two] = [begin(first), begin(second)];
  one.gate.let(a);
  await turns(3 * a + 5);
  const isFirstDone = one.isDone;
  two.gate.let(b);
  await turns(3 * b + 5);
  const isSecondDone = two.isDone;
  one.gate.let(Math.min(1_000, firstDiesAfter));
  await (firstDiesAfter === Infinity ? one.running : turns(3 * firstDiesAfter + 5));
  two.gate.let(1_000);
  await two.running;
  return { isFirstDone, isSecondDone };
}

/** More calls than either of them makes. */
const MOST_CALLS = 100;

/**
 * Races the two with every pair of stops, and checks what is left after each. A stop after the end of a run adds
 * nothing, so the calls are counted up only until the run finishes within them.
 */
async function raceAtEveryStop(of: Race, check: (said: string) => Promise<void>): Promise<void> {
  for (let a = 0; ; a++) {
    let isFirstDone = false;
    for (let b = 0; ; b++) {
      const stops = await race(of, a, b);
      await check(`after ${a} and ${b} calls`);
      ({ isFirstDone } = stops);
      if (stops.isSecondDone) break;
      if (b > MOST_CALLS) throw new Error(`the second never ends, ${a} calls into the first`);
    }
    if (isFirstDone) return;
    if (a > MOST_CALLS) throw new Error('the first never ends');
  }
}

describe('one of two relays stops while the other goes on', () => {
  const putOnTwo = (relay: Relay): Promise<unknown> => relay.put('two', png);
  const eraseOne = (relay: Relay): Promise<unknown> => relay.erase('one');
  /** As a relay with a jumping clock would: everything it has seen is old at once. */
  const sweepAtOnce = (relay: Relay): Promise<unknown> => relay.sweepAll();
  const onOne = async (): Promise<void> => void (await new Relay(open()).put('one', png));
  const races: [string, Race][] = [
    [
      'a picture that one relay puts is not removed with the board that the other erases',
      { prepare: onOne, first: putOnTwo, second: eraseOne },
    ],
    [
      'a picture that the other relay puts is not removed with the board that one erases',
      { prepare: onOne, first: eraseOne, second: putOnTwo },
    ],
    ['a put is not taken for one that was left behind', { prepare: () => Promise.resolve(), first: putOnTwo, second: sweepAtOnce }],
    [
      'a put that begins while a sweep is stopped is not taken for one that was left behind',
      { prepare: () => Promise.resolve(), first: sweepAtOnce, second: putOnTwo },
    ],
    ['two relays that put one picture both have it', { prepare: onOne, first: putOnTwo, second: putOnTwo }],
  ];

  it.each(races)('[BL4] [BL5] T10: %s', (_, of) =>
    raceAtEveryStop(of, async (said) => {
      const next = new Relay(open());
      expect(await next.has('two', png), said).toBe(true);
      await next.sweepAll();
      expect(await next.has('two', png), `${said}, swept`).toBe(true);
      await next.erase('two');
      if (of.prepare === onOne) await next.erase('one');
      await next.sweepAll();
      expect([await bytesLeft(), await open().records.list({ prefix: '', limit: 9 })], said).toEqual([[], []]);
    }),
  );

  it('[BL5] T10: a dying put that a sweep takes for abandoned leaves no bytes without a board, and can be repeated', async () => {
    for (let firstDiesAfter = 1; firstDiesAfter <= 3; firstDiesAfter++)
      await raceAtEveryStop({ prepare: () => Promise.resolve(), first: putOnTwo, second: sweepAtOnce, firstDiesAfter }, async (stops) => {
        const next = new Relay(open());
        await next.sweepAll();
        const said = `${firstDiesAfter} calls ${stops}`;
        expect(await bytesLeft(), said).toEqual((await next.has('two', png)) ? [hashOf(png)] : []);
        expect(await next.put('two', png), said).toMatchObject({ ok: true });
        await next.sweepAll();
        expect(await next.has('two', png), said).toBe(true);
      });
  });

  it('[BL4] T10: a put on a board that the other relay erases is refused, or removed with it', async () => {
    const put = (relay: Relay): Promise<unknown> => relay.put('one', gif);
    for (const [first, second] of [
      [put, eraseOne],
      [eraseOne, put],
    ] as const)
      await raceAtEveryStop({ prepare: onOne, first, second }, async (said) => {
        const next = new Relay(open());
        expect([await next.has('one', png), await next.has('one', gif)], said).toEqual([false, false]);
        await next.sweepAll();
        expect([await bytesLeft(), await open().records.list({ prefix: '', limit: 9 })], said).toEqual([[], []]);
      });
  });
});

const SEEDS = 150;

it.each(['right', 'far ahead'])(
  '[BL4] [BL5] T10: two relays that put, erase and sweep at once lose no picture that was put, clock %s',
  async (clock) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      disk = createMemoryDisk();
      const random = seeded(seed);
      const pause = (): Promise<void> => turns(Math.floor(random() * 4));
      const relays = [0, 1].map(() => new Relay(drivenStore(open(), { before: pause, after: pause }).store));
      const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
      const had = new Map<string, Set<Uint8Array>>();
      const erased = new Set<string>();
      const isSane = (outcome: Awaited<ReturnType<Relay['put']>>): boolean => outcome.ok || outcome.code === 'board_erased';
      const one = async (): Promise<void> => {
        const board = pick(['one', 'two', 'three']);
        const relay = pick(relays);
        const roll = random();
        if (roll < 0.6) {
          const picture = pick([png, gif]);
          const outcome = await relay.put(board, picture);
          expect(isSane(outcome), `seed ${seed}: ${JSON.stringify(outcome)}`).toBe(true);
          if (outcome.ok) had.set(board, (had.get(board) ?? new Set()).add(picture));
        } else if (roll < 0.75) {
          erased.add(board);
          await relay.erase(board);
        } else await relay.sweep(clock === 'right' ? 0 : LEFT_ALONE_MS);
      };
      for (let wave = 0; wave < 3; wave++) {
        await Promise.all(Array.from({ length: 5 }, one));
        for (const [board, puts] of had)
          if (!erased.has(board))
            for (const picture of puts) expect(await relays[0]!.has(board, picture), `seed ${seed}, wave ${wave}, ${board}`).toBe(true);
      }
      await relays[0]!.sweepAll();
      const used = new Set([...had].flatMap(([board, puts]) => (erased.has(board) ? [] : [...puts].map(hashOf))));
      expect((await bytesLeft()).sort(), `seed ${seed}`).toEqual([...used].sort());
      for (const board of erased) expect(await keysOf(board), `seed ${seed}`).toEqual([]);
      for (const [board, puts] of had)
        if (!erased.has(board))
          for (const picture of puts) expect(await relays[1]!.has(board, picture), `seed ${seed}, ${board}`).toBe(true);
    }
  },
);
