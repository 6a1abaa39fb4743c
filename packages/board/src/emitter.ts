/**
 * Callbacks of one event. All of them are called even when one throws; the first error is thrown afterwards, so a fault
 * in one listener is not swallowed and does not cut off the others.
 */
export class Emitter<Args extends unknown[]> {
  readonly #callbacks = new Set<{ readonly call: (...args: Args) => void }>();

  /** Adds a callback, which may be added twice. Returns a function that removes it; calling that again does nothing. */
  on(callback: (...args: Args) => void): () => void {
    const listener = { call: callback };
    this.#callbacks.add(listener);
    return () => {
      this.#callbacks.delete(listener);
    };
  }

  emit(...args: Args): void {
    let failure: { readonly error: unknown } | null = null;
    for (const listener of [...this.#callbacks]) {
      try {
        listener.call(...args);
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== null) throw failure.error;
  }

  clear(): void {
    this.#callbacks.clear();
  }
}
