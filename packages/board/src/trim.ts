/**
 * What of the undo log may go, decided in its author's next action, inside that action's transaction.
 *
 * A person's steps beyond their reach go, oldest first; so do those beyond what a whole board holds, and old ones.
 * Dropping never changes what is shown: an undone value that is still stored is first replaced by what shows through
 * it, and an undone step that lies beneath a logged one stays, since undoing that one would look through it.
 */
import type { Core } from './core.ts';
import type { LoggedOverride } from './step-log.ts';
import type { History } from './history.ts';
import { keyOfField } from './fields.ts';
import { stepTime } from './keys.ts';
import type { StepKey } from './types.ts';

/** Steps looked at in one action: trimming a long backlog must not be felt under the pen. */
const MAX_LOOKED_AT = 64;

export function trim(core: Core): void {
  const { history, limits } = core;
  const mine = history.mine.sorted();
  // The step being written is not listed yet, but is one of those that stay.
  const oldestKept = mine[mine.length + 1 - limits.reachableSteps - limits.slackSteps];
  if (oldestKept !== undefined) {
    trimOlder(core, history.logged.sorted(), (step) => step < oldestKept, dropLog);
    trimOlder(core, history.undoneDeletions.sorted(), (step) => step < oldestKept, dropDeletion);
  }
  trimBoard(core);
}

/** Any client may do this one for everybody. The age counts from what both this clock and the board call now. */
function trimBoard(core: Core): void {
  const { history, limits } = core;
  const logged = history.logged.sorted();
  const newest = logged.at(-1);
  if (newest === undefined) return;
  const tooOld = Math.min(history.clock.wall(), stepTime(newest)) - limits.maxAgeMs;
  const surplus = logged.length - limits.boardSteps;
  for (const [i, step] of logged.slice(0, MAX_LOOKED_AT).entries()) {
    if (i >= surplus && stepTime(step) >= tooOld) break;
    dropLog(core, step);
  }
}

function trimOlder(
  core: Core,
  steps: readonly StepKey[],
  isBeyond: (step: StepKey) => boolean,
  drop: (core: Core, step: StepKey) => void,
): void {
  let lookedAt = 0;
  for (const step of steps) {
    if (!isBeyond(step) || lookedAt++ >= MAX_LOOKED_AT) return;
    if (core.history.userOf(step) === core.userId) drop(core, step);
  }
}

function dropLog(core: Core, step: StepKey): void {
  const { history, roots } = core;
  const { entries } = history.log(step);
  if (history.isUndone(step)) {
    if (entries.some((entry) => isBeneathAnother(history, entry, step))) return;
    for (const { field, id } of entries) {
      if (history.stored(field, id)?.tag !== step) continue;
      const shown = history.effective(field, id);
      if (shown === null) roots[field.root].delete(keyOfField(field, id));
      else roots[field.root].set(keyOfField(field, id), [shown.value, shown.tag]);
    }
    if (history.made(step).size === 0 && history.deletion(step) === undefined) roots.undone.delete(step);
  }
  roots.undo.delete(step);
}

function dropDeletion(core: Core, step: StepKey): void {
  const { history, roots } = core;
  if (!history.isUndone(step)) return;
  roots.gone.delete(step);
  if (history.made(step).size === 0 && !roots.undo.has(step)) roots.undone.delete(step);
}

/** Whether a step above `step` in the chain of stored values would look through it when undone. */
function isBeneathAnother(history: History, { field, id }: LoggedOverride, step: StepKey): boolean {
  let value = history.stored(field, id);
  for (let depth = 0; value !== null && value.tag !== ''; depth++) {
    if (value.tag === step) return depth > 0;
    const before = history.log(value.tag).before(field, id);
    if (before === undefined || (before !== null && before.tag >= value.tag)) return false;
    value = before;
  }
  return false;
}
