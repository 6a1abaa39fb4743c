/**
 * Puts back work that an undo removed without knowing of it.
 *
 * Undo never writes over the work of others, but it cannot spare work that its device has not received. Two things can be
 * lost that way, depending on client ids:
 *
 *     a value     Ana moves an element and undoes that; at the same time Ben moves it. If Ana's value wins in the document,
 *                 both would see the place before: Ben's value is written again, with the tag it had.
 *     words       Ana undoes the making of a text, or leaves it empty; at the same time Ben types in it. The text is spared.
 *
 * A page that had one of the two before the other arrived writes this as soon as it arrives, if its user is the person
 * whose work was lost or the person who undid. All such pages write the same, so it does not matter how many do. A value
 * does not come back beneath a newer one that is not undone. The write is not a step: undo and redo go on as if the value
 * had won. Between two devices of one person nothing is put back: the last value counts as before.
 */
import type * as Y from 'yjs';
import type { Core } from '../core.ts';
import { type Field, type Tagged, fieldOfKey, keyOfField, readTagged } from '../document/fields.ts';
import { isElementId, isStep } from '../document/keys.ts';
import { hasWords, isLeaving, isLeftEmpty, leavingSteps, spareMade, spareRemoved } from '../typing/left-empty.ts';
import { type KeyConflict, keyConflict } from '../document/map-conflicts.ts';
import { readMark } from '../document/records.ts';
import { overrideRoots } from '../document/roots.ts';
import type { ElementId, StepKey, UserId } from '../types.ts';
import type { UndoStack } from './undo.ts';

/** A value that lost against a concurrent one and may still have to be put back. */
interface Lost {
  readonly field: Field;
  readonly id: ElementId;
  readonly value: Tagged;
}

/** Far more values than people write concurrently; beyond it the oldest is forgotten. */
const MAX_LOST = 256;

export class Reconciler {
  readonly #core: Core;
  readonly #undo: UndoStack;
  /** Lost values by root and key. */
  readonly #lost = new Map<string, Lost>();
  #writes: (() => void)[] = [];

  constructor(core: Core, undo: UndoStack) {
    this.#core = core;
    this.#undo = undo;
  }

  /** Call after the indexes have taken the transaction in and before it is cleaned up. */
  takeIn(transaction: Y.Transaction, mayReconcile: () => boolean): void {
    const changed = transaction.changed as Map<unknown, Set<string | null>>;
    const keysOf = (root: Y.Map<unknown>): string[] => [...(changed.get(root) ?? [])].filter((key) => key !== null);
    if (transaction.local) return this.#forgetOverwritten(keysOf);
    if (!mayReconcile()) return;
    const { doc, origin, roots } = this.#core;
    this.#writes = [];
    for (const root of overrideRoots) {
      if (root === 'txt') continue;
      for (const key of keysOf(roots[root])) this.#valueChanged(root, key, keyConflict(transaction, roots[root], key));
    }
    const marks = keysOf(roots.undone).filter(isStep);
    if (marks.length > 0) for (const [key, lost] of this.#lost) this.#restore(key, lost);
    const isNew = (step: StepKey): boolean => changed.get(roots.undo)?.has(step) === true;
    for (const step of marks) this.#markChanged(step, isNew, keyConflict(transaction, roots.undone, step));
    for (const step of keysOf(roots.gone).filter(isStep)) this.#deletionChanged(step, isNew);
    for (const id of keysOf(roots.txt).filter(isElementId)) this.#typingCame(id, changed);
    if (this.#writes.length === 0) return;
    const writes = this.#writes;
    doc.transact(() => writes.forEach((write) => write()), origin);
  }

  // ---- values ----------------------------------------------------------------------------------------------

  #forgetOverwritten(keysOf: (root: Y.Map<unknown>) => string[]): void {
    if (this.#lost.size === 0) return;
    for (const root of overrideRoots) for (const key of keysOf(this.#core.roots[root])) this.#lost.delete(`${root} ${key}`);
  }

  #valueChanged(root: (typeof overrideRoots)[number], key: string, { replaced, lost }: KeyConflict): void {
    const target = replaced === undefined && lost.length === 0 ? null : fieldOfKey(root, key);
    if (target === null) return;
    const { field, id } = target;
    const { history, userId } = this.#core;
    const now = history.stored(field, id);
    // Values that arrived and lost against a value of this person, which may be undone.
    const came = lost.map((value) => readTagged(field, value)).filter((value) => value !== null);
    came.sort((a, b) => (a.tag < b.tag ? 1 : -1));
    if (now !== null && history.userOf(now.tag) === userId) came.some((value) => this.#putBack({ field, id, value }, () => true));
    const value = readTagged(field, replaced);
    if (value === null || this.#isBeneath(field, id, now, value.tag)) return;
    const isMine = [...history.chain(field, id, value)].some((one) => one !== null && history.userOf(one.tag) === userId);
    if (!isMine) return;
    const entry: Lost = { field, id, value };
    const name = `${root} ${key}`;
    // A value of this person, undone before the other device received the new value.
    if (now !== null && history.userOf(now.tag) === userId) return void this.#putBack(entry, (by) => by === userId);
    this.#lost.delete(name);
    this.#lost.set(name, entry);
    for (const oldest of this.#lost.keys()) if (this.#lost.size > MAX_LOST) this.#lost.delete(oldest);
    this.#restore(name, entry);
  }

  /** Puts a lost value back if the current value is undone; forgets it once it lies beneath the current value. */
  #restore(name: string, lost: Lost): void {
    const { history, userId } = this.#core;
    const { field, id, value } = lost;
    const now = history.stored(field, id);
    if (this.#isBeneath(field, id, now, value.tag)) this.#lost.delete(name);
    else if (now === null || history.userOf(now.tag) !== userId) this.#putBack(lost, (by) => by === userId);
  }

  /** Puts `value` back if the current value is undone and no newer value that is not undone exists. Returns whether it did. */
  #putBack({ field, id, value }: Lost, isWhose: (user: UserId | undefined) => boolean): boolean {
    const { history, roots } = this.#core;
    const now = history.stored(field, id);
    if (now !== null && (!history.isUndone(now.tag) || this.#isBeneath(field, id, now, value.tag))) return false;
    const own = history.shownFrom(field, id, value);
    if (own === null || own.tag === '' || history.isUndone(own.tag) || !isWhose(history.userOf(own.tag))) return false;
    const shown = history.effective(field, id);
    if (shown !== null && shown.tag !== '' && !history.isUndone(shown.tag) && history.order.isBefore(own.tag, shown.tag)) return false;
    this.#writes.push(() => roots[field.root].set(keyOfField(field, id), [value.value, value.tag]));
    return true;
  }

  #isBeneath(field: Field, id: ElementId, top: Tagged | null, tag: StepKey | ''): boolean {
    if (top === null) return false;
    for (const value of this.#core.history.chain(field, id, top)) if (value?.tag === tag) return true;
    return false;
  }

  // ---- texts -----------------------------------------------------------------------------------------------

  /** @param isNew Whether a step's log arrived in this same transaction: then its author knew of both. */
  #markChanged(step: StepKey, isNew: (step: StepKey) => boolean, { replaced, lost }: KeyConflict): void {
    const { history, elements, userId } = this.#core;
    const mark = history.mark(step);
    if (mark === undefined) return;
    const wasLeftEmpty = isLeftEmpty(history, step);
    if (history.userOf(step) !== userId || wasLeftEmpty) {
      for (const id of history.made(step)) {
        if (elements.base(id)?.kind !== 'text' || mark.spared.has(id)) continue;
        if (wasLeftEmpty && !hasWords(this.#core, id)) continue;
        if (this.#hasTyped(id, (typed) => history.userOf(typed) === userId && !isNew(typed))) this.#spare(step, id);
      }
    }
    if (history.userOf(step) !== userId) return;
    // Another device of this person undid the same step concurrently, and knew of more work by others, or of less.
    for (const other of [replaced, ...lost]) {
      for (const id of readMark(other)?.spared ?? []) {
        if (!mark.spared.has(id) && this.#undo.othersWork(id, 0) !== null) this.#spare(step, id);
      }
    }
  }

  #deletionChanged(step: StepKey, isNew: (step: StepKey) => boolean): void {
    const { history, userId } = this.#core;
    const deletion = history.deletion(step);
    if (deletion?.type !== 'list' || history.isUndone(step)) return;
    for (const id of deletion.ids) {
      if (!isLeaving(history, step, id) || !hasWords(this.#core, id)) continue;
      if (this.#hasTyped(id, (typed) => history.userOf(typed) === userId && !isNew(typed))) this.#keep(step, id);
    }
  }

  /** Takes in that a person typed in a text whose making this user has undone, or that this user left empty. */
  #typingCame(id: ElementId, changed: Map<unknown, Set<string | null>>): void {
    const { history, roots, elements, userId } = this.#core;
    const base = elements.base(id);
    if (base === null || !hasWords(this.#core, id)) return;
    const wasLeftEmpty = isLeftEmpty(history, base.step);
    const isSpared = (typed: StepKey): boolean => wasLeftEmpty || history.userOf(typed) !== userId;
    const wasKnown = (root: Y.Map<unknown>, step: StepKey): boolean => changed.get(root)?.has(step) !== true;
    if (history.isUnmade(id, base.step) && history.userOf(base.step) === userId && wasKnown(roots.undone, base.step)) {
      if (this.#hasTyped(id, isSpared)) this.#spare(base.step, id);
    }
    for (const step of leavingSteps(history, id)) {
      if (history.userOf(step) === userId && wasKnown(roots.gone, step)) this.#keep(step, id);
    }
  }

  #hasTyped(id: ElementId, isWhose: (step: StepKey) => boolean): boolean {
    for (const step of this.#core.history.typingOn(id)) if (isWhose(step)) return true;
    return false;
  }

  #keep(step: StepKey, id: ElementId): void {
    this.#writes.push(() => spareRemoved(this.#core, step, id));
  }

  #spare(step: StepKey, id: ElementId): void {
    this.#writes.push(() => spareMade(this.#core, step, id));
  }
}
