/**
 * Escapes characters in a finished log line that a terminal obeys or hides: C1 controls, and those that change the
 * direction of text. JSON escapes only those below U+0020. In a line of JSON they occur only within strings, so an
 * escape means the same to a parser.
 */

const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export function escapeUnseen(line: string): string {
  return line.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
