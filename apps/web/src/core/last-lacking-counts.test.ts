import { expect, it } from 'vitest';
import type { BoardId } from './board-id.ts';
import { createKeyValue } from './key-value.ts';
import { noneLacking, nothingLacking } from './lacking.ts';
import { withLacking } from './lacking-sentence.ts';
import { keepLackingCounts, readKeptCounts, readLackingCounts } from './last-lacking-counts.ts';

const board = 'b' as BoardId;

function device() {
  const kept = new Map<string, string>();
  const facts = createKeyValue(() => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }));
  return { kept, facts };
}

it('a board that is opened again does not say “Saved” of pictures that waited when it was left', () => {
  const { facts } = device();
  keepLackingCounts(facts, board, 'pictures', { waiting: 2, refused: 0, paused: 0, isAtRisk: false });
  const saved = { text: 'Saved', tone: 'good', icon: 'saved', retryAtMs: null, canHurry: false } as const;
  expect(withLacking(saved, { ...nothingLacking, pictures: readLackingCounts(facts, board, 'pictures') }).text).toBe('Saving 2 pictures');
});

it('home counts what this device keeps', () => {
  const { facts } = device();
  keepLackingCounts(facts, board, 'pictures', { waiting: 2, refused: 0, paused: 0, isAtRisk: false });
  expect(readKeptCounts(facts, board, 'pictures').waiting).toBe(2);
});

it('files are counted apart from pictures, those that the person has paused too', () => {
  const { facts } = device();
  keepLackingCounts(facts, board, 'files', { waiting: 0, refused: 0, paused: 1, isAtRisk: false });
  expect(readLackingCounts(facts, board, 'files')).toEqual({ waiting: 0, refused: 0, paused: 1, isAtRisk: false });
  expect(readLackingCounts(facts, board, 'pictures')).toEqual(noneLacking);
});

it('pictures that ended with their tab are not said to be at risk, and nothing is kept when none is lacking', () => {
  const { kept, facts } = device();
  keepLackingCounts(facts, board, 'pictures', { waiting: 1, refused: 1, paused: 0, isAtRisk: true });
  expect(readLackingCounts(facts, board, 'pictures')).toEqual({ waiting: 1, refused: 1, paused: 0, isAtRisk: false });
  expect(readKeptCounts(facts, board, 'pictures')).toEqual(noneLacking);
  keepLackingCounts(facts, board, 'pictures', noneLacking);
  expect(kept.size).toBe(0);
});

it.each([7, 'x', [], { waiting: -1, refused: 'many' }, { waiting: 1.5 }])('anything else on the device counts as nothing: %j', (value) => {
  const { facts } = device();
  facts.write('wetink.lacking-pictures.b', value);
  expect(readLackingCounts(facts, board, 'pictures')).toEqual(noneLacking);
});
