import { expect, it } from 'vitest';
import { UnheardNodes } from './unheard-nodes.ts';

const limits = { tailPauseMs: 5_000, doubtMs: 900_000, announceIdleMs: 60_000 };
const LATER_MS = 10_000_000;

it('[RL89] the memory of vanished nodes is bounded: each is kept for doubtMs, however many there were', () => {
  const absences = new UnheardNodes(limits, 0);
  let most = 0;
  for (let nowMs = 0; nowMs < LATER_MS; nowMs += 10_000) {
    absences.lost(`n${nowMs}`, nowMs);
    most = Math.max(most, absences.signs);
  }
  expect(most).toBe(90);
  expect(absences.readPauseMs(LATER_MS)).toBe(5_000);
  expect(absences.readPauseMs(LATER_MS + limits.doubtMs)).toBe(60_000);
  expect(absences.signs).toBe(0);
});

it('[RL89] a position that a writer announced is remembered until the store has shown it, however many relays came and went', () => {
  const absences = new UnheardNodes(limits, 0);
  for (let start = 0; start < 100; start++) {
    absences.told({ [`w${start}`]: 3 });
    absences.read({ [`w${start}`]: 3 }, { [`w${start}`]: 2 }, LATER_MS);
    expect(absences.writers).toBe(1);
    absences.read({ [`w${start}`]: 3 }, { [`w${start}`]: 3 }, LATER_MS);
    expect(absences.writers).toBe(0);
  }
  expect(absences.signs).toBe(0);
});

it('[RL89] rows in the store that no batch announced are a sign, until a batch does or a new node appears', () => {
  const absences = new UnheardNodes(limits, 0);
  const pauseMs = (): number => absences.readPauseMs(LATER_MS);
  absences.told({ a: 3 });
  absences.read({ a: 3, b: 7, c: 1 }, { b: 7, c: 1 }, LATER_MS);
  expect(pauseMs()).toBe(60_000);
  absences.read({ a: 5, b: 7 }, { a: 3, b: 7 }, LATER_MS);
  expect(pauseMs()).toBe(5_000);
  absences.told({ a: 4 });
  expect(pauseMs()).toBe(5_000);
  absences.told({ a: 5 });
  expect(pauseMs()).toBe(60_000);
  absences.read({ b: 9 }, { b: 7 }, LATER_MS);
  absences.ended('known');
  expect(pauseMs()).toBe(5_000);
  absences.appeared('new');
  expect(pauseMs()).toBe(60_000);
});

it('[RL89] a lost node stays lost until it is heard or says goodbye', () => {
  const absences = new UnheardNodes(limits, 0);
  absences.lost('a', LATER_MS);
  absences.appeared('b');
  expect(absences.readPauseMs(LATER_MS)).toBe(5_000);
  absences.appeared('a');
  expect(absences.readPauseMs(LATER_MS)).toBe(60_000);
});
