/** Elements shown over tiles that don't have them yet, so that nothing committed is ever missing from the screen. */
import type { BoardElement, ElementId } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { drawableOf } from '../draw/drawable.ts';
import { paintDrawable } from '../draw/paint.ts';
import type { Context, Theme } from '../draw/paint.ts';
import { boxesTouch } from '../geometry.ts';
import type { Box } from '../geometry.ts';
import type { Scene } from '../scene.ts';
import type { PaintView } from './painter.ts';
import { viewScale } from './tile-grid.ts';

/** Painting more than this over old tiles in every frame would take longer than the tiles. Those beyond appear tile by tile. */
const MAX_LINGERING = 2000;

export class Lingering {
  readonly #elements = new Map<ElementId, BoardElement>();

  get isEmpty(): boolean {
    return this.#elements.size === 0;
  }

  add(elements: Iterable<BoardElement>): void {
    for (const element of elements) if (this.#elements.size < MAX_LINGERING) this.#elements.set(element.id, element);
  }

  remove(id: ElementId): void {
    this.#elements.delete(id);
  }

  clear(): void {
    this.#elements.clear();
  }

  /** Paints those that touch a tile still waiting, and forgets the rest, as well as what looks different by now. */
  paint(target: Context, view: PaintView, waiting: readonly Box[], scene: Scene | null, theme: Theme): void {
    const scale = viewScale(view);
    target.save();
    target.setTransform(scale, 0, 0, scale, -Math.round(view.camera.x * scale), -Math.round(view.camera.y * scale));
    for (const [id, element] of this.#elements) {
      const box = paintBox(element);
      const isWaiting = scene?.get(id) === element && waiting.some((area) => boxesTouch(area, box));
      if (isWaiting) paintDrawable(target, drawableOf(element), { theme });
      else this.#elements.delete(id);
    }
    target.restore();
  }
}
