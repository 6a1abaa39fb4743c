import { expect, it } from 'vitest';
import type { BoardId } from './board-id.ts';
import { noPictures, withImages } from './board-pictures.ts';
import { createKeyValue } from './key-value.ts';
import { keepPictureCounts, readPictureCounts } from './last-picture-counts.ts';

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
  keepPictureCounts(facts, board, { waiting: 2, refused: 0, isAtRisk: false });
  const saved = { text: 'Saved', tone: 'good', icon: 'saved', retryAtMs: null, canHurry: false } as const;
  expect(withImages(saved, readPictureCounts(facts, board)).text).toBe('Saving 2 pictures');
});

it('pictures that ended with their tab are not said to be at risk, and nothing is kept when none is lacking', () => {
  const { kept, facts } = device();
  keepPictureCounts(facts, board, { waiting: 1, refused: 1, isAtRisk: true });
  expect(readPictureCounts(facts, board)).toEqual({ waiting: 1, refused: 1, isAtRisk: false });
  keepPictureCounts(facts, board, noPictures);
  expect(kept.size).toBe(0);
});

it.each([7, 'x', [], { waiting: -1, refused: 'many' }, { waiting: 1.5 }])('anything else on the device counts as nothing: %j', (value) => {
  const { facts } = device();
  facts.write('wetink.lacking-pictures.b', value);
  expect(readPictureCounts(facts, board)).toEqual(noPictures);
});
