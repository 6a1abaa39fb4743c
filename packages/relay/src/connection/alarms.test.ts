import { expect, it } from 'vitest';
import { virtualTime, type VirtualTime } from '../testing/virtual-time.ts';
import { ALARM_SLOT_MS, Alarms, type Sleeper } from './alarms.ts';

/** A sleeper that notes when its alarm rang. */
function sleeper(time: VirtualTime): Sleeper & { rangAtMs: number[] } {
  const rangAtMs: number[] = [];
  return { rangAtMs, rings: () => void rangAtMs.push(time.now()) };
}

/** @returns Alarms on a clock that counts timers. */
function setup(): { time: VirtualTime; alarms: Alarms; open(): number; made(): number } {
  const time = virtualTime();
  let [made, open] = [0, 0];
  const schedule = (fn: () => void, delayMs: number): (() => void) => {
    made += 1;
    open += 1;
    let isOver = false;
    const over = (): void => {
      if (!isOver) open -= 1;
      isOver = true;
    };
    const cancel = time.schedule(() => (over(), fn()), delayMs);
    return () => (over(), cancel());
  };
  return { time, alarms: new Alarms({ now: time.now, schedule }), open: () => open, made: () => made };
}

it('[RI10] every alarm rings once, never before its time and at most a slot after it, with one timer at a time for all', async () => {
  const { time, alarms, open, made } = setup();
  const all = Array.from({ length: 10_000 }, (_, i) => ({ atMs: 7_500 + ((i * 7_919) % 10_000) / 2, ...sleeper(time) }));
  for (const one of all) alarms.set(one, one.atMs);
  expect(open()).toBe(1);
  const before = made();
  await time.advance(20_000);
  const late = all.map(({ atMs, rangAtMs }) => (rangAtMs.length === 1 ? (rangAtMs[0] ?? 0) - atMs : NaN));
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThan(ALARM_SLOT_MS);
  expect(made() - before).toBeLessThanOrEqual(5_000 / ALARM_SLOT_MS + 1);
  expect(open()).toBe(0);
});

it('[RI10] an alarm that was turned off never rings, and the last one takes the timer along', async () => {
  const { time, alarms, open } = setup();
  const [kept, off] = [sleeper(time), sleeper(time)];
  const slots = [alarms.set(kept, 1_000), alarms.set(off, 1_000)];
  alarms.turnOff(off, slots[1] ?? NaN);
  await time.advance(5_000);
  expect([kept.rangAtMs, off.rangAtMs]).toEqual([[1_000], []]);
  alarms.turnOff(off, alarms.set(off, 9_000));
  expect(open()).toBe(0);
});

it('[RI10] an earlier alarm does not wait for a later one, and one set while alarms ring is not lost', async () => {
  const { time, alarms } = setup();
  const [late, early] = [sleeper(time), sleeper(time)];
  alarms.set(late, 60_000);
  const again: Sleeper = { rings: () => void alarms.set(early, time.now()) };
  alarms.set(again, 1_000);
  await time.advance(2_000);
  // Never in the same turn: two that set each other would hold the event loop.
  expect(early.rangAtMs).toEqual([1_000 + ALARM_SLOT_MS]);
  await time.advance(60_000);
  expect(late.rangAtMs).toEqual([60_000]);
});

it('[RI10] an alarm in 90 days rings in 90 days, although timers are shorter', async () => {
  const { time, alarms } = setup();
  const one = sleeper(time);
  alarms.set(one, 90 * 24 * 3_600_000);
  await time.advance(91 * 24 * 3_600_000);
  expect(one.rangAtMs).toEqual([90 * 24 * 3_600_000]);
});

it('[RI10] a sleeper that throws keeps no other from ringing', () => {
  let nowMs = 0;
  const timers: (() => void)[] = [];
  const schedule = (fn: () => void): (() => void) => {
    timers.push(fn);
    return () => undefined;
  };
  const alarms = new Alarms({ now: () => nowMs, schedule });
  const rang: string[] = [];
  const broken = {
    rings: () => {
      throw new Error('bug');
    },
  };
  alarms.set({ rings: () => void rang.push('first') }, 1_000);
  alarms.set(broken, 1_000);
  alarms.set({ rings: () => void rang.push('last') }, 1_000);
  nowMs = 1_000;
  expect(() => timers.pop()?.()).toThrow('bug');
  timers.pop()?.();
  expect(rang).toEqual(['first', 'last']);
});

it('[RI10] after the process was busy, due alarms wait once for answers that have arrived, and not for ever on a busy relay', () => {
  let nowMs = 0;
  let timer: { fn: () => void; delayMs: number } | null = null;
  const schedule = (fn: () => void, delayMs: number): (() => void) => {
    timer = { fn, delayMs };
    return () => (timer = null);
  };
  const alarms = new Alarms({ now: () => nowMs, schedule });
  const rangAtMs: number[] = [];
  alarms.set({ rings: () => void rangAtMs.push(nowMs) }, 1_000);
  /** Every timer is late by this much. */
  const runLate = (lateMs: number): void => {
    const due = timer;
    timer = null;
    nowMs += (due?.delayMs ?? NaN) + lateMs;
    due?.fn();
  };
  runLate(5_000);
  expect(rangAtMs).toEqual([]);
  runLate(5_000);
  expect(rangAtMs).toEqual([12_000]);
});
