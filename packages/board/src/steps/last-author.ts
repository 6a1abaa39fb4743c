/** The user behind the newest thing that happened to an element. */
import { fieldList } from '../document/fields.ts';
import type { ElementId, StepKey, UserId } from '../types.ts';
import type { History } from './history.ts';

/**
 * The user who last made, changed, deleted or took back an element, shown or not. A redo leaves no trace of its own: then it is
 * the user of the newest step.
 *
 * @param step The step that made it.
 * @returns Null when that user is not known yet.
 */
export function lastAuthor(history: History, id: ElementId, step: StepKey): UserId | null {
  let newest = step;
  let time = -Infinity;
  const consider = (candidate: StepKey | ''): void => {
    if (candidate === '') return;
    // An undo is of the same user as the step that it takes back.
    const at = Math.max(history.order.timeOf(candidate), history.mark(candidate)?.order ?? 0);
    if (at < time) return;
    time = at;
    newest = candidate;
  };
  consider(step);
  for (const field of fieldList) consider(history.stored(field, id)?.tag ?? '');
  for (const typing of history.settledTyping(id).values()) consider(typing);
  for (const deletion of history.deletions.listsOf(id)) consider(deletion);
  for (const hider of history.hiders(id, step)) consider(hider);
  return history.userOf(newest) ?? null;
}
