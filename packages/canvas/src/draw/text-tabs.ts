/**
 * Lines with tabs: a canvas paints a tab as one space, a text area goes on at the next stop. So do we.
 *
 * Each piece between tabs is painted at a place of its own, in the order of the line's base direction (UAX #9 gives tabs
 * the level of the paragraph). What stands at the edges of a piece still runs as its neighbours beyond the tab make it.
 */
import { firstStrong, hasRtl } from './base-direction.ts';
import type { Direction } from './base-direction.ts';

/** Widths of a space from one stop to the next. For the text area too: `tab-size`. */
export const TAB_SPACES = 4;

export interface TabPiece {
  readonly text: string;
  /** From the left edge of the line. */
  readonly left: number;
  readonly width: number;
}

/** @param widthOf Width of a text without tabs, at the size that the answer is wanted for. */
export function splitAtTabs(
  line: string,
  direction: Direction,
  widthOf: (text: string) => number,
): { pieces: readonly TabPiece[]; width: number } {
  const parts = line.split('\t');
  const isMixed = hasRtl(line);
  const space = widthOf(' ');
  const stop = TAB_SPACES * space;
  const placed: { text: string; start: number; width: number }[] = [];
  let width = 0;
  parts.forEach((part, n) => {
    // As in browsers: a stop nearer than half a space counts as passed.
    if (n > 0) width += stop - (width % stop) < space / 2 ? 2 * stop - (width % stop) : stop - (width % stop);
    if (part === '') return;
    const text = isMixed ? withNeighbours(part, parts.slice(0, n).join(' '), parts.slice(n + 1).join(' ')) : part;
    placed.push({ text, start: width, width: widthOf(text) });
    width += placed.at(-1)?.width ?? 0;
  });
  const pieces = placed.map(({ text, start, width: own }) => ({
    text,
    left: direction === 'ltr' ? start : width - start - own,
    width: own,
  }));
  return { pieces, width };
}

/** The piece between invisible marks of the directions around it. Spaces at its end belong to the tab, behind the mark. */
function withNeighbours(part: string, before: string, after: string): string {
  const end = part.trimEnd();
  const first = markAt(part, [...before].reverse().join(''));
  const last = markAt([...end].reverse().join(''), after);
  return first + end + last + part.slice(end.length);
}

/** Nothing where the edge is a letter, or where nothing beyond it says a direction. */
function markAt(edge: string, beyond: string): string {
  const [character] = edge;
  if (character === undefined || firstStrong(character) !== null) return '';
  const direction = firstStrong(beyond);
  return direction === null ? '' : direction === 'rtl' ? '\u200f' : '\u200e';
}
