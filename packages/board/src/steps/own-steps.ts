/**
 * The steps of this page's user, in the order they were made (StepOrder), and those that undo and redo reach.
 *
 *     live       not undone
 *     redoable   undone after the newest step was made: redo brings these back, last undone first
 *     spent      undone, and a step was made since: undo and redo no longer reach them, and they do not use up the reach
 */
import { StepList } from './step-list.ts';
import type { StepOrder } from './step-order.ts';
import type { StepKey } from '../types.ts';

export class OwnSteps {
  readonly order: StepOrder;
  readonly all: StepList;
  readonly live: StepList;
  /** When each undone step was undone, as a time of the order. */
  readonly #undoneAt = new Map<StepKey, number>();
  /** Computed at the first question, since a document is read in any order. */
  #found: { newest: StepKey | undefined; readonly redoable: Set<StepKey> } | null = null;

  constructor(order: StepOrder) {
    this.order = order;
    this.all = new StepList(order);
    this.live = new StepList(order);
  }

  get newest(): StepKey | undefined {
    return this.all.sorted().at(-1);
  }

  /** @param undoneAt A time of the order, null when the step is not undone. */
  add(step: StepKey, undoneAt: number | null): void {
    this.all.add(step);
    if (undoneAt === null) this.live.add(step);
    else this.#undoneAt.set(step, undoneAt);
    if (this.#found === null) return;
    const { newest, redoable } = this.#found;
    if (newest === undefined || this.order.isBefore(newest, step)) {
      this.#found.newest = step;
      for (const undone of redoable) this.#sortIn(undone);
    }
    this.#sortIn(step);
  }

  remove(step: StepKey): void {
    this.all.remove(step);
    this.live.remove(step);
    this.#undoneAt.delete(step);
    if (this.#found?.newest === step) this.#found = null;
    else this.#found?.redoable.delete(step);
  }

  clear(): void {
    this.all.clear();
    this.live.clear();
    this.#undoneAt.clear();
    this.#found = null;
  }

  /** Takes in the mark of a step that was added before. */
  markChanged(step: StepKey, undoneAt: number | null): void {
    const wasUndone = this.#undoneAt.has(step);
    if (undoneAt === null) {
      if (!wasUndone) return;
      this.#undoneAt.delete(step);
      this.live.add(step);
    } else {
      this.#undoneAt.set(step, undoneAt);
      if (!wasUndone) this.live.remove(step);
    }
    this.#sortIn(step);
  }

  /** Call when times of the order have changed. */
  resort(): void {
    this.all.resort();
    this.live.resort();
    this.#found = null;
  }

  /** The newest live step, if it is among the newest `reach` steps that are not spent. */
  undoTop(reach: number): StepKey | null {
    const top = this.live.sorted().at(-1);
    if (top === undefined) return null;
    let newer = 0;
    for (const step of this.#find().redoable) if (this.order.isBefore(top, step)) newer++;
    return newer < reach ? top : null;
  }

  /** The step that was undone last. Of two undone at the same time, the older one counts as undone last. */
  redoTop(): StepKey | null {
    let top: StepKey | null = null;
    let latest = 0;
    for (const step of this.#find().redoable) {
      const at = this.#undoneAt.get(step) ?? 0;
      if (at > latest || (at === latest && top !== null && this.order.isBefore(step, top))) {
        latest = at;
        top = step;
      }
    }
    return top;
  }

  #find(): { readonly newest: StepKey | undefined; readonly redoable: ReadonlySet<StepKey> } {
    if (this.#found === null) {
      this.#found = { newest: this.newest, redoable: new Set() };
      for (const step of this.#undoneAt.keys()) this.#sortIn(step);
    }
    return this.#found;
  }

  /** Adds a step to the redoable ones, or removes it. */
  #sortIn(step: StepKey): void {
    if (this.#found === null) return;
    const { newest, redoable } = this.#found;
    const undoneAt = this.#undoneAt.get(step);
    if (undoneAt !== undefined && newest !== undefined && undoneAt > this.order.timeOf(newest)) redoable.add(step);
    else redoable.delete(step);
  }
}
