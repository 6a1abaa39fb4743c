/**
 * Tells saved changes from unsaved ones by counting. Each tab numbers its local changes 1, 2, 3, …; a message to the relay remembers the
 * number of every tab it covers; an acknowledgement of that message settles those numbers.
 *
 * Nothing is derived from state vectors: deletions are not in them, so after an offline deletion two vectors are
 * equal and yet nothing was saved. Numbers only grow, so all operations commute and may come late or twice.
 */

export type CounterList = readonly (readonly [tab: string, number: number])[];

/** Tab id to the number of its newest change. */
export type Counters = ReadonlyMap<string, number>;

export class Ledger {
  readonly #made = new Map<string, number>();
  readonly #settled = new Map<string, number>();
  readonly #kept = new Map<string, number>();

  /** The next number of `tab`, for a change made now. */
  count(tab: string): number {
    const number = (this.#made.get(tab) ?? 0) + 1;
    this.#made.set(tab, number);
    return number;
  }

  /** Another tab, or an earlier life of this browser, has made its change `number`. */
  note(tab: string, number: number): void {
    raise(this.#made, tab, number);
  }

  settle(counters: Counters): void {
    for (const [tab, number] of counters) {
      raise(this.#made, tab, number);
      raise(this.#settled, tab, number);
    }
  }

  /** Completed transactions on this device hold these changes and all before them. This tab may lack some of them. */
  keep(counters: Counters): void {
    for (const [tab, number] of counters) raise(this.#kept, tab, number);
  }

  /** The device was erased. */
  forgetKept(): void {
    this.#kept.clear();
  }

  made(tab: string): number {
    return this.#made.get(tab) ?? 0;
  }

  settled(tab: string): number {
    return this.#settled.get(tab) ?? 0;
  }

  kept(tab: string): number {
    return this.#kept.get(tab) ?? 0;
  }

  /** Completed transactions on this device hold every change that is not settled, whichever tab made it. */
  isKept(): boolean {
    return [...this.#made].every(([tab, number]) => number <= Math.max(this.settled(tab), this.kept(tab)));
  }

  allKept(): Counters {
    return new Map(this.#kept);
  }

  /** Changes not settled yet, all tabs together. 0 means saved. */
  waiting(): number {
    let sum = 0;
    for (const [tab, number] of this.#made) sum += number - this.settled(tab);
    return sum;
  }

  /** A copy: what a message that holds the whole document covers at this moment. */
  allMade(): Counters {
    return new Map(this.#made);
  }

  allSettled(): Counters {
    return new Map(this.#settled);
  }
}

export function raise(counters: Map<string, number>, tab: string, number: number): void {
  if (number > (counters.get(tab) ?? 0)) counters.set(tab, number);
}

/**
 * The document messages of one connection, in the order sent. The relay acknowledges by cumulative count from 1;
 * a count beyond what was sent is a fault of the relay and settles nothing.
 */
export class InFlight {
  #covers: Counters[] = [];
  #acked = 0;

  sent(covers: Counters): void {
    this.#covers.push(covers);
  }

  /** @returns What messages up to `count` cover, or null when that is nothing new or was never sent. */
  acked(count: number): Counters | null {
    const newly = count - this.#acked;
    if (newly <= 0 || newly > this.#covers.length) return null;
    this.#acked = count;
    const settled = new Map<string, number>();
    for (const covers of this.#covers.splice(0, newly)) for (const [tab, number] of covers) raise(settled, tab, number);
    return settled;
  }
}
