/**
 * The shown elements by place: a spatial index with the order of painting.
 *
 * Holds element objects as the board hands them out; `apply` follows the board's changes one by one, so an edit
 * on a board of 100,000 elements costs no walk over all of them. Where thousands change at once they wait beside the
 * index, found all the same, until `work` has taken them in.
 */
import RBush from 'rbush';
import type { Board, BoardChange, BoardElement, ElementId } from '@wetink/board';
import { paintBox } from './bounds.ts';
import { boxesTouch, uniteBoxes, type Box } from './geometry.ts';

/** The public part of the tree that rbush keeps. */
type IndexNode = Box & ({ readonly leaf: true; readonly children: Entry[] } | { readonly leaf: false; readonly children: IndexNode[] });

interface Entry extends Box {
  readonly element: BoardElement;
  /** Sorts bottom to top. */
  readonly place: string;
}

/** The content of a scene, to be exchanged as a whole. */
interface Content {
  readonly entries: Map<ElementId, Entry>;
  readonly index: RBush<Entry>;
  /** Not in the index yet. */
  readonly waiting: Set<Entry>;
  readonly texts: Set<ElementId>;
  readonly images: Set<ElementId>;
  readonly frames: Set<ElementId>;
  /** Elements by the frame they are in. */
  readonly held: Map<ElementId, Set<ElementId>>;
}

/** Effect of one change on the painters. */
export interface SceneChange {
  /** Boxes where something is no longer as it was. */
  readonly spoiled: readonly Box[];
  /** Elements in those boxes that look different, or are new there but not on top. */
  readonly shown: readonly BoardElement[];
  /** Added above everything else, bottom to top. */
  readonly onTop: readonly BoardElement[];
}

/** Added or removed at once, these many take about 10 ms in the index; more wait, or it is made anew. */
const MANY = 1_000;
/** Taken into the index between two looks at the clock: about 2 ms. */
const INDEXED_AT_ONCE = 500;

export class Scene {
  readonly #board: Pick<Board, 'elements' | 'placeOf'>;
  #index = new RBush<Entry>();
  #entries = new Map<ElementId, Entry>();
  /** Not in the index yet. */
  #waiting = new Set<Entry>();
  #texts = new Set<ElementId>();
  #images = new Set<ElementId>();
  #frames = new Set<ElementId>();
  #frameList: readonly BoardElement[] | null = null;
  #held = new Map<ElementId, Set<ElementId>>();
  /** The content that a clear took away, for the undo that brings all of it back. */
  #cleared: Content | null = null;
  #fit: (element: BoardElement) => BoardElement;
  /** The highest place there has been. */
  #top = '';

  /** @param fit Gives text the box it takes, see `createTextFitter`. All elements handed out are fitted. */
  constructor(board: Pick<Board, 'elements' | 'placeOf'>, fit: (element: BoardElement) => BoardElement) {
    this.#board = board;
    this.#fit = fit;
    for (const element of board.elements()) this.#enter(element);
    this.#indexFew();
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: ElementId): BoardElement | undefined {
    return this.#entries.get(id)?.element;
  }

  /** Elements that show an image. */
  get images(): ReadonlySet<ElementId> {
    return this.#images;
  }

  /** Frames, bottom to top; the same array until one changes. */
  get frames(): readonly BoardElement[] {
    this.#frameList ??= inOrder([...this.#frames].flatMap((id) => this.#entries.get(id) ?? []));
    return this.#frameList;
  }

  /** The box of an element as painted. */
  boxOf(id: ElementId): Box | undefined {
    return this.#entries.get(id);
  }

  /** All, bottom to top, not fitted; the same array until something changes. */
  elements(): readonly BoardElement[] {
    return this.#board.elements();
  }

  /** The box around everything as painted, or null when the board is empty. */
  bounds(): Box | null {
    if (this.#entries.size === 0) return null;
    const { minX, minY, maxX, maxY } = this.#index.toJSON() as Box;
    let all: Box = { minX, minY, maxX, maxY };
    for (const entry of this.#waiting) all = uniteBoxes(all, entry);
    return all;
  }

  /** Follows one change. */
  apply(change: BoardChange): SceneChange {
    const { added, changed, removed } = change;
    if (removed.length > MANY && removed.length === this.#entries.size && added.length === 0) return this.#clear();
    if (added.length > MANY && this.#entries.size === 0 && this.#bringBack(added)) return this.#allShown();
    const spoiled: Box[] = [];
    const leaving = removed.length + changed.length;
    const leave = (id: ElementId): void => {
      const entry = this.#leave(id, { isIndexStale: leaving > MANY });
      if (entry !== undefined) spoiled.push(entry);
    };
    for (const { id } of removed) leave(id);
    for (const { before } of changed) leave(before.id);
    for (const { id } of added) leave(id);
    if (leaving > MANY) this.#indexAnew();
    const moved = changed.map(({ after }) => this.#enter(after));
    const top = this.#top;
    const entered = added.map((element) => this.#enter(element));
    this.#indexFew();
    for (const { before, after } of changed) {
      const clipsAnew = before.geometry !== after.geometry || before.frame !== after.frame;
      if (after.kind === 'frame' && clipsAnew) this.#addHeld(after.id, spoiled);
    }
    const isOnTop = entered.every(({ place }) => place > top);
    const seen = isOnTop ? moved : [...moved, ...entered];
    return {
      spoiled: [...spoiled, ...seen],
      shown: seen.map(({ element }) => element),
      onTop: isOnTop ? inOrder(entered) : [],
    };
  }

  /** Fonts have changed: text has other boxes. */
  refit(fit: (element: BoardElement) => BoardElement): SceneChange {
    this.#fit = fit;
    const before: Entry[] = [];
    const after: Entry[] = [];
    for (const id of [...this.#texts]) {
      const entry = this.#leave(id, { isIndexStale: false });
      if (entry === undefined) continue;
      before.push(entry);
      after.push(this.#enter(entry.element));
    }
    return { spoiled: [...before, ...after], shown: after.map(({ element }) => element), onTop: [] };
  }

  /**
   * Takes what waits into the index, for about `budgetMs`.
   *
   * @param now Milliseconds, monotonic.
   * @returns Whether more waits.
   */
  work(budgetMs: number, now: () => number): boolean {
    const start = now();
    while (this.#waiting.size > 0 && now() - start < budgetMs) {
      const batch: Entry[] = [];
      for (const entry of this.#waiting) {
        if (batch.push(entry) === INDEXED_AT_ONCE) break;
      }
      for (const entry of batch) this.#waiting.delete(entry);
      this.#index.load(batch);
    }
    return this.#waiting.size > 0;
  }

  /** How many elements touch `box`, counted up to `max`. */
  count(box: Box, max: number): number {
    return this.some(box, max).length;
  }

  /** At most `max` elements whose painted box touches `box`, in no order. */
  some(box: Box, max: number): BoardElement[] {
    const found: BoardElement[] = [];
    for (const entry of this.#waiting) {
      if (found.length === max) return found;
      if (boxesTouch(entry, box)) found.push(entry.element);
    }
    const visit = (node: IndexNode): void => {
      for (const child of node.children) {
        if (found.length === max) return;
        if (!boxesTouch(child, box)) continue;
        if (node.leaf) found.push((child as Entry).element);
        else visit(child as IndexNode);
      }
    };
    visit(this.#index.toJSON() as IndexNode);
    return found;
  }

  /** Whether any painted box touches `box`: much cheaper than asking which. */
  hasAnyIn(box: Box): boolean {
    if (this.#index.collides(box)) return true;
    for (const entry of this.#waiting) if (boxesTouch(entry, box)) return true;
    return false;
  }

  /** Elements whose painted box touches `box`, bottom to top. */
  query(box: Box): BoardElement[] {
    return inOrder(this.#touching(box));
  }

  /** Like `query`, without the order: for counting and filtering. */
  queryUnordered(box: Box): BoardElement[] {
    return this.#touching(box).map((entry) => entry.element);
  }

  #touching(box: Box): Entry[] {
    const entries = this.#index.search(box);
    for (const entry of this.#waiting) if (boxesTouch(entry, box)) entries.push(entry);
    return entries;
  }

  #enter(element: BoardElement): Entry {
    const { id } = element;
    const entry = toEntry(this.#fit(element), this.#board.placeOf(id) ?? '');
    this.#entries.set(id, entry);
    this.#waiting.add(entry);
    if (element.kind === 'text') this.#texts.add(id);
    if (element.kind === 'image') this.#images.add(id);
    if (element.kind === 'frame') {
      this.#frames.add(id);
      this.#frameList = null;
    }
    if (element.frame !== null) this.#heldBy(element.frame).add(id);
    if (entry.place > this.#top) this.#top = entry.place;
    return entry;
  }

  /** @param isIndexStale The index is about to be made anew. */
  #leave(id: ElementId, { isIndexStale }: { isIndexStale: boolean }): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    this.#entries.delete(id);
    this.#texts.delete(id);
    this.#images.delete(id);
    if (this.#frames.delete(id)) this.#frameList = null;
    if (entry.element.frame !== null) this.#held.get(entry.element.frame)?.delete(id);
    if (!this.#waiting.delete(entry) && !isIndexStale) this.#index.remove(entry);
    return entry;
  }

  #heldBy(frame: ElementId): Set<ElementId> {
    let held = this.#held.get(frame);
    if (held === undefined) this.#held.set(frame, (held = new Set()));
    return held;
  }

  /** Adds the boxes of everything in a frame, and in the frames in it: their clip is another. */
  #addHeld(frame: ElementId, boxes: Box[]): void {
    const left = [frame];
    const seen = new Set(left);
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      for (const held of this.#held.get(id) ?? []) {
        const entry = this.#entries.get(held);
        if (entry === undefined || seen.has(held)) continue;
        seen.add(held);
        boxes.push(entry);
        if (this.#frames.has(held)) left.push(held);
      }
    }
  }

  #clear(): SceneChange {
    const box = this.bounds();
    this.#cleared = {
      entries: this.#entries,
      index: this.#index,
      waiting: this.#waiting,
      texts: this.#texts,
      images: this.#images,
      frames: this.#frames,
      held: this.#held,
    };
    this.#frames = new Set();
    this.#frameList = null;
    this.#held = new Map();
    this.#entries = new Map();
    this.#texts = new Set();
    this.#images = new Set();
    this.#indexAnew();
    return { spoiled: box === null ? [] : [box], shown: [], onTop: [] };
  }

  /** Whether these are all that was cleared, looking as before: an element that was changed meanwhile is another object. */
  #bringBack(added: readonly BoardElement[]): boolean {
    const cleared = this.#cleared;
    this.#cleared = null;
    if (cleared?.entries.size !== added.length) return false;
    for (const element of added) if (cleared.entries.get(element.id)?.element !== this.#fit(element)) return false;
    this.#entries = cleared.entries;
    this.#index = cleared.index;
    this.#waiting = cleared.waiting;
    this.#texts = cleared.texts;
    this.#images = cleared.images;
    this.#frames = cleared.frames;
    this.#frameList = null;
    this.#held = cleared.held;
    return true;
  }

  #allShown(): SceneChange {
    const box = this.bounds();
    return { spoiled: box === null ? [] : [box], shown: Array.from(this.#entries.values(), ({ element }) => element), onTop: [] };
  }

  #indexFew(): void {
    if (this.#waiting.size <= MANY) this.work(Infinity, () => 0);
  }

  #indexAnew(): void {
    this.#index = new RBush();
    this.#waiting = new Set(this.#entries.values());
  }
}

function toEntry(element: BoardElement, place: string): Entry {
  const { minX, minY, maxX, maxY } = paintBox(element);
  return { minX, minY, maxX, maxY, element, place };
}

function inOrder(entries: Entry[]): BoardElement[] {
  return entries.sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0)).map((entry) => entry.element);
}
