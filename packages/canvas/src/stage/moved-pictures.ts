/** The pictures of what is being moved, by this person and by others: one for each gesture. Fetched late, see editing.ts. */
import type { BoardElement, ElementId } from '@wetink/board';
import type { Moved } from '../draw/overrides.ts';
import type { Context } from '../draw/paint.ts';
import { placementOf, type Placement } from '../draw/placement.ts';
import { MovedPicture, type MovedOptions, type MovedPictureOptions, type MovedView } from '../painter/moved-picture.ts';
import type { Cover } from '../painter/painter.ts';

/** Corners of elements that were dropped lie this near to where the picture has them, board units times the zoom. */
const NEAR_PX = 0.5;

export class MovedPictures {
  readonly #options: MovedPictureOptions;
  readonly #pictures = new Map<string, MovedPicture>();

  constructor(options: MovedPictureOptions) {
    this.#options = options;
  }

  /** @param gesture Names the gesture. */
  paint(gesture: string, ctx: Context, moved: readonly Moved[], options: MovedOptions): void {
    let picture = this.#pictures.get(gesture);
    if (picture === undefined) this.#pictures.set(gesture, (picture = new MovedPicture(this.#options)));
    picture.paint(ctx, moved, options);
  }

  /**
   * Takes the pictures of gestures that have ended. Each can cover its elements where they are now, until tiles have them.
   *
   * @param now Gestures in progress.
   */
  ended(now: ReadonlySet<string>, find: (id: ElementId) => BoardElement | undefined, { scale }: Pick<MovedView, 'scale'>): Cover[] {
    const covers: Cover[] = [];
    for (const [gesture, picture] of this.#pictures) {
      if (now.has(gesture)) continue;
      this.#pictures.delete(gesture);
      const placed = placedNow(picture.elements, find, scale);
      if (placed === null) picture.drop();
      else covers.push(coverOf(picture, placed, find));
    }
    return covers;
  }

  /** @returns Whether it painted something that a frame should show. */
  work(budgetMs: number): boolean {
    for (const picture of this.#pictures.values()) if (picture.work(budgetMs)) return true;
    return false;
  }

  /** Milliseconds until there is work, 0 for now; null for none. */
  workInMs(): number | null {
    const waits = [...this.#pictures.values()].flatMap((picture) => picture.workInMs() ?? []);
    return waits.length === 0 ? null : Math.min(...waits);
  }

  spoil(): void {
    for (const picture of this.#pictures.values()) picture.spoil();
  }

  close(): void {
    for (const picture of this.#pictures.values()) picture.drop();
    this.#pictures.clear();
  }
}

interface PlacedNow {
  readonly elements: readonly BoardElement[];
  readonly placement: Placement;
}

function placedNow(before: readonly BoardElement[], find: (id: ElementId) => BoardElement | undefined, scale: number): PlacedNow | null {
  const elements = before.flatMap(({ id }) => find(id) ?? []);
  if (elements.length === 0 || elements.length < before.length) return null;
  const placed = elements.map(({ geometry }, i) => ({ from: (before[i] as BoardElement).geometry, to: geometry }));
  const placement = placementOf(placed, NEAR_PX / scale);
  return placement === null ? null : { elements, placement };
}

function coverOf(picture: MovedPicture, { elements, placement }: PlacedNow, find: (id: ElementId) => BoardElement | undefined): Cover {
  const ends = [elements[0], elements.at(-1)];
  return {
    ids: elements.map(({ id }) => id),
    // A change of some of many dropped elements changes the first or the last of them, or few.
    paint: (ctx, view) => ends.every((end) => end !== undefined && find(end.id) === end) && picture.paintAt(ctx, placement, view),
    close: () => picture.drop(),
  };
}
