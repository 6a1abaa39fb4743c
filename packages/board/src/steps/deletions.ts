/**
 * The deletions that hide elements: the entries of `gone`, and whether each is in force, that is, not undone.
 *
 * Clears are few and are merged into one vector, so a lookup costs the same however many clears there are.
 * Deletions of single elements are many: a lookup only visits those of the element in question.
 */
import { elementCounter, elementSession } from '../document/keys.ts';
import type { Deletion } from '../document/records.ts';
import { StepList } from './step-list.ts';
import type { ElementId, SessionId, StepKey } from '../types.ts';

type Clear = Deletion & { readonly type: 'clear' };

const nothing: readonly never[] = [];

export class Deletions {
  /** Undone deletions of all people. */
  readonly undone = new StepList();
  readonly #isUndone: (step: StepKey) => boolean;
  readonly #all = new Map<StepKey, Deletion>();
  readonly #clears = new Map<StepKey, Clear>();
  readonly #listedBy = new Map<ElementId, readonly StepKey[]>();
  /** Counters covered by the clears in force, except clears that spare something. */
  #cleared = new Map<SessionId, number>();
  #sparingClears: Clear[] = [];
  #areClearsStale = false;

  constructor(isUndone: (step: StepKey) => boolean) {
    this.#isUndone = isUndone;
  }

  get(step: StepKey): Deletion | undefined {
    return this.#all.get(step);
  }

  keys(): Iterable<StepKey> {
    return this.#all.keys();
  }

  /** @param deletion Null when the entry is gone, or cannot be read. */
  change(step: StepKey, deletion: Deletion | null): void {
    const before = this.#all.get(step);
    if (before?.type === 'clear') this.#areClearsStale = true;
    else for (const id of before?.ids ?? nothing) this.#unlist(id, step);
    this.#all.delete(step);
    this.#clears.delete(step);
    if (deletion === null) return this.undone.remove(step);
    this.#all.set(step, deletion);
    if (this.#isUndone(step)) this.undone.add(step);
    if (deletion.type === 'clear') {
      this.#clears.set(step, deletion);
      this.#areClearsStale = true;
      return;
    }
    // One shared list: most elements are deleted once, and one step may delete 100,000.
    const alone = [step];
    for (const id of deletion.ids) {
      const steps = this.#listedBy.get(id);
      this.#listedBy.set(id, steps === undefined ? alone : [...steps, step]);
    }
  }

  /** The step was undone or redone. */
  markChanged(step: StepKey): void {
    const deletion = this.#all.get(step);
    if (deletion === undefined) return;
    if (this.#isUndone(step)) this.undone.add(step);
    else this.undone.remove(step);
    if (deletion.type === 'clear') this.#areClearsStale = true;
  }

  isHidden(id: ElementId): boolean {
    const listedBy = this.#listedBy.size === 0 ? undefined : this.#listedBy.get(id);
    if (listedBy !== undefined && listedBy.some((step) => !this.#isUndone(step))) return true;
    if (this.#areClearsStale) this.#gatherClears();
    if (this.#cleared.size === 0 && this.#sparingClears.length === 0) return false;
    if (elementCounter(id) < (this.#cleared.get(elementSession(id)) ?? 0)) return true;
    return this.#sparingClears.some((clear) => covers(clear, id));
  }

  /** Deletions in force that hide an element. */
  *hiders(id: ElementId): Iterable<StepKey> {
    for (const step of this.listsOf(id)) if (!this.#isUndone(step)) yield step;
    for (const [step, clear] of this.#clears) if (!this.#isUndone(step) && covers(clear, id)) yield step;
  }

  clearsInForce(): [StepKey, Deletion][] {
    return [...this.#clears].filter(([step]) => !this.#isUndone(step));
  }

  /** Deletions whose list names the element, undone or not. */
  listsOf(id: ElementId): readonly StepKey[] {
    return this.#listedBy.get(id) ?? nothing;
  }

  #unlist(id: ElementId, step: StepKey): void {
    const left = this.listsOf(id).filter((other) => other !== step);
    if (left.length === 0) this.#listedBy.delete(id);
    else this.#listedBy.set(id, left);
  }

  #gatherClears(): void {
    this.#areClearsStale = false;
    this.#cleared = new Map();
    this.#sparingClears = [];
    for (const [step, clear] of this.#clears) {
      if (this.#isUndone(step)) continue;
      if (clear.spared.size > 0) this.#sparingClears.push(clear);
      else
        for (const [session, next] of clear.vector) {
          if (next > (this.#cleared.get(session) ?? 0)) this.#cleared.set(session, next);
        }
    }
  }
}

/** Whether a deletion's list or vector covers an element. */
export function covers(deletion: Deletion, id: ElementId): boolean {
  if (deletion.type === 'list') return deletion.ids.has(id);
  return elementCounter(id) < (deletion.vector.get(elementSession(id)) ?? 0) && !deletion.spared.has(id);
}

/** The deletion, changed so that it no longer covers the elements in `spared`. */
export function without(deletion: Deletion, spared: ReadonlySet<ElementId>): Deletion {
  if (deletion.type === 'list') return { type: 'list', ids: new Set([...deletion.ids].filter((id) => !spared.has(id))) };
  return { ...deletion, spared: new Set([...deletion.spared, ...spared]) };
}
