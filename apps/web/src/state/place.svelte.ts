/** Where the selection is, in numbers, and its change by one of them. Reads through to the stage, so a drag shows as it goes. */
import { placeAt, placeOf, type Place, type PlaceField } from '@wetink/canvas';
import type { StageView } from './stage.svelte.ts';

/** Read again with every frame; of more elements nobody needs the numbers. */
const MAX_ELEMENTS = 500;

export class PlaceView {
  #view: StageView;

  constructor(view: StageView) {
    this.#view = view;
  }
  /** Null without elements that may be moved. */
  get place(): Place | null {
    const { selection } = this.#view;
    if (selection.length > MAX_ELEMENTS) return null;
    return placeOf(this.#view.shown(selection).filter(({ isLocked, kind }) => !isLocked && kind !== 'unknown'));
  }
  /** One step, if it changes something. */
  set(field: PlaceField, value: number): void {
    this.#view.stage?.rearrange(placeAt(field, value));
  }
  leave(): void {
    this.#view.focusBoard();
  }
}
