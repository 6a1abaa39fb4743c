/**
 * Imports a `.wetink` file to a board: everything is checked before the first write, and all of it is one transaction and
 * one step of undo. Every element gets a new id, so the same file can be opened twice, also on the board it was saved
 * from.
 */
import { BoardError } from '../errors.ts';
import { geometryToValue } from '../document/fields.ts';
import { decodeFile, isWholeKind, type FileContent, type FileElement } from './file-codec.ts';
import { isPlainObject } from '../document/records.ts';
import { openRoots, textRoot } from '../document/roots.ts';
import { spliceText } from '../text/text-content.ts';
import type { Board, Edit, ElementId } from '../types.ts';

/**
 * Puts a file's elements on top of what is there, in their order.
 *
 * A board that shows no elements also takes the file's background, and its title if the board has none. Other boards keep
 * theirs, since undo could not restore them.
 *
 * @param file Its bytes, or what `decodeFile` made of them. Bytes of images in it are left to the caller (`imagesInFile`).
 * @returns The new ids, bottom to top.
 * @throws {BoardError} `BAD_FILE`, `FILE_TOO_NEW`, `TOO_LARGE` about the file, `TOO_NEW`, `CLOSED` about the board;
 *   nothing is changed then.
 * @throws {RangeError} When called inside `board.run`: the step it would be part of is not written yet.
 */
export function importBoard(board: Board, file: Uint8Array | FileContent): ElementId[] {
  const content = file instanceof Uint8Array ? decodeFile(file) : file;
  if (board.isTooNew) throw new BoardError('TOO_NEW');
  const wasEmpty = board.count === 0;
  return board.doc.transact(() => {
    const ids = board.run((edit) => content.elements.map((element) => create(edit, element)));
    content.elements.forEach((element, i) => complete(board, ids[i] as ElementId, element));
    if (wasEmpty && content.background !== null && content.background !== board.background) board.setBackground(content.background);
    if (wasEmpty && content.title !== null && content.title !== '' && board.title === '') board.setTitle(content.title);
    return ids;
  });
}

function create(edit: Edit, element: FileElement): ElementId {
  const { kind, base, style, ink, text, alt, isLocked } = element;
  // An image or an unknown kind is written as a known one first and gets its own record below, in the same transaction.
  const known = isWholeKind(kind) ? kind : 'rectangle';
  const id = edit.create({ kind: known, geometry: base, style, ...(ink !== null && { ink }), ...(known === 'text' && { text }), alt });
  if (isLocked) edit.setLocked(id, true);
  return id;
}

/** Writes values that `Edit` has no method for, tagged with the step that made the element. */
function complete(board: Board, id: ElementId, element: FileElement): void {
  const { kind, geometry, base, style, text, raw } = element;
  const shown = geometryToValue(geometry);
  const isMoved = geometryToValue(base).some((value, i) => value !== shown[i]);
  if (!isMoved && raw === null) return;
  const roots = openRoots(board.doc);
  const record = roots.base.get(id);
  if (!isPlainObject(record)) throw new RangeError('importBoard was called inside board.run');
  if (isMoved) roots.geo.set(id, [shown, record.s]);
  if (raw === null) return;
  roots.base.set(id, { ...raw, ...record, k: kind, y: { ...(isPlainObject(raw.y) ? raw.y : {}), ...style } });
  if (text !== '') spliceText(textRoot(board.doc, id), 0, 0, text);
}
