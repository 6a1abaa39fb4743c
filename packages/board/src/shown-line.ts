/**
 * One line of somebody else's text (a name, a title) as people may be shown it. Nothing of it turns the direction of what
 * stands beside it around, and two lines that look the same are the same.
 */

/** Controls, line breaks, halves of surrogate pairs. */
const BREAKS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu;
/** Takes no room: overrides of direction, zero-width spaces, tags, fillers. Joiners and the look of an emoji stay. */
const UNSEEN = /(?![\u200c\u200d\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/gu;
/** A joiner joins nothing behind an ASCII character, unless that begins a keycap. */
const IDLE_JOINERS = /(?<=^|[\0-\x7f])[\u200c\u200d\ufe0e\ufe0f]+(?!\u20e3)/gu;

/** @returns `text` without them; spaces at its ends stay. '' when there is nothing to see. */
export function shownLine(text: string): string {
  return text.replace(BREAKS, ' ').replace(UNSEEN, '').replace(IDLE_JOINERS, '');
}
