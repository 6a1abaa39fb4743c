/**
 * Presses and actions in the order in which a person made them, while some of them wait for the code of stage/editing.ts.
 *
 *   nothing waits ──run(), the code is not there──▶ waits ──it has come──▶ all run in order ──▶ nothing waits
 *                                                   waits ──it can't be fetched, or clear()──▶ nothing waits, nothing ran
 */
import type { LatePart } from './late-part.ts';

export class EditingQueue<Part> {
  readonly #part: LatePart<Part>;
  #waiting: ((part: Part) => void)[] = [];
  #isRunning = false;

  constructor(part: LatePart<Part>) {
    this.#part = part;
  }

  /** Runs it with the code: at once where that is there, or else when it has come. */
  run(task: (part: Part) => void): void {
    const part = this.#part.opened();
    if (part !== null && this.#isFree) return task(part);
    this.#waiting.push(task);
    if (this.#waiting.length === 1) void this.#fetch();
  }

  /** Runs it at once, unless something waits that was done before it. */
  follow(task: () => void): void {
    if (this.#isFree) task();
    else this.#waiting.push(task);
  }

  /** Forgets what waits. @returns Whether anything did. */
  clear(): boolean {
    return this.#waiting.splice(0).length > 0;
  }

  get #isFree(): boolean {
    return this.#isRunning || this.#waiting.length === 0;
  }

  async #fetch(): Promise<void> {
    const part = await this.#part.get();
    if (part === null) return void this.clear();
    this.#isRunning = true;
    try {
      for (let task = this.#waiting.shift(); task !== undefined; task = this.#waiting.shift()) task(part);
    } finally {
      this.#isRunning = false;
    }
  }
}
