/**
 * Who did what in which step, and what of it counts: an index over `who`, `base` (the steps in it), `gone`, `undo` and
 * `undone`, kept current key by key.
 *
 * Undo is a mark. Nothing is ever written back: a reader that meets a value of an undone step looks through it to the
 * value before. Tags strictly decrease along such a chain, so one made into a circle by malice ends as well.
 *
 * Everything may dangle: updates of different people arrive in any order, and of one transaction only a beginning
 * may have arrived.
 */
import type { Field, Tagged } from './fields.ts';
import { keyOfField, readTagged } from './fields.ts';
import { elementCounter, elementSession, isSession, isStep, stepSession, stepTime } from './keys.ts';
import { MAX_USER_ID_LENGTH } from './limits.ts';
import type { Deletion, Mark } from './records.ts';
import { readDeletion, readMark } from './records.ts';
import type { Roots } from './roots.ts';
import type { StepClock } from './step-clock.ts';
import type { StepLog } from './step-log.ts';
import { decodeStepLog } from './step-log.ts';
import { StepList } from './step-list.ts';
import type { ElementId, SessionId, StepKey, UserId } from './types.ts';

/** Told which elements may look different now. */
export interface Touch {
  element(id: ElementId): void;
  /** Every element of the session with a counter below `next`. */
  session(session: SessionId, next: number): void;
}

const emptyLog: StepLog = decodeStepLog(null);
const nothing: readonly never[] = [];
const noIds: ReadonlySet<ElementId> = new Set();

export class History {
  /** This user's steps. */
  readonly mine = new StepList();
  /** All logged steps, of everybody. */
  readonly logged = new StepList();
  /** Steps that deleted something and are undone, of everybody. */
  readonly undoneDeletions = new StepList();
  readonly clock: StepClock;
  readonly me: UserId;
  readonly #roots: Roots;
  readonly #users = new Map<SessionId, UserId>();
  /** The id itself where a step made one element, as nearly every one does. */
  readonly #made = new Map<StepKey, ElementId | Set<ElementId>>();
  readonly #deletions = new Map<StepKey, Deletion>();
  readonly #deletedBy = new Map<ElementId, StepKey[]>();
  readonly #logs = new Map<StepKey, StepLog>();
  readonly #marks = new Map<StepKey, Mark>();
  /** Steps of sessions whose user has not arrived. */
  readonly #waiting = new Map<SessionId, Set<StepKey>>();
  /** Highest counter of every session seen in `base`, plus one. */
  readonly #seenNext = new Map<SessionId, number>();
  /** What the clears in force cover together, leaving out those that spare something. */
  #cleared = new Map<SessionId, number>();
  #sparingClears: { step: StepKey; deletion: Deletion & { type: 'clear' } }[] = [];
  #areClearsStale = false;

  constructor(roots: Roots, me: UserId, clock: StepClock) {
    this.#roots = roots;
    this.me = me;
    this.clock = clock;
  }

  // ---- questions -------------------------------------------------------------------------------------------

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
    return this.#deletions.get(step);
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

  /** What is stored, whether or not its step is undone. */
  stored(field: Field, id: ElementId): Tagged | null {
    return readTagged(field, this.#roots[field.root].get(keyOfField(field, id)));
  }

  /** What is shown: the stored value, or the first one beneath it that no undone step wrote. Null: as created. */
  effective(field: Field, id: ElementId): Tagged | null {
    let shown = this.stored(field, id);
    while (shown !== null && shown.tag !== '' && this.isUndone(shown.tag)) {
      const before = this.log(shown.tag).before(field, id);
      if (before === undefined) break;
      if (before !== null && before.tag >= shown.tag) break;
      shown = before;
    }
    return shown;
  }

  /** Whether anything hides an element that `step` made. */
  isHidden(id: ElementId, step: StepKey): boolean {
    const mark = this.#marks.size === 0 ? undefined : this.#marks.get(step);
    if (mark !== undefined && !mark.spared.has(id)) return true;
    const deletedBy = this.#deletedBy.size === 0 ? undefined : this.#deletedBy.get(id);
    if (deletedBy !== undefined && deletedBy.some((deleting) => !this.#marks.has(deleting))) return true;
    if (this.#areClearsStale) this.#gatherClears();
    if (this.#cleared.size === 0 && this.#sparingClears.length === 0) return false;
    const counter = elementCounter(id);
    const session = elementSession(id);
    if (counter < (this.#cleared.get(session) ?? 0)) return true;
    return this.#sparingClears.some(({ deletion }) => covers(deletion, id));
  }

  /** The steps that hide it, each of which would have to be undone for it to show. */
  hiders(id: ElementId, step: StepKey): StepKey[] {
    const hiders: StepKey[] = [];
    const mark = this.#marks.get(step);
    if (mark !== undefined && !mark.spared.has(id)) hiders.push(step);
    for (const deleting of this.#deletedBy.get(id) ?? nothing) {
      if (!this.#marks.has(deleting)) hiders.push(deleting);
    }
    for (const [clearing, deletion] of this.#deletions) {
      if (deletion.type === 'clear' && !this.#marks.has(clearing) && covers(deletion, id)) hiders.push(clearing);
    }
    return hiders;
  }

  /** Whether a deletion that covers it was undone after `time`: a redo of that one spares only what was touched later. */
  wasBroughtBackAfter(id: ElementId, time: number): boolean {
    return this.undoneDeletions.sorted().some((step) => {
      const deletion = this.#deletions.get(step);
      return deletion !== undefined && (this.#marks.get(step)?.at ?? 0) > time && covers(deletion, id);
    });
  }

  /** What a clear made now would cover: every element this device has received, and nothing else. */
  seenVector(): Map<SessionId, number> {
    return new Map(this.#seenNext);
  }

  hasSession(session: SessionId): boolean {
    return this.#seenNext.has(session);
  }

  exists(step: StepKey): boolean {
    return this.#made.has(step) || this.#deletions.has(step) || this.#roots.undo.has(step);
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
    for (const step of waiting ?? nothing) if (this.exists(step) && user === this.me) this.mine.add(step);
  }

  /** An element's record is there; `step` is null when it cannot be read. */
  baseAdded(id: ElementId, step: StepKey | null): void {
    const session = elementSession(id);
    const next = elementCounter(id) + 1;
    if (next > (this.#seenNext.get(session) ?? 0)) this.#seenNext.set(session, next);
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
    const before = this.#deletions.get(key);
    if (before !== undefined) {
      touchDeletion(before, touch);
      if (before.type === 'clear') this.#areClearsStale = true;
      else for (const id of before.ids) this.#unlistDeletion(id, key);
    }
    const stored = this.#roots.gone.get(key);
    const after = stored === undefined ? null : readDeletion(stored);
    if (after === null) {
      this.#deletions.delete(key);
      this.undoneDeletions.remove(key);
      this.#forgetIfGone(key);
      return;
    }
    this.#learn(key);
    this.#deletions.set(key, after);
    if (this.#marks.has(key)) this.undoneDeletions.add(key);
    touchDeletion(after, touch);
    if (after.type === 'clear') this.#areClearsStale = true;
    else for (const id of after.ids) pushTo(this.#deletedBy, id, key);
  }

  logChanged(key: string, touch: Touch): void {
    if (!isStep(key)) return;
    const before = this.#logs.get(key);
    this.#logs.delete(key);
    const isLogged = this.#roots.undo.has(key);
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
    }
    for (const id of this.made(key)) touch.element(id);
    for (const { id } of this.log(key).entries) touch.element(id);
    const deletion = this.#deletions.get(key);
    if (deletion === undefined) return;
    if (mark === null) this.undoneDeletions.remove(key);
    else this.undoneDeletions.add(key);
    touchDeletion(deletion, touch);
    if (deletion.type === 'clear') this.#areClearsStale = true;
  }

  /** A tag can arrive before its step: the clock must have seen it all the same. */
  tagSeen(stored: unknown): void {
    if (Array.isArray(stored) && isStep(stored[1])) this.clock.see(stepTime(stored[1]));
  }

  #learn(step: StepKey): void {
    this.clock.see(stepTime(step));
    const user = this.userOf(step);
    if (user === this.me) this.mine.add(step);
    else if (user === undefined) {
      const session = stepSession(step);
      const waiting = this.#waiting.get(session);
      if (waiting === undefined) this.#waiting.set(session, new Set([step]));
      else waiting.add(step);
    }
  }

  #forgetIfGone(step: StepKey): void {
    if (this.exists(step)) return;
    this.mine.remove(step);
    this.#waiting.get(stepSession(step))?.delete(step);
  }

  #rebuildMine(): void {
    this.mine.clear();
    this.#waiting.clear();
    for (const source of [this.#made.keys(), this.#deletions.keys(), this.#roots.undo.keys()]) {
      for (const step of source) if (isStep(step)) this.#learn(step);
    }
  }

  #unlistDeletion(id: ElementId, step: StepKey): void {
    const left = (this.#deletedBy.get(id) ?? nothing).filter((other) => other !== step);
    if (left.length === 0) this.#deletedBy.delete(id);
    else this.#deletedBy.set(id, left);
  }

  #gatherClears(): void {
    this.#areClearsStale = false;
    this.#cleared = new Map();
    this.#sparingClears = [];
    for (const [step, deletion] of this.#deletions) {
      if (deletion.type !== 'clear' || this.#marks.has(step)) continue;
      if (deletion.spared.size > 0) this.#sparingClears.push({ step, deletion });
      else
        for (const [session, next] of deletion.vector) {
          if (next > (this.#cleared.get(session) ?? 0)) this.#cleared.set(session, next);
        }
    }
  }
}

/** Whether a deletion's own words cover an element. */
export function covers(deletion: Deletion, id: ElementId): boolean {
  if (deletion.type === 'list') return deletion.ids.has(id);
  return elementCounter(id) < (deletion.vector.get(elementSession(id)) ?? 0) && !deletion.spared.has(id);
}

function touchDeletion(deletion: Deletion, touch: Touch): void {
  if (deletion.type === 'list') for (const id of deletion.ids) touch.element(id);
  else for (const [session, next] of deletion.vector) touch.session(session, next);
}

function pushTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
