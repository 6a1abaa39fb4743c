/**
 * Lets all promises settle between two steps of the virtual clock. The memory store and Node's streams resolve within turns
 * of the real event loop; nothing waits for a real timer or socket, so the order is always the same.
 */

export class Turns {
  #underWay = 0;

  /** Waits for a promise that settles by itself within turns of the event loop. */
  track<T>(promise: Promise<T>): Promise<T> {
    this.#underWay += 1;
    const done = (): void => void (this.#underWay -= 1);
    promise.then(done, done);
    return promise;
  }

  async settle(): Promise<void> {
    do await new Promise<void>((resolve) => void setImmediate(resolve));
    while (this.#underWay > 0);
  }
}
