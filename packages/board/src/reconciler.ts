/**
 * Puts back what an undo took away without knowing of it.
 *
 * Undo never writes over the work of others, but it cannot spare what its device has not received. Two things can be lost
 * that way, and which of them is would depend on client ids:
 *
 *     a value     Ana moves a thing and undoes that; at once Ben moves it. Where Ana's value wins in the document, both
 *                 would see the place before: Ben's value is written again, under the step it has.
 *     words       Ana undoes the making of a text, or leaves it empty; at once Ben types in it. The text is spared.
 *
 * Each is done by pages that had one of the two before the other arrived, as soon as it arrives: by those of the person
 * whose work was lost, and by those of the person who undid it. What they write is the same, so that it does not matter
 * how many do. Nothing comes back that a newer value that counts stands on, and it is no step: undo and redo go on as if
 * the value had won. Only what another person undid is put back; of one's own two devices the last value counts as before.
 */
import type * as Y from 'yjs';
import type { Core } from './core.ts';
import type { Field, Tagged } from './fields.ts';
import { fieldOfKey, keyOfField, readTagged } from './fields.ts';
import { isElementId, isStep } from './keys.ts';
import { hasWords, isLeaving, isLeftEmpty, leavingSteps, spareMade, spareRemoved } from './left-empty.ts';
import type { KeyConflict } from './map-conflicts.ts';
import { keyConflict } from './map-conflicts.ts';
import { readMark } from './records.ts';
import { overrideRoots } from './roots.ts';
import type { ElementId, StepKey, UserId } from './types.ts';
import type { UndoStack } from './undo.ts';

/** A value that lost against one written at once, and may still have to be put back. */
interface Lost {
  readonly field: Field;
  readonly id: ElementId;
  readonly value: Tagged;
}

/** Far more than people write at once; the oldest is forgotten. */
const MAX_LOST = 256;

export class Reconciler {
  readonly #core: Core;
  readonly #undo: UndoStack;
  /** By root and key. */
  readonly #lost = new Map<string, Lost>();
  #writes: (() => void)[] = [];

  constructor(core: Core, undo: UndoStack) {
    this.#core = core;
    this.#undo = undo;
  }

  /** After the indexes have taken the transaction in, and before it is cleaned up. */
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
    // Values that came and lost against one of this person's, which may be undone.
    const came = lost.map((value) => readTagged(field, value)).filter((value) => value !== null);
    came.sort((a, b) => (a.tag < b.tag ? 1 : -1));
    if (now !== null && history.userOf(now.tag) === userId) came.some((value) => this.#putBack({ field, id, value }, () => true));
    const value = readTagged(field, replaced);
    if (value === null || this.#isBeneath(field, id, now, value.tag)) return;
    const isMine = [...history.chain(field, id, value)].some((one) => one !== null && history.userOf(one.tag) === userId);
    if (!isMine) return;
    const entry: Lost = { field, id, value };
    const name = `${root} ${key}`;
    // One of this person's own, undone before the other device heard of this one.
    if (now !== null && history.userOf(now.tag) === userId) return void this.#putBack(entry, (by) => by === userId);
    this.#lost.delete(name);
    this.#lost.set(name, entry);
    for (const oldest of this.#lost.keys()) if (this.#lost.size > MAX_LOST) this.#lost.delete(oldest);
    this.#restore(name, entry);
  }

  /** Of what this page saw being lost: whether it is to be put back now, or never. */
  #restore(name: string, lost: Lost): void {
    const { history, userId } = this.#core;
    const { field, id, value } = lost;
    const now = history.stored(field, id);
    if (this.#isBeneath(field, id, now, value.tag)) this.#lost.delete(name);
    else if (now === null || history.userOf(now.tag) !== userId) this.#putBack(lost, (by) => by === userId);
  }

  /** If what is there now is undone, and `value` shows something that counts and nothing newer does. False if not. */
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

  /** @param isNew Whether a step's log came in this very transaction: then whoever wrote it all knew of both. */
  #markChanged(step: StepKey, isNew: (step: StepKey) => boolean, { replaced, lost }: KeyConflict): void {
    const { history, scene, userId } = this.#core;
    const mark = history.mark(step);
    if (mark === undefined) return;
    const wasLeftEmpty = isLeftEmpty(history, step);
    if (history.userOf(step) !== userId || wasLeftEmpty) {
      for (const id of history.made(step)) {
        if (scene.base(id)?.kind !== 'text' || mark.spared.has(id)) continue;
        if (wasLeftEmpty && !hasWords(this.#core, id)) continue;
        if (this.#hasTyped(id, (typed) => history.userOf(typed) === userId && !isNew(typed))) this.#spare(step, id);
      }
    }
    if (history.userOf(step) !== userId) return;
    // Another device of this person undid the same step at once, and knew of more work by others, or of less.
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

  /** Someone typed in a text whose making this person has undone, or that this person left empty. */
  #typingCame(id: ElementId, changed: Map<unknown, Set<string | null>>): void {
    const { history, roots, scene, userId } = this.#core;
    const base = scene.base(id);
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
