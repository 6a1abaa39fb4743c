/** Which key presses on the board page are shortcuts: not those that belong to a field, a menu, a dialog or a button. */
import { matchShortcut, type Action } from '../../core/shortcuts.ts';
import { isMac } from '../../session/platform.ts';

export function keyToAction(event: KeyboardEvent, hasSingleKeys: boolean): Action | null {
  if (event.defaultPrevented) return null;
  const target = event.target instanceof Element ? event.target : null;
  const action = matchShortcut(event, { isMac, hasSingleKeys });
  if (action === null) return null;
  if (target === null) return action.endsWith('-element') ? null : action;
  if (isTyping(target) || target.closest('[role="menu"], [role="dialog"], [role="alertdialog"]') !== null) return null;
  // A focused button has its own Enter; a focused list or slider its own arrows.
  const isOnBoard = target === document.body || target.closest('[role="application"]') !== null;
  if (!isOnBoard && (action === 'enter' || action.startsWith('nudge'))) return null;
  // Elsewhere Tab is the page's own: also with the focus nowhere, where it leads to the board.
  if (action.endsWith('-element') && target.closest('[role="application"]') === null) return null;
  return action;
}

function isTyping(target: Element): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'color', 'file', 'range'].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
