/** The description of the selected picture. Reads through to board and stage. */
import { MAX_ALT_LENGTH, type ElementId } from '@wetink/board';
import type { BoardState } from './board.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { StageView } from './stage.svelte.ts';

export class AltView {
  readonly maxLength = MAX_ALT_LENGTH;
  #view: StageView;
  #board: BoardState;
  #room: RoomState;
  #picture = $derived.by(() => {
    const [id, ...others] = this.#view.selection;
    const element = id === undefined || others.length > 0 || this.#room.isReadOnly ? undefined : this.#board.get(id);
    return element?.kind === 'image' && !element.isLocked ? element : null;
  });

  constructor(view: StageView, board: BoardState, room: RoomState) {
    this.#view = view;
    this.#board = board;
    this.#room = room;
  }
  /** Null: not exactly one picture is selected, or it can't be changed. */
  get id(): ElementId | null {
    return this.#picture?.id ?? null;
  }
  get text(): string {
    return this.#picture?.alt ?? '';
  }
  /** One step, if it changes something. False when the picture can't be changed now. */
  write(id: ElementId, text: string): boolean {
    const element = this.#board.get(id);
    if (this.#room.isReadOnly || element === undefined || element.isLocked) return false;
    this.#board.describe(id, text.trim());
    return true;
  }
  leave(): void {
    this.#view.focusBoard();
  }
}
