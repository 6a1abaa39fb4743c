/** Finds elements by their words: the text on the board, descriptions, names of pictures and files. Pure. */
import * as m from '$words/find-text';
import { folded } from './folded.ts';
import type { BoardElement, ElementId } from '@wetink/board';
import { compareReading, type ReadFrom } from '@wetink/canvas';

type Searched = Pick<BoardElement, 'id' | 'text' | 'alt' | 'image' | 'file' | 'geometry'>;

/**
 * The elements whose words contain the query, in reading order.
 *
 * @param from The side on which lines are read from.
 * @param query Case, accents and the number of spaces do not matter. A query of spaces finds nothing.
 */
export function findText(elements: readonly Searched[], query: string, from: ReadFrom = 'left'): ElementId[] {
  const wanted = folded(query);
  if (wanted === '') return [];
  return elements
    .filter(({ text, alt, image, file }) => [text, alt, image?.name, file?.name].some((words) => !!words && folded(words).includes(wanted)))
    .toSorted((a, b) => compareReading(a, b, from))
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
