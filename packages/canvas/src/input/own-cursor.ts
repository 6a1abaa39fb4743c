/** The cursor of this person: its look on this page, and its position on the board for the others, at most once a frame. */
import { toBoard } from '../camera.ts';
import type { Point } from '../geometry.ts';
import type { Editor } from '../editor/editor.ts';
import { cursorStyle } from './cursor-style.ts';

export interface OwnCursorOptions {
  readonly host: HTMLElement;
  readonly editor: Editor;
  readonly onCursor: (cursor: Point | null) => void;
  readonly requestFrame: (callback: () => void) => () => void;
}

export class OwnCursor {
  readonly #options: OwnCursorOptions;
  #at: Point | null = null;
  #cancelReport: (() => void) | null = null;

  constructor(options: OwnCursorOptions) {
    this.#options = options;
    this.show(null);
  }

  /** Where it was last, CSS pixels of the view. */
  get at(): Point | null {
    return this.#at;
  }

  /** @param at CSS pixels of the view; null when it has left the board. */
  moveTo(at: Point | null): void {
    this.#at = at;
    this.#cancelReport ??= this.#options.requestFrame(() => this.#report());
  }

  /** Gives it the look of what a press at `at` would do. */
  show(at: Point | null): void {
    this.#options.host.style.cursor = cursorStyle(this.#options.editor, at);
  }

  /** The page is hidden and gets no more frames, so this cannot wait for one. A person on another tab points at nothing. */
  pageHidden(): void {
    if (this.#at === null) return;
    if (!this.#options.editor.state.isBusy) this.#at = null;
    this.#report();
  }

  close(): void {
    this.#cancelReport?.();
  }

  #report(): void {
    this.close();
    this.#cancelReport = null;
    const { editor, onCursor } = this.#options;
    onCursor(this.#at === null ? null : toBoard(editor.state.camera, this.#at));
  }
}
