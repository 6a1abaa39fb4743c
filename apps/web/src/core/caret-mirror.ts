/**
 * Text of a mirror element that locates a caret. Browsers do not say where the caret of a text area is, but they say where
 * a character of an element with the same style is. Pure.
 *
 * The mirror has a zero-width space in every empty line, since a line without a character has no position either.
 */
const NOTHING = '\u200b';

export function mirrorOf(value: string): string {
  return value
    .split('\n')
    .map((line) => (line === '' ? NOTHING : line))
    .join('\n');
}

/** Converts an offset of the value to one of its mirror. */
export function mirrorOffset(value: string, offset: number): number {
  const before = value.slice(0, offset).split('\n');
  before.pop(); // The caret's own line: in an empty line the caret is before the space.
  return offset + before.filter((line) => line === '').length;
}
