/** Writes a board, or selected elements of it, as a `.wetink` file, without chat, undo history and authors. */
import type * as Y from 'yjs';
import { encodeFile, isWholeKind, ownRecordKeys, type FileElement } from './file-codec.ts';
import { styleProps } from '../document/fields.ts';
import { isPlainObject } from '../document/records.ts';
import { openRoots, textRoot } from '../document/roots.ts';
import { readText } from '../text/text-content.ts';
import type { Board, BoardElement, ElementId } from '../types.ts';

/**
 * Writes a board file.
 *
 * @param ids Exports only these shown elements, in paint order; such a file has no title and no background.
 *   Default: the whole board.
 * @param images Bytes of images by hash. The file opens elsewhere with those that are given; of the others it has only the frame.
 * @throws {BoardError} `TOO_LARGE` when the file would be beyond `fileLimits`.
 */
export function exportBoard(board: Board, ids?: Iterable<ElementId>, images: ReadonlyMap<string, Uint8Array> = new Map()): Uint8Array {
  const chosen = ids === undefined ? null : new Set(ids);
  const left = new Map(images);
  const elements: FileElement[] = [];
  for (const element of board.elements()) {
    if (chosen !== null && !chosen.has(element.id)) continue;
    const entry = toFileElement(board.doc, element);
    if (entry === null) continue;
    const hash = element.image?.hash ?? '';
    elements.push({ ...entry, data: left.get(hash) ?? null });
    left.delete(hash);
  }
  return encodeFile({
    title: chosen === null ? board.title : null,
    background: chosen === null ? board.background : null,
    elements,
  });
}

function toFileElement(doc: Y.Doc, element: BoardElement): Omit<FileElement, 'data'> | null {
  const { kind, geometry, baseGeometry: base, style, isLocked, ink, text, alt } = element;
  if (kind !== 'unknown' && isWholeKind(kind)) return { kind, geometry, base, style, isLocked, ink, text, alt, raw: null };
  const stored = openRoots(doc).base.get(element.id);
  if (!isPlainObject(stored) || typeof stored.k !== 'string') return null;
  const raw: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(stored)) if (!ownRecordKeys.includes(key)) raw[key] = value;
  // The file already has the style as shown; only a newer version's own properties stay in the record.
  if (isPlainObject(raw.y)) {
    raw.y = Object.fromEntries(Object.entries(raw.y).filter(([prop]) => !(styleProps as readonly string[]).includes(prop)));
    if (Object.keys(raw.y as object).length === 0) delete raw.y;
  }
  // Read only if it exists: looking a root type up by name creates it.
  const ownText = doc.share.has(`t/${element.id}`) ? readText(textRoot(doc, element.id)) : '';
  return { kind: stored.k, geometry, base, style, isLocked, ink: null, text: ownText, alt, raw };
}
