/** Elements painted over tiles that do not show them yet, so that no committed element is ever missing from the screen. */
import type { BoardElement, ElementId } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { paintCost, paintElements } from '../draw/low-detail.ts';
import type { Context, PaintOptions } from '../draw/paint.ts';
import { boxesTouch, type Box } from '../geometry.ts';
import type { Scene } from '../scene.ts';
import type { PaintView } from './paint-view.ts';
import { viewScale } from './tile-grid.ts';

/** Largest `paintCost` painted over old tiles in every frame: about 10 ms. Further elements appear tile by tile. */
const MAX_COST = 256 * 1024;

export class Lingering {
  readonly #elements = new Map<ElementId, { element: BoardElement; cost: number }>();
  #cost = 0;

  get isEmpty(): boolean {
    return this.#elements.size === 0;
  }

  /** @param scale Device pixels per board unit. */
  add(elements: Iterable<BoardElement>, scale: number): void {
    for (const element of elements) {
      if (this.#cost >= MAX_COST) return;
      this.remove(element.id);
      const cost = paintCost(element, scale);
      this.#elements.set(element.id, { element, cost });
      this.#cost += cost;
    }
  }

  remove(id: ElementId): void {
    this.#cost -= this.#elements.get(id)?.cost ?? 0;
    this.#elements.delete(id);
  }

  clear(): void {
    this.#elements.clear();
    this.#cost = 0;
  }

  /** Paints the elements that touch a waiting tile. Forgets the others, and those that have changed since. */
  paint(target: Context, view: PaintView, waiting: readonly Box[], scene: Scene | null, look: PaintOptions): void {
    const scale = viewScale(view);
    target.save();
    target.setTransform(scale, 0, 0, scale, -Math.round(view.camera.x * scale), -Math.round(view.camera.y * scale));
    for (const [id, { element }] of this.#elements) {
      const box = paintBox(element);
      const isWaiting = scene?.get(id) === element && waiting.some((area) => boxesTouch(area, box));
      if (isWaiting) paintElements(target, [element], scale, look);
      else this.remove(id);
    }
    target.restore();
  }
}
