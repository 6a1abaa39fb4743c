/**
 * Where a caret is in a text area can't be asked, but where a character is in an element of the same style can. Pure.
 *
 * The mirror has a space of no width in every empty line, since a line without a character has no place either.
 */
const NOTHING = '\u200b';

export function mirrorOf(value: string): string {
  return value
    .split('\n')
    .map((line) => (line === '' ? NOTHING : line))
    .join('\n');
}

/** An offset of the value as an offset of its mirror. */
export function mirrorOffset(value: string, offset: number): number {
  const before = value.slice(0, offset).split('\n');
  before.pop(); // The caret's own line: a caret in an empty one stands before its space.
  return offset + before.filter((line) => line === '').length;
}
