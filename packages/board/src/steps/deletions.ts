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

export interface DeletionFacts {
  isUndone(step: StepKey): boolean;
  /** Whether the undo of a step spares an element. */
  isSpared(step: StepKey, id: ElementId): boolean;
  /** Time in the order of steps. */
  timeOf(step: StepKey): number;
}

const nothing: readonly never[] = [];

export class Deletions {
  /** Undone deletions of all people. */
  readonly undone = new StepList();
  readonly #facts: DeletionFacts;
  readonly #isUndone: (step: StepKey) => boolean;
  readonly #all = new Map<StepKey, Deletion>();
  readonly #clears = new Map<StepKey, Clear>();
  readonly #listedBy = new Map<ElementId, readonly StepKey[]>();
  readonly #restoredBy = new Map<ElementId, readonly StepKey[]>();
  /** Counters covered by the clears in force, except clears that spare something. */
  #cleared = new Map<SessionId, number>();
  #sparingClears: Clear[] = [];
  #areClearsStale = false;

  constructor(facts: DeletionFacts) {
    this.#facts = facts;
    this.#isUndone = (step) => facts.isUndone(step);
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
    else for (const id of before?.ids ?? nothing) unlist(this.#listsOfType(before?.type), id, step);
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
    const lists = this.#listsOfType(deletion.type);
    for (const id of deletion.ids) {
      const steps = lists.get(id);
      lists.set(id, steps === undefined ? alone : [...steps, step]);
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
    if (this.#restoredBy.size > 0 && this.#restoredBy.has(id)) return !this.hiders(id)[Symbol.iterator]().next().done;
    const listedBy = this.#listedBy.size === 0 ? undefined : this.#listedBy.get(id);
    if (listedBy !== undefined && listedBy.some((step) => !this.#isUndone(step))) return true;
    if (this.#areClearsStale) this.#gatherClears();
    if (this.#cleared.size === 0 && this.#sparingClears.length === 0) return false;
    if (elementCounter(id) < (this.#cleared.get(elementSession(id)) ?? 0)) return true;
    return this.#sparingClears.some((clear) => covers(clear, id));
  }

  /** Whether a list in force names the id: a page is hidden by those alone, since a clear empties pages and keeps them. */
  isListed(id: ElementId): boolean {
    const since = this.#restoredAt(id);
    return this.listsOf(id).some((step) => this.#hidesSince(step, since));
  }

  /** Deletions in force that hide an element. */
  *hiders(id: ElementId): Iterable<StepKey> {
    const since = this.#restoredAt(id);
    for (const step of this.listsOf(id)) if (this.#hidesSince(step, since)) yield step;
    for (const [step, clear] of this.#clears) if (this.#hidesSince(step, since) && covers(clear, id)) yield step;
  }

  clearsInForce(): [StepKey, Deletion][] {
    return [...this.#clears].filter(([step]) => !this.#isUndone(step));
  }

  /** Deletions whose list names the element, undone or not. */
  listsOf(id: ElementId): readonly StepKey[] {
    return this.#listedBy.get(id) ?? nothing;
  }

  /** When the element was last brought back, in the order of steps; deletions from before then do not hide it. */
  #restoredAt(id: ElementId): number {
    let latest = -Infinity;
    for (const step of this.#restoredBy.get(id) ?? nothing) {
      if (!this.#isUndone(step) || this.#facts.isSpared(step, id)) latest = Math.max(latest, this.#facts.timeOf(step));
    }
    return latest;
  }

  #hidesSince(step: StepKey, since: number): boolean {
    return !this.#isUndone(step) && (since === -Infinity || this.#facts.timeOf(step) > since);
  }

  #listsOfType(type: Deletion['type'] | undefined): Map<ElementId, readonly StepKey[]> {
    return type === 'restore' ? this.#restoredBy : this.#listedBy;
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

function unlist(lists: Map<ElementId, readonly StepKey[]>, id: ElementId, step: StepKey): void {
  const left = (lists.get(id) ?? nothing).filter((other) => other !== step);
  if (left.length === 0) lists.delete(id);
  else lists.set(id, left);
}

/** Whether a deletion's list or vector covers an element. */
export function covers(deletion: Deletion, id: ElementId): boolean {
  if (deletion.type === 'list') return deletion.ids.has(id);
  if (deletion.type === 'restore') return false;
  return elementCounter(id) < (deletion.vector.get(elementSession(id)) ?? 0) && !deletion.spared.has(id);
}

/** The deletion, changed so that it no longer covers the elements in `spared`. */
export function without(deletion: Deletion, spared: ReadonlySet<ElementId>): Deletion {
  if (deletion.type !== 'clear') return { type: deletion.type, ids: new Set([...deletion.ids].filter((id) => !spared.has(id))) };
  return { ...deletion, spared: new Set([...deletion.spared, ...spared]) };
}
