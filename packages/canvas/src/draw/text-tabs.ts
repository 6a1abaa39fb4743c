/**
 * Lines with tabs: a canvas paints a tab as one space; a text area continues at the next stop, and so do we.
 *
 * Each piece between tabs is painted at its own place, in the order of the line's base direction (UAX #9 gives tabs the
 * level of the paragraph). Neutral characters at the edges of a piece still take their direction from beyond the tab.
 */
import { firstStrong, hasRtl, type Direction } from './base-direction.ts';

/** Distance between two stops in widths of a space; the text area has it as `tab-size`. */
export const TAB_SPACES = 4;

export interface TabPiece {
  readonly text: string;
  /** From the left edge of the line. */
  readonly left: number;
  readonly width: number;
}

/** @param widthOf Width of a text without tabs, at the size for which the result is wanted. */
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
    // Like browsers, skips a stop nearer than half a space.
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

/** The piece with invisible direction marks at both ends. Spaces at its end belong to the tab and follow the mark. */
function withNeighbours(part: string, before: string, after: string): string {
  const end = part.trimEnd();
  const first = markAt(part, [...before].reverse().join(''));
  const last = markAt([...end].reverse().join(''), after);
  return first + end + last + part.slice(end.length);
}

/** The direction mark for an edge; '' if the edge is a letter, or if no direction follows from the text beyond it. */
function markAt(edge: string, beyond: string): string {
  const [character] = edge;
  if (character === undefined || firstStrong(character) !== null) return '';
  const direction = firstStrong(beyond);
  return direction === null ? '' : direction === 'rtl' ? '\u200f' : '\u200e';
}
