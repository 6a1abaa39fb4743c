import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Device, device, draw, rectangle, syncAll, Wall } from '../testing/people.ts';
import type { ElementId, ReorderTarget } from '../types.ts';

/** A board of elements named by letters, bottom to top; letters in brackets are a group of one name. */
function boardOf(letters: string) {
  const at = device('ana', new Wall());
  const ids = new Map<string, ElementId>();
  for (const letter of letters) ids.set(letter, draw(at, rectangle()));
  const group = (name: string, members: string): void => {
    const id = at.board.run((edit) => edit.group([...members].map((member) => ids.get(member) as ElementId)));
    ids.set(name, id as ElementId);
  };
  const reorder = (names: string, to: ReorderTarget): string => {
    at.board.run((edit) =>
      edit.reorder(
        [...names].map((name) => ids.get(name) as ElementId),
        to,
      ),
    );
    return order(at);
  };
  const order = ({ board }: Device): string =>
    board
      .elements()
      .map(({ id }) => [...ids].find(([, one]) => one === id)?.[0] ?? '?')
      .join('');
  return { at, group, reorder, order };
}

describe('reordering groups', () => {
  it('[O6] a group moves together, to either end and by one place', () => {
    const { group, reorder } = boardOf('abcdef');
    group('1', 'bc');
    expect(reorder('1', 'forward')).toBe('adbcef');
    expect(reorder('1', 'backward')).toBe('abcdef');
    expect(reorder('1', 'front')).toBe('adefbc');
    expect(reorder('1', 'back')).toBe('bcadef');
    expect(reorder('1', 'backward')).toBe('bcadef');
  });

  it('[O6] what lies in several places comes together, at the end too', () => {
    const { group, reorder } = boardOf('abcdef');
    group('1', 'ad');
    expect(reorder('1', 'forward')).toBe('bceadf');
    expect(reorder('1', 'backward')).toBe('bcadef');
    const other = boardOf('abc');
    other.group('1', 'ac');
    expect(other.reorder('1', 'forward')).toBe('bac');
    const { at } = other;
    const size = at.state().length;
    expect(other.reorder('1', 'forward')).toBe('bac');
    expect(at.state().length).toBe(size);
  });

  it('[O6] passes all of another group at once', () => {
    const { group, reorder } = boardOf('abcdefg');
    group('1', 'bc');
    group('2', '1d');
    group('3', 'ef');
    expect(reorder('a', 'forward')).toBe('bcdaefg');
    expect(reorder('a', 'forward')).toBe('bcdefag');
    expect(reorder('3', 'backward')).toBe('efbcdag');
    expect(reorder('g', 'backward')).toBe('efbcdga');
    expect(reorder('g', 'backward')).toBe('efgbcda');
    expect(reorder('ga', 'backward')).toBe('gefabcd');
  });

  it('[O6] inside a group, moves among what is in it alone', () => {
    const { group, reorder } = boardOf('abcdef');
    group('1', 'bd');
    group('2', '1ce');
    expect(reorder('c', 'front')).toBe('abdecf');
    expect(reorder('c', 'front')).toBe('abdecf');
    expect(reorder('c', 'forward')).toBe('abdecf');
    expect(reorder('c', 'backward')).toBe('abdcef');
    expect(reorder('c', 'backward')).toBe('acbdef');
    expect(reorder('c', 'backward')).toBe('acbdef');
    expect(reorder('1', 'back')).toBe('abdcef');
    expect(reorder('d', 'back')).toBe('adbcef');
    expect(reorder('d', 'forward')).toBe('abdcef');
  });

  it('[O6] whatever is moved, nothing comes between what lies in a row in another group, on any device', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...'abcdefgh12'), fc.constantFrom<ReorderTarget>('front', 'back', 'forward', 'backward')), {
          minLength: 1,
          maxLength: 12,
        }),
        (moves) => {
          const { at, group, reorder, order } = boardOf('abcdefgh');
          group('1', 'cd');
          group('2', '1e');
          group('3', 'gh');
          for (const [name, to] of moves) {
            const after = reorder(name, to);
            expect([...after].sort().join('')).toBe('abcdefgh');
            for (const row of [/[cd]{2}/, /[cde]{3}/, /[gh]{2}/]) expect(after).toMatch(row);
          }
          const other = device('ben', new Wall());
          syncAll(at, other);
          expect(order(other)).toBe(order(at));
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });
});
