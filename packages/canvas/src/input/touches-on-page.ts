/** Knows whether a finger is anywhere on the page: Safari's gesture events do not say whether fingers or a trackpad caused them. */
export class TouchesOnPage {
  readonly #down = new Set<number>();

  constructor(window: Window, signal: AbortSignal) {
    const options = { signal, capture: true, passive: true };
    window.addEventListener('pointerdown', (event) => event.pointerType === 'touch' && this.#down.add(event.pointerId), options);
    for (const name of ['pointerup', 'pointercancel'] as const)
      window.addEventListener(name, (event) => this.#down.delete(event.pointerId), options);
    // A pointer event may get lost, but the list of touches is complete: no finger is left.
    for (const name of ['touchend', 'touchcancel'] as const)
      window.addEventListener(name, (event) => event.touches.length === 0 && this.#down.clear(), options);
  }

  get isAny(): boolean {
    return this.#down.size > 0;
  }
}
