/** Listeners of one kind of event. Each `on` returns its own unsubscribe. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #report: (error: unknown) => void;

  /** @param report Receives the error of a listener, so that the other listeners still run. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  on(listener: (value: T) => void): () => void {
    const own = (value: T): void => listener(value); // So that one function added twice is removed once.
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}

/** A promise that something from outside settles, once. */
export class Gate {
  readonly opened: Promise<void>;
  #open: () => void = () => undefined;

  constructor() {
    this.opened = new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#open();
  }
}
