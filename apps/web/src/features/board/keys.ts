/** Finds the key presses on the board page that are shortcuts: not those of a field, a menu, a dialog or a button. */
import { matchShortcut, type Action, type Keys } from '../../core/shortcuts.ts';
import { platform } from '../../browser/platform.ts';
import { isField } from '../../browser/field.ts';

export function keyToAction(event: KeyboardEvent, { hasSingleKeys }: { hasSingleKeys: boolean }, keys: Keys): Action | null {
  if (event.defaultPrevented) return null;
  const target = event.target instanceof Element ? event.target : null;
  const action = matchShortcut(event, { platform, hasSingleKeys, keys });
  if (action === null) return null;
  if (target === null) return action.endsWith('-element') ? null : action;
  if (isField(target) || target.closest('[role="menu"], [role="dialog"], [role="alertdialog"]') !== null) return null;
  // A focused button keeps Enter; a focused list or slider keeps the arrow keys.
  const isOnBoard = target === document.body || target.closest('[role="application"]') !== null;
  if (!isOnBoard && (action === 'enter' || action.startsWith('nudge'))) return null;
  // Elsewhere Tab is left to the page, also without any focus: then it leads to the board.
  if (action.endsWith('-element') && target.closest('[role="application"]') === null) return null;
  return action;
}

/**
 * Whether a key that was pressed beside an open text belongs to the text: the focus may be on a button that was used for
 * it, and neither letters nor Backspace may do something to the board then.
 */
export function isForText(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isField(event.target)) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('[role="menu"], [role="dialog"], [role="alertdialog"]')) return false;
  const isSlider = target instanceof HTMLInputElement;
  const isModified = event.ctrlKey || event.metaKey || event.altKey;
  if (event.key === ' ') return !isSlider && target?.closest('button, a, summary') === null && !isModified;
  return (!isModified && [...event.key].length === 1) || event.key === 'Backspace' || event.key === 'Delete';
}
