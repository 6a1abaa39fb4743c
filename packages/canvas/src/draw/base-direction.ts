/**
 * The base direction of a line of text: that of its first strong letter (UAX #9, P2 and P3), left to right without one.
 * The text area over a board does the same (`unicode-bidi: plaintext`), so a line keeps its direction while edited.
 */
export type Direction = 'ltr' | 'rtl';

/** Hebrew, Arabic, and all other characters of Bidi_Class R or AL, including unassigned ones. */
const RTL =
  '\\u0590\\u05be\\u05c0\\u05c3\\u05c6\\u05c8-\\u05ff\\u0608\\u060b\\u060d\\u061b-\\u064a\\u066d-\\u066f\\u0671-\\u06d5\\u06e5\\u06e6\\u06ee\\u06ef' +
  '\\u06fa-\\u0710\\u0712-\\u072f\\u074b-\\u07a5\\u07b1-\\u07ea\\u07f4\\u07f5\\u07fa-\\u07fc\\u07fe-\\u0815\\u081a\\u0824\\u0828\\u082e-\\u0858' +
  '\\u085c-\\u088f\\u0892-\\u0896\\u08a0-\\u08c9\\u200f\\ufb1d\\ufb1f-\\ufb28\\ufb2a-\\ufd3d\\ufd50-\\ufd8f\\ufd92-\\ufdc7\\ufdf0-\\ufdfc\\ufe70-\\ufefe' +
  '\\u{10800}-\\u{1091e}\\u{10920}-\\u{10d2f}\\u{10d40}-\\u{10e5f}\\u{10e7f}-\\u{10fff}\\u{1e800}-\\u{1efff}';
/** Letters, vowel signs, digits other than European and Arabic ones, and letters in circles and squares. */
const LTR =
  '(?![\\u02b9\\u02ba\\u02c6-\\u02cf\\u02ec\\u0374\\ua717-\\ua71f\\ua788])[\\p{L}\\p{Mc}\\p{Nl}\\u200e\\u249c-\\u24e9\\u2800-\\u28ff\\u3200-\\u321c\\u3220-\\u324f\\u{1f110}-\\u{1f202}]' +
  '|(?![0-9\\u0660-\\u0669\\u06f0-\\u06f9\\uff10-\\uff19\\u{1d7ce}-\\u{1d7ff}\\u{1fbf0}-\\u{1fbf9}])\\p{Nd}';

/** The strong characters of a line, and its isolates, whose content does not count for the line. */
const telling = new RegExp(`(?<rtl>[${RTL}])|(?<ltr>${LTR})|(?<open>[\\u2066-\\u2068])|\\u2069`, 'gu');
const anyRtl = new RegExp(`[${RTL}]`, 'u');

export function baseDirection(line: string): Direction {
  return firstStrong(line) ?? 'ltr';
}

/** The direction of the first strong character, or null for none. */
export function firstStrong(text: string): Direction | null {
  let depth = 0;
  for (const { groups } of text.matchAll(telling)) {
    if (groups?.['open'] !== undefined) depth++;
    else if (groups?.['rtl'] === undefined && groups?.['ltr'] === undefined) depth = Math.max(0, depth - 1);
    else if (depth === 0) return groups['rtl'] === undefined ? 'ltr' : 'rtl';
  }
  return null;
}

/** Whether any part of the text runs from right to left, so that an export must state directions. */
export function hasRtl(text: string): boolean {
  return anyRtl.test(text);
}
