/**
 * A client's text, safe for a log: characters that are invisible, move a terminal's cursor or turn the direction of
 * text around become U+FFFD, and the text is cut to `maxLength` UTF-16 units.
 */
export function printable(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
