/**
 * Texts that a person left empty and that were therefore removed: by the step of the typing, or, right after they were
 * made, by a mark with the time of the step that made them. That person saw no word in the text, so words of others that
 * turn up in it were not meant to be removed.
 */
import type { Core } from '../core.ts';
import { fields } from '../document/fields.ts';
import { without } from '../steps/deletions.ts';
import type { History } from '../steps/history.ts';
import { readDeletion, readMark, writeDeletion, writeMark } from '../document/records.ts';
import { textRoot } from '../document/roots.ts';
import { readAllText } from '../text/text-content.ts';
import type { ElementId, StepKey } from '../types.ts';

/** Whether the mark on a step means that the text it made was left empty. */
export function isLeftEmpty(history: History, making: StepKey): boolean {
  return (history.mark(making)?.order ?? Infinity) <= history.order.timeOf(making);
}

/** Steps in force that removed a text because it was left empty. */
export function leavingSteps(history: History, id: ElementId): StepKey[] {
  return history.deletions.listsOf(id).filter((step) => !history.isUndone(step) && isLeaving(history, step, id));
}

export function isLeaving(history: History, step: StepKey, id: ElementId): boolean {
  return history.log(step).before(fields.txt, id) !== undefined;
}

export function hasWords({ doc }: Core, id: ElementId): boolean {
  return readAllText(textRoot(doc, id)) !== '';
}

/** Changes the mark on the step that made a text so that it spares the text. Call inside a transaction. */
export function spareMade({ history, roots }: Core, making: StepKey, id: ElementId): void {
  const mark = readMark(roots.undone.get(making)) ?? history.mark(making);
  if (mark !== undefined) roots.undone.set(making, writeMark({ ...mark, spared: new Set([...mark.spared, id]) }));
}

/** Changes a step's deletion so that it spares the text. Call inside a transaction. */
export function spareRemoved({ roots }: Core, step: StepKey, id: ElementId): void {
  const deletion = readDeletion(roots.gone.get(step));
  if (deletion !== null) roots.gone.set(step, writeDeletion(without(deletion, new Set([id]))));
}
