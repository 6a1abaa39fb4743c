/**
 * The deleted elements of a board, by the gesture that deleted them, newest first. An element that was deleted more than once
 * is with the newest of the deletions that hide it. Elements whose making was undone are not among them: redo brings them back.
 */
import type { Elements } from './elements.ts';
import type { History } from '../steps/history.ts';
import type { Deleted, ElementId, StepKey } from '../types.ts';
import { stepTime } from '../document/keys.ts';

/** Elements looked at in one step: about a millisecond. */
const AT_ONCE = 500;

export function* deletedInSteps(elements: Elements, history: History): Generator<undefined, readonly Deleted[]> {
  const byStep = new Map<StepKey, ElementId[]>();
  let left = AT_ONCE;
  for (const id of [...elements.known()]) {
    if (--left === 0) {
      left = AT_ONCE;
      yield;
    }
    if (!elements.isDeleted(id)) continue;
    let newest: StepKey | null = null;
    for (const step of history.deletions.hiders(id)) if (newest === null || history.order.isBefore(newest, step)) newest = step;
    if (newest === null) continue;
    const ids = byStep.get(newest);
    if (ids === undefined) byStep.set(newest, [id]);
    else ids.push(id);
  }
  const steps = [...byStep.keys()].sort((a, b) => (history.order.isBefore(a, b) ? 1 : -1));
  return steps.map((step) => ({ step, by: history.userOf(step) ?? '', at: stepTime(step), ids: byStep.get(step) ?? [] }));
}
