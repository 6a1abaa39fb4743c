/** The actions of shortcuts, buttons and menu items. In one place, so that they never differ. */
import { undoSentence } from '../core/sentences.ts';
import type { Action } from '../core/shortcuts.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { BoardContext } from './board-context.ts';
import type { AppContext } from './context.ts';
import { isPageAction, isToolAction, stageActions, ToolSwitch, type PageAction } from './stage-actions.ts';

/** Actions that change the board. */
const changing: ReadonlySet<Action> = new Set<Action>([
  'keep-tool',
  'add-pictures',
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
const whole: ReadonlySet<Action> = new Set<Action>(['undo', 'redo', 'select-all', 'save-file', 'copy-png', 'add-pictures']);
/** Tools that change nothing. */
const looking: ReadonlySet<Action> = new Set<Action>(['tool:select', 'tool:hand']);

export interface ActionParts {
  session: Pick<BoardSession, 'board' | 'me' | 'isLoaded'>;
  board: Pick<BoardContext, 'view' | 'panels' | 'files' | 'room'>;
  app: Pick<AppContext, 'theme' | 'toasts'>;
}

/** @returns A function that says whether it handled the action; Tab on the last element, for example, is left to the page. */
export function createActions({
  session,
  board: { view, panels, files, room },
  app: { theme, toasts },
}: ActionParts): (action: Action) => boolean {
  const tools = new ToolSwitch();
  /** The toast about shortcuts that do nothing has been shown. Reset when the person can draw again. */
  let hasSaidWhy = false;

  const sayWhy = (): void => {
    if (!hasSaidWhy) toasts.say(room.isShut ? 'This board cannot be changed here.' : 'You can only view this board.');
    hasSaidWhy = true;
  };
  const travel = (direction: 'undo' | 'redo'): void => {
    if (view.travelInText(direction)) return;
    const { board } = session;
    const outcome = direction === 'undo' ? board.undo() : board.redo();
    const sentence = undoSentence(outcome, (userId) => board.nameOf(userId), session.me.id);
    if (sentence !== null) toasts.say(sentence);
  };
  const pageActions: Readonly<Record<PageAction, () => boolean | void>> = {
    undo: () => travel('undo'),
    redo: () => travel('redo'),
    escape() {
      if (view.editing !== null || !view.walk.escape({ hasSelection: view.selection.length > 0 })) view.stage?.escape();
    },
    'next-element': () => view.walk.tab(1),
    'previous-element': () => view.walk.tab(-1),
    theme: () => theme.toggle(),
    'save-file': () => void files.saveFile(),
    'copy-png': () => void files.copyAsPng(),
    'add-pictures': () => files.pickPictures(),
    help() {
      panels.isHelpOpen = true;
    },
    chat() {
      panels.isChatOpen = !panels.isChatOpen;
    },
  };

  const perform = (action: Action): boolean | void => {
    const { stage } = view;
    hasSaidWhy &&= room.isReadOnly;
    if (room.isReadOnly && (changing.has(action) || (isToolAction(action) && !looking.has(action)))) return sayWhy();
    if (!session.isLoaded && whole.has(action)) return void toasts.say('This board is still opening.');
    if (isPageAction(action)) return pageActions[action]();
    if (stage === null) return;
    if (isToolAction(action)) tools.take(stage, action);
    else stageActions[action](stage);
  };
  return (action) => perform(action) !== false;
}
