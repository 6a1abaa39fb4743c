/**
 * Text without half surrogate pairs. A character beyond U+FFFF is two UTF-16 units; one of them alone cannot be encoded,
 * so the author would go on seeing it while everybody else gets U+FFFD.
 */

/** An unpaired surrogate. In a `u` pattern a whole pair never matches this class. */
const HALVES = /\p{Cs}/gu;

/** @returns `text` with U+FFFD for every unpaired surrogate, as everybody else receives it; of the same length. */
export function wellFormed(text: string): string {
  return text.replace(HALVES, '\uFFFD');
}

/** The first `maxUnits` UTF-16 units of a text, one less if that would cut a pair. */
export function clipText(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  return text.slice(0, isInsidePair(text, maxUnits) ? maxUnits - 1 : maxUnits);
}

/** Whether an offset is between the two halves of one character. */
export function isInsidePair(text: string, offset: number): boolean {
  return isHighSurrogate(text.charCodeAt(offset - 1)) && isLowSurrogate(text.charCodeAt(offset));
}

/** A replaced run of a text: `deleteCount` units from `start` become `insert`. */
export interface Replacement {
  readonly start: number;
  readonly deleteCount: number;
  readonly insert: string;
}

/**
 * The same replacement in whole characters.
 *
 * A run that ends inside a character also takes the other half; that half is written back if the new text completes it
 * to another character, as when one emoji replaces its neighbour. Nothing is inserted into a character, only behind it.
 * Halves that are left over become U+FFFD.
 */
export function wholeCharacters(text: string, { start, deleteCount, insert }: Replacement): Replacement {
  if (deleteCount === 0) return { start: isInsidePair(text, start) ? start + 1 : start, deleteCount, insert: wellFormed(insert) };
  let from = start;
  let to = start + deleteCount;
  let replaced = insert;
  if (isInsidePair(text, from)) {
    from--;
    if (isLowSurrogate(insert.charCodeAt(0))) replaced = text.charAt(from) + replaced;
  }
  if (isInsidePair(text, to)) {
    if (isHighSurrogate(insert.charCodeAt(insert.length - 1))) replaced += text.charAt(to);
    to++;
  }
  return { start: from, deleteCount: to - from, insert: wellFormed(replaced) };
}

export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
