/** Writes a logged step anew with other values before: where an undone step beneath it goes, or two order keys are pulled apart. */
import type { Core } from './core.ts';
import type { Tagged } from './fields.ts';
import { encodeStepLog, logEntry } from './step-log.ts';
import type { StepKey } from './types.ts';

/** @param before By `code id` of the override. Inside a transaction. */
export function replaceInLog({ history, roots }: Core, step: StepKey, before: ReadonlyMap<string, Tagged | null>): void {
  const entries = history.log(step).entries.map((entry) => {
    const replaced = before.get(`${entry.field.code} ${entry.id}`);
    return replaced === undefined ? entry : logEntry(step, entry.field, entry.id, replaced);
  });
  roots.undo.set(step, encodeStepLog(entries));
  history.logWritten(step);
}
