/**
 * The style of the selection, or else of the next drawing, for the style panel. Reads through to board and stage.
 *
 * `try` is for a value that is still being chosen, at a slider or in a colour picker: the selection shows it on this screen
 * only. `choose` makes it one step.
 */
import type { Style } from '@wetink/board';
import { sharedStyle, type SharedStyle, type StyleField } from '@wetink/canvas';
import { styleFieldsFor } from '../core/style-fields.ts';
import type { BoardState } from './board.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { StageView } from './stage.svelte.ts';

export class StyleView {
  #view: StageView;
  #board: BoardState;
  #room: RoomState;
  // Through the board's state, so that a change to the selected elements, by me or by others, shows at once.
  #selected = $derived.by(() => this.#board.pick(this.#view.selection));
  #shared = $derived.by<SharedStyle>(() => (this.#selected.length > 0 ? sharedStyle(this.#selected) : (this.#view.style ?? {})));
  /** Fields in use, in the order of the panel. */
  readonly fields = $derived.by<readonly StyleField[]>(() => {
    if (this.#room.isReadOnly || this.#view.style === null) return [];
    return styleFieldsFor(this.#view.tool, this.#selected);
  });
  /** The selection can be moved in the order, copied or deleted. */
  readonly canArrange = $derived.by(
    () => !this.#room.isReadOnly && this.#selected.some(({ isLocked, kind }) => !isLocked && kind !== 'unknown'),
  );

  constructor(view: StageView, board: BoardState, room: RoomState) {
    this.#view = view;
    this.#board = board;
    this.#room = room;
  }
  /** Null where the selected elements differ. */
  valueOf<Field extends StyleField>(field: Field): Style[Field] | null {
    return this.#view.stylePreview?.[field] ?? this.#shared[field] ?? null;
  }
  try(patch: Partial<Style>): void {
    if (this.#selected.length > 0) this.#view.stage?.previewStyle(patch);
    else this.#view.stage?.setStyle(patch);
  }
  choose(patch: Partial<Style>): void {
    this.#view.stage?.setStyle(patch);
  }
  /** Takes back a value that was tried and not chosen. */
  giveUp(): void {
    this.#view.stage?.previewStyle(null);
  }
}
