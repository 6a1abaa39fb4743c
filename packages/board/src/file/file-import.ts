/**
 * Imports a `.wetink` file to a board: everything is checked before the first write, and all of it is one transaction and
 * one step of undo. Every element gets a new id, so the same file can be opened twice, also on the board it was saved
 * from.
 */
import { BoardError } from '../errors.ts';
import { geometryToValue } from '../document/fields.ts';
import { decodeFile, isWholeKind, type FileContent, type FileElement } from './file-codec.ts';
import { FileGroups, type FrameOf } from './file-groups.ts';
import { isPlainObject } from '../document/records.ts';
import { isStep } from '../document/keys.ts';
import { openRoots, textRoot } from '../document/roots.ts';
import { spliceText } from '../text/text-content.ts';
import { PageView, wholeBoard } from '../page-view.ts';
import type { Board, Edit, ElementId, PageId, Paper, StepKey } from '../types.ts';

/**
 * Puts a file's elements on top of what is there, in their order.
 *
 * A board that shows no elements also takes the file's paper and background, and its title if the board has none. Other boards
 * keep theirs.
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
  const wasEmpty = wholeBoard(board).count === 0;
  return board.doc.transact(() => {
    const ids = put(board, content.elements, new FileGroups(content.elements), { pages: content.pages, paper: content.paper, wasEmpty });
    if (wasEmpty && content.background !== null && content.background !== board.background) board.setBackground(content.background);
    if (wasEmpty && content.title !== null && content.title !== '' && board.title === '') board.setTitle(content.title);
    return ids;
  });
}

/** Elements of one transaction: some milliseconds of work. */
const AT_ONCE = 250;

/**
 * Puts elements on top of what is there as `importBoard` does, some hundred in each step, for files that are too long for one
 * transaction. They appear bit by bit, for everybody, and are one step of undo all the same. It ends early when nothing of
 * them is shown any more: their step was undone.
 *
 * @param begun An own step that they join, see `Board.run`.
 * @param frameOf A frame of the board for an element that is in no group and no frame of the file, or for all elements of an
 *   outermost group together; null for none.
 * @returns The new ids, bottom to top, of those that were put.
 * @throws {BoardError} `TOO_NEW`, `CLOSED`, also between two steps: what was put by then stays.
 */
export function* importElementsInSteps(
  board: Board,
  elements: readonly FileElement[],
  begun?: StepKey,
  frameOf: FrameOf = () => null,
): Generator<undefined, ElementId[]> {
  const ids: ElementId[] = [];
  const groups = new FileGroups(elements);
  // Elements are put into their frame as they come, and frames lie beneath everything anyway.
  const inOrder = [...elements.filter(isFrame), ...elements.filter((element) => !isFrame(element))];
  for (let at = 0; at < elements.length; at += AT_ONCE) {
    if (at > 0) yield;
    const newest = ids.at(-1);
    if (newest !== undefined && !ids.some((id) => board.get(id) !== undefined)) return ids;
    const step = newest === undefined ? begun : stepOf(board, newest);
    const part = inOrder.slice(at, at + AT_ONCE);
    ids.push(...board.doc.transact(() => put(board, part, groups, { step, frameOf })));
  }
  return ids;
}

function isFrame({ kind }: FileElement): boolean {
  return kind === 'frame';
}

/** The step that made an element, also one that was undone meanwhile. */
export function stepOf(board: Board, id: ElementId): StepKey | undefined {
  const record = openRoots(board.doc).base.get(id);
  return isPlainObject(record) && isStep(record.s) ? record.s : undefined;
}

interface Putting {
  readonly step?: StepKey | undefined;
  /** Names of the file's pages. */
  readonly pages?: readonly string[] | undefined;
  readonly paper?: Paper | undefined;
  readonly wasEmpty?: boolean;
  readonly frameOf?: FrameOf;
}

function put(
  board: Board,
  all: readonly FileElement[],
  groups: FileGroups,
  { step, pages = [], paper, wasEmpty, frameOf }: Putting,
): ElementId[] {
  const options = step === undefined ? {} : { step };
  // A version of before pages wrote their records into its files, as elements that it did not know.
  const elements = all.filter(({ kind }) => kind !== 'page');
  const ids = board.run((edit) => {
    if (wasEmpty === true && paper !== undefined) edit.setPaper(paper);
    const targets = makePages(edit, board, pages, { isNamed: wasEmpty === true });
    const created = elements.map((element) => create(edit, element, targets[(element.page ?? 1) - 1]));
    groups.put(edit, elements, created, frameOf);
    for (const [i, element] of elements.entries()) {
      const frame = element.groups.length === 0 ? (frameOf?.([element]) ?? null) : null;
      if (frame !== null) edit.setParent([created[i] as ElementId], frame);
    }
    return created;
  }, options);
  elements.forEach((element, i) => complete(board, ids[i] as ElementId, element));
  return ids;
}

/** The pages that the file's pages become: the first one is the page in view, the others come behind it. */
function makePages(edit: Edit, board: Board, names: readonly string[], { isNamed }: { isNamed: boolean }): PageId[] {
  const [first = '', ...others] = names;
  const made: PageId[] = [board instanceof PageView ? board.page : (board.pages()[0]?.id ?? '')];
  if (isNamed && first !== '') edit.renamePage(made[0] ?? '', first);
  for (const name of others) made.push(edit.addPage({ after: made.at(-1), name }));
  return names.length > 1 ? made : [];
}

function create(edit: Edit, element: FileElement, page: PageId | undefined): ElementId {
  const { kind, base, style, ink, text, alt, isLocked, points } = element;
  // An image, a file or an unknown kind is written as a known one first and gets its own record below, in the same transaction.
  const known = isWholeKind(kind) ? kind : 'rectangle';
  const own = { ...(ink !== null && { ink }), ...((known === 'text' || known === 'frame') && { text }), ...(points && { points }) };
  const id = edit.create({ kind: known, geometry: base, style, ...own, ...(page !== undefined && { page }), alt });
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
