/**
 * Between a plain textarea and a text that others edit too: what the person changed, and where the caret goes.
 *
 * All offsets count UTF-16 units, as textareas and `ElementText` do.
 */
export interface TextEdit {
  start: number;
  deleteCount: number;
  insert: string;
}

/**
 * The one edit that turns `before` into `after`, placed at the caret.
 *
 * A third `a` typed into `aa` gives the same text wherever it goes. The caret shows the place, on which merging with other
 * people's edits depends. Never splits a surrogate pair.
 *
 * @param caret Where the caret stands after the edit: the end of what was inserted.
 * @returns null when nothing changed.
 */
export function diffText(before: string, after: string, caret: number): TextEdit | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  // The text after the caret was there before, so the common prefix must not reach into it.
  let suffix = 0;
  const maxSuffix = Math.min(shorter, Math.max(0, after.length - caret));
  while (suffix < maxSuffix && before.charCodeAt(before.length - 1 - suffix) === after.charCodeAt(after.length - 1 - suffix)) suffix++;
  let prefix = 0;
  while (prefix < shorter - suffix && before.charCodeAt(prefix) === after.charCodeAt(prefix)) prefix++;
  // The caret may be wrong (drag and drop, autocorrect elsewhere): take the rest of the common end too.
  while (suffix < shorter - prefix && before.charCodeAt(before.length - 1 - suffix) === after.charCodeAt(after.length - 1 - suffix))
    suffix++;
  if (isHigh(before.charCodeAt(prefix - 1)) || isHigh(after.charCodeAt(prefix - 1))) prefix--;
  if (isLow(before.charCodeAt(before.length - suffix)) || isLow(after.charCodeAt(after.length - suffix))) suffix--;
  return { start: prefix, deleteCount: before.length - suffix - prefix, insert: after.slice(prefix, after.length - suffix) };
}

/**
 * Moves an offset by another person's edits.
 *
 * Text inserted exactly at the offset goes after it: a caret stays where its owner looks.
 *
 * @param delta Edits in order, each index counted after the ones before it.
 */
export function moveOffset(offset: number, delta: readonly { index: number; deleted: number; inserted: string }[]): number {
  let moved = offset;
  for (const { index, deleted, inserted } of delta) {
    if (index >= moved) continue;
    const deletedBefore = Math.min(deleted, moved - index);
    moved += inserted.length - deletedBefore;
  }
  return moved;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
