/** Groups that an edit makes, and the group it puts each element into, until it is written. */
import type { Elements } from '../elements/elements.ts';
import type { ElementId, Geometry, NewElement } from '../types.ts';

export class PendingGroups {
  readonly #elements: Elements;
  /** An element that the edit creates. */
  readonly #createdOf: (id: ElementId) => NewElement | undefined;
  /** New groups, and where each is made. */
  readonly #made = new Map<ElementId, Pick<Geometry, 'x' | 'y'>>();
  /** New groups of what the edit touches; null for none. */
  readonly #parents = new Map<ElementId, ElementId | null>();

  constructor(elements: Elements, createdOf: (id: ElementId) => NewElement | undefined) {
    this.#elements = elements;
    this.#createdOf = createdOf;
  }

  /** The ids that are shown, or about to be, without those inside another of them. */
  outermost(ids: Iterable<ElementId>): ElementId[] {
    const all = new Set<ElementId>();
    for (const id of ids) if (this.#isNew(id) || this.#elements.isShown(id)) all.add(id);
    return [...all].filter((id) => {
      for (const above of this.#above(id)) if (all.has(above)) return false;
      return true;
    });
  }

  /** Makes a group of `members`, in the innermost group that they all are in. */
  make(id: ElementId, members: readonly ElementId[]): void {
    const parent = this.#common(members);
    const { x, y } = this.#spotOf(members);
    this.#made.set(id, { x, y });
    this.#parents.set(id, parent);
    this.put(members, id);
  }

  put(ids: readonly ElementId[], parent: ElementId | null): void {
    if (parent !== null && !this.#isNew(parent) && !this.#elements.groups.canHold(parent)) return;
    const around = new Set(parent === null ? [] : [parent, ...this.#above(parent)]);
    for (const id of ids) if (!around.has(id)) this.#parents.set(id, parent);
  }

  /** Of `ids`, and of groups that are among them as a whole: those in a group of which something is not among them, or in a frame that is not. */
  tornFrom(ids: ReadonlySet<ElementId>): ElementId[] {
    const whole = new Map<ElementId, boolean>();
    const isWhole = (group: ElementId): boolean => {
      let known = whole.get(group);
      if (known === undefined) {
        known = true;
        // Elements go with the frame they are in.
        if (this.#elements.get(group) !== undefined) known = ids.has(group);
        else for (const id of this.#elements.groups.within(group)) known &&= ids.has(id) || this.#elements.get(id) === undefined;
        whole.set(group, known);
      }
      return known;
    };
    const torn = new Set<ElementId>();
    for (const id of ids) {
      let unit = id;
      for (const group of this.#above(id)) {
        if (!isWhole(group)) torn.add(unit);
        if (torn.has(unit)) break;
        unit = group;
      }
    }
    return [...torn];
  }

  made(): ReadonlyMap<ElementId, Pick<Geometry, 'x' | 'y'>> {
    return this.#made;
  }

  /** The groups of what the edit creates. */
  created(): Iterable<[ElementId, ElementId | null]> {
    return [...this.#parents].filter(([id]) => this.#isNew(id));
  }

  /** The groups of what was there before. */
  changed(): Iterable<[ElementId, ElementId | null]> {
    return [...this.#parents].filter(([id]) => !this.#isNew(id));
  }

  #isNew(id: ElementId): boolean {
    return this.#made.has(id) || this.#createdOf(id) !== undefined;
  }

  #parentOf(id: ElementId): ElementId | null {
    const pending = this.#parents.get(id);
    return pending === undefined ? this.#elements.groups.groupOf(id) : pending;
  }

  /** The groups that an id is in, the innermost first. */
  *#above(id: ElementId): Iterable<ElementId> {
    for (let at = this.#parentOf(id); at !== null; at = this.#parentOf(at)) yield at;
  }

  #common(ids: readonly ElementId[]): ElementId | null {
    const [first, ...others] = ids;
    if (first === undefined) return null;
    const common = [...this.#above(first)];
    for (const id of others) {
      if (common.length === 0 || this.#parentOf(id) === common[0]) continue;
      const above = new Set(this.#above(id));
      while (common[0] !== undefined && !above.has(common[0])) common.shift();
    }
    return common[0] ?? null;
  }

  #spotOf([first]: readonly ElementId[]): Pick<Geometry, 'x' | 'y'> {
    if (first === undefined) return { x: 0, y: 0 };
    const created = this.#createdOf(first) ?? this.#elements.get(first);
    return created?.geometry ?? this.#made.get(first) ?? this.#elements.base(first)?.geometry ?? { x: 0, y: 0 };
  }
}
