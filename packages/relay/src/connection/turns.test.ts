import { expect, it } from 'vitest';
import { MAX_TURN_MS, Turns } from './turns.ts';

/** Work that takes a time by a clock of the test, and turns that the test begins. */
function paced(): { turns: Turns; work(name: string, ms: number): void; nextTurn(): boolean; done: string[] } {
  let nowMs = 0;
  let due: (() => void)[] = [];
  const done: string[] = [];
  const schedule = (fn: () => void): (() => void) => {
    due.push(fn);
    return () => (due = due.filter((other) => other !== fn));
  };
  const turns = new Turns({ now: () => nowMs, schedule });
  return {
    turns,
    done,
    work: (name, ms) =>
      turns.add(() => {
        nowMs += ms;
        done.push(name);
      }),
    nextTurn() {
      const [now] = [due.splice(0)];
      for (const fn of now) fn();
      return now.length > 0;
    },
  };
}

it('[RL95] work that comes alone is done at once', () => {
  const { work, nextTurn, done } = paced();
  for (const name of ['a', 'b', 'c']) {
    work(name, MAX_TURN_MS);
    expect(done.at(-1)).toBe(name);
    nextTurn();
  }
});

it('[RL95] a burst is done in order, in several turns, none of which goes on for longer than one more piece of work', () => {
  const { work, nextTurn, done } = paced();
  const names = Array.from({ length: 10 }, (_, i) => `client ${i}`);
  for (const name of names) work(name, 3);
  const sizes = [done.length];
  while (nextTurn()) sizes.push(done.length);
  expect(done).toEqual(names);
  // 3 ms each: the third one takes a turn beyond its 8 ms.
  expect(sizes.slice(0, 4)).toEqual([3, 6, 9, 10]);
});

it('[RL95] work that comes while others wait is done after them', () => {
  const { work, nextTurn, done } = paced();
  for (const name of ['a', 'b']) work(name, MAX_TURN_MS);
  nextTurn();
  work('c', 0);
  expect(done).toEqual(['a', 'b']);
  nextTurn();
  expect(done).toEqual(['a', 'b', 'c']);
});

it('[RL95] once all work is done nothing is scheduled any more', () => {
  const { work, nextTurn } = paced();
  work('a', 1);
  while (nextTurn());
  expect(nextTurn()).toBe(false);
});
