/**
 * Undo and redo of one person's steps, on whichever page and device they were made.
 *
 * Both only write a mark (and a redo of a deletion the list of what it spares): they never write a value, so they can
 * neither bring back nor remove anybody else's work. What they leave alone is told, with whose work it is.
 *
 * One press is one step, always, also when all of it has been painted over. Two devices pressing at once mean the same
 * step, and one step is undone. What can be redone is derived: an undone step is, as long as it was undone later than
 * one's newest step was made. Nothing is deleted when a new action "clears" it, so this holds on every device.
 */
import type { Core } from './core.ts';
import type { Field } from './fields.ts';
import { fieldList } from './fields.ts';
import { KeptReport } from './kept-report.ts';
import { stepTime } from './keys.ts';
import { writeDeletion, writeMark } from './records.ts';
import type { TextBoxes } from './text-boxes.ts';
import type { ElementId, StepKey, UndoOutcome, UserId } from './types.ts';

const nothingToDo: UndoOutcome = { isDone: false, elements: [], kept: [] };

export class UndoStack {
  readonly core: Core;
  readonly #texts: TextBoxes;

  constructor(core: Core, texts: TextBoxes) {
    this.core = core;
    this.#texts = texts;
  }

  /** The step the next undo takes back. */
  undoTop(): StepKey | null {
    const { history } = this.core;
    for (const step of this.#reachable()) if (!history.isUndone(step)) return step;
    return null;
  }

  /** The step the next redo brings back. */
  redoTop(): StepKey | null {
    const { history } = this.core;
    const newest = history.mine.sorted().at(-1);
    if (newest === undefined) return null;
    let latest = stepTime(newest);
    let top: StepKey | null = null;
    for (const step of this.#reachable()) {
      const mark = history.mark(step);
      if (mark === undefined || mark.at <= latest) continue;
      latest = mark.at;
      top = step;
    }
    return top;
  }

  /** @param collect Runs the writes and returns the ids of what visibly changed. */
  undo(collect: (write: () => void) => readonly ElementId[]): UndoOutcome {
    const { history, roots, doc, origin } = this.core;
    const step = this.undoTop();
    if (step === null) return nothingToDo;
    const report = new KeptReport();
    this.#reportOverrides(step, report);
    const spared = this.sparedOnUndo(step);
    for (const { id, by } of spared) report.add('spared', id, by);
    const elements = collect(() => {
      if (!this.#texts.undo(step)) this.#reportTyping(step, report);
      const mark = { at: history.clock.tick(), spared: new Set(spared.map(({ id }) => id)) };
      doc.transact(() => roots.undone.set(step, writeMark(mark)), origin);
    });
    this.#reportStillDeleted(step, report, elements.length > 0);
    return { isDone: true, elements, kept: report.list() };
  }

  /** @param collect As for `undo`. */
  redo(collect: (write: () => void) => readonly ElementId[]): UndoOutcome {
    const { history, roots, scene, doc, origin } = this.core;
    const step = this.redoTop();
    if (step === null) return nothingToDo;
    const report = new KeptReport();
    const undoneAt = history.mark(step)?.at ?? 0;
    const deletion = history.deletion(step);
    const spared = new Set<ElementId>();
    for (const id of deletion === undefined ? [] : scene.covered(deletion)) {
      const by = this.othersWork(id, undoneAt);
      if (by === null) continue;
      spared.add(id);
      report.add('spared', id, by.user);
    }
    const elements = collect(() => {
      if (!this.#texts.redo(step)) this.#reportTyping(step, report);
      history.clock.tick();
      doc.transact(() => {
        if (deletion !== undefined && spared.size > 0) {
          roots.gone.set(
            step,
            writeDeletion(
              deletion.type === 'list'
                ? { type: 'list', ids: new Set([...deletion.ids].filter((id) => !spared.has(id))) }
                : { ...deletion, spared: new Set([...deletion.spared, ...spared]) },
            ),
          );
        }
        roots.undone.delete(step);
      }, origin);
    });
    this.#reportOverrides(step, report);
    for (const id of history.made(step)) this.#reportHiders(id, report, () => true);
    return { isDone: true, elements, kept: report.list() };
  }

  /** Elements a step made that someone else has worked on since. */
  sparedOnUndo(step: StepKey): { id: ElementId; by: UserId | undefined }[] {
    const spared: { id: ElementId; by: UserId | undefined }[] = [];
    for (const id of this.core.history.made(step)) {
      const by = this.othersWork(id, 0);
      if (by !== null) spared.push({ id, by: by.user });
    }
    return spared;
  }

  /** Whose shown override or typing an element carries, later than `since`; null when only one's own or none. */
  othersWork(id: ElementId, since: number): { user: UserId | undefined } | null {
    const { history, scene, userId } = this.core;
    for (const field of fieldList) {
      if (!scene.isOverridden(id, field)) continue;
      const shown = history.effective(field, id);
      if (shown === null || shown.tag === '') continue;
      const user = history.userOf(shown.tag);
      if (user !== userId && stepTime(shown.tag) > since) return { user };
    }
    return null;
  }

  /** Newest first. */
  *#reachable(): Iterable<StepKey> {
    const mine = this.core.history.mine.sorted();
    const oldest = Math.max(0, mine.length - this.core.limits.reachableSteps);
    for (let i = mine.length - 1; i >= oldest; i--) yield mine[i] as StepKey;
  }

  /** Fields of the step that show someone else's value, and elements of it that someone else deleted. */
  #reportOverrides(step: StepKey, report: KeptReport): void {
    const { history, userId } = this.core;
    for (const { field, id } of history.log(step).entries) {
      if (this.#isTouch(field)) {
        this.#reportHiders(id, report, () => true);
        continue;
      }
      const shown = history.effective(field, id);
      const user = shown === null ? userId : history.userOf(shown.tag);
      if (shown !== null && shown.tag !== step && user !== userId) report.add('changed', id, user);
      else this.#reportHiders(id, report, () => true);
    }
  }

  /** After undoing a deletion: what someone else's deletion still covers. */
  #reportStillDeleted(step: StepKey, report: KeptReport, cameBack: boolean): void {
    const { history, scene } = this.core;
    const deletion = history.deletion(step);
    if (deletion === undefined) return;
    // A clear also covers what others had deleted long before it; that is worth a word only if it explains an empty board.
    const isNews = (hider: StepKey): boolean => deletion.type === 'list' || hider > step || !cameBack;
    for (const id of scene.covered(deletion)) this.#reportHiders(id, report, isNews);
  }

  #reportHiders(id: ElementId, report: KeptReport, isNews: (hider: StepKey) => boolean): void {
    const { history, scene, userId } = this.core;
    const base = scene.base(id);
    if (base === null || !history.isHidden(id, base.step)) return;
    for (const hider of history.hiders(id, base.step)) {
      const user = history.userOf(hider);
      if (user !== userId && isNews(hider)) report.add('still-deleted', id, user);
    }
  }

  #reportTyping(step: StepKey, report: KeptReport): void {
    for (const { field, id } of this.core.history.log(step).entries) {
      if (this.#isTouch(field)) report.add('typed-elsewhere', id, this.core.userId);
    }
  }

  #isTouch(field: Field): boolean {
    return field.root === 'txt';
  }
}
