/** Two relays that put, erase and sweep pictures at the same time, at every pair of moments, and in random order. */

import { beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../testing/seeded.ts';
import { drivenStore, Gate } from '../testing/driven-store.ts';
import { PictureDisk, turns } from '../testing/picture-disk.ts';
import { hashOf, PictureRelay } from '../testing/picture-relay.ts';
import { pictures } from '../testing/pictures.ts';
import { LEFT_ALONE_MS } from './board-sweep.ts';

const { png, gif } = pictures;

let disk: PictureDisk;
beforeEach(() => (disk = new PictureDisk()));

/** Two calls of two relays, each stopped in turn at its calls to the store. */
interface Race {
  prepare(): Promise<void>;
  first(relay: PictureRelay): Promise<unknown>;
  second(relay: PictureRelay): Promise<unknown>;
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
  disk = new PictureDisk();
  await prepare();
  const begin = (run: (relay: PictureRelay) => Promise<unknown>): { gate: Gate; running: Promise<unknown>; isDone: boolean } => {
    const gate = new Gate();
    const runner = { gate, running: run(new PictureRelay(drivenStore(disk.open(), { before: gate.enter }).store)), isDone: false };
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
  const putOnTwo = (relay: PictureRelay): Promise<unknown> => relay.put('two', png);
  const eraseOne = (relay: PictureRelay): Promise<unknown> => relay.erase('one');
  /** As a relay with a jumping clock would: everything it has seen is old at once. */
  const sweepAtOnce = (relay: PictureRelay): Promise<unknown> => relay.sweepAll();
  const onOne = async (): Promise<void> => void (await new PictureRelay(disk.open()).put('one', png));
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
      const next = new PictureRelay(disk.open());
      expect(await next.has('two', png), said).toBe(true);
      await next.sweepAll();
      expect(await next.has('two', png), `${said}, swept`).toBe(true);
      await next.erase('two');
      if (of.prepare === onOne) await next.erase('one');
      await next.sweepAll();
      expect([await disk.bytesLeft(), await disk.open().records.list({ prefix: '', limit: 9 })], said).toEqual([[], []]);
    }),
  );

  it('[BL5] T10: a dying put that a sweep takes for abandoned leaves no bytes without a board, and can be repeated', async () => {
    for (let firstDiesAfter = 1; firstDiesAfter <= 3; firstDiesAfter++)
      await raceAtEveryStop({ prepare: () => Promise.resolve(), first: putOnTwo, second: sweepAtOnce, firstDiesAfter }, async (stops) => {
        const next = new PictureRelay(disk.open());
        await next.sweepAll();
        const said = `${firstDiesAfter} calls ${stops}`;
        expect(await disk.bytesLeft(), said).toEqual((await next.has('two', png)) ? [hashOf(png)] : []);
        expect(await next.put('two', png), said).toMatchObject({ ok: true });
        await next.sweepAll();
        expect(await next.has('two', png), said).toBe(true);
      });
  });

  it('[BL4] T10: a put on a board that the other relay erases is refused, or removed with it', async () => {
    const put = (relay: PictureRelay): Promise<unknown> => relay.put('one', gif);
    for (const [first, second] of [
      [put, eraseOne],
      [eraseOne, put],
    ] as const)
      await raceAtEveryStop({ prepare: onOne, first, second }, async (said) => {
        const next = new PictureRelay(disk.open());
        expect([await next.has('one', png), await next.has('one', gif)], said).toEqual([false, false]);
        await next.sweepAll();
        expect([await disk.bytesLeft(), await disk.open().records.list({ prefix: '', limit: 9 })], said).toEqual([[], []]);
      });
  });
});

const SEEDS = 150;

it.each(['right', 'far ahead'])(
  '[BL4] [BL5] T10: two relays that put, erase and sweep at once lose no picture that was put, clock %s',
  async (clock) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      disk = new PictureDisk();
      const random = seeded(seed);
      const pause = (): Promise<void> => turns(Math.floor(random() * 4));
      const relays = [0, 1].map(() => new PictureRelay(drivenStore(disk.open(), { before: pause, after: pause }).store));
      const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
      const had = new Map<string, Set<Uint8Array>>();
      const erased = new Set<string>();
      const isSane = (outcome: Awaited<ReturnType<PictureRelay['put']>>): boolean => outcome.ok || outcome.code === 'board_erased';
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
      expect((await disk.bytesLeft()).sort(), `seed ${seed}`).toEqual([...used].sort());
      for (const board of erased) expect(await disk.keysOf(board), `seed ${seed}`).toEqual([]);
      for (const [board, puts] of had)
        if (!erased.has(board))
          for (const picture of puts) expect(await relays[1]!.has(board, picture), `seed ${seed}, ${board}`).toBe(true);
    }
  },
);
