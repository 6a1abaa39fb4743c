/**
 * The order of late parts on a slow network: those that a page shows at once come first, then those that nobody waits for.
 *
 * A page without a late part to show adds none. A part that can't be fetched holds nothing back.
 */
export class FirstParts {
  readonly #coming = new Set<Promise<unknown>>();

  /** The page shows it as soon as it is there. */
  add(fetching: Promise<unknown>): void {
    this.#coming.add(fetching);
    const end = (): void => void this.#coming.delete(fetching);
    fetching.then(end, end);
  }

  /** All of them are there, or can't be had. */
  async areThere(): Promise<void> {
    while (this.#coming.size > 0) await Promise.allSettled(this.#coming);
  }
}
