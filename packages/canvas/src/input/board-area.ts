/** The elements of the page that show the board, and where events are on it. */
import type { Point } from '../geometry.ts';

export class BoardArea {
  readonly host: HTMLElement;
  readonly #surroundings: HTMLElement;
  readonly #window: Window & typeof globalThis;

  /** @param surroundings Holds the host and the panels around it. */
  constructor(host: HTMLElement, surroundings: HTMLElement, window: Window & typeof globalThis) {
    this.host = host;
    this.#surroundings = surroundings;
    this.#window = window;
  }

  /** CSS pixels from the top-left corner of the view. */
  place({ clientX, clientY }: { clientX: number; clientY: number }): Point {
    const box = this.host.getBoundingClientRect();
    return { x: clientX - box.left - this.host.clientLeft, y: clientY - box.top - this.host.clientTop };
  }

  /** Whether the board itself is the target, and nothing that the page lays over it. */
  isOnBoard(target: EventTarget | null): boolean {
    return target === this.host || (target instanceof this.#window.HTMLCanvasElement && this.host.contains(target));
  }

  /** Whether the target is the board, or a panel over it. */
  isAround(target: EventTarget | null): boolean {
    return target instanceof this.#window.Node && this.#surroundings.contains(target);
  }
}
