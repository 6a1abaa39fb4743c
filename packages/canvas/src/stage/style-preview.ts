/**
 * The selection in a style that is still being chosen: on this screen alone, in its place between the others, and in no
 * transaction. What others change meanwhile is shown with the style on top.
 */
import type { BoardChange, BoardElement, ElementId, Style } from '@wetink/board';
import { pick } from './style-fields.ts';

export interface StylePreviewOptions {
  /** The element as the scene shows it now. */
  readonly shown: (id: ElementId) => BoardElement | undefined;
  /** The element as the board has it. */
  readonly own: (id: ElementId) => BoardElement | undefined;
  readonly show: (change: BoardChange) => void;
}

export class StylePreview {
  readonly #options: StylePreviewOptions;
  #patch: Partial<Style> | null = null;
  #ids: readonly ElementId[] = [];

  constructor(options: StylePreviewOptions) {
    this.#options = options;
  }

  /**
   * Shows another style, or with null the board's own again.
   *
   * @param editable Asked when a preview begins: it is of these, whatever is selected later.
   * @returns What is previewed now; null when there is nothing to show it on.
   */
  set(patch: Partial<Style> | null, editable: () => readonly BoardElement[]): Partial<Style> | null {
    if (this.#patch === null) this.#ids = editable().map(({ id }) => id);
    this.#patch = this.#ids.length > 0 ? patch : null;
    this.#show(this.#ids);
    if (this.#patch === null) this.#ids = [];
    return this.#patch;
  }

  /** The scene has followed the board, and what of it is previewed is no longer shown so. */
  follow(change: BoardChange): void {
    if (this.#ids.length === 0) return;
    const changed = new Set(change.changed.map(({ after }) => after.id));
    this.#show(this.#ids.filter((id) => changed.has(id)));
  }

  #show(ids: readonly ElementId[]): void {
    const { shown, own, show } = this.#options;
    const changed = ids.flatMap((id) => {
      const [before, after] = [shown(id), own(id)];
      if (before === undefined || after === undefined) return [];
      const style = { ...after.style, ...pick(after.kind, this.#patch ?? {}) };
      return [{ before, after: this.#patch === null ? after : { ...after, style } }];
    });
    if (changed.length > 0) show({ added: [], changed, removed: [], isReordered: false, isLocal: true });
  }
}
