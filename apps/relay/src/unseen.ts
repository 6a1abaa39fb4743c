/**
 * Characters in a finished log line that a terminal obeys or does not show: C1 controls, and those that turn the direction
 * of text around. JSON escapes only those below U+0020. In a line of JSON they can only stand within a string, so an escape
 * means the same to whoever parses the line.
 */

const UNSEEN = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export function escapeUnseen(line: string): string {
  return line.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
