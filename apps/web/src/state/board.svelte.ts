/** The document's facts that the interface shows. What the canvas paints is not among them. Reads through. */
import { createSubscriber } from 'svelte/reactivity';
import type { Board, BoardElement, ElementId } from '@wetink/board';
import type { BoardSession } from '../session/board-session.ts';

export class BoardState {
  #session: BoardSession;
  #subscribe: () => void;

  constructor(session: BoardSession) {
    this.#session = session;
    this.#subscribe = createSubscriber((update) => session.onChange(update));
  }
  /** '' while it has none. */
  get title(): string {
    return this.#current.title;
  }
  get isEmpty(): boolean {
    return this.#current.count === 0;
  }
  /** Nobody has ever written anything here, as far as this device knows. */
  get isUntouched(): boolean {
    this.#subscribe();
    return this.#session.isUntouched;
  }
  /** What is kept on this device is on the board: before, it is only part of it. */
  get isLoaded(): boolean {
    this.#subscribe();
    return this.#session.isLoaded;
  }
  /** The newest step of half a board is not the newest step. */
  get canUndo(): boolean {
    return this.isLoaded && this.#current.canUndo;
  }
  get canRedo(): boolean {
    return this.isLoaded && this.#current.canRedo;
  }
  get isTooNew(): boolean {
    return this.#current.isTooNew;
  }
  get(id: ElementId): BoardElement | undefined {
    return this.#current.get(id);
  }
  /** Those of the ids that are shown: the board is followed once for all of them, which may be 100,000. */
  pick(ids: readonly ElementId[]): BoardElement[] {
    const board = this.#current;
    const elements: BoardElement[] = [];
    for (const id of ids) {
      const element = board.get(id);
      if (element !== undefined) elements.push(element);
    }
    return elements;
  }
  get #current(): Board {
    this.#subscribe();
    return this.#session.board;
  }
}
