/**
 * The style of what is selected, or else of what is drawn next, for the style panel. Reads through to board and stage.
 *
 * `try` is for a value that is still being chosen, at a slider or in a colour picker: the selection shows it on this screen
 * alone. `choose` makes it one step.
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
  // Through the board's state, so that a change of what is selected, by me or by others, shows at once.
  #selected = $derived.by(() => this.#board.pick(this.#view.selection));
  #shared = $derived.by<SharedStyle>(() => (this.#selected.length > 0 ? sharedStyle(this.#selected) : (this.#view.style ?? {})));
  /** Those that have a use, in the order in which they are shown. */
  readonly fields = $derived.by<readonly StyleField[]>(() => {
    if (this.#room.isReadOnly || this.#view.style === null) return [];
    return styleFieldsFor(this.#view.tool, this.#selected);
  });
  /** Something is selected that can be moved in the order, copied or deleted. */
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
  /** What was tried and not chosen is taken back. */
  giveUp(): void {
    this.#view.stage?.previewStyle(null);
  }
}
