/** Writes a board, or selected elements of it, as a `.wetink` file, without chat, undo history and authors. */
import type * as Y from 'yjs';
import { encodeFile, encodeFileInSteps, isWholeKind, ownRecordKeys, type FileContent, type FileElement } from './file-codec.ts';
import { isDefaultPaper } from '../color/papers.ts';
import { styleProps } from '../document/fields.ts';
import { isSameImage, readImage, writeImage } from '../document/image-record.ts';
import { lookProps, wholeGeometry, writeLook } from '../document/look.ts';
import { isPlainObject } from '../document/records.ts';
import { wholeBoard } from '../page-view.ts';
import { GroupNumbers } from './group-numbers.ts';
import { withImages } from './file-images.ts';
import { openRoots, textRoot } from '../document/roots.ts';
import { readText } from '../text/text-content.ts';
import type { Board, BoardElement, ElementId } from '../types.ts';

/**
 * Writes a board file.
 *
 * @param ids Exports only these shown elements, in paint order, what is in the frames among them as far as it is among them
 *   too, and the groups of which all elements are among them; such a
 *   file has no title, no background and no paper.
 *   Default: the whole board, with all of its pages.
 * @param images Bytes of images by hash. The file opens elsewhere with those that are given; of the others it has only the frame.
 * @throws {BoardError} `TOO_LARGE` when the file would be beyond `fileLimits`.
 */
export function exportBoard(board: Board, ids?: Iterable<ElementId>, images: ReadonlyMap<string, Uint8Array> = new Map()): Uint8Array {
  return encodeFile(boardContent(board, ids, images));
}

/**
 * `exportBoard`, an element in each step. The file is the board as it was at the call, whatever changes between the steps.
 *
 * @returns The parts of the file in order.
 */
export function exportBoardInSteps(
  board: Board,
  ids?: Iterable<ElementId>,
  images: ReadonlyMap<string, Uint8Array> = new Map(),
): Generator<undefined, Uint8Array<ArrayBuffer>[]> {
  return encodeFileInSteps(boardContent(board, ids, images));
}

/** The content of the file that `exportBoard` writes, as of now. Arguments as there. */
export function boardContent(board: Board, ids?: Iterable<ElementId>, images: ReadonlyMap<string, Uint8Array> = new Map()): FileContent {
  const chosen = ids === undefined ? null : new Set(ids);
  const from = chosen === null ? wholeBoard(board) : board;
  const groups = new GroupNumbers(from, chosen);
  const pages = from.pages();
  const numbers = new Map(pages.map(({ id }, i) => [id, i + 1]));
  const elements: FileElement[] = [];
  for (const element of from.elements()) {
    if (chosen !== null && !chosen.has(element.id)) continue;
    const entry = toFileElement(board.doc, element);
    if (entry === null) continue;
    const page = chosen === null && pages.length > 1 ? { page: numbers.get(element.page) } : {};
    elements.push({ ...entry, ...page, groups: groups.above(element.id), ...groups.heldBy(element), data: null });
  }
  const { title, background } = chosen === null ? board : { title: null, background: null };
  const names = pages.map(({ name }) => name);
  const hasPages = chosen === null && (names.length > 1 || names[0] !== '');
  const paper = chosen === null && !isDefaultPaper(board.paper) && { paper: board.paper };
  return withImages({ title, background, ...paper, elements, ...(hasPages && { pages: names }) }, images);
}

const ownProps: readonly string[] = [...styleProps, ...lookProps, 'crop'];

function toFileElement(doc: Y.Doc, element: BoardElement): Omit<FileElement, 'data' | 'groups' | 'holds'> | null {
  const { kind, geometry, baseGeometry: base, style, isLocked, ink, text, alt, points } = element;
  if (kind !== 'unknown' && isWholeKind(kind))
    return { kind, geometry, base, style, isLocked, ink, text, alt, raw: null, ...(points !== null && { points }) };
  const stored = openRoots(doc).base.get(element.id);
  if (!isPlainObject(stored) || typeof stored.k !== 'string') return null;
  const raw: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(stored)) if (!ownRecordKeys.includes(key)) raw[key] = value;
  // The file already has the style as shown; only a newer version's own properties stay in the record.
  if (isPlainObject(raw.y)) {
    raw.y = Object.fromEntries(Object.entries(raw.y).filter(([prop]) => !ownProps.includes(prop)));
  }
  const { image } = element;
  if (image !== null) {
    // As it is shown now: the record may have the image before, and the look and crop before.
    if (!isSameImage(image, readImage(raw.m))) raw.m = writeImage(image);
    raw.y = { ...(isPlainObject(raw.y) ? raw.y : {}), ...writeLook(element.look, element.crop) };
  }
  if (isPlainObject(raw.y) && Object.keys(raw.y).length === 0) delete raw.y;
  // Read only if it exists: looking a root type up by name creates it.
  const ownText = doc.share.has(`t/${element.id}`) ? readText(textRoot(doc, element.id)) : '';
  return { kind: stored.k, geometry: wholeGeometry(geometry, element.crop), base, style, isLocked, ink: null, text: ownText, alt, raw };
}
