/** The actions of toolbars and keys on the view, the tool and the style; those on elements are in actions.ts, fetched late. */
import type { ElementId, Style } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { clampCamera, fitBox, nextZoomStep, panBy, toBoard, zoomAt } from '../camera.ts';
import { uniteAll, type Box } from '../geometry.ts';
import { HIT_MARGIN_PX, type ToolName } from '../tools/tool.ts';
import { restyle } from '../editor/commit.ts';
import type { Editor } from '../editor/editor.ts';
import type { Stage } from './stage-types.ts';

type ViewActions = Pick<
  Stage,
  | 'setTool'
  | 'setToolKept'
  | 'setSnapping'
  | 'setPen'
  | 'setSelecting'
  | 'setWheel'
  | 'previewStyle'
  | 'setStyle'
  | 'previewLook'
  | 'sendCrop'
  | 'setLook'
  | 'select'
  | 'escape'
  | 'finishGesture'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomTo'
  | 'bounds'
  | 'zoomToFit'
  | 'setBars'
  | 'zoomToSelection'
  | 'holdZoom'
  | 'panBy'
  | 'setCamera'
  | 'elementsAt'
  | 'grouping'
>;

export function createViewActions(editor: Editor): ViewActions {
  const zoomTo = (zoom: number): void =>
    editor.setCamera(zoomAt(editor.state.camera, { x: editor.size.width / 2, y: editor.size.height / 2 }, zoom));
  const fit = (box: Box | null): void => {
    if (box !== null && editor.size.width > 0) editor.setCamera(fitBox(box, editor.size));
  };
  return {
    setTool: (tool: ToolName) => editor.setTool(tool),
    setToolKept: (isKept) => editor.setToolKept(isKept),
    setPen: (choice) => editor.setPen(choice),
    setSelecting: (choice) => editor.setSelecting(choice),
    setWheel(use) {
      editor.pointers.wheelUse = use;
    },
    setSnapping: (choice) => editor.setSnapping(choice),
    previewStyle: (patch) => editor.previewStyle(patch),
    setStyle(patch: Partial<Style>) {
      editor.previewStyle(null);
      editor.setStyle(patch);
      const elements = editor.editable();
      if (elements.length > 0) restyle(editor.board, elements, patch);
    },
    previewLook: (patch, how) => editor.previewLook(patch, how),
    sendCrop: (crop) => editor.sendCrop(crop),
    setLook: (patch) => editor.setLook(patch),
    select: (ids: readonly ElementId[]) => editor.select(ids),
    escape: () => editor.escape(),
    finishGesture: () => editor.finishGesture(),
    zoomIn: () => zoomTo(nextZoomStep(editor.state.camera.zoom, 1)),
    zoomOut: () => zoomTo(nextZoomStep(editor.state.camera.zoom, -1)),
    zoomTo,
    bounds: () => editor.scene.bounds(),
    setBars: (bars) => editor.setSize(bars),
    zoomToFit: (box) => fit(box ?? editor.scene.bounds()),
    zoomToSelection: () => fit(uniteAll(editor.selected().elements.map(paintBox))),
    holdZoom() {
      editor.pointers.isZoomHeld = true;
    },
    panBy: (dx, dy) => editor.setCamera(panBy(editor.state.camera, dx, dy)),
    setCamera: (camera) => editor.setCamera(clampCamera(camera)),
    elementsAt(at) {
      const { camera } = editor.state;
      const hit = editor.pick(toBoard(camera, at), HIT_MARGIN_PX / camera.zoom);
      return hit === null ? [] : editor.unit(hit.id);
    },
    grouping: () => editor.grouping(),
  };
}
