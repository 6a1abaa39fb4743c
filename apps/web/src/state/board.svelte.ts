/** The document's facts that the interface shows, without those that the canvas paints. Reads through. */
import { createSubscriber } from 'svelte/reactivity';
import {
  BoardError,
  MAX_ALT_LENGTH,
  type Board,
  type BoardElement,
  type Color,
  type ElementId,
  type Look,
  type PageView,
  type Paper,
} from '@wetink/board';
import type { BoardSession } from '../session/board-session.ts';
import { offerUndo } from '../session/undo-offer.ts';

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
  get paper(): Paper {
    return this.#current.paper;
  }
  /** Shown where the paper has no colour of its own. */
  get background(): Color {
    return this.#current.background;
  }
  /** Nothing is on any of its pages. */
  get isEmpty(): boolean {
    return this.#current.whole.count === 0;
  }
  get isPageEmpty(): boolean {
    return this.#current.count === 0;
  }
  /** The elements of all pages. */
  get allElements(): readonly BoardElement[] {
    return this.#current.whole.elements();
  }
  /** Nothing was ever written here, as far as this device knows. */
  get isUntouched(): boolean {
    this.#subscribe();
    return this.#session.isUntouched;
  }
  /** The board has all that this device keeps; before, it has only a part. */
  get isLoaded(): boolean {
    this.#subscribe();
    return this.#session.isLoaded;
  }
  /** When `isLoaded` becomes true. */
  get whenLoaded(): Promise<unknown> {
    return this.#session.room.whenLoaded;
  }
  /** False while the board is read: the newest step of half a board is not the newest step. */
  get canUndo(): boolean {
    return this.isLoaded && this.#current.canUndo;
  }
  get canRedo(): boolean {
    return this.isLoaded && this.#current.canRedo;
  }
  get isTooNew(): boolean {
    return this.#current.isTooNew;
  }
  /** Something is locked in place, and could be unlocked. */
  get hasLocked(): boolean {
    return this.#current.elements().some(({ isLocked, kind }) => isLocked && kind !== 'unknown');
  }
  /** Frames lie beneath everything else. */
  get hasFrames(): boolean {
    return this.#current.elements()[0]?.kind === 'frame';
  }
  get elements(): readonly BoardElement[] {
    return this.#current.elements();
  }
  /** An element of any page. */
  anywhere(id: ElementId): BoardElement | undefined {
    return this.#current.whole.get(id);
  }
  /** An element that was deleted, as it would be shown. */
  deleted(id: ElementId): BoardElement | null {
    return this.#current.deleted(id);
  }
  /** An element of the page in view. */
  get(id: ElementId): BoardElement | undefined {
    return this.#current.get(id);
  }
  /** The ids that are shown. One subscription to the board for all of them, up to 100,000. */
  pick(ids: readonly ElementId[]): BoardElement[] {
    const board = this.#current;
    const elements: BoardElement[] = [];
    for (const id of ids) {
      const element = board.get(id);
      if (element !== undefined) elements.push(element);
    }
    return elements;
  }
  /** The user who last set a part of a picture's look. */
  changedBy(id: ElementId, prop: keyof Look): string | null {
    return this.#current.changedBy(id, prop);
  }
  nameOf(userId: string): string | null {
    return this.#current.nameOf(userId);
  }
  /** @returns A sentence when the title could not be set, else null. */
  setTitle(title: string): string | null {
    try {
      this.#session.board.setTitle(title);
      return null;
    } catch (error) {
      if (error instanceof BoardError) return error.message;
      throw error;
    }
  }
  /** Describes an element in words, as one step. A longer text than a board holds is cut. */
  describe(id: ElementId, alt: string): void {
    this.#session.board.run((edit) => edit.setAlt(id, alt.slice(0, MAX_ALT_LENGTH)));
  }
  /** Hands out the board for one change. */
  run(change: (board: Board) => void): void {
    change(this.#session.board);
  }
  /** Deletes everything on it, as one step. */
  clear(): void {
    this.#session.board.clear();
  }
  /** Calls `withdraw` once, when undo would no longer take back the step that is the newest now. */
  offerUndo(withdraw: () => void): void {
    offerUndo(this.#session, withdraw);
  }
  get #current(): PageView {
    this.#subscribe();
    return this.#session.board;
  }
}
