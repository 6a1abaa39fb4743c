/** Finds elements by their words: the text on the board, descriptions, names of pictures and files. Pure. */
import * as m from '$words/find-text';
import { folded } from './folded.ts';
import type { BoardElement, ElementId } from '@wetink/board';

type Searched = Pick<BoardElement, 'id' | 'text' | 'alt' | 'image' | 'file' | 'geometry'>;

/** Elements within this share of a line's height of each other are in one line of reading. */
const LINE = 24;

/**
 * The elements whose words contain the query, in reading order: by lines from the top, each from the left.
 *
 * @param query Case, accents and the number of spaces do not matter. A query of spaces finds nothing.
 */
export function findText(elements: readonly Searched[], query: string): ElementId[] {
  const wanted = folded(query);
  if (wanted === '') return [];
  return elements
    .filter(({ text, alt, image, file }) => [text, alt, image?.name, file?.name].some((words) => !!words && folded(words).includes(wanted)))
    .toSorted((a, b) => lineOf(a) - lineOf(b) || leftOf(a) - leftOf(b))
    .map(({ id }) => id);
}

/** '2 of 5', for the eye and for a screen reader. @param at Counted from 0; -1 before the first one was shown. */
export function foundPlace(at: number, count: number, query: string): string {
  if (query.trim() === '') return '';
  if (count === 0) return m.none();
  return at < 0 ? m.found({ count }) : m.place({ at: at + 1, count });
}

/** The words of an element as they are read out, at most 120 characters of them. */
export function foundWords({ text, alt, image, file }: Searched): string {
  const words = text || alt || image?.name || file?.name || '';
  return words.replace(/\s+/g, ' ').trim().slice(0, 120);
}

/** The line of reading that an element is in, counted downwards. */
export const lineOf = ({ geometry: { y, h } }: Pick<Searched, 'geometry'>): number => Math.round(Math.min(y, y + h) / LINE);
export const leftOf = ({ geometry: { x, w } }: Pick<Searched, 'geometry'>): number => Math.min(x, x + w);
