import type { WetMessage } from '@wetink/sync';
import { expect, it } from 'vitest';
import { arrivalsOf } from './arrivals.ts';
import { joinedRooms } from './fixtures/joined-rooms.ts';

const hash = 'ab'.repeat(32);

it('the page of another person learns which bytes have arrived, until it stops listening', () => {
  const [here, there] = joinedRooms();
  const told: boolean[][] = [];
  const stop = arrivalsOf(there).onArrival((isIt) => told.push([isIt(hash), isIt('0'.repeat(64))]));
  arrivalsOf(here).tell(hash);
  stop();
  arrivalsOf(here).tell(hash);
  expect(told).toEqual([[true, false]]);
});

it('to a client that does not know it, an arrival is a gesture that was abandoned', () => {
  const [here, there] = joinedRooms();
  const got: Omit<WetMessage, 'clientId'>[] = [];
  there.onWet((message) => got.push(message));
  arrivalsOf(here).tell(hash);
  expect(got).toMatchObject([{ isEnd: true, payload: new Uint8Array(0) }]);
});

it('wet ink of people who draw, and marks without a hash, are no arrivals', () => {
  const [here, there] = joinedRooms();
  let told = 0;
  arrivalsOf(there).onArrival(() => (told += 1));
  for (const gesture of ['has.', 'has.zz', `has.${'AB'.repeat(16)}`, `has.${hash}`, 'session1.4', ''])
    here.sendWet({ gesture, index: 0, isEnd: true, payload: new Uint8Array(0) });
  expect(told).toBe(0);
});

it('a client that repeats arrivals, or invents them, makes a page ask no more often than once in 5 s for each file', () => {
  const [here, there] = joinedRooms();
  const timers: { run: () => void; delayMs: number }[] = [];
  let told = 0;
  arrivalsOf(there, (run, delayMs) => (timers.push({ run, delayMs }), () => undefined)).onArrival(() => (told += 1));
  for (let i = 0; i < 100; i++) arrivalsOf(here).tell(hash);
  expect([told, timers.map(({ delayMs }) => delayMs)]).toEqual([1, [5_000]]);
  for (const { run } of timers.splice(0)) run();
  arrivalsOf(here).tell(hash);
  expect(told).toBe(2);
  for (let i = 0; i < 10_000; i++) arrivalsOf(here).tell(String(i).padEnd(64, 'f'));
  expect(timers.length).toBe(500);
});
