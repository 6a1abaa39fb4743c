/**
 * Undo and redo of one person's steps, on whichever page and device they were made.
 *
 * Both only write a mark (redo of a deletion also lists the elements it spares). They never write a value, so they can
 * neither bring back nor remove another person's work. The outcome reports what they left alone, and whose work it is.
 *
 * One press is always one step, even if all of it has been painted over. When two devices press at once, both mean the
 * same step, and one step is undone. Redoable steps are derived: an undone step can be redone if it was undone after the
 * person's newest step was made. A new action deletes nothing to end redo, so the rule holds on every device.
 */
import type { Core } from '../core.ts';
import { covers, without } from '../steps/deletions.ts';
import { fieldList, fields } from '../document/fields.ts';
import { KeptReport } from './kept-report.ts';
import { writeDeletion, writeMark } from '../document/records.ts';
import type { TextBoxes } from '../typing/text-boxes.ts';
import type { ElementId, StepKey, UndoOutcome, UserId } from '../types.ts';

const nothingToDo: UndoOutcome = { isDone: false, elements: [], kept: [] };

export class UndoStack {
  readonly core: Core;
  readonly #texts: TextBoxes;

  constructor(core: Core, texts: TextBoxes) {
    this.core = core;
    this.#texts = texts;
  }

  /** The step that the next undo takes back. */
  undoTop(): StepKey | null {
    return this.core.history.own.undoTop(this.core.limits.reachableSteps);
  }

  /** The step that the next redo brings back. */
  redoTop(): StepKey | null {
    return this.core.history.own.redoTop();
  }

  /** @param collect Runs the writes and returns the ids of elements that visibly changed. */
  undo(collect: (write: () => void) => readonly ElementId[]): UndoOutcome {
    const { history, roots, doc, origin } = this.core;
    const step = this.undoTop();
    if (step === null) return nothingToDo;
    const report = new KeptReport();
    this.#reportOverrides(step, report);
    const spared = this.sparedOnUndo(step);
    for (const { id, by } of spared) report.add('spared', id, by);
    const changed = collect(() => {
      if (this.#texts.undo(step)) this.#reportTypingSince(step, report);
      else this.#reportTypedElsewhere(step, report);
      const at = history.clock.tick();
      const mark = { at, spared: new Set(spared.map(({ id }) => id)), order: history.order.next(at) };
      doc.transact(() => roots.undone.set(step, writeMark(mark)), origin);
    });
    this.#reportStillDeleted(step, changed, report);
    return { isDone: true, elements: changed, kept: report.list() };
  }

  /** @param collect As for `undo`. */
  redo(collect: (write: () => void) => readonly ElementId[]): UndoOutcome {
    const { history, roots, elements, doc, origin } = this.core;
    const step = this.redoTop();
    if (step === null) return nothingToDo;
    const report = new KeptReport();
    const undoneAt = history.mark(step)?.order ?? 0;
    const deletion = history.deletion(step);
    const spared = new Set<ElementId>();
    for (const id of deletion === undefined ? [] : elements.coveredAndWorkedOn(deletion)) {
      const by = this.othersWork(id, undoneAt);
      if (by === null) continue;
      spared.add(id);
      report.add('spared', id, by.user);
    }
    const changed = collect(() => {
      if (!this.#texts.redo(step)) this.#reportTypedElsewhere(step, report);
      history.clock.tick();
      doc.transact(() => {
        if (deletion !== undefined && spared.size > 0) roots.gone.set(step, writeDeletion(without(deletion, spared)));
        roots.undone.delete(step);
      }, origin);
    });
    this.#reportOverrides(step, report);
    for (const id of history.made(step)) this.#reportHiders(id, report);
    return { isDone: true, elements: changed, kept: report.list() };
  }

  /** Elements that a step made or brought back and that another person has worked on since. */
  sparedOnUndo(step: StepKey): { id: ElementId; by: UserId | undefined }[] {
    const spared: { id: ElementId; by: UserId | undefined }[] = [];
    const { history } = this.core;
    for (const id of history.made(step)) {
      const by = this.othersWork(id, 0);
      if (by !== null) spared.push({ id, by: by.user });
    }
    const deletion = history.deletion(step);
    for (const id of deletion?.type === 'restore' ? deletion.ids : []) {
      const by = this.othersWork(id, history.order.timeOf(step));
      if (by !== null) spared.push({ id, by: by.user });
    }
    return spared;
  }

  /** Another person with a shown override of the element, or typing in it, later than `since` (step order); null for none. */
  othersWork(id: ElementId, since: number): { user: UserId | undefined } | null {
    const { history, elements, userId } = this.core;
    const isOthers = (step: StepKey): boolean => history.userOf(step) !== userId && history.order.timeOf(step) > since;
    if (elements.isOverriddenAtAll(id)) {
      for (const field of fieldList) {
        if (field === fields.txt || !elements.isOverridden(id, field)) continue;
        const tag = history.effective(field, id)?.tag ?? '';
        if (tag !== '' && isOthers(tag)) return { user: history.userOf(tag) };
      }
    }
    // A person who puts something into a group works on it.
    for (const member of elements.groups.naming(id)) {
      const tag = history.effective(fields.parent, member)?.tag ?? '';
      if (tag !== '' && isOthers(tag)) return { user: history.userOf(tag) };
    }
    if (elements.base(id)?.kind === 'page') {
      for (const on of elements.order.elements()) {
        const tag = on.page === id ? (history.effective(fields.page, on.id)?.tag ?? on.step) : '';
        if (tag !== '' && isOthers(tag)) return { user: history.userOf(tag) };
      }
    }
    if (elements.base(id)?.kind !== 'text' && !elements.isOverridden(id, fields.txt)) return null;
    for (const step of history.typingOn(id)) if (isOthers(step)) return { user: history.userOf(step) };
    return null;
  }

  /** Reports fields of the step that show another person's value, and elements of it that another person deleted. */
  #reportOverrides(step: StepKey, report: KeptReport): void {
    const { history, userId } = this.core;
    for (const { field, id } of history.log(step).entries) {
      const shown = field === fields.txt ? null : history.effective(field, id);
      const user = shown === null ? userId : history.userOf(shown.tag);
      if (shown !== null && shown.tag !== step && user !== userId) report.add('changed', id, user);
      else this.#reportHiders(id, report);
    }
  }

  /**
   * After undoing a deletion, reports elements that another person's deletion still covers.
   *
   * @param changed Elements that the undo visibly changed.
   */
  #reportStillDeleted(step: StepKey, changed: readonly ElementId[], report: KeptReport): void {
    const { history, elements, userId } = this.core;
    const deletion = history.deletion(step);
    if (deletion === undefined || deletion.type === 'restore') return;
    // A clear also covers elements that others deleted long before it: reported only if that explains an empty board.
    const isNews = (hider: StepKey): boolean =>
      history.userOf(hider) !== userId && (deletion.type === 'list' || hider > step || changed.length === 0);
    const clears = history.deletions.clearsInForce().filter(([clearing]) => isNews(clearing));
    for (const id of elements.coveredAndHidden(deletion)) {
      const base = elements.base(id);
      if (base !== null && history.isUnmade(id, base.step) && isNews(base.step)) report.add('still-deleted', id, history.userOf(base.step));
      for (const hider of history.deletions.listsOf(id)) {
        if (!history.isUndone(hider) && isNews(hider)) report.add('still-deleted', id, history.userOf(hider));
      }
      for (const [clearing, clear] of clears) if (covers(clear, id)) report.add('still-deleted', id, history.userOf(clearing));
    }
  }

  /** Reports the people whose deletions hide an element. */
  #reportHiders(id: ElementId, report: KeptReport): void {
    const { history, elements, userId } = this.core;
    const base = elements.base(id);
    if (base === null || elements.isThere(id)) return;
    for (const hider of history.hiders(id, base.step)) {
      const user = history.userOf(hider);
      if (user !== userId) report.add('still-deleted', id, user);
    }
  }

  /** Reports people who have typed since in the texts that `step` typed in: their words stay. */
  #reportTypingSince(step: StepKey, report: KeptReport): void {
    const { history, userId } = this.core;
    const since = this.#texts.begunAt(step);
    for (const { field, id } of history.log(step).entries) {
      if (field !== fields.txt) continue;
      for (const other of history.typingOn(id)) {
        const user = history.userOf(other);
        if (user !== userId && history.order.timeOf(other) > since) report.add('changed', id, user);
      }
    }
  }

  #reportTypedElsewhere(step: StepKey, report: KeptReport): void {
    for (const { field, id } of this.core.history.log(step).entries) {
      if (field === fields.txt) report.add('typed-elsewhere', id, this.core.userId);
    }
  }
}
