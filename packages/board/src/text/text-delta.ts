/**
 * The one replaced run that turns one text into another: a text area needs it to keep its caret in place while another
 * person types. Where characters repeat, several runs are right; this gives the one with the leftmost end.
 */
import { isHighSurrogate, isLowSurrogate } from './surrogates.ts';
import type { TextDelta } from '../types.ts';

/** Empty when the texts are equal. Never splits a surrogate pair. O(length). */
export function textDelta(before: string, after: string): TextDelta[] {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--;
  let end = 0;
  while (end < shorter - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) {
    end++;
  }
  if (end > 0 && isLowSurrogate(before.charCodeAt(before.length - end))) end--;
  return [{ index: start, deleted: before.length - start - end, inserted: after.slice(start, after.length - end) }];
}
