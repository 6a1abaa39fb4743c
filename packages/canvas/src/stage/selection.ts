/**
 * The selected elements as they are now. Made anew only when the selection or the scene has changed, since all of 100,000
 * may be selected and every pointer move asks.
 */
import type { BoardElement, ElementId } from '@wetink/board';
import type { Scene } from '../scene.ts';
import { frameOf, type Frame } from '../transform.ts';

/** The selection, and the frame around it. */
export interface Selected {
  readonly elements: readonly BoardElement[];
  readonly frame: Frame | null;
  /** Nothing in it is locked or unknown. */
  readonly isFree: boolean;
}

export class Selection {
  #of: { readonly ids: readonly ElementId[]; readonly revision: number } | null = null;
  #selected: Selected = { elements: [], frame: null, isFree: true };

  /** @param revision Counts the states of the scene. */
  read(ids: readonly ElementId[], scene: Scene, revision: number): Selected {
    if (this.#of?.ids === ids && this.#of.revision === revision) return this.#selected;
    const elements: BoardElement[] = [];
    for (const id of ids) {
      const element = scene.get(id);
      if (element !== undefined) elements.push(element);
    }
    this.#of = { ids, revision };
    this.#selected = { elements, frame: frameOf(elements), isFree: elements.every(isFree) };
    return this.#selected;
  }
}

/** May be changed: not locked, and nothing that a newer version wrote. */
export function isFree(element: BoardElement): boolean {
  return !element.isLocked && element.kind !== 'unknown';
}
