/**
 * Shows the selection in a style that is still being chosen: on this screen only, in paint order among the other elements,
 * and without a transaction. Changes by others are shown beneath that style.
 */
import type { BoardChange, BoardElement, ElementId, Style } from '@wetink/board';
import { pick } from './style-fields.ts';

export interface StylePreviewOptions {
  /** The element as the scene shows it now. */
  readonly shown: (id: ElementId) => BoardElement | undefined;
  /** The element without this preview. */
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
   * Shows another style; null shows the style on the board again.
   *
   * @param editable Called when a preview begins: it applies to these elements, whatever is selected later.
   * @returns The style previewed now; null when there is no element to show it on.
   */
  set(patch: Partial<Style> | null, editable: () => readonly BoardElement[]): Partial<Style> | null {
    if (this.#patch === null) this.#ids = editable().map(({ id }) => id);
    this.#patch = this.#ids.length > 0 ? patch : null;
    const ids = this.#ids;
    if (this.#patch === null) this.#ids = [];
    this.#show(ids);
    return this.#patch;
  }

  /** Shows the preview again on changed elements, after the scene has followed the board. */
  follow(change: BoardChange): void {
    if (this.#ids.length === 0) return;
    const changed = new Set(change.changed.map(({ after }) => after.id));
    this.#show(this.#ids.filter((id) => changed.has(id)));
  }

  dressed(element: BoardElement): BoardElement {
    if (this.#patch === null || !this.#ids.includes(element.id)) return element;
    return { ...element, style: { ...element.style, ...pick(element.kind, this.#patch) } };
  }

  #show(ids: readonly ElementId[]): void {
    const { shown, own, show } = this.#options;
    const changed = ids.flatMap((id) => {
      const [before, after] = [shown(id), own(id)];
      if (before === undefined || after === undefined) return [];
      return [{ before, after: this.dressed(after) }];
    });
    if (changed.length > 0) show({ added: [], changed, removed: [], isReordered: false, isLocal: true });
  }
}
