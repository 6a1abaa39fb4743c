/** The conditions of actions: a board that may be changed, all of it read, something selected. Pure. */
import type { Action } from './shortcuts.ts';

/** Actions that change the board. */
const changing: ReadonlySet<Action> = new Set<Action>([
  'keep-tool',
  'add-pictures',
  'add-page',
  'undo',
  'redo',
  'duplicate',
  'delete',
  'enter',
  'forward',
  'backward',
  'front',
  'back',
  'lock',
  'group',
  'ungroup',
  'rename-frame',
  'remove-frame',
  'cut',
  'paste',
  'paste-style',
  'paste-in-place',
  'clear-board',
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
export const needsAll: ReadonlySet<Action> = new Set<Action>([
  'undo',
  'redo',
  'select-all',
  'save-file',
  'copy-png',
  'copy-svg',
  'export-png',
  'export-svg',
  'clear-board',
  'frame-png',
  'pages-png',
  'pages-svg',
  'present-frames',
  'find',
  'outline',
  'add-pictures',
  'add-page',
  'trash',
  'paper',
]);
/** Tools that change nothing. */
const looking: ReadonlySet<Action> = new Set<Action>(['tool:select', 'tool:hand']);
/** Actions on the selection. */
const onSelection: ReadonlySet<Action> = new Set<Action>([
  'duplicate',
  'delete',
  'forward',
  'backward',
  'front',
  'back',
  'lock',
  'group',
  'ungroup',
  'copy',
  'cut',
  'copy-style',
  'paste-style',
  'nudge-left',
  'nudge-right',
  'nudge-up',
  'nudge-down',
  'zoom-selection',
]);

/** Actions on a selected frame. */
const onFrame: ReadonlySet<Action> = new Set<Action>(['rename-frame', 'select-in-frame', 'remove-frame', 'frame-png']);

export function needsFrame(action: Action): boolean {
  return onFrame.has(action);
}

export function changesBoard(action: Action): boolean {
  return changing.has(action) || action.startsWith('arrange:') || (action.startsWith('tool:') && !looking.has(action));
}

export function needsSelection(action: Action): boolean {
  return onSelection.has(action) || onFrame.has(action) || action.startsWith('arrange:');
}
