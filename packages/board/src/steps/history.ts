/**
 * Steps, their authors, and whether each is undone: an index over `who`, `base` (the steps in it), `gone`, `undo`,
 * `undone`, `later` and the touches in `txt`, kept current key by key.
 *
 * Undo is a mark. Nothing is ever written back: a reader that finds a value of an undone step looks through it to the
 * value before. Tags strictly decrease along such a chain, except tags that a log lists as later; a chain maliciously
 * made into a circle ends where it closes.
 *
 * Any reference may dangle: updates of different people arrive in any order, and only the beginning of a transaction
 * may have arrived.
 */
import { covers, Deletions } from './deletions.ts';
import { type Field, type Tagged, fields, keyOfField, readTagged } from '../document/fields.ts';
import { elementCounter, elementSession, isSession, isStep, stepSession, stepTime } from '../document/keys.ts';
import { MAX_SESSION_ELEMENTS, MAX_USER_ID_LENGTH } from '../limits.ts';
import { OwnSteps } from './own-steps.ts';
import { type Deletion, type Mark, readDeletion, readMark } from '../document/records.ts';
import type { Roots } from '../document/roots.ts';
import type { StepClock } from './step-clock.ts';
import { StepList } from './step-list.ts';
import { StepOrder } from './step-order.ts';
import { type StepLog, decodeStepLog } from './step-log.ts';
import type { ElementId, SessionId, StepKey, UserId } from '../types.ts';
import { TypingIndex } from './typing-index.ts';

export { covers };

/** Receives the elements that may look different now, or that were only hidden or shown. */
export interface Touch {
  element(id: ElementId, what?: 'visibility'): void;
  /** All elements of the session with a counter below `next` may have changed. */
  session(session: SessionId, next: number, what?: 'visibility'): void;
}

const emptyLog: StepLog = decodeStepLog(null);
const nothing: readonly never[] = [];
const noIds: ReadonlySet<ElementId> = new Set();

export class History {
  /** Order of all people's steps and marks. */
  readonly order = new StepOrder();
  readonly own = new OwnSteps(this.order);
  /** Logged steps of all people. */
  readonly logged = new StepList();
  readonly deletions = new Deletions({
    isUndone: (step) => this.#marks.has(step),
    isSpared: (step, id) => this.#marks.get(step)?.spared.has(id) === true,
    timeOf: (step) => this.order.timeOf(step),
  });
  readonly clock: StepClock;
  readonly me: UserId;
  readonly #roots: Roots;
  readonly #users = new Map<SessionId, UserId>();
  /** Elements by the step that made them: a bare id for one element, as in nearly every step. */
  readonly #made = new Map<StepKey, ElementId | Set<ElementId>>();
  readonly #logs = new Map<StepKey, StepLog>();
  readonly #marks = new Map<StepKey, Mark>();
  readonly #typing = new TypingIndex((step) => this.log(step));
  /** Steps of sessions whose user is not known yet. */
  readonly #waiting = new Map<SessionId, Set<StepKey>>();
  /** Highest counter of each session seen in `base`, plus one. */
  readonly #seenNext = new Map<SessionId, number>();
  /** The same for counters named elsewhere: in a deletion, or by an override that arrived before its element. */
  readonly #namedNext = new Map<SessionId, number>();

  constructor(roots: Roots, me: UserId, clock: StepClock) {
    this.#roots = roots;
    this.me = me;
    this.clock = clock;
  }

  // ---- questions -------------------------------------------------------------------------------------------

  /** This user's steps, in the order they were made. */
  get mine(): StepList {
    return this.own.all;
  }

  /** Undone steps of all people that deleted something. */
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

  /** Elements that a step made and that have a record, in order. */
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

  /** Call inside a transaction after writing a step's log, so that later reads see it. */
  logWritten(step: StepKey): void {
    this.#logs.delete(step);
  }

  /** The stored value, whether or not its step is undone. */
  stored(field: Field, id: ElementId): Tagged | null {
    return readTagged(field, this.#roots[field.root].get(keyOfField(field, id)));
  }

  /** The shown value: the stored one, or the first one beneath it that no undone step wrote. Null: as created. */
  effective(field: Field, id: ElementId): Tagged | null {
    return this.shownFrom(field, id, this.stored(field, id));
  }

  /** The value that would be shown if `top` were stored. */
  shownFrom(field: Field, id: ElementId, top: Tagged | null): Tagged | null {
    if (top === null || !this.isUndone(top.tag)) return top;
    let shown: Tagged | null = top;
    for (shown of this.chain(field, id, top)) if (shown === null || !this.isUndone(shown.tag)) break;
    return shown;
  }

  /** `top`, then the values beneath it: each is the value that the step above it overwrote; null at the end for none. */
  *chain(
    field: Field,
    id: ElementId,
    top: Tagged | null,
    beneathStep = (step: StepKey | ''): Tagged | null | undefined => this.beneath(field, id, step),
  ): Iterable<Tagged | null> {
    /** Tags met since a tag was not older than the one above it: only then can the chain be a circle. */
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

  /** The value a step overwrote, null for none. Undefined when it is not in the log. */
  beneath(field: Field, id: ElementId, step: StepKey | ''): Tagged | null | undefined {
    if (step === '') return undefined;
    const log = this.log(step);
    const before = log.before(field, id);
    if (before === undefined || before === null) return before;
    if (before.tag === '') return { value: before.value, tag: log.laterTag(field, id) ?? '' };
    return before.tag < step ? before : undefined;
  }

  /** Whether a deletion or an undone creation hides an element that `step` made. */
  isHidden(id: ElementId, step: StepKey): boolean {
    return this.isUnmade(id, step) || this.deletions.isHidden(id);
  }

  /** Whether `step`, which made the element, is undone and does not spare it. */
  isUnmade(id: ElementId, step: StepKey): boolean {
    const mark = this.#marks.size === 0 ? undefined : this.#marks.get(step);
    return mark !== undefined && !mark.spared.has(id);
  }

  /** Steps that hide the element; all of them would have to be undone for it to show. */
  hiders(id: ElementId, step: StepKey): StepKey[] {
    return [...(this.isUnmade(id, step) ? [step] : nothing), ...this.deletions.hiders(id)];
  }

  /** Whether a deletion that covers it was undone after `time`, a time of the order. Redoing it spares only later touches. */
  wasBroughtBackAfter(id: ElementId, time: number): boolean {
    return this.undoneDeletions.sorted().some((step) => {
      const deletion = this.deletion(step);
      return deletion !== undefined && (this.#marks.get(step)?.order ?? 0) > time && covers(deletion, id);
    });
  }

  /** Steps that typed in a text and are not undone; a step may come more than once. */
  *typingOn(id: ElementId): Iterable<StepKey> {
    for (const step of this.#typing.stepsOn(id)) if (!this.isUndone(step)) yield step;
    const newest = this.effective(fields.txt, id)?.tag ?? '';
    if (newest !== '' && !this.isUndone(newest)) yield newest;
  }

  /** Sessions with a permanent touch of a text, and the step of each. */
  settledTyping(id: ElementId): ReadonlyMap<SessionId, StepKey> {
    return this.#typing.settledOn(id);
  }

  /** Vector of a clear made now: it covers every element this device has received, and nothing else. */
  seenVector(): Map<SessionId, number> {
    return new Map(this.#seenNext);
  }

  /** Lowest counter of a session such that the document names no element with that counter or a higher one. */
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

  /** Takes in a new element's record; `step` is null when the record cannot be read. */
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
    if (after.type !== 'clear') for (const id of after.ids) this.named(elementSession(id), elementCounter(id) + 1);
    else for (const [session, next] of after.vector) this.named(session, next);
  }

  logChanged(key: string, touch: Touch): void {
    if (!isStep(key)) return;
    const before = this.#logs.get(key);
    this.#logs.delete(key);
    const isLogged = this.#roots.undo.has(key);
    if (isLogged) {
      this.#typing.logWritten(key);
      this.#learn(key);
      this.logged.add(key);
    } else {
      this.#typing.logDropped(key);
      this.logged.remove(key);
      this.#forgetIfGone(key);
    }
    // A log only matters for an undone step: otherwise the value above it is shown.
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

  /** Takes in that a touch of a text was made permanent, or swept. */
  settledChanged(key: string): void {
    this.#typing.settledChanged(key, this.#roots.txt.get(key));
  }

  /** Passes a stored value's tag to the clock: a tag can arrive before its step. */
  tagSeen(stored: unknown): void {
    if (!Array.isArray(stored) || !isStep(stored[1])) return;
    this.clock.see(stepTime(stored[1]));
    this.order.see(this.order.timeOf(stored[1]));
  }

  /** Takes in that something other than a record names elements of a session with counters below `next`. */
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
  if (deletion.type !== 'clear') for (const id of deletion.ids) touch.element(id, 'visibility');
  else for (const [session, next] of deletion.vector) touch.session(session, next, 'visibility');
}
