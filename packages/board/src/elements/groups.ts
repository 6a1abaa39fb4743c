/**
 * The group each element is in: a forest over the values of `parent`, kept current change by change.
 *
 * A group is a record of kind `group`, which paints nothing. It is shown while something shown is in it. An element whose
 * value names a hidden group, or no group at all, belongs to the nearest group above that is not hidden:
 *
 *     values   a -> g1 (ungrouped) -> g2        shown   a in g2
 *
 * A frame holds in the same way, but is an element as well: it is shown whether or not anything is in it.
 *
 * People who put groups into each other at the same time can make a circle of values. The value of the smallest id in it is
 * ignored, so that every replica cuts it at the same place.
 */
import type { ElementId } from '../types.ts';

export interface Holding {
  readonly named: ElementId | null;
  readonly isThere: boolean;
  readonly isFrame: boolean;
}

/** Hidden groups above an element that are looked through. Nobody ungroups as many, one in the other; a forged chain ends. */
const MAX_HIDDEN_ABOVE = 32;

const noIds: readonly ElementId[] = [];

export class Groups {
  /** The id that each shown value of `parent` names. */
  readonly #named = new Map<ElementId, ElementId>();
  /** The reverse. */
  readonly #naming = new Map<ElementId, Set<ElementId>>();
  /** Groups that are neither deleted nor undone. */
  readonly #there = new Set<ElementId>();
  /** Those of them that are frames. */
  readonly #frames = new Set<ElementId>();
  #hasHadFrames = false;
  /** Ids whose value is ignored: one in each circle. */
  #cut = new Set<ElementId>();
  /** Since `settle`: ids with another value, and groups that came or went. */
  readonly #changed = new Set<ElementId>();
  /** Those of them that readers look through, or looked through before. */
  readonly #through = new Set<ElementId>();
  /** Shown elements and groups, by the group they are in. */
  readonly #members = new Map<ElementId, Set<ElementId>>();
  /** The reverse. */
  readonly #placed = new Map<ElementId, ElementId>();
  readonly #lists = new Map<ElementId, readonly ElementId[]>();

  /** Whether the id names a parent, or is a group. */
  knows(id: ElementId): boolean {
    return this.#named.has(id) || this.#there.has(id);
  }

  /** Takes in the shown value of `parent`, and whether the id is a group or a frame that is neither deleted nor undone. */
  set(id: ElementId, { named, isThere, isFrame }: Holding): void {
    if (isFrame && isThere) this.#frames.add(id);
    else this.#frames.delete(id);
    this.#hasHadFrames ||= isFrame;
    const before = this.#named.get(id) ?? null;
    const wasThere = this.#there.has(id);
    if (before === named && wasThere === isThere) return;
    this.#changed.add(id);
    if (!wasThere || !isThere) this.#through.add(id);
    if (isThere) this.#there.add(id);
    else this.#there.delete(id);
    if (before === named) return;
    if (before !== null) removeFrom(this.#naming, before, id);
    if (named === null) this.#named.delete(id);
    else this.#named.set(id, named);
    if (named !== null) addTo(this.#naming, named, id);
  }

  /** @returns Ids that may be in another group than before the calls of `set`. */
  settle(): ReadonlySet<ElementId> {
    const affected = new Set(this.#changed);
    if (affected.size === 0) return affected;
    const through = [...this.#through];
    for (const id of this.#cutCircles()) {
      affected.add(id);
      if (!this.#there.has(id)) through.push(id);
    }
    this.#changed.clear();
    this.#through.clear();
    const seen = new Set(through);
    for (let id = through.pop(); id !== undefined; id = through.pop()) {
      for (const below of this.#naming.get(id) ?? noIds) {
        affected.add(below);
        if (this.#there.has(below) || seen.has(below)) continue;
        seen.add(below);
        through.push(below);
      }
    }
    for (const id of this.inOtherFrames(affected)) affected.add(id);
    return affected;
  }

  /** Elements in groups that went into another frame, and frames that lie deeper now. */
  inOtherFrames(affected: ReadonlySet<ElementId>): ReadonlySet<ElementId> {
    const found = new Set<ElementId>();
    const left = this.#hasHadFrames ? [...affected].filter((id) => this.#there.has(id)) : [];
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      for (const below of this.#naming.get(id) ?? noIds) {
        if (affected.has(below) || found.has(below) || (this.#frames.has(id) && !this.#there.has(below))) continue;
        found.add(below);
        left.push(below);
      }
    }
    return found;
  }

  /** The group an element or a group belongs to, shown or not; null for none. */
  parentOf(id: ElementId): ElementId | null {
    let at = id;
    for (let steps = 0; steps <= MAX_HIDDEN_ABOVE; steps++) {
      const next = this.#cut.has(at) ? undefined : this.#named.get(at);
      if (next === undefined) return null;
      if (this.#there.has(next)) return next;
      at = next;
    }
    return null;
  }

  /** The innermost frame around an element, shown or not, and the number of frames around it. */
  framesAround(id: ElementId): { readonly frame: ElementId | null; readonly depth: number } {
    let frame: ElementId | null = null;
    let depth = 0;
    if (this.#frames.size === 0) return { frame, depth };
    for (let at = this.parentOf(id); at !== null; at = this.parentOf(at)) {
      if (!this.#frames.has(at)) continue;
      frame ??= at;
      depth++;
    }
    return { frame, depth };
  }

  /** Whether something can be put into it. */
  canHold(id: ElementId): boolean {
    return this.isShown(id) || this.#frames.has(id);
  }

  /** The group that a shown element or group is in; null for none. */
  groupOf(id: ElementId): ElementId | null {
    return this.#placed.get(id) ?? null;
  }

  /** Shown elements and groups in a group, in no order; the same array until they change. */
  membersOf(id: ElementId): readonly ElementId[] {
    const members = this.#members.get(id);
    if (members === undefined) return noIds;
    let list = this.#lists.get(id);
    if (list === undefined) this.#lists.set(id, (list = [...members]));
    return list;
  }

  /** Whether it is a group with something shown in it. */
  isShown(id: ElementId): boolean {
    return this.#members.has(id);
  }

  /** Elements and groups whose shown value of `parent` names the id, shown or not. */
  naming(id: ElementId): Iterable<ElementId> {
    return this.#naming.get(id) ?? noIds;
  }

  /** Everything shown in a group, and in the groups in it, without the id itself. */
  *within(id: ElementId): Iterable<ElementId> {
    const left = [...this.membersOf(id)];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      yield next;
      left.push(...this.membersOf(next));
    }
  }

  /**
   * Takes in whether an element is shown, and where it belongs now.
   *
   * @returns Whether a group came, went or changed its group with it.
   */
  place(id: ElementId, options: { isShown: boolean }): boolean {
    return this.#move(id, options.isShown ? this.parentOf(id) : null);
  }

  /** Takes in where a group belongs now. Returns whether anything changed. */
  placeGroup(id: ElementId): boolean {
    const to = this.#homeOf(id);
    if (to === this.groupOf(id)) return false;
    this.#move(id, to);
    return true;
  }

  #homeOf(group: ElementId): ElementId | null {
    return this.isShown(group) ? this.parentOf(group) : null;
  }

  /** Returns whether a group moved as well: one that is empty now, or no longer. */
  #move(id: ElementId, to: ElementId | null): boolean {
    const groups = this.#moveOne(id, to);
    let moved = 0;
    for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
      const home = this.#homeOf(group);
      if (home === this.groupOf(group)) continue;
      moved++;
      groups.push(...this.#moveOne(group, home));
    }
    return moved > 0;
  }

  /** Returns the groups that this empties or fills: they come and go with what is in them, which frames do not. */
  #moveOne(id: ElementId, to: ElementId | null): ElementId[] {
    const from = this.groupOf(id);
    const groups: ElementId[] = [];
    if (from === to) return groups;
    if (from !== null) {
      this.#lists.delete(from);
      removeFrom(this.#members, from, id);
      if (!this.isShown(from) && !this.#frames.has(from)) groups.push(from);
    }
    if (to === null) {
      this.#placed.delete(id);
      return groups;
    }
    this.#placed.set(id, to);
    this.#lists.delete(to);
    if (!this.isShown(to) && !this.#frames.has(to)) groups.push(to);
    addTo(this.#members, to, id);
    return groups;
  }

  /** Finds the circles there are now. Returns the ids whose value is ignored now and was not before, or the reverse. */
  #cutCircles(): ElementId[] {
    const cut = new Set<ElementId>();
    const done = new Set<ElementId>();
    for (const start of [...this.#changed, ...this.#cut]) {
      const path = new Set<ElementId>();
      let at: ElementId | undefined = start;
      for (; at !== undefined && !path.has(at) && !done.has(at); at = this.#named.get(at)) path.add(at);
      if (at !== undefined && path.has(at)) cut.add(this.#smallestInCircle(at));
      for (const id of path) done.add(id);
    }
    const before = this.#cut;
    this.#cut = cut;
    return [...[...cut].filter((id) => !before.has(id)), ...[...before].filter((id) => !cut.has(id))];
  }

  #smallestInCircle(id: ElementId): ElementId {
    let smallest = id;
    for (let at = this.#named.get(id); at !== undefined && at !== id; at = this.#named.get(at)) if (at < smallest) smallest = at;
    return smallest;
  }
}

function addTo(sets: Map<ElementId, Set<ElementId>>, key: ElementId, id: ElementId): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([id]));
  else set.add(id);
}

function removeFrom(sets: Map<ElementId, Set<ElementId>>, key: ElementId, id: ElementId): void {
  const set = sets.get(key);
  set?.delete(id);
  if (set?.size === 0) sets.delete(key);
}
