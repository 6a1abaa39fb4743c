/** Callbacks, called in the order they were added. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #callbacks = new Set<(...args: Args) => void>();

  /** @returns How to remove it. */
  add(callback: (...args: Args) => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }
  tell(...args: Args): void {
    this.#callbacks.forEach((callback) => callback(...args));
  }
}
