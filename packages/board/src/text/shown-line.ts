/**
 * One line of untrusted text (a name, a title), made safe to show. It can't change the direction of the text beside it,
 * and two lines that look the same are the same.
 */

/** Controls, line breaks, halves of surrogate pairs. */
const BREAKS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu;
/** Invisible characters: direction overrides, zero-width spaces, tags, fillers. Not joiners and emoji variants. */
const UNSEEN = /(?![\u200c\u200d\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/gu;
/** Joiners behind an ASCII character, which join nothing there unless the character begins a keycap. */
const IDLE_JOINERS = /(?<=^|[\0-\x7f])[\u200c\u200d\ufe0e\ufe0f]+(?!\u20e3)/gu;

/** Nothing in it is replaced. */
const PLAIN = /^[ -~]*$/;

/** @returns `text` with breaks as spaces and without invisible characters; '' when nothing is left. Spaces at its ends stay. */
export function shownLine(text: string): string {
  // A long chat has thousands of names, nearly all of them plain.
  if (PLAIN.test(text)) return text;
  return text.replace(BREAKS, ' ').replace(UNSEEN, '').replace(IDLE_JOINERS, '');
}
