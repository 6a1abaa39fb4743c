import { describe, expect, it } from 'vitest';
import { ElementWalk } from './element-walk.ts';

/** A walk over a board of `count` elements; `at` is the one selected, -1 for none. */
function walkOver(count: number): { walk: ElementWalk; at(): number } {
  let at = -1;
  const walk = new ElementWalk((direction) => {
    const next = at < 0 ? (direction === 1 ? 0 : count - 1) : at + direction;
    if (next < 0 || next >= count) return false;
    at = next;
    return true;
  });
  return { walk, at: () => at };
}

describe('Tab on the board', () => {
  it('Tab goes through all elements and then leaves the board, in both directions', () => {
    for (const direction of [1, -1] as const) {
      const { walk } = walkOver(3);
      expect([1, 2, 3, 4, 5].map(() => walk.tab(direction))).toEqual([true, true, true, false, false]);
    }
  });

  it('Tab leaves an empty board at once', () => {
    expect(walkOver(0).walk.tab(1)).toBe(false);
  });

  it('Escape leaves the walk and keeps the selection for the next control', () => {
    const { walk, at } = walkOver(100);
    walk.tab(1);
    walk.tab(1);
    expect(walk.escape({ hasSelection: true })).toBe(true);
    expect(at()).toBe(1);
    expect(walk.tab(1)).toBe(false);
    // The second Escape is the board's: it drops the selection.
    expect(walk.escape({ hasSelection: true })).toBe(false);
    expect(walk.tab(1)).toBe(false);
  });

  it('Escape is left to the page when nothing is selected or no walk is under way', () => {
    const { walk } = walkOver(3);
    expect(walk.escape({ hasSelection: true })).toBe(false);
    walk.arrive();
    walk.tab(1);
    expect(walk.escape({ hasSelection: false })).toBe(false);
  });

  it('Tab goes on from the same element when the focus is back', () => {
    const { walk, at } = walkOver(3);
    walk.tab(1);
    walk.tab(1);
    walk.escape({ hasSelection: true });
    walk.arrive();
    expect(walk.tab(-1)).toBe(true);
    expect(at()).toBe(0);
  });
});
