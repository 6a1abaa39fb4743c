/** Wakes what waits for a connection: when the browser is back online, and when the person asks for a try. */
export class OnlineWake {
  readonly #wakers = new Set<() => void>();

  /** @returns How to stop. */
  onOnline(wake: () => void): () => void {
    this.#wakers.add(wake);
    globalThis.window?.addEventListener('online', wake);
    return () => {
      this.#wakers.delete(wake);
      globalThis.window?.removeEventListener('online', wake);
    };
  }
  now(): void {
    this.#wakers.forEach((wake) => wake());
  }
}
