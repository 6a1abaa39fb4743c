import type { ElementId, UndoOutcome } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { emptySentence, type EmptySheet } from './empty-sentence.ts';
import { initials, joinNames, isolated, nameInSentence, peopleSentence, typingSentence, undoSentence } from './sentences.ts';

const names: Record<string, string> = { a: 'Ana', b: 'Ben' };
const nameOf = (id: string) => names[id] ?? null;
const kept = (reason: UndoOutcome['kept'][number]['reason'], by: string[], count: number): UndoOutcome['kept'][number] => ({
  reason,
  by,
  ids: Array.from({ length: count }, (_, n) => `e${n}` as ElementId),
});
const outcome = (...list: UndoOutcome['kept']): UndoOutcome => ({ isDone: true, elements: [], kept: list });

describe('undo', () => {
  it('an undo that did everything asked says nothing', () => expect(undoSentence(outcome(), nameOf, 'me')).toBeNull());
  it.each([
    [outcome(kept('changed', ['b'], 1)), 'Ben changed this since; theirs stays.'],
    [outcome(kept('changed', ['b', 'a'], 4)), 'Ben and Ana changed some of this since; theirs stays.'],
    [outcome(kept('spared', ['a'], 1)), 'Ana worked on this since, so it stays.'],
    [outcome(kept('still-deleted', ['zz'], 1)), 'Someone deleted this too, so it stays deleted.'],
    [
      outcome(kept('typed-elsewhere', [], 1)),
      'This was typed before a reload or on another page. Text can be taken back only where it was typed, so it stays.',
    ],
    [outcome(kept('changed', [], 1)), 'Someone changed this since; theirs stays.'],
    [
      outcome(kept('changed', ['a'], 1), kept('spared', ['b'], 1)),
      'Ana changed some of this since; theirs stays. Ben worked on some of this since, so it stays.',
    ],
    [
      outcome(kept('typed-elsewhere', ['me'], 1), kept('still-deleted', ['b'], 2)),
      'Some of this was typed before a reload or on another page. Text can be taken back only where it was typed, so it stays. Ben deleted some of this too, so it stays deleted.',
    ],
    [outcome(kept('changed', ['me', 'b'], 1)), 'Ben changed this since; theirs stays.'],
    [outcome(kept('changed', ['me'], 1)), 'You changed this since; that stays.'],
    [outcome(kept('spared', ['a'], 1), kept('spared', ['b'], 1)), 'Ana and Ben worked on some of this since, so it stays.'],
  ])('%#: says who', (given, sentence) => expect(undoSentence(given, nameOf, 'me')).toBe(sentence));
});

describe('an empty sheet', () => {
  const known: EmptySheet = {
    canDraw: true,
    isMadeHere: false,
    isUntouched: true,
    isSynced: true,
    wasShut: false,
    board: 'there',
    idLength: 22,
  };
  const told = (sheet: Partial<EmptySheet>) => emptySentence({ ...known, ...sheet });
  const fresh = 'A fresh sheet. Pick a pen and draw.';
  const bools = [true, false];

  it('T3: a board that exists never reads like a link that was cut short', () => {
    for (const canDraw of bools)
      for (const isMadeHere of bools)
        for (const isUntouched of bools)
          for (const isSynced of bools)
            for (const idLength of [15, 22]) {
              const { text, note } = told({ canDraw, isMadeHere, isUntouched, isSynced, idLength });
              expect(`${text} ${note}`).not.toMatch(/link/i);
            }
  });
  it.each<[string, Partial<EmptySheet>, string]>([
    ['its maker', { isMadeHere: true }, fresh],
    ['its maker without a network', { isMadeHere: true, isSynced: false }, fresh],
    ['a second visitor', {}, fresh],
    ['a viewer', { canDraw: false }, 'Nothing is drawn here yet.'],
    ['a viewer of a board that was cleared', { canDraw: false, isUntouched: false }, 'Nothing is drawn here.'],
    ['a board that was cleared', { isUntouched: false }, 'An empty sheet. Pick a pen and draw.'],
    ['a board that this device has nothing of, without a network', { isSynced: false }, 'Nothing of this board is on this device.'],
    [
      'K10: a board that did not let this person in, without a network',
      { isSynced: false, wasShut: true, isMadeHere: true },
      'Nothing of this board is on this device.',
    ],
    ['a board that was empty when this device last heard of it', { isSynced: false, isUntouched: false }, 'Nothing is drawn here.'],
    ['an address that nobody knows', { board: 'none' }, 'Nothing here yet. Was the link complete?'],
    ['a server that does not say', { board: 'unknown' }, 'Nothing here yet.'],
  ])('T3: the empty sheet tells the truth: %s', (_, sheet, text) => expect(told(sheet).text).toBe(text));

  it('an empty sheet points at the tools only if the person can draw and no drawing of others may be missing', () => {
    expect(told({}).isInvitation).toBe(true);
    expect(told({ canDraw: false }).isInvitation).toBe(false);
    expect(told({ isSynced: false }).isInvitation).toBe(false);
    expect(told({ isSynced: false, isMadeHere: true }).isInvitation).toBe(true);
  });
  it('an empty sheet counts the characters of a link that was cut short', () => {
    expect(told({ board: 'none', idLength: 15 }).note).toContain('22 characters, and this one in 15');
    expect(told({ board: 'none' }).note).not.toContain('22');
  });
});

describe('typing', () => {
  it.each([
    [[], ''],
    [['Ana'], 'Ana is typing'],
    [['Ana', 'Ben'], 'Ana, Ben are typing'],
    [['Ana', 'Ben', 'Cem'], 'Ana, Ben, Cem are typing'],
    [['Ana', 'Ben', 'Cem', 'Dee'], 'Ana, Ben and 2 others are typing'],
  ])('%j', (given, sentence) => expect(typingSentence(given)).toBe(sentence));
});

it('names of either direction keep their place in a sentence', () => {
  expect(nameInSentence('Ana')).toBe('Ana');
  expect(nameInSentence('דנה 2')).toBe('\u2068דנה 2\u2069');
  expect(nameInSentence('\u202eevil\u2069')).toBe('evil');
  expect(typingSentence(['דנה', 'عمر'])).toBe('\u2068דנה\u2069, \u2068عمر\u2069 are typing');
  const sentence = undoSentence(outcome(kept('changed', ['d', 'o'], 1)), (id) => ({ d: 'דנה', o: '\u202e' })[id] ?? null, 'me');
  expect(sentence).toBe('\u2068דנה\u2069 and Someone changed this since; theirs stays.');
});

it('D11: a title or a file name with any right-to-left text is isolated in its sentence', () => {
  expect(isolated('Harbour plan')).toBe('Harbour plan');
  expect(isolated('שלום!')).toBe('\u2068שלום!\u2069');
  expect(isolated('plan סופי (2)')).toBe('\u2068plan סופי (2)\u2069');
  expect(isolated('a\u202eb\nc')).toBe('ab c');
});

it('the number of people is a sentence', () => {
  expect([0, 1, 2, 12].map(peopleSentence)).toEqual(['Only you here', 'Only you here', '2 people here', '12 people here']);
});

it('names are joined, each once', () => {
  expect(joinNames([])).toBe('');
  expect(joinNames(['Ana', 'Ana'])).toBe('Ana');
  expect(joinNames(['Ana', 'Ben', 'Cem'])).toBe('Ana, Ben and 1 other');
});

it('initials are made of names, also of emoji and of a single word', () => {
  expect(['Ana Lima', 'ben', 'Ana de la Cruz', '😀 x', ''].map(initials)).toEqual(['AL', 'B', 'AC', '😀X', '']);
});
