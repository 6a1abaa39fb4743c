/**
 * Fractional keys that put elements at their new place in paint order.
 *
 * Only moved elements get a key. Two people who put different elements into one gap offline make the same key, and a key
 * can be too long, or too far out, for any key to fit beside it: then as few neighbours of the gap as needed first get new
 * keys.
 */
import { generateNKeysBetween } from 'fractional-indexing';
import { implicitOrderKey, isOrderKey, layerOfPlace, orderKeyOfPlace, paintPlace } from '../document/order-key.ts';
import type { Elements } from './elements.ts';
import type { ElementId, ReorderTarget, StepKey } from '../types.ts';

export interface ReorderPlan {
  readonly keys: ReadonlyMap<ElementId, string>;
  /** New keys of neighbours that keep their place and make room. */
  readonly repairs: ReadonlyMap<ElementId, string>;
}

/** Moving elements (indices into the paint order) and the gap they go to: above `below`, beneath `above`. */
interface Move {
  readonly moving: readonly number[];
  readonly below: number;
  readonly above: number;
}

/** Indices into the paint order of one layer (`layerOfPlace`), in which alone elements pass each other. */
interface Layer {
  readonly from: number;
  /** The index behind its last. */
  readonly to: number;
}

/**
 * Plans a reordering. Ignores ids that are not shown; the moved elements keep their order among each other. A group stands
 * for what is in it: that moves together. What moves stays within the group around it, and passes another group at once. So
 * does what is in a frame, while the frame itself moves among frames.
 */
export function planReorder(elements: Elements, ids: Iterable<ElementId>, to: ReorderTarget): ReorderPlan {
  const all = [...ids];
  const keys = new Map<ElementId, string>();
  const repairs = new Map<ElementId, string>();
  const names = new Set(all.flatMap((id) => indicesOf(elements, id)).map((index) => layerOfPlace(elements.order.placeAt(index) ?? '')));
  for (const name of names) {
    const layer = layerOf(elements, name);
    const moves = new Moves(elements, all, layer).to(to);
    const moving = new Set(moves.flatMap((move) => move.moving));
    const gaps = new Gaps(elements, moving, layer);
    for (const move of moves) {
      const minted = gaps.open(...neighbours(move, moving), move.moving.length);
      for (const [i, index] of move.moving.entries()) {
        const element = elements.order.elements()[index];
        if (element !== undefined) keys.set(element.id, minted[i] as string);
      }
    }
    for (const [id, key] of gaps.repairs) repairs.set(id, key);
  }
  return { keys, repairs };
}

function layerOf({ order }: Elements, name: string): Layer {
  if (name === '') return { from: order.indexOf('A'), to: order.count };
  return { from: order.indexOf(name), to: order.indexOf(String.fromCharCode(name.charCodeAt(0) + 1)) };
}

/**
 * Keys for elements about to be created, none of them a frame. Nearly always none: their time alone puts them on top, unless a clock far ahead
 * has made an element above them.
 */
export function planOnTop(elements: Elements, step: StepKey, ids: readonly ElementId[]): ReorderPlan {
  const gaps = new Gaps(elements, new Set(), layerOf(elements, ''));
  const { count } = elements.order;
  const top = elements.order.placeAt(count - 1);
  const first = ids[0];
  const isOnTop = top === undefined || first === undefined || top < paintPlace(implicitOrderKey(step, first), first);
  const minted = isOnTop ? [] : gaps.open(count - 1, count, ids.length);
  return { keys: new Map(minted.map((key, i) => [ids[i] as ElementId, key])), repairs: gaps.repairs };
}

/** Keys for elements about to be created under all others, none of them a frame. None on an empty board: their time puts them in their order. */
export function planAtBack(elements: Elements, ids: readonly ElementId[]): ReorderPlan {
  const layer = layerOf(elements, '');
  const gaps = new Gaps(elements, new Set(), layer);
  const minted = ids.length === 0 || layer.from === layer.to ? [] : gaps.open(layer.from - 1, layer.from, ids.length);
  return { keys: new Map(minted.map((key, i) => [ids[i] as ElementId, key])), repairs: gaps.repairs };
}

/** Works out which elements go to which gaps. */
class Moves {
  readonly #elements: Elements;
  readonly #layer: Layer;
  /** Indices of the selected elements, ascending, and the id that each was selected by: its own or that of a group. */
  readonly #selected: readonly number[];
  readonly #unitAt: ReadonlyMap<number, ElementId>;
  /** The group that all of it is in; null for none. */
  readonly #scope: ElementId | null;
  /** Ascending indices of everything that it moves among; null for the whole layer. */
  readonly #siblings: readonly number[] | null;
  readonly #placeByIndex: ReadonlyMap<number, number>;

  constructor(elements: Elements, ids: Iterable<ElementId>, layer: Layer) {
    this.#elements = elements;
    this.#layer = layer;
    const isInLayer = (index: number): boolean => index >= layer.from && index < layer.to;
    const unitAt = new Map<number, ElementId>();
    const scopes = new Set<ElementId | null>();
    for (const id of ids) {
      const indices = indicesOf(elements, id).filter(isInLayer);
      if (indices.length > 0) scopes.add(elements.groups.groupOf(id));
      for (const index of indices) unitAt.set(index, id);
    }
    this.#unitAt = unitAt;
    this.#selected = [...unitAt.keys()].sort((a, b) => a - b);
    const [scope = null] = scopes;
    this.#scope = scopes.size === 1 ? scope : null;
    this.#siblings = this.#siblingsIn(this.#scope, isInLayer);
    this.#placeByIndex = new Map(this.#siblings?.map((index, place) => [index, place]));
  }

  /** Indices in the scope that are on the page of what moves: nothing moves past elements that are not seen beside it. */
  #siblingsIn(scope: ElementId | null, isInLayer: (index: number) => boolean): number[] | null {
    const { order, pages } = this.#elements;
    const all = order.elements();
    const [page, ...others] = new Set(this.#selected.map((index) => all[index]?.page));
    const within =
      scope === null
        ? null
        : indicesWithin(this.#elements, scope)
            .filter(isInLayer)
            .sort((a, b) => a - b);
    if (page === undefined || others.length > 0 || pages.count(page) === order.count) return within;
    return (within ?? [...all.keys()].filter(isInLayer)).filter((index) => all[index]?.page === page);
  }

  to(target: ReorderTarget): Move[] {
    if (this.#selected.length === 0) return [];
    if (target === 'front' || target === 'back') return this.#toEnd(target);
    const direction = target === 'forward' ? 1 : -1;
    return this.#units().flatMap((unit) => this.#byOne(unit, direction) ?? []);
  }

  #toEnd(target: 'front' | 'back'): Move[] {
    const moving = this.#selected;
    const others = (index: number): boolean => !this.#unitAt.has(index);
    const places = Array.from({ length: this.#count }, (_, place) => this.#indexAt(place));
    const staying = target === 'front' ? places.findLast(others) : places.find(others);
    // Nothing else is there, or all of it lies behind already.
    if (staying === undefined) return [];
    const isThere = target === 'front' ? staying < (moving[0] as number) : staying > (moving.at(-1) as number);
    if (isThere) return [];
    return target === 'front' ? [{ moving, below: staying, above: staying + 1 }] : [{ moving, below: staying - 1, above: staying }];
  }

  /** Runs of consecutive places, joined where one group lies in several of them. */
  #units(): number[][] {
    const runs: number[][] = [];
    let last = Number.NaN;
    for (const index of this.#selected) {
      const place = this.#placeOf(index);
      if (place === last + 1) runs.at(-1)?.push(index);
      else runs.push([index]);
      last = place;
    }
    const units: number[][] = [];
    const unitOf = new Map<ElementId, number[]>();
    for (const run of runs) {
      const joined = new Set<number[]>();
      for (const index of run) {
        const unit = unitOf.get(this.#unitAt.get(index) as ElementId);
        if (unit !== undefined) joined.add(unit);
      }
      for (const unit of joined) units.splice(units.indexOf(unit), 1);
      const unit = [...[...joined].flat(), ...run].sort((a, b) => a - b);
      units.push(unit);
      for (const index of unit) unitOf.set(this.#unitAt.get(index) as ElementId, unit);
    }
    return units;
  }

  #byOne(moving: readonly number[], direction: 1 | -1): Move | null {
    const edge = (direction === 1 ? moving.at(-1) : moving[0]) as number;
    const isWhole = this.#placeOf(moving.at(-1) as number) - this.#placeOf(moving[0] as number) === moving.length - 1;
    const past = this.#past(this.#placeOf(edge) + direction, direction);
    // At the end, a group that lies in several places is still brought together.
    if (past === null && isWhole) return null;
    const beside = past ?? edge;
    return direction === 1 ? { moving, below: beside, above: beside + 1 } : { moving, below: beside - 1, above: beside };
  }

  /** Index of the last element, in a direction, of what stands at a place: of a group, as far as it lies there in a row. */
  #past(place: number, direction: 1 | -1): number | null {
    if (place < 0 || place >= this.#count) return null;
    const other = this.#standsFor(this.#indexAt(place));
    let end = place;
    for (let next = place + direction; next >= 0 && next < this.#count; next += direction) {
      const index = this.#indexAt(next);
      if (this.#unitAt.has(index) || this.#standsFor(index) !== other) break;
      end = next;
    }
    return this.#indexAt(end);
  }

  /** The outermost group of an element within the scope, or the element itself. */
  #standsFor(index: number): ElementId | undefined {
    let at = this.#elements.order.elements()[index]?.id;
    for (;;) {
      const above = at === undefined ? null : this.#elements.groups.groupOf(at);
      if (above === null || above === this.#scope) return at;
      at = above;
    }
  }

  get #count(): number {
    return this.#siblings?.length ?? this.#layer.to - this.#layer.from;
  }

  #indexAt(place: number): number {
    return this.#siblings === null ? this.#layer.from + place : (this.#siblings[place] as number);
  }

  #placeOf(index: number): number {
    return this.#siblings === null ? index - this.#layer.from : (this.#placeByIndex.get(index) as number);
  }
}

/** Indices of an element, or of all elements in a group; of a frame, its own and those of what is in it. */
function indicesOf(elements: Elements, id: ElementId): number[] {
  const place = elements.placeOf(id);
  const within = indicesWithin(elements, id);
  return place === undefined ? within : [elements.order.indexOf(place), ...within];
}

function indicesWithin(elements: Elements, id: ElementId): number[] {
  const indices: number[] = [];
  for (const one of elements.groups.within(id)) {
    const place = elements.placeOf(one);
    if (place !== undefined) indices.push(elements.order.indexOf(place));
  }
  return indices;
}

/** Indices of the elements on both sides of a gap. Skips what moves away itself. */
function neighbours({ below, above }: Move, moving: ReadonlySet<number>): [below: number, above: number] {
  while (moving.has(below)) below--;
  while (moving.has(above)) above++;
  return [below, above];
}

/** Finds keys in the gaps between elements; where no key fits, gives neighbours new keys. */
class Gaps {
  readonly repairs = new Map<ElementId, string>();
  readonly #elements: Elements;
  readonly #moving: ReadonlySet<number>;

  readonly #layer: Layer;

  constructor(elements: Elements, moving: ReadonlySet<number>, layer: Layer) {
    this.#elements = elements;
    this.#layer = layer;
    this.#moving = moving;
  }

  /** @returns `count` keys between those of the elements at `below` and `above`. */
  open(below: number, above: number, count: number): readonly string[] {
    const low = this.#keyAt(below);
    const high = this.#keyAt(above);
    const direct = keysBetween(low, high, count);
    if (direct !== null) return direct;
    // First the elements above the gap that share its key make room, or one element; then more and more on both sides.
    for (let size = 1; ; size *= 2) {
      const upper = this.#staying(above, 1, size, low);
      const lower = this.#staying(below, -1, size, high);
      const raised = keysBetween(low, this.#keyAt(next(upper, above, 1)), count + upper.length);
      if (raised !== null) return this.#repair([], upper, raised, count);
      const lowered = keysBetween(this.#keyAt(next(lower, below, -1)), high, count + lower.length);
      if (lowered !== null) return this.#repair(lower.reverse(), [], lowered, count);
      const isAll = upper.length < size && lower.length < size;
      if (isAll) return this.#repair(lower.reverse(), upper, generateNKeysBetween(null, null, lower.length + count + upper.length), count);
    }
  }

  /** Staying elements from `from` on in a direction: those with the key `key`, and at least `size`. */
  #staying(from: number, direction: 1 | -1, size: number, key: string | null): number[] {
    const staying: number[] = [];
    for (let index = from; this.#keyAt(index) !== null; index += direction) {
      if (this.#moving.has(index)) continue;
      if (staying.length >= size && this.#keyAt(index) !== key) break;
      staying.push(index);
    }
    return staying;
  }

  /** @param keys Keys of `lower`, then of the moved elements, then of `upper`. */
  #repair(lower: readonly number[], upper: readonly number[], keys: readonly string[], count: number): readonly string[] {
    const minted = [...keys];
    const moving = minted.splice(lower.length, count);
    for (const [i, index] of [...lower, ...upper].entries()) {
      const element = this.#elements.order.elements()[index];
      if (element !== undefined) this.repairs.set(element.id, minted[i] as string);
    }
    return moving;
  }

  #keyAt(index: number): string | null {
    const element = this.#elements.order.elements()[index];
    if (element === undefined || index < this.#layer.from || index >= this.#layer.to) return null;
    return this.repairs.get(element.id) ?? orderKeyOfPlace(this.#elements.order.placeAt(index) as string);
  }
}

/** Index behind a run of consecutive indices that begins at `from`. */
function next(run: readonly number[], from: number, direction: 1 | -1): number {
  const last = run.at(-1);
  return last === undefined ? from : last + direction;
}

export function keysBetween(low: string | null, high: string | null, count: number): string[] | null {
  if (low !== null && high !== null && low >= high) return null;
  try {
    const keys = generateNKeysBetween(low, high, count);
    return keys.every(isOrderKey) ? keys : null;
  } catch (error) {
    // It throws when it runs past the smallest of all keys.
    if (!(error instanceof Error)) throw error;
    return null;
  }
}
