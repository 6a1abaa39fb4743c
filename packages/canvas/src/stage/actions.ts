/** The actions of toolbars and keys that change or pick what is on the board. Fetched late, see editing.ts beside it; those on the view are in view-actions.ts. */
import {
  BoardError,
  MAX_TEXT_LENGTH,
  type AttachedFile,
  type BoardElement,
  type ElementId,
  type ElementKind,
  type Geometry,
  type ImageContent,
} from '@wetink/board';
import type { Arrangement } from '../arrange/arrangement.ts';
import { paintBox } from '../bounds.ts';
import { reveal, toBoard, visibleBox } from '../camera.ts';
import { emptyTextSize, estimateLine, measureText } from '../draw/text-layout.ts';
import { geometryBox, growBox, uniteAll, type Box, type Point } from '../geometry.ts';
import { moveGeometry } from '../frame.ts';
import { applyCommit, createFiles, createImages, moveAll, moveTo, removeAll, reorderAll } from '../editor/commit.ts';
import type { Editor } from '../editor/editor.ts';
import { heldBy, withHeldItems } from '../editor/homes.ts';
import { elementsIn, insideOf, unitOf, unitsOf } from '../grouping.ts';
import { ElementOrder } from './element-order.ts';
import { freeShift, type SpotOptions } from './free-spot.ts';
import { arrangeCards } from '../files/arrange-cards.ts';
import { arrangeImages } from '../images/arrange-images.ts';
import { isFree } from '../editor/selection.ts';
import type { EditingActions, Stage } from './stage-types.ts';

/** CSS pixels by which a placed or copied element is shifted from one that is there, so that both can be seen. */
const SHIFT_PX = 16;
/** Size of an element placed by keyboard, CSS pixels. */
const PLACED_PX = { width: 160, height: 100 };
/** CSS pixels kept free around an element that Tab brings into view, since bars lie along the edges. At most a fifth of the view. */
const REVEAL_PX = 72;

/** UTF-16 units of a pasted text that are measured to put it in the middle: some milliseconds. */
const MEASURED_UNITS = 5_000;

export function createActions(editor: Editor): EditingActions {
  const order = new ElementOrder();
  const middle = (): Point => ({ x: editor.size.width / 2, y: editor.size.height / 2 });
  return {
    selectAll() {
      editor.setTool('select');
      editor.select(
        editor.board
          .elements()
          .filter(isFree)
          .map((element) => element.id),
      );
    },
    selectNext(direction, { after = null, from = 'left' } = {}) {
      const { selection, entered } = editor.state;
      const next = order.next(editor.board, { selection, entered, after, from }, direction);
      const box = uniteAll((next?.ids ?? []).flatMap((id) => editor.scene.get(id) ?? []).map(paintBox));
      if (next === null || box === null) return false;
      editor.setTool('select');
      editor.select(next.ids);
      const { camera } = editor.state;
      editor.setCamera(reveal(camera, growBox(box, marginOf(editor)), editor.size));
      return next;
    },
    deleteSelection() {
      const elements = editor.editable();
      if (elements.length > 0) removeAll(editor.board, elements);
    },
    duplicateSelection() {
      // Not as shown: a copy has nothing of a look, a crop or a style that is only being tried.
      const chosen = editor.editable().flatMap(({ id }) => editor.board.get(id) ?? []);
      const elements = [...chosen, ...heldBy(editor.board, chosen)];
      if (elements.length === 0) return;
      const again = editor.repeatedShift();
      if (again !== null) return editor.copy(elements, again, { isByHand: true });
      const shift = freeShift(
        // A text takes another box than that of the document.
        elements.map((element) => geometryBox((element.kind === 'text' ? (editor.elementOf(element.id) ?? element) : element).geometry)),
        spots(editor, { isCopy: true }),
      );
      editor.copy(elements, shift, { isByHand: false });
    },
    nudge(dx, dy) {
      const elements = editor.editable();
      const step = editor.gridStep ?? 1;
      const shift = { x: dx * step, y: dy * step };
      if (elements.length > 0) moveAll(editor.board, editor.scene, [...elements, ...heldBy(editor.board, elements)], shift);
    },
    rearrange: (arrangement) => rearrange(editor, arrangement),
    reorderSelection(to) {
      const elements = editor.editable();
      if (elements.length > 0) reorderAll(editor.board, unitsAmong(editor, elements), to);
    },
    groupSelection() {
      const units = unitsAmong(editor, editor.editable());
      if (units.length > 1) editor.board.run((edit) => edit.group(units));
    },
    ungroupSelection() {
      const groups = unitsAmong(editor, editor.editable()).filter((id) => editor.board.get(id) === undefined);
      if (groups.length > 0) editor.board.run((edit) => edit.ungroup(groups));
    },
    removeFrames() {
      const frames = selectedFrames(editor);
      const held = frames.flatMap(({ id }) => [...editor.board.membersOf(id)]);
      if (frames.length === 0) return;
      editor.board.run((edit) => edit.ungroup(frames.map(({ id }) => id)));
      editor.select(held.flatMap((id) => elementsIn(editor.board, id)));
    },
    selectInFrames() {
      const held = selectedFrames(editor).flatMap(({ id }) => editor.board.membersOf(id));
      const elements = held.flatMap((id) => elementsIn(editor.board, id)).filter((id) => editor.board.get(id)?.isLocked === false);
      if (elements.length > 0) editor.select(elements);
    },
    lockSelection: () => lockSelection(editor),
    editSelection: () => editSelection(editor),
    ...putting(editor),
    placeAtCentre: (kind) => placeAtCentre(editor, kind, toBoard(editor.state.camera, middle())),
  };
}

function rearrange(editor: Editor, arrangement: Arrangement): void {
  const { board, scene, gridStep } = editor;
  const withHeld = (elements: readonly BoardElement[]): readonly BoardElement[] => [...elements, ...heldBy(board, elements)];
  const unit = (id: ElementId): ElementId => unitOf(board, id, editor.state.entered);
  const items = editor.stored(arrangement(editor.editable(), unit, { gridStep, withHeld }));
  if (items.length > 0) board.run((edit) => moveTo(edit, board, scene, withHeldItems(board, items)));
}

function selectedFrames(editor: Editor): BoardElement[] {
  return editor.editable().filter(({ kind }) => kind === 'frame');
}

function lockSelection(editor: Editor): void {
  const elements = editor.isReadOnly ? [] : editor.selected().elements.filter(({ kind }) => kind !== 'unknown');
  const mustLock = elements.some(isFree);
  if (elements.length > 0) editor.board.run((edit) => elements.forEach(({ id }) => edit.setLocked(id, mustLock)));
}

function unitsAmong(editor: Editor, elements: readonly BoardElement[]): ElementId[] {
  return unitsOf(
    editor.board,
    elements.map(({ id }) => id),
    editor.state.entered,
  );
}

/** @returns False when neither one group nor one text nor one file is all that is selected. */
function editSelection(editor: Editor): boolean {
  const [chosen, ...more] = editor.selected().elements;
  const inside = chosen === undefined ? null : insideOf(editor.board, chosen.id, editor.state.entered);
  if (inside !== null && unitsAmong(editor, more).every((id) => id === inside.entered)) {
    editor.select(inside.ids, inside.entered);
    return true;
  }
  if (chosen === undefined || more.length > 0) return false;
  // A file can be opened where nothing can be changed.
  if (chosen.kind === 'file') editor.openFile(chosen.id);
  else if ((chosen.kind === 'text' || chosen.kind === 'frame') && editor.editable().length === 1) editor.editText(chosen.id);
  else return false;
  return true;
}

/** Calls of the page that put content on the board, at a place in the view or in its middle. */
function putting(editor: Editor): Pick<Stage, 'putText' | 'putImages' | 'putFiles'> {
  const place = (at: Point | undefined): Point | null => (at === undefined ? null : toBoard(editor.state.camera, at));
  return {
    putText: (text, at) => putText(editor, text, place(at)),
    putImages: (images, at) => putImages(editor, images, place(at)),
    putFiles: (files, at) => putFiles(editor, files, place(at)),
  };
}

/** See `Stage.placeFor`. */
export function placeFor(editor: Editor, box: Box, at?: Point): Point {
  const { width, height } = editor.size;
  const middle = toBoard(editor.state.camera, at ?? { x: width / 2, y: height / 2 });
  const x = Math.round(middle.x - (box.minX + box.maxX) / 2);
  const y = Math.round(middle.y - (box.minY + box.maxY) / 2);
  if (at !== undefined) return { x, y };
  const moved = { minX: box.minX + x, minY: box.minY + y, maxX: box.maxX + x, maxY: box.maxY + y };
  const shift = freeShift([moved], spots(editor, { isCopy: false }));
  return { x: Math.round(x + shift.x), y: Math.round(y + shift.y) };
}

function placeAtCentre(editor: Editor, kind: ElementKind, centre: Point): void {
  if (editor.isReadOnly || kind === 'stroke' || kind === 'image' || kind === 'file') return;
  const { zoom } = editor.state.camera;
  const gesture = editor.board.nextGesture();
  const w = PLACED_PX.width / zoom;
  const isLine = kind === 'line' || kind === 'arrow';
  const h = isLine ? 0 : PLACED_PX.height / zoom;
  if (kind === 'text') {
    const line = emptyTextSize(editor.state.style);
    const caret = { x: centre.x, y: centre.y - line.h / 2, ...line, rotation: 0 };
    const shift = freeShift([geometryBox(caret)], spots(editor, { isCopy: false }));
    return editor.writeAt({ x: centre.x + shift.x, y: centre.y + shift.y }, gesture);
  }
  const middle = { x: centre.x - w / 2, y: centre.y - h / 2, w, h, rotation: 0 };
  const shift = freeShift([geometryBox(middle)], spots(editor, { isCopy: false }));
  const geometry = moveGeometry(middle, shift.x, shift.y);
  const id = applyCommit(editor, { type: 'shape', shape: kind, style: editor.state.style, geometry }, gesture);
  editor.setTool('select');
  if (id !== null) editor.select([id]);
}

function spots(editor: Editor, { isCopy }: { isCopy: boolean }): SpotOptions {
  const { width, height } = editor.size;
  return {
    query: (box) => editor.scene.queryUnordered(box),
    step: SHIFT_PX / editor.state.camera.zoom,
    perRow: Math.min(width, height) / 3 / SHIFT_PX,
    isCopy,
  };
}

/** @param at Where its first line begins, board units; null for the middle of the view. */
function putText(editor: Editor, text: string, at: Point | null): void {
  if (editor.isReadOnly) return;
  // Before any of it is measured: millions of characters would take half a minute.
  if (text.length > MAX_TEXT_LENGTH) throw new BoardError('TOO_LARGE', 'text');
  const { camera, style } = editor.state;
  // A long text is larger than the view: where it begins takes no exact size, and its lines are measured once it is there.
  const size = text.length > MEASURED_UNITS ? measureText(text, style, estimateLine) : editor.sizeOfText(text, style);
  const view = visibleBox(camera, editor.size);
  const around = marginOf(editor);
  // The beginning of a text larger than the view is in view.
  const corner = {
    x: Math.max((view.minX + view.maxX - size.w) / 2, view.minX + around),
    y: Math.max((view.minY + view.maxY - size.h) / 2, view.minY + around),
  };
  const box = { minX: corner.x, minY: corner.y, maxX: corner.x + size.w, maxY: corner.y + size.h };
  const shift = freeShift([box], spots(editor, { isCopy: false }));
  const start = at ?? { x: corner.x + shift.x, y: corner.y + shift.y + emptyTextSize(style).h / 2 };
  const id = applyCommit(editor, { type: 'text', style, at: start, text }, editor.board.nextGesture());
  editor.setTool('select');
  if (id !== null) editor.select([id]);
}

/** @param at Their middle, board units; null for the middle of the view. */
function putImages(editor: Editor, images: readonly ImageContent[], at: Point | null): void {
  if (editor.isReadOnly || images.length === 0) return;
  const { camera } = editor.state;
  const view = visibleBox(camera, editor.size);
  const around = marginOf(editor);
  const room = { w: Math.max(1, view.maxX - view.minX - 2 * around), h: Math.max(1, view.maxY - view.minY - 2 * around) };
  const centre = at ?? { x: (view.minX + view.maxX) / 2, y: (view.minY + view.maxY) / 2 };
  const places = clearOf(editor, arrangeImages(images, { room, zoom: camera.zoom, centre }), at);
  const ids = createImages(
    editor.board,
    editor.scene,
    images.map((image, i) => ({ image, geometry: places[i] as Geometry })),
  );
  editor.setTool('select');
  editor.select(ids);
}

/** @param at Their middle, board units; null for the middle of the view. */
function putFiles(editor: Editor, files: readonly AttachedFile[], at: Point | null): void {
  if (editor.isReadOnly || files.length === 0) return;
  const { zoom } = editor.state.camera;
  const centre = at ?? toBoard(editor.state.camera, { x: editor.size.width / 2, y: editor.size.height / 2 });
  const places = clearOf(editor, arrangeCards(files, { zoom, centre }), at);
  const ids = createFiles(
    editor.board,
    editor.scene,
    files.map((file, i) => ({ file, geometry: places[i] as Geometry })),
  );
  editor.setTool('select');
  editor.select(ids);
}

/** Where nobody has pointed, new elements go where nothing lies yet. */
function clearOf(editor: Editor, places: readonly Geometry[], at: Point | null): Geometry[] {
  const box = uniteAll(places.map(geometryBox));
  const shift = at !== null || box === null ? { x: 0, y: 0 } : freeShift([box], spots(editor, { isCopy: false }));
  return places.map((place) => moveGeometry(place, shift.x, shift.y));
}

/** Board units to keep free around an element that is brought into view. */
function marginOf(editor: Editor): number {
  return Math.min(REVEAL_PX, Math.min(editor.size.width, editor.size.height) / 5) / editor.state.camera.zoom;
}
