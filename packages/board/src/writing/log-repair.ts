/** Rewrites old values in a logged step: when an undone step beneath it is dropped, or two equal order keys are parted. */
import type { Core } from '../core.ts';
import type { Tagged } from '../document/fields.ts';
import { encodeStepLog, logEntry } from '../steps/step-log.ts';
import type { StepKey } from '../types.ts';

/** @param before New old values by `code id` of the override. Call inside a transaction. */
export function replaceInLog({ history, roots }: Core, step: StepKey, before: ReadonlyMap<string, Tagged | null>): void {
  const entries = history.log(step).entries.map((entry) => {
    const replaced = before.get(`${entry.field.code} ${entry.id}`);
    return replaced === undefined ? entry : logEntry(step, entry.field, entry.id, replaced);
  });
  roots.undo.set(step, encodeStepLog(entries));
  history.logWritten(step);
}
