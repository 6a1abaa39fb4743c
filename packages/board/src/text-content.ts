/**
 * Text inside an element's XmlFragment, seen as one plain string.
 *
 * The fragment holds one XmlText, made with the element; two devices that began the same text at once made two, and a
 * newer version may nest elements around them. Reading joins whatever text there is, in order; a thing that is not
 * text counts as one U+FFFC, so that offsets in the string and in the document agree.
 */
import * as Y from 'yjs';
import { MAX_TEXT_LENGTH } from './limits.ts';

const OBJECT_REPLACEMENT = '\uFFFC';
/** A rich text of a newer version is a few levels deep; deeper is malice. */
const MAX_DEPTH = 16;

/** The texts of a fragment in reading order. */
function textLeaves(fragment: Y.XmlFragment): Y.XmlText[] {
  const leaves: Y.XmlText[] = [];
  gather(fragment, leaves, 0);
  return leaves;
}

/** What is shown of a text: all of it, up to the bound. */
export function readText(fragment: Y.XmlFragment): string {
  const text = readAllText(fragment);
  return text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH) : text;
}

/** The whole text, however long: offsets into it are offsets into the document. */
export function readAllText(fragment: Y.XmlFragment): string {
  let text = '';
  for (const leaf of textLeaves(fragment)) text += leafText(leaf);
  return text;
}

/** One leaf's text; its length is the leaf's own. */
function leafText(leaf: Y.XmlText): string {
  let text = '';
  for (const part of leaf.toDelta() as { insert: unknown }[]) {
    text += typeof part.insert === 'string' ? part.insert : OBJECT_REPLACEMENT;
  }
  return text;
}

/**
 * Replaces `deleteCount` units from `start` by `insert`, inside a transaction of the caller's. The range must lie in
 * the text. Inserts into the text that ends at `start` rather than the one that begins there.
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
      leaf.delete(at, count);
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
  target.leaf.insert(target.at, insert);
}

function gather(parent: Y.XmlFragment, leaves: Y.XmlText[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  for (const child of parent.toArray() as unknown[]) {
    if (child instanceof Y.XmlText) leaves.push(child);
    else if (child instanceof Y.XmlFragment) gather(child, leaves, depth + 1);
  }
}
