/**
 * The selected elements as they are now. They are looked up again only after the selection or the scene has changed, since
 * every pointer move reads them and all 100,000 elements of a board may be selected.
 */
import type { Board, BoardElement, ElementId } from '@wetink/board';
import type { Scene } from '../scene.ts';
import { frameOf, type Frame } from '../frame.ts';

/** The selection, and the frame around it. */
export interface Selected {
  readonly elements: readonly BoardElement[];
  readonly frame: Frame | null;
  /** No selected element is locked or unknown. */
  readonly isFree: boolean;
}

export class Selection {
  #of: { readonly ids: readonly ElementId[]; readonly revision: number } | null = null;
  #selected: Selected = { elements: [], frame: null, isFree: true };

  /** @param revision Grows with every change of the scene. */
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

/** Whether an element may be changed: it is not locked, and not of a newer version. */
export function isFree(element: BoardElement): boolean {
  return !element.isLocked && element.kind !== 'unknown';
}

/** Whether an element is in a group, or in one within it. */
export function isWithin(board: Pick<Board, 'parentOf'>, id: ElementId, group: ElementId): boolean {
  let above = board.parentOf(id);
  while (above !== null && above !== group) above = board.parentOf(above);
  return above === group;
}
