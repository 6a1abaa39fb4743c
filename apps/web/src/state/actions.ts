/** The actions of shortcuts, buttons and menu items. In one place, so that they never differ. */
import type { ElementKind } from '@wetink/board';
import type { ToolName } from '@wetink/canvas';
import { undoSentence } from '../core/sentences.ts';
import type { Action } from '../core/shortcuts.ts';
import type { BoardContext } from './board-context.ts';
import type { Theme } from './theme.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** Board units at zoom 1; Shift goes ten times as far. */
const NUDGE_PX = 1;
const NUDGE_FAR_PX = 10;

/** Actions that change the board. */
const changing: ReadonlySet<Action> = new Set<Action>([
  'keep-tool',
  'undo',
  'redo',
  'duplicate',
  'delete',
  'enter',
  'forward',
  'backward',
  'front',
  'back',
  'nudge-left',
  'nudge-right',
  'nudge-up',
  'nudge-down',
  'nudge-far-left',
  'nudge-far-right',
  'nudge-far-up',
  'nudge-far-down',
]);
/** Actions on the whole board or on the newest step, which need all of it to be read. */
const whole: ReadonlySet<Action> = new Set<Action>(['undo', 'redo', 'select-all', 'save-file', 'copy-png']);
/** Tools that change nothing. */
const looking: ReadonlySet<Action> = new Set<Action>(['tool:select', 'tool:hand']);

const placeable: ReadonlySet<ToolName> = new Set<ToolName>(['rectangle', 'ellipse', 'line', 'arrow', 'text']);

/** @returns A function that says whether it handled the action; Tab on the last element, for example, is left to the page. */
export function createActions(context: Omit<BoardContext, 'act'>, theme: Theme, toasts: Toasts): (action: Action) => boolean {
  const { session, view, panels, files, room } = context;
  /** The tool that a second press of the eraser goes back to. */
  let beforeEraser: ToolName = 'pen';
  /** The toast about shortcuts that do nothing has been shown. Reset when the person can draw again. */
  let hasSaidWhy = false;

  const setTool = (tool: ToolName): void => {
    const { stage } = view;
    if (stage === null) return;
    const current = stage.state.tool;
    if (tool === 'eraser' && current === 'eraser') return stage.setTool(beforeEraser);
    if (tool === 'eraser') beforeEraser = current;
    stage.setTool(tool);
  };
  const travel = (direction: 'undo' | 'redo'): void => {
    if (view.travelInText(direction)) return;
    const { board } = session;
    const outcome = direction === 'undo' ? board.undo() : board.redo();
    const sentence = undoSentence(outcome, (userId) => board.nameOf(userId), session.me.id);
    if (sentence !== null) toasts.say(sentence);
  };
  const enter = (): void => {
    const { stage } = view;
    if (stage === null) return;
    const { tool } = stage.state;
    if (placeable.has(tool)) return stage.placeAtCentre(tool as ElementKind);
    stage.editSelection();
  };
  const nudge = (dx: number, dy: number): void => view.stage?.nudge(dx, dy);

  const sayWhy = (): void => {
    if (!hasSaidWhy) toasts.say(room.isShut ? 'This board cannot be changed here.' : 'You can only view this board.');
    hasSaidWhy = true;
  };

  const perform = (action: Action): boolean | void => {
    const { stage } = view;
    hasSaidWhy &&= room.isReadOnly;
    if (room.isReadOnly && (changing.has(action) || (action.startsWith('tool:') && !looking.has(action)))) return sayWhy();
    if (!session.isLoaded && whole.has(action)) return void toasts.say('This board is still opening.');
    if (action.startsWith('tool:')) return setTool(action.slice('tool:'.length) as ToolName);
    switch (action) {
      case 'keep-tool':
        return stage?.setToolKept(!stage.state.isToolKept);
      case 'undo':
      case 'redo':
        return travel(action);
      case 'select-all':
        return stage?.selectAll();
      case 'duplicate':
        return stage?.duplicateSelection();
      case 'delete':
        return stage?.deleteSelection();
      case 'escape':
        return (view.editing === null && view.walk.escape(view.selection.length > 0)) || stage?.escape();
      case 'next-element':
        return view.walk.tab(1);
      case 'previous-element':
        return view.walk.tab(-1);
      case 'enter':
        return enter();
      case 'forward':
      case 'backward':
      case 'front':
      case 'back':
        return stage?.reorderSelection(action);
      case 'nudge-left':
        return nudge(-NUDGE_PX, 0);
      case 'nudge-right':
        return nudge(NUDGE_PX, 0);
      case 'nudge-up':
        return nudge(0, -NUDGE_PX);
      case 'nudge-down':
        return nudge(0, NUDGE_PX);
      case 'nudge-far-left':
        return nudge(-NUDGE_FAR_PX, 0);
      case 'nudge-far-right':
        return nudge(NUDGE_FAR_PX, 0);
      case 'nudge-far-up':
        return nudge(0, -NUDGE_FAR_PX);
      case 'nudge-far-down':
        return nudge(0, NUDGE_FAR_PX);
      case 'zoom-in':
        return stage?.zoomIn();
      case 'zoom-out':
        return stage?.zoomOut();
      case 'zoom-reset':
        return stage?.zoomTo(1);
      case 'zoom-fit':
        return stage?.zoomToFit();
      case 'theme':
        return theme.toggle();
      case 'save-file':
        return void files.saveFile();
      case 'copy-png':
        return void files.copyAsPng();
      case 'help':
        panels.isHelpOpen = true;
        return;
      case 'chat':
        panels.isChatOpen = !panels.isChatOpen;
        return;
    }
  };
  return (action) => perform(action) !== false;
}
