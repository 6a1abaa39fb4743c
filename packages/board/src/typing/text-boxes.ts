/**
 * The steps of typing, for open text boxes and for closed ones that this page remembers.
 *
 * The first edit of a visit to a box makes the step of the whole visit, with a touch in the root `txt`: from then on
 * others' undo spares the element, even if this page is closed or dies with the box open. After the box is left, its
 * `Y.UndoManager` is kept, so that undoing the step takes back exactly the typing on this page. Another page of the same
 * person has no such manager: there the step pops and the text stays, since text restored from a stored copy would appear
 * twice when two devices restore it.
 *
 * A step that is no longer wanted (none of the typing is left, or a newer step must replace it) is dissolved: marked as
 * undone when it was made, so redo never offers it. Deleting its log instead would cut the chains others built on it.
 */
import type * as Y from 'yjs';
import type { Core } from '../core.ts';
import { BoardError } from '../errors.ts';
import { PendingEdit } from '../writing/pending-edit.ts';
import { isLeftEmpty, leavingSteps, spareMade, spareRemoved } from './left-empty.ts';
import { MAX_KEPT_TEXTS } from '../limits.ts';
import { writeMark } from '../document/records.ts';
import { stepTime } from '../document/keys.ts';
import { textRoot } from '../document/roots.ts';
import { TextBox } from './text-box.ts';
import { readAllText } from '../text/text-content.ts';
import type { ElementId, ElementText, StepKey } from '../types.ts';

interface Visit {
  /** Whether the text was empty when the box was opened. */
  readonly isFirst: boolean;
  /** Null until the visit has its own step; the first typing in a box just made belongs to the step that made the box. */
  step: StepKey | null;
  /** Time of its first edit, in the step order. */
  begunAt: number | null;
}

/** Remembered state of a closed box. */
interface Kept {
  readonly manager: Y.UndoManager;
  readonly begunAt: number | null;
}

export class TextBoxes {
  readonly #core: Core;
  readonly #requireWritable: () => void;
  readonly #isTooNew: () => boolean;
  readonly #open = new Map<TextBox, Visit>();
  readonly #kept = new Map<StepKey, Kept>();

  /** @param requireWritable Throws when the board may not be written to. */
  constructor(core: Core, requireWritable: () => void, isTooNew: () => boolean) {
    this.#core = core;
    this.#requireWritable = requireWritable;
    this.#isTooNew = isTooNew;
  }

  /** @throws {BoardError} `NO_ELEMENT` when no text element of this id is shown. */
  open(id: ElementId): ElementText {
    if (this.#core.elements.get(id)?.kind !== 'text') throw new BoardError('NO_ELEMENT', id);
    const box = new TextBox(this.#core, id, {
      requireWritable: this.#requireWritable,
      edits: () => this.#beforeEdit(id, visit),
      takesAllBack: () => this.#forgetStep(visit),
      leaves: ({ manager }) => {
        this.#open.delete(box);
        this.#leave(id, manager, visit);
      },
    });
    const visit: Visit = { isFirst: box.value === '', step: null, begunAt: null };
    this.#open.set(box, visit);
    return box;
  }

  /** Takes back the typing of `step`. False when only another page can take part of it back. */
  undo(step: StepKey): boolean {
    const manager = this.#managerOf(step);
    if (manager === undefined) return !this.#isTyping(step);
    while (manager.canUndo() && manager.undo() !== null);
    return true;
  }

  redo(step: StepKey): boolean {
    const manager = this.#managerOf(step);
    if (manager === undefined) return !this.#isTyping(step);
    while (manager.canRedo() && manager.redo() !== null);
    return true;
  }

  /** Time of the first edit in a step's visit, in the step order: earlier than a step made on leaving the box. */
  begunAt(step: StepKey): number {
    const { order } = this.#core.history;
    for (const visit of this.#open.values()) if (visit.step === step) return visit.begunAt ?? order.timeOf(step);
    return this.#kept.get(step)?.begunAt ?? order.timeOf(step);
  }

  close(): void {
    for (const box of [...this.#open.keys()]) box.close();
    for (const { manager } of this.#kept.values()) manager.destroy();
    this.#kept.clear();
  }

  #managerOf(step: StepKey): Y.UndoManager | undefined {
    for (const [box, visit] of this.#open) if (visit.step === step) return box.manager;
    return this.#kept.get(step)?.manager;
  }

  #isTyping(step: StepKey): boolean {
    return this.#core.history.log(step).entries.some(({ field }) => field.root === 'txt');
  }

  /** Runs inside the edit's transaction or before it, so no peer gets the typing without the touch that protects it. */
  #beforeEdit(id: ElementId, visit: Visit): void {
    const { history, elements } = this.#core;
    // Another person may have erased the element while its box is open: the typing counts as soon as it is back.
    const base = elements.base(id);
    if (base === null) return;
    visit.begunAt ??= history.order.now(history.clock.latest());
    this.#bringBack(id, base.step);
    const { step } = visit;
    if (step === null && visit.isFirst && this.#isJustMade(id, base.step)) return;
    // A redo of a deletion spares elements touched after its undo, so typing after that undo needs a newer touch.
    const isUndone = step !== null && history.isUndone(step);
    if (step !== null && !isUndone && !history.wasBroughtBackAfter(id, history.order.timeOf(step))) return;
    const gesture = new PendingEdit(this.#core);
    gesture.touchText(id);
    visit.step = gesture.commit();
    if (step !== null && !isUndone) this.#dissolve(step);
  }

  /** Brings a text back that another person undid, or that was left empty elsewhere, while this user goes on typing in it. */
  #bringBack(id: ElementId, making: StepKey): void {
    const { doc, history, origin, userId } = this.#core;
    const isUnmade = history.isUnmade(id, making) && (history.userOf(making) !== userId || isLeftEmpty(history, making));
    const leaving = leavingSteps(history, id);
    if (!isUnmade && leaving.length === 0) return;
    doc.transact(() => {
      if (isUnmade) spareMade(this.#core, making, id);
      for (const step of leaving) spareRemoved(this.#core, step, id);
    }, origin);
  }

  /** Called before the text changes, so that listeners to that change no longer find the step. */
  #forgetStep(visit: Visit): void {
    const { step } = visit;
    if (step === null || this.#core.history.isUndone(step)) return;
    visit.step = null;
    this.#dissolve(step);
  }

  #leave(id: ElementId, manager: Y.UndoManager, visit: Visit): void {
    const { doc, history, origin, elements } = this.#core;
    const { step } = visit;
    const hasTyped = manager.canUndo();
    const kept: Kept = { manager, begunAt: visit.begunAt };
    const shown = elements.get(id);
    if (shown === undefined || this.#isTooNew()) return step === null ? manager.destroy() : this.#keep(step, kept);
    const isEmpty = readAllText(textRoot(doc, id)) === '';
    if (step === null && !hasTyped && !isEmpty) return manager.destroy();
    if (step === null && visit.isFirst && this.#isJustMade(id, shown.step)) {
      // Making the box and typing in it is one step, so one undo takes back both.
      manager.destroy();
      if (isEmpty) this.#dissolve(shown.step);
      return;
    }
    const isUndone = step !== null && history.isUndone(step);
    // Undo right after leaving must take back the edit, so its step has to be the newest.
    const isNewest = step !== null && history.own.newest === step;
    if (step !== null && !isEmpty && (isUndone || (hasTyped && isNewest))) return this.#keep(step, kept);
    let left: StepKey | null = null;
    doc.transact(() => {
      const gesture = new PendingEdit(this.#core);
      if (hasTyped) gesture.touchText(id);
      if (isEmpty) gesture.remove([id]);
      left = gesture.commit();
      if (step !== null && !isUndone) this.#dissolve(step);
    }, origin);
    if (left !== null && hasTyped) this.#keep(left, kept);
    else manager.destroy();
  }

  /** Whether making this element is the last step of this page, and no other person has changed it. */
  #isJustMade(id: ElementId, step: StepKey): boolean {
    const { history, roots, session } = this.#core;
    const made = history.made(step);
    return (
      history.own.newest === step &&
      step.endsWith(session.id) &&
      made.size === 1 &&
      made.has(id) &&
      !roots.undo.has(step) &&
      history.deletion(step) === undefined &&
      !history.wasBroughtBackAfter(id, history.order.timeOf(step)) &&
      !roots.txt.has(id)
    );
  }

  #dissolve(step: StepKey): void {
    const { doc, roots, origin } = this.#core;
    const mark = writeMark({ at: stepTime(step), spared: new Set(), order: stepTime(step) });
    doc.transact(() => roots.undone.set(step, mark), origin);
  }

  #keep(step: StepKey, kept: Kept): void {
    this.#kept.set(step, kept);
    for (const [oldest, { manager }] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT_TEXTS) break;
      manager.destroy();
      this.#kept.delete(oldest);
    }
  }
}
