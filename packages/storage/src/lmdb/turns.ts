/** Turns at one thing: many users at once, or one alone. A caller that wants it alone goes before users that come later. */

export class Turns {
  #users = 0;
  /** One caller has it alone, or waits for the last users to leave. */
  #isAlone = false;
  #waiting: (() => void)[] = [];

  async shared<T>(run: () => Promise<T>): Promise<T> {
    while (this.#isAlone) await this.#change();
    this.#users += 1;
    try {
      return await run();
    } finally {
      this.#users -= 1;
      this.#wake();
    }
  }

  async alone<T>(run: () => Promise<T>): Promise<T> {
    while (this.#isAlone) await this.#change();
    this.#isAlone = true;
    while (this.#users > 0) await this.#change();
    try {
      return await run();
    } finally {
      this.#isAlone = false;
      this.#wake();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Lets callers that wait look again. */
  #wake(): void {
    const woken = this.#waiting;
    this.#waiting = [];
    for (const resolve of woken) resolve();
  }
}
