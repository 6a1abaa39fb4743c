/**
 * Who did what in which step, and what of it counts: an index over `who`, `base` (the steps in it), `gone`, `undo`,
 * `undone`, `later` and the touches in `txt`, kept current key by key.
 *
 * Undo is a mark. Nothing is ever written back: a reader that meets a value of an undone step looks through it to the
 * value before. Tags strictly decrease along such a chain, but for the ones a log calls later; a chain made into a circle
 * by malice ends where it closes.
 *
 * Everything may dangle: updates of different people arrive in any order, and of one transaction only a beginning
 * may have arrived.
 */
import { covers, Deletions } from './deletions.ts';
import type { Field, Tagged } from './fields.ts';
import { fields, keyOfField, readTagged } from './fields.ts';
import { elementCounter, elementSession, isSession, isStep, stepSession, stepTime } from './keys.ts';
import { MAX_SESSION_ELEMENTS, MAX_USER_ID_LENGTH } from './limits.ts';
import { OwnSteps } from './own-steps.ts';
import type { Deletion, Mark } from './records.ts';
import { readDeletion, readMark } from './records.ts';
import type { Roots } from './roots.ts';
import type { StepClock } from './step-clock.ts';
import { StepList } from './step-list.ts';
import { StepOrder } from './step-order.ts';
import type { StepLog } from './step-log.ts';
import { decodeStepLog } from './step-log.ts';
import type { ElementId, SessionId, StepKey, UserId } from './types.ts';
import { TypingIndex } from './typing.ts';

export { covers };

/** Told which elements may look different now, or only be hidden or shown. */
export interface Touch {
  element(id: ElementId, what?: 'visibility'): void;
  /** Every element of the session with a counter below `next`. */
  session(session: SessionId, next: number, what?: 'visibility'): void;
}

const emptyLog: StepLog = decodeStepLog(null);
const nothing: readonly never[] = [];
const noIds: ReadonlySet<ElementId> = new Set();

export class History {
  /** Of everybody's steps and marks. */
  readonly order = new StepOrder();
  readonly own = new OwnSteps(this.order);
  /** All logged steps, of everybody. */
  readonly logged = new StepList();
  readonly deletions = new Deletions((step) => this.#marks.has(step));
  readonly clock: StepClock;
  readonly me: UserId;
  readonly #roots: Roots;
  readonly #users = new Map<SessionId, UserId>();
  /** The id itself where a step made one element, as nearly every one does. */
  readonly #made = new Map<StepKey, ElementId | Set<ElementId>>();
  readonly #logs = new Map<StepKey, StepLog>();
  readonly #marks = new Map<StepKey, Mark>();
  readonly #typing = new TypingIndex((step) => this.log(step));
  /** Steps of sessions whose user has not arrived. */
  readonly #waiting = new Map<SessionId, Set<StepKey>>();
  /** Highest counter of every session seen in `base`, plus one. */
  readonly #seenNext = new Map<SessionId, number>();
  /** The same of what is named otherwise: in a deletion, or by an override that came before its element. */
  readonly #namedNext = new Map<SessionId, number>();

  constructor(roots: Roots, me: UserId, clock: StepClock) {
    this.#roots = roots;
    this.me = me;
    this.clock = clock;
  }

  // ---- questions -------------------------------------------------------------------------------------------

  /** This user's steps, as they happened. */
  get mine(): StepList {
    return this.own.all;
  }

  /** Steps that deleted something and are undone, of everybody. */
  get undoneDeletions(): StepList {
    return this.deletions.undone;
  }

  userOf(step: StepKey | ''): UserId | undefined {
    return step === '' ? undefined : this.#users.get(stepSession(step));
  }

  userOfSession(session: SessionId): UserId | undefined {
    return this.#users.get(session);
  }

  isUndone(step: StepKey | ''): boolean {
    return step !== '' && this.#marks.has(step);
  }

  mark(step: StepKey): Mark | undefined {
    return this.#marks.get(step);
  }

  /** The elements a step made that have a record, in order. */
  made(step: StepKey): ReadonlySet<ElementId> {
    const made = this.#made.get(step);
    return typeof made === 'string' ? new Set([made]) : (made ?? noIds);
  }

  deletion(step: StepKey): Deletion | undefined {
    return this.deletions.get(step);
  }

  log(step: StepKey): StepLog {
    let log = this.#logs.get(step);
    if (log === undefined) {
      const stored = this.#roots.undo.get(step);
      if (stored === undefined) return emptyLog;
      log = decodeStepLog(stored);
      this.#logs.set(step, log);
    }
    return log;
  }

  /** Inside a transaction: what is read of the log from now on is what is stored now. */
  logWritten(step: StepKey): void {
    this.#logs.delete(step);
  }

  /** What is stored, whether or not its step is undone. */
  stored(field: Field, id: ElementId): Tagged | null {
    return readTagged(field, this.#roots[field.root].get(keyOfField(field, id)));
  }

  /** What is shown: the stored value, or the first one beneath it that no undone step wrote. Null: as created. */
  effective(field: Field, id: ElementId): Tagged | null {
    return this.shownFrom(field, id, this.stored(field, id));
  }

  /** What would be shown if `top` were stored. */
  shownFrom(field: Field, id: ElementId, top: Tagged | null): Tagged | null {
    if (top === null || !this.isUndone(top.tag)) return top;
    let shown: Tagged | null = top;
    for (shown of this.chain(field, id, top)) if (shown === null || !this.isUndone(shown.tag)) break;
    return shown;
  }

  /** `top`, then what lies beneath it: each the value that the step of the one above overwrote, null at last for none. */
  *chain(
    field: Field,
    id: ElementId,
    top: Tagged | null,
    beneathStep = (step: StepKey | ''): Tagged | null | undefined => this.beneath(field, id, step),
  ): Iterable<Tagged | null> {
    /** Tags met since one was not older than the one above it: only then can it go round in a circle. */
    let met: Set<StepKey | ''> | null = null;
    let value = top;
    for (;;) {
      yield value;
      if (value === null) return;
      const beneath = beneathStep(value.tag);
      if (beneath === undefined) return;
      if (beneath !== null && beneath.tag >= value.tag) met ??= new Set([value.tag]);
      if (beneath !== null && met?.has(beneath.tag) === true) return;
      if (beneath !== null) met?.add(beneath.tag);
      value = beneath;
    }
  }

  /** The value a step overwrote, null for none. Undefined when the log does not say. */
  beneath(field: Field, id: ElementId, step: StepKey | ''): Tagged | null | undefined {
    if (step === '') return undefined;
    const log = this.log(step);
    const before = log.before(field, id);
    if (before === undefined || before === null) return before;
    if (before.tag === '') return { value: before.value, tag: log.laterTag(field, id) ?? '' };
    return before.tag < step ? before : undefined;
  }

  /** Whether anything hides an element that `step` made. */
  isHidden(id: ElementId, step: StepKey): boolean {
    return this.isUnmade(id, step) || this.deletions.isHidden(id);
  }

  /** Whether its making, `step`, is undone and does not spare it. */
  isUnmade(id: ElementId, step: StepKey): boolean {
    const mark = this.#marks.size === 0 ? undefined : this.#marks.get(step);
    return mark !== undefined && !mark.spared.has(id);
  }

  /** The steps that hide it, each of which would have to be undone for it to show. */
  hiders(id: ElementId, step: StepKey): StepKey[] {
    return [...(this.isUnmade(id, step) ? [step] : nothing), ...this.deletions.hiders(id)];
  }

  /** Whether a deletion that covers it was undone after a time of the order: a redo of that one spares only what was touched later. */
  wasBroughtBackAfter(id: ElementId, time: number): boolean {
    return this.undoneDeletions.sorted().some((step) => {
      const deletion = this.deletion(step);
      return deletion !== undefined && (this.#marks.get(step)?.order ?? 0) > time && covers(deletion, id);
    });
  }

  /** Steps that typed in a text and are not undone, each once or more. */
  *typingOn(id: ElementId): Iterable<StepKey> {
    for (const step of this.#typing.stepsOn(id)) if (!this.isUndone(step)) yield step;
    const newest = this.effective(fields.txt, id)?.tag ?? '';
    if (newest !== '' && !this.isUndone(newest)) yield newest;
  }

  /** The sessions whose touch of a text was written down for good. */
  settledTyping(id: ElementId): ReadonlyMap<SessionId, StepKey> {
    return this.#typing.settledOn(id);
  }

  /** What a clear made now would cover: every element this device has received, and nothing else. */
  seenVector(): Map<SessionId, number> {
    return new Map(this.#seenNext);
  }

  /** The lowest counter of a session from which on nothing in the document names an element of it. */
  unusedCounter(session: SessionId): number {
    return Math.max(this.#seenNext.get(session) ?? 0, this.#namedNext.get(session) ?? 0);
  }

  hasSession(session: SessionId): boolean {
    return this.#seenNext.has(session);
  }

  exists(step: StepKey): boolean {
    return this.#made.has(step) || this.deletion(step) !== undefined || this.#roots.undo.has(step);
  }

  // ---- upkeep ----------------------------------------------------------------------------------------------

  whoChanged(key: string, touch: Touch): void {
    if (!isSession(key)) return;
    const stored = this.#roots.who.get(key);
    const user = typeof stored === 'string' && stored.length <= MAX_USER_ID_LENGTH ? stored : undefined;
    const before = this.#users.get(key);
    if (user === before) return;
    if (user === undefined) this.#users.delete(key);
    else this.#users.set(key, user);
    touch.session(key, Infinity);
    if (before !== undefined) return this.#rebuildMine();
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    for (const step of waiting ?? nothing) if (this.exists(step) && user === this.me) this.#addMine(step);
  }

  laterChanged(key: string): void {
    if (!this.order.change(key, this.#roots.later.get(key))) return;
    if (this.exists(key as StepKey)) this.order.see(this.order.timeOf(key as StepKey));
    this.own.resort();
  }

  /** An element's record is there; `step` is null when it cannot be read. */
  baseAdded(id: ElementId, step: StepKey | null): void {
    const session = elementSession(id);
    const next = elementCounter(id) + 1;
    if (next <= MAX_SESSION_ELEMENTS && next > (this.#seenNext.get(session) ?? 0)) this.#seenNext.set(session, next);
    if (step === null) return;
    const made = this.#made.get(step);
    if (made === undefined) {
      this.#learn(step);
      this.#made.set(step, id);
    } else if (typeof made === 'string') {
      this.#made.set(step, new Set([made, id]));
    } else {
      made.add(id);
    }
  }

  baseRemoved(id: ElementId, step: StepKey): void {
    const made = this.#made.get(step);
    if (made instanceof Set) {
      made.delete(id);
      if (made.size > 0) return;
    }
    this.#made.delete(step);
    this.#forgetIfGone(step);
  }

  goneChanged(key: string, touch: Touch): void {
    if (!isStep(key)) return;
    const before = this.deletion(key);
    if (before !== undefined) touchDeletion(before, touch);
    const stored = this.#roots.gone.get(key);
    const after = stored === undefined ? null : readDeletion(stored);
    this.deletions.change(key, after);
    if (after === null) return this.#forgetIfGone(key);
    this.#learn(key);
    touchDeletion(after, touch);
    if (after.type === 'list') for (const id of after.ids) this.named(elementSession(id), elementCounter(id) + 1);
    else for (const [session, next] of after.vector) this.named(session, next);
  }

  logChanged(key: string, touch: Touch): void {
    if (!isStep(key)) return;
    const before = this.#logs.get(key);
    this.#logs.delete(key);
    const isLogged = this.#roots.undo.has(key);
    this.#typing.logChanged(key, isLogged);
    if (isLogged) {
      this.#learn(key);
      this.logged.add(key);
    } else {
      this.logged.remove(key);
      this.#forgetIfGone(key);
    }
    // A log shows only through a mark: without one the values above it are what is seen.
    if (!this.#marks.has(key)) return;
    for (const log of [before, isLogged ? this.log(key) : undefined]) {
      for (const { id } of log?.entries ?? nothing) touch.element(id);
    }
  }

  markChanged(key: string, touch: Touch): void {
    if (!isStep(key)) return;
    const stored = this.#roots.undone.get(key);
    const mark = stored === undefined ? null : readMark(stored);
    if (mark === null) {
      this.#marks.delete(key);
    } else {
      this.#marks.set(key, mark);
      this.clock.see(mark.at);
      this.order.see(mark.order);
    }
    if (this.userOf(key) === this.me && this.exists(key)) this.own.markChanged(key, mark?.order ?? null);
    for (const id of this.made(key)) touch.element(id, 'visibility');
    for (const { id } of this.log(key).entries) touch.element(id);
    const deletion = this.deletion(key);
    if (deletion === undefined) return;
    this.deletions.markChanged(key);
    touchDeletion(deletion, touch);
  }

  /** A touch of a text was written down for good, or swept. */
  settledChanged(key: string): void {
    this.#typing.settledChanged(key, this.#roots.txt.get(key));
  }

  /** A tag can arrive before its step: the clock must have seen it all the same. */
  tagSeen(stored: unknown): void {
    if (!Array.isArray(stored) || !isStep(stored[1])) return;
    this.clock.see(stepTime(stored[1]));
    this.order.see(this.order.timeOf(stored[1]));
  }

  /** Something other than a record names elements of a session, up to the one before counter `next`. */
  named(session: SessionId, next: number): void {
    if (next > (this.#namedNext.get(session) ?? 0)) this.#namedNext.set(session, next);
  }

  #learn(step: StepKey): void {
    this.clock.see(stepTime(step));
    this.order.see(this.order.timeOf(step));
    const user = this.userOf(step);
    if (user === this.me) this.#addMine(step);
    else if (user === undefined) {
      const session = stepSession(step);
      const waiting = this.#waiting.get(session);
      if (waiting === undefined) this.#waiting.set(session, new Set([step]));
      else waiting.add(step);
    }
  }

  #addMine(step: StepKey): void {
    this.own.add(step, this.#marks.get(step)?.order ?? null);
  }

  #forgetIfGone(step: StepKey): void {
    if (this.exists(step)) return;
    this.own.remove(step);
    this.#waiting.get(stepSession(step))?.delete(step);
  }

  #rebuildMine(): void {
    this.own.clear();
    this.#waiting.clear();
    for (const source of [this.#made.keys(), this.deletions.keys(), this.#roots.undo.keys()]) {
      for (const step of source) if (isStep(step)) this.#learn(step);
    }
  }
}

function touchDeletion(deletion: Deletion, touch: Touch): void {
  if (deletion.type === 'list') for (const id of deletion.ids) touch.element(id, 'visibility');
  else for (const [session, next] of deletion.vector) touch.session(session, next, 'visibility');
}
