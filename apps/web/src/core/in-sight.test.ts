import { describe, expect, it } from 'vitest';
import { shiftIntoSight, type Rect } from './in-sight.ts';

const view = { left: 0, top: 0, right: 1280, bottom: 800 };
const caretAt = (x: number, y: number): Rect => ({ left: x, top: y, right: x, bottom: y + 30 });
const rect = (left: number, top: number, width: number, height: number): Rect => ({ left, top, right: left + width, bottom: top + height });
/** As on a desktop: the bar above, tools below, style on the left, chat on the right. */
const panels = [rect(12, 12, 360, 44), rect(1000, 12, 268, 44), rect(420, 740, 440, 48), rect(12, 150, 184, 500), rect(948, 64, 320, 724)];

describe('keeping the caret in sight', () => {
  it('D1: a caret in the open moves nothing', () => {
    expect(shiftIntoSight(caretAt(600, 400), view, panels)).toEqual({ dx: 0, dy: 0 });
  });

  it('D1: a caret past an edge is brought in by the least way', () => {
    expect(shiftIntoSight(caretAt(1300, 400), view, [])).toEqual({ dx: -32, dy: 0 });
    expect(shiftIntoSight(caretAt(-40, 400), view, [])).toEqual({ dx: 52, dy: 0 });
    expect(shiftIntoSight(caretAt(600, 900), view, [])).toEqual({ dx: 0, dy: -142 });
    expect(shiftIntoSight(caretAt(600, -900), view, [])).toEqual({ dx: 0, dy: 912 });
  });

  it('D1: a caret under a panel is moved out from under it', () => {
    expect(shiftIntoSight(caretAt(100, 300), view, panels).dx).toBe(196 - (100 - 12));
    expect(shiftIntoSight(caretAt(600, 750), view, panels).dy).toBe(740 - (780 + 12));
    expect(shiftIntoSight(caretAt(1100, 300), view, panels).dx).toBe(948 - (1100 + 12));
  });

  it('D1: the keyboard of a phone ends the view', () => {
    expect(shiftIntoSight(caretAt(100, 500), { ...view, right: 390, bottom: 420 }, []).dy).toBe(420 - 12 - 530);
  });

  it('D1: wherever the caret is, it ends inside the view and under no panel while there is room', () => {
    for (let x = -500; x < 1800; x += 37)
      for (let y = -500; y < 1300; y += 23)
        for (const height of [2, 30, 120]) {
          const { dx, dy } = shiftIntoSight({ left: x, top: y, right: x, bottom: y + height }, view, panels);
          const [left, top, bottom] = [x + dx, y + dy, y + dy + height];
          const isInside = left >= 0 && left <= 1280 && top >= 0 && bottom <= 800;
          const over = panels.filter((panel) => left > panel.left && left < panel.right && top < panel.bottom && bottom > panel.top);
          expect([x, y, height, isInside, over]).toEqual([x, y, height, true, []]);
        }
  });

  it('D1: a caret taller than the view shows its beginning', () => {
    expect(shiftIntoSight({ left: 10, top: 900, right: 10, bottom: 3000 }, view, [])).toEqual({ dx: 2, dy: -888 });
    expect(shiftIntoSight({ left: 100, top: -50, right: 100, bottom: 3000 }, view, []).dy).toBe(62);
  });
});
