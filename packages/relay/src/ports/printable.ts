/**
 * Text of a client as a log may have it: characters that are not seen, move a terminal's cursor or turn the direction of
 * text around become U+FFFD, and it has at most so many UTF-16 units.
 */
export function printable(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
