/** The actions of toolbars and keys: the part of the stage without pointers. */
import type { ElementId, ElementKind, Geometry, ImageContent, Style } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { clampCamera, fitBox, nextZoomStep, panBy, reveal, toBoard, visibleBox, zoomAt } from '../camera.ts';
import { emptyTextSize } from '../draw/text-layout.ts';
import { geometryBox, uniteAll, type Box, type Point } from '../geometry.ts';
import type { ToolName } from '../tools/tool.ts';
import { moveGeometry } from '../transform.ts';
import { applyCommit, createImages, duplicate, moveAll, removeAll, reorderAll, restyle } from '../editor/commit.ts';
import type { Editor } from '../editor/editor.ts';
import { neighbourOf } from './element-order.ts';
import { freeShift, type SpotOptions } from './free-spot.ts';
import { arrangeImages } from '../images/arrange-images.ts';
import { isFree } from '../editor/selection.ts';
import type { Stage } from './stage-types.ts';

/** CSS pixels by which a placed or copied element is shifted from one that is there, so that both can be seen. */
const SHIFT_PX = 16;
/** Size of an element placed by keyboard, CSS pixels. */
const PLACED_PX = { width: 160, height: 100 };
/** CSS pixels kept free around an element that Tab brings into view, since bars lie along the edges. At most a fifth of the view. */
const REVEAL_PX = 72;

type Actions = Pick<
  Stage,
  | 'setTool'
  | 'setToolKept'
  | 'previewStyle'
  | 'setStyle'
  | 'select'
  | 'selectAll'
  | 'selectNext'
  | 'deleteSelection'
  | 'duplicateSelection'
  | 'nudge'
  | 'reorderSelection'
  | 'editSelection'
  | 'escape'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomTo'
  | 'bounds'
  | 'zoomToFit'
  | 'zoomToSelection'
  | 'panBy'
  | 'setCamera'
  | 'placeAtCentre'
  | 'putText'
  | 'putImages'
>;

export function createActions(editor: Editor): Actions {
  const middle = (): Point => ({ x: editor.size.width / 2, y: editor.size.height / 2 });
  const zoomTo = (zoom: number): void => editor.setCamera(zoomAt(editor.state.camera, middle(), zoom));
  const fit = (box: Box | null): void => {
    if (box !== null && editor.size.width > 0) editor.setCamera(fitBox(box, editor.size));
  };
  return {
    setTool: (tool: ToolName) => editor.setTool(tool),
    setToolKept: (isKept) => editor.setToolKept(isKept),
    previewStyle: (patch) => editor.previewStyle(patch),
    setStyle(patch: Partial<Style>) {
      editor.previewStyle(null);
      editor.setStyle(patch);
      const elements = editor.editable();
      if (elements.length > 0) restyle(editor.board, elements, patch);
    },
    select: (ids: readonly ElementId[]) => editor.select(ids),
    selectAll() {
      editor.setTool('select');
      editor.select(
        editor.board
          .elements()
          .filter(isFree)
          .map((element) => element.id),
      );
    },
    selectNext(direction) {
      const next = neighbourOf(editor.board.elements(), editor.state.selection, direction);
      if (next === null) return false;
      editor.setTool('select');
      editor.select([next.id]);
      const { camera } = editor.state;
      const around = marginOf(editor);
      const box = paintBox(editor.scene.get(next.id) ?? next);
      const room = { minX: box.minX - around, minY: box.minY - around, maxX: box.maxX + around, maxY: box.maxY + around };
      editor.setCamera(reveal(camera, room, editor.size));
      return true;
    },
    deleteSelection() {
      const elements = editor.editable();
      if (elements.length > 0) removeAll(editor.board, elements);
    },
    duplicateSelection() {
      const elements = editor.editable();
      if (elements.length === 0) return;
      const shift = freeShift(
        elements.map(({ geometry }) => geometryBox(geometry)),
        spots(editor, { isCopy: true }),
      );
      editor.select(duplicate(editor.board, elements, shift.x, shift.y));
    },
    nudge(dx, dy) {
      const elements = editor.editable();
      if (elements.length > 0) moveAll(editor.board, elements, dx, dy);
    },
    reorderSelection(to) {
      const elements = editor.editable();
      if (elements.length > 0) reorderAll(editor.board, elements, to);
    },
    editSelection() {
      const [element, ...others] = editor.editable();
      if (element?.kind !== 'text' || others.length > 0) return false;
      editor.editText(element.id);
      return true;
    },
    escape: () => editor.escape(),
    zoomIn: () => zoomTo(nextZoomStep(editor.state.camera.zoom, 1)),
    zoomOut: () => zoomTo(nextZoomStep(editor.state.camera.zoom, -1)),
    zoomTo,
    bounds: () => editor.scene.bounds(),
    zoomToFit: (box) => fit(box ?? editor.scene.bounds()),
    zoomToSelection: () => fit(uniteAll(editor.selected().elements.map(paintBox))),
    panBy: (dx, dy) => editor.setCamera(panBy(editor.state.camera, dx, dy)),
    setCamera: (camera) => editor.setCamera(clampCamera(camera)),
    putText: (text, at) => putText(editor, text, at === undefined ? null : toBoard(editor.state.camera, at)),
    putImages: (images, at) => putImages(editor, images, at === undefined ? null : toBoard(editor.state.camera, at)),
    placeAtCentre: (kind) => placeAtCentre(editor, kind, toBoard(editor.state.camera, middle())),
  };
}

function placeAtCentre(editor: Editor, kind: ElementKind, centre: Point): void {
  if (editor.isReadOnly || kind === 'stroke' || kind === 'image') return;
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
  const id = applyCommit(editor.board, { type: 'shape', shape: kind, style: editor.state.style, geometry }, gesture, zoom);
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
  const { camera, style } = editor.state;
  const size = editor.sizeOfText(text, style);
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
  const id = applyCommit(editor.board, { type: 'text', style, at: start, text }, editor.board.nextGesture(), camera.zoom);
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
  const places = arrangeImages(images, { room, zoom: camera.zoom, centre });
  const box = uniteAll(places.map(geometryBox));
  const shift = at !== null || box === null ? { x: 0, y: 0 } : freeShift([box], spots(editor, { isCopy: false }));
  const ids = createImages(
    editor.board,
    images.map((image, i) => ({ image, geometry: moveGeometry(places[i] as Geometry, shift.x, shift.y) })),
  );
  editor.setTool('select');
  editor.select(ids);
}

/** Board units to keep free around an element that is brought into view. */
function marginOf(editor: Editor): number {
  return Math.min(REVEAL_PX, Math.min(editor.size.width, editor.size.height) / 5) / editor.state.camera.zoom;
}
