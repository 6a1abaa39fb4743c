import { describe, expect, it } from 'vitest';
import type { ElementId } from '@wetink/board';
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

  it('Escape drops the selection and Tab goes on; a second one lets Tab leave', () => {
    const { walk, at } = walkOver(100);
    walk.tab(1);
    walk.tab(1);
    walk.escape({ hasSelection: true });
    expect([walk.tab(1), at()]).toEqual([true, 2]);
    walk.escape({ hasSelection: true });
    walk.escape({ hasSelection: false });
    expect(walk.tab(1)).toBe(false);
  });

  it('the place that Tab has reached is forgotten when the board is pressed or gets the focus', () => {
    const { walk } = walkOver(3);
    walk.tab(1);
    walk.place = 'a' as ElementId;
    walk.escape({ hasSelection: true });
    expect(walk.place).toBe('a');
    walk.arrive();
    expect(walk.place).toBe(null);
  });

  it('Tab can be used again when the focus is back', () => {
    const { walk, at } = walkOver(3);
    walk.tab(1);
    walk.tab(1);
    walk.escape({ hasSelection: false });
    walk.arrive();
    expect(walk.tab(-1)).toBe(true);
    expect(at()).toBe(0);
  });
});
