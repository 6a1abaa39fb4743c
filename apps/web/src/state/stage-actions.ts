/** Actions that the stage carries out alone, and the choice of tools. */
import { shapeKinds, type ElementKind } from '@wetink/board';
import type { Stage, ToolName } from '@wetink/canvas';
import type { Action } from '../core/shortcuts.ts';

/** Board units at zoom 1; Shift goes ten times as far. */
const NUDGE_PX = 1;
const NUDGE_FAR_PX = 10;

const placeable: ReadonlySet<ToolName> = new Set<ToolName>([...shapeKinds, 'line', 'arrow', 'text', 'frame']);

export type ToolAction = `tool:${ToolName}`;
/** Actions for which actions.ts needs other parts of the page as well. */
const pageActions = [
  'undo',
  'redo',
  'escape',
  'to-style',
  'next-element',
  'previous-element',
  'back-to-content',
  'map',
  'next-page',
  'previous-page',
  'add-page',
  'pages',
  'trash',
  'focus',
  'grid',
  'theme',
  'save-file',
  'copy-png',
  'copy-svg',
  'add-pictures',
  'copy',
  'cut',
  'paste',
  'copy-style',
  'paste-style',
  'paste-in-place',
  'help',
  'preferences',
  'language',
  'paper',
  'palette',
  'find',
  'outline',
  'share',
  'people',
  'export-png',
  'export-svg',
  'frame-png',
  'pages-png',
  'pages-svg',
  'present-frames',
  'clear-board',
  'say',
  'raise-hand',
  'chat',
] as const;
export type PageAction = (typeof pageActions)[number];
export type ArrangeAction = Extract<Action, `arrange:${string}`>;
type StageAction = Exclude<Action, ToolAction | ArrangeAction | PageAction>;

export const stageActions: Readonly<Record<StageAction, (stage: Stage) => void>> = {
  'keep-tool': (stage) => stage.setToolKept(!stage.state.isToolKept),
  'select-all': (stage) => stage.selectAll(),
  duplicate: (stage) => stage.duplicateSelection(),
  delete: (stage) => stage.deleteSelection(),
  enter(stage) {
    if (stage.finishGesture()) return;
    const { tool } = stage.state;
    if (placeable.has(tool)) stage.placeAtCentre(tool as ElementKind);
    else stage.editSelection();
  },
  forward: (stage) => stage.reorderSelection('forward'),
  backward: (stage) => stage.reorderSelection('backward'),
  front: (stage) => stage.reorderSelection('front'),
  back: (stage) => stage.reorderSelection('back'),
  lock: (stage) => stage.lockSelection(),
  group: (stage) => stage.groupSelection(),
  ungroup: (stage) => stage.ungroupSelection(),
  'rename-frame': (stage) => stage.editSelection(),
  'select-in-frame': (stage) => stage.selectInFrames(),
  'remove-frame': (stage) => stage.removeFrames(),
  'nudge-left': (stage) => stage.nudge(-NUDGE_PX, 0),
  'nudge-right': (stage) => stage.nudge(NUDGE_PX, 0),
  'nudge-up': (stage) => stage.nudge(0, -NUDGE_PX),
  'nudge-down': (stage) => stage.nudge(0, NUDGE_PX),
  'nudge-far-left': (stage) => stage.nudge(-NUDGE_FAR_PX, 0),
  'nudge-far-right': (stage) => stage.nudge(NUDGE_FAR_PX, 0),
  'nudge-far-up': (stage) => stage.nudge(0, -NUDGE_FAR_PX),
  'nudge-far-down': (stage) => stage.nudge(0, NUDGE_FAR_PX),
  'zoom-in': (stage) => stage.zoomIn(),
  'zoom-out': (stage) => stage.zoomOut(),
  'zoom-reset': (stage) => stage.zoomTo(1),
  'zoom-fit': (stage) => stage.zoomToFit(),
  'zoom-selection': (stage) => stage.zoomToSelection(),
  'hold-zoom': (stage) => stage.holdZoom(),
};

export function isPageAction(action: Action): action is PageAction {
  return (pageActions as readonly Action[]).includes(action);
}

export function isArrangeAction(action: Action): action is ArrangeAction {
  return action.startsWith('arrange:');
}

export function isToolAction(action: Action): action is ToolAction {
  return action.startsWith('tool:');
}

/** Takes tools; a second press of the eraser goes back to the tool before it. */
export class ToolSwitch {
  #beforeEraser: ToolName = 'pen';

  take(stage: Stage, action: ToolAction): void {
    const tool = action.slice('tool:'.length) as ToolName;
    const current = stage.state.tool;
    if (tool === 'eraser' && current === 'eraser') return stage.setTool(this.#beforeEraser);
    if (tool === 'eraser') this.#beforeEraser = current;
    stage.setTool(tool);
  }
}
