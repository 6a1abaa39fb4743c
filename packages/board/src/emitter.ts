/**
 * Callbacks of one event. Every one of them is called even when one throws; the first error is thrown afterwards, so
 * that a fault in a listener is neither swallowed nor keeps the others from hearing.
 */
export class Emitter<Args extends unknown[]> {
  readonly #callbacks = new Set<{ readonly call: (...args: Args) => void }>();

  /** The same function may be added twice. Returns its own removal, which is idempotent. */
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
