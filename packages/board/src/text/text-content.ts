/**
 * Text inside an element's XmlFragment, seen as one plain string.
 *
 * The fragment holds one XmlText, made with the element; if two devices began the same text at once it holds two, and a
 * newer version may nest elements around them. Reading joins all text in order; a value that is not text counts as one
 * U+FFFC, so that offsets in the string and in the document agree.
 */
import * as Y from 'yjs';
import { MAX_TEXT_LENGTH } from '../limits.ts';
import { clipText, wellFormed } from './surrogates.ts';

const OBJECT_REPLACEMENT = '\uFFFC';
/** Deepest nesting read: rich text of a newer version has a few levels, so deeper nesting is malicious. */
const MAX_DEPTH = 16;

/** The texts of a fragment in reading order. */
function textLeaves(fragment: Y.XmlFragment): Y.XmlText[] {
  const leaves: Y.XmlText[] = [];
  gather(fragment, leaves, 0);
  return leaves;
}

/** The shown text: all of it, up to `MAX_TEXT_LENGTH`. */
export function readText(fragment: Y.XmlFragment): string {
  return clipText(readAllText(fragment), MAX_TEXT_LENGTH);
}

/** The whole text, however long: offsets into it are offsets into the document. */
export function readAllText(fragment: Y.XmlFragment): string {
  let text = '';
  for (const leaf of textLeaves(fragment)) text += leafText(leaf);
  return text;
}

/**
 * One leaf's text, of the same length as the leaf. Read item by item: a delta leaves out values that are not text, which
 * an update can hold too, and every offset behind such a value would be wrong.
 */
function leafText(leaf: Y.XmlText): string {
  let text = '';
  for (let item = leaf._start; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue;
    text += item.content instanceof Y.ContentString ? item.content.str : OBJECT_REPLACEMENT.repeat(item.length);
  }
  return text;
}

/**
 * Replaces `deleteCount` units from `start` by `insert`, inside the caller's transaction. The range must lie in the text.
 * Inserts into the leaf that ends at `start` rather than the leaf that begins there.
 */
export function spliceText(fragment: Y.XmlFragment, start: number, deleteCount: number, insert: string): void {
  const leaves = textLeaves(fragment);
  let offset = 0;
  let left = deleteCount;
  let target: { leaf: Y.XmlText; at: number } | null = null;
  for (const leaf of leaves) {
    const length = leaf.length;
    const at = Math.max(0, start - offset);
    if (target === null && at <= length) target = { leaf, at };
    if (left > 0 && at < length) {
      const count = Math.min(left, length - at);
      deleteFromLeaf(leaf, at, count);
      left -= count;
    }
    offset += length;
  }
  if (insert === '') return;
  if (target === null) {
    const leaf = new Y.XmlText();
    fragment.insert(fragment.length, [leaf]);
    target = { leaf, at: 0 };
  }
  target.leaf.insert(target.at, wellFormed(insert));
}

/**
 * Deletes units of a leaf. `Y.XmlText.delete` skips values that are not text without counting them, and would delete text
 * behind the range instead. Deleting such a value deletes everything that was written together with it.
 */
function deleteFromLeaf(leaf: Y.XmlText, start: number, count: number): void {
  const runs: { readonly at: number; length: number; readonly value: Y.Item | null }[] = [];
  let offset = 0;
  for (let item = leaf._start; item !== null && offset < start + count; item = item.right) {
    if (item.deleted || !item.countable) continue;
    const at = Math.max(offset, start);
    const length = Math.min(offset + item.length, start + count) - at;
    offset += item.length;
    if (length <= 0) continue;
    const isText =
      item.content instanceof Y.ContentString || item.content instanceof Y.ContentEmbed || item.content instanceof Y.ContentType;
    const last = runs.at(-1);
    if (isText && last?.value === null) last.length += length;
    else runs.push({ at, length, value: isText ? null : item });
  }
  leaf.doc?.transact((transaction) => {
    for (const { at, length, value } of runs.reverse()) {
      if (value === null) leaf.delete(at, length);
      else value.delete(transaction);
      // Search markers that Yjs caches are wrong after a value was deleted without its knowledge.
      if (value !== null && leaf._searchMarker !== null) leaf._searchMarker.length = 0;
    }
  });
}

function gather(parent: Y.XmlFragment, leaves: Y.XmlText[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  for (const child of parent.toArray() as unknown[]) {
    if (child instanceof Y.XmlText) leaves.push(child);
    else if (child instanceof Y.XmlFragment) gather(child, leaves, depth + 1);
  }
}
