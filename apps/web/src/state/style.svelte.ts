/**
 * The style of the selection, or else of the next drawing, for the style panel. Reads through to board and stage.
 *
 * `try` is for a value that is still being chosen, at a slider or in a colour picker: the selection shows it on this screen
 * only. `choose` makes it one step.
 */
import { headsOf, isLineKind, type Head, type Style } from '@wetink/board';
import { defaultStyle, sharedStyle, type Grouping, type SharedStyle, type StyleField } from '@wetink/canvas';
import { offerOfTool, patchForTool, styleFieldsFor, styleOfTool, type Offer } from '../core/style-fields.ts';
import type { BoardState } from './board.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { StageView } from './stage.svelte.ts';

export type ShownHead = Exclude<Head, 'auto'>;

export class StyleView {
  #view: StageView;
  #board: BoardState;
  #room: RoomState;
  // Through the board's state, so that a change to the selected elements, by me or by others, shows at once.
  #selected = $derived.by(() => this.#board.pick(this.#view.selection));
  #shared = $derived.by<SharedStyle>(() =>
    this.#selected.length > 0 ? sharedStyle(this.#selected) : styleOfTool(this.#view.tool, this.#view.style ?? defaultStyle),
  );
  /** Fields in use, in the order of the panel. */
  readonly fields = $derived.by<readonly StyleField[]>(() => {
    if (this.#room.isReadOnly || this.#view.style === null) return [];
    return styleFieldsFor(this.#view.tool, this.#selected);
  });
  /** Selected elements that may be moved, copied or deleted. */
  readonly movable = $derived.by(() =>
    this.#room.isReadOnly ? 0 : this.#selected.reduce((count, { isLocked, kind }) => count + Number(!isLocked && kind !== 'unknown'), 0),
  );
  /** The selection can be moved in the order, copied or deleted. */
  readonly canArrange = $derived.by(() => this.movable > 0);

  /** Whether the selection can be grouped and ungrouped. */
  readonly grouping = $derived.by<Grouping>(() => {
    // Read first: what others group shows in it.
    const count = this.#selected.length;
    return count > 0 ? this.#view.grouping : { canGroup: false, canUngroup: false, movable: 0 };
  });
  /** All of the selection is locked, and could be unlocked. */
  readonly isLocked = $derived.by(
    () => !this.#room.isReadOnly && this.#selected.length > 0 && this.#selected.every(({ isLocked }) => isLocked),
  );

  /** The selection has a picture that can be edited. */
  readonly hasPicture = $derived.by(
    () => !this.#room.isReadOnly && this.#selected.some(({ isLocked, kind }) => !isLocked && kind === 'image'),
  );

  /** The choices of the panel. */
  readonly offer = $derived.by<Offer>(() => offerOfTool(this.#selected.length > 0 ? 'select' : this.#view.tool));

  constructor(view: StageView, board: BoardState, room: RoomState) {
    this.#view = view;
    this.#board = board;
    this.#room = room;
  }
  /** The head at one end, as it is shown; null where the selected lines differ. */
  headOf(field: 'startHead' | 'endHead'): ShownHead | null {
    const lines = this.#selected.filter(({ kind }) => isLineKind(kind));
    const tried = this.#view.stylePreview ?? {};
    const of = lines.length > 0 ? lines : [{ kind: 'arrow', style: this.#view.style ?? defaultStyle }];
    const shown = new Set(of.map(({ kind, style }) => headsOf(kind, { ...style, ...tried })[field === 'startHead' ? 'start' : 'end']));
    const [head] = shown;
    return shown.size === 1 ? (head ?? null) : null;
  }
  /** Null where the selected elements differ. */
  valueOf<Field extends StyleField>(field: Field): Style[Field] | null {
    return this.#view.stylePreview?.[field] ?? this.#shared[field] ?? null;
  }
  try(patch: Partial<Style>): void {
    if (this.#selected.length > 0) this.#view.stage?.previewStyle(patch);
    else this.choose(patch);
  }
  choose(patch: Partial<Style>): void {
    this.#view.stage?.setStyle(this.#selected.length > 0 ? patch : patchForTool(this.#view.tool, patch));
  }
  /** Takes back a value that was tried and not chosen. */
  giveUp(): void {
    this.#view.stage?.previewStyle(null);
  }
}
