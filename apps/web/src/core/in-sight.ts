/** How far a page must move to show a caret: inside the view, and under none of the panels over it. Pure. */

/** CSS pixels of the page. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Kept free around the caret: enough to see the letters beside it. CSS pixels. */
const AROUND_PX = 12;
/** One panel may push the caret under the next; beyond this many rounds it would only go back and forth. */
const ROUNDS_MAX = 4;

/**
 * @param view The visible part of the board: without what an on-screen keyboard covers.
 * @param covers Panels over it. A panel that leaves no room beside it inside the view is ignored.
 * @returns CSS pixels to move the content by; 0, 0 when the caret is in sight.
 */
export function shiftIntoSight(caret: Rect, view: Rect, covers: readonly Rect[]): { dx: number; dy: number } {
  let [dx, dy] = clampInto(caret, view);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const shown = grow(moved(caret, dx, dy), AROUND_PX);
    const cover = covers.find((candidate) => touches(shown, candidate));
    if (cover === undefined) break;
    const ways = [
      { dx: cover.left - shown.right, dy: 0 },
      { dx: cover.right - shown.left, dy: 0 },
      { dx: 0, dy: cover.top - shown.bottom },
      { dx: 0, dy: cover.bottom - shown.top },
    ].filter((way) => isInside(grow(moved(caret, dx + way.dx, dy + way.dy), AROUND_PX - 1), view));
    const free = ways.filter((way) => !covers.some((other) => touches(grow(moved(caret, dx + way.dx, dy + way.dy), AROUND_PX), other)));
    const best = (free.length > 0 ? free : ways).sort((a, b) => Math.abs(a.dx + a.dy) - Math.abs(b.dx + b.dy))[0];
    if (best === undefined) break;
    dx += best.dx;
    dy += best.dy;
  }
  return { dx, dy };
}

/** A caret larger than the view shows its top left corner. */
function clampInto(caret: Rect, view: Rect): [number, number] {
  const along = (start: number, end: number, from: number, to: number): number => {
    if (start - AROUND_PX < from || end - start + 2 * AROUND_PX > to - from)
      return start - AROUND_PX < from || end > to ? from + AROUND_PX - start : 0;
    return end + AROUND_PX > to ? to - AROUND_PX - end : 0;
  };
  return [along(caret.left, caret.right, view.left, view.right), along(caret.top, caret.bottom, view.top, view.bottom)];
}

function moved({ left, top, right, bottom }: Rect, dx: number, dy: number): Rect {
  return { left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy };
}

function grow({ left, top, right, bottom }: Rect, by: number): Rect {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

/** Half a pixel of slack, so that a caret just moved beside a panel does not count as covered. */
function touches(a: Rect, b: Rect): boolean {
  return a.left < b.right - 0.5 && a.right > b.left + 0.5 && a.top < b.bottom - 0.5 && a.bottom > b.top + 0.5;
}

function isInside(a: Rect, view: Rect): boolean {
  return a.left >= view.left && a.top >= view.top && a.right <= view.right && a.bottom <= view.bottom;
}
