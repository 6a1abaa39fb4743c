/** Carries the style of one element over to others, and with that of a picture its look. */
import * as m from '$words/copied-style';
import { styleFieldsOf } from '@wetink/canvas';
import type { BoardSession } from '../session/board-session.ts';
import type { BoardContext } from './board-context.ts';
import type { AppContext } from './context.ts';

type Parts = Pick<BoardContext, 'view' | 'panels'>;

/** Takes the style of the first selected element. */
export function copyStyle({ view, panels }: Parts, toasts: Pick<AppContext['toasts'], 'say'>): void {
  const from = view.selected.find(({ kind }) => kind !== 'unknown');
  if (from === undefined) return void toasts.say(m.selectTheElementWhoseStyle());
  panels.copiedStyle = Object.fromEntries(styleFieldsOf(from.kind).map((field) => [field, from.style[field]]));
  if (from.kind === 'image') panels.copiedLook = from.look;
  toasts.say(m.styleCopiedSelectOtherElements());
}

/**
 * Gives the copied style to what is selected, as far as each element has it, as one step.
 *
 * @returns False when there is none, or nothing to give it to.
 */
export function pasteStyle({ view, panels }: Parts, { board }: Pick<BoardSession, 'board'>): boolean {
  const { copiedStyle, copiedLook } = panels;
  const { stage } = view;
  if (copiedStyle === null || stage === null || !view.selected.some(({ isLocked }) => !isLocked)) return false;
  board.run(() => {
    stage.setStyle(copiedStyle);
    if (copiedLook !== null) stage.setLook({ look: copiedLook });
  });
  return true;
}
