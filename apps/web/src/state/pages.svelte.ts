/** The pages of the open board, and the one in view. Reads through. */
import { createSubscriber } from 'svelte/reactivity';
import type { Page, PageId } from '@wetink/board';
import type { BoardSession } from '../session/board-session.ts';

export class PagesState {
  readonly #session: BoardSession;
  readonly #subscribe: () => void;

  constructor(session: BoardSession) {
    this.#session = session;
    this.#subscribe = createSubscriber((update) => session.onChange(update));
  }
  get list(): readonly Page[] {
    this.#subscribe();
    return this.#session.board.pages();
  }
  /** The page in view. */
  get current(): PageId {
    this.#subscribe();
    return this.#session.board.page;
  }
  get index(): number {
    return Math.max(
      0,
      this.list.findIndex(({ id }) => id === this.current),
    );
  }
  show(page: PageId): void {
    this.#session.showPage(page);
  }
  /** @returns False at the last or the first page. Nothing turns while a pointer is down: what is drawn would be on another page. */
  turn(by: 1 | -1): boolean {
    const next = this.list[this.index + by];
    if (next !== undefined) this.show(next.id);
    return next !== undefined;
  }
}
