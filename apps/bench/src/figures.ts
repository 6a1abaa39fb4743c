/** Counting of latencies and of the spread between rounds. */

const BUCKETS_PER_MS = 10;
const MAX_MS = 120_000;

/** Latencies in buckets of 0.1 ms: millions of them cost no memory. */
export class Histogram {
  readonly #buckets = new Uint32Array(MAX_MS * BUCKETS_PER_MS + 1);
  count = 0;

  add(ms: number): void {
    const bucket = ms <= 0 ? 0 : Math.min(this.#buckets.length - 1, Math.floor(ms * BUCKETS_PER_MS));
    (this.#buckets[bucket] as number) += 1;
    this.count += 1;
  }

  /** @param q 0..1. @returns Milliseconds; NaN without values. */
  quantile(q: number): number {
    if (this.count === 0) return Number.NaN;
    let left = Math.min(this.count - 1, Math.floor(q * this.count));
    for (let i = 0; i < this.#buckets.length; i++) {
      const here = this.#buckets[i] as number;
      if (left < here) return i / BUCKETS_PER_MS;
      left -= here;
    }
    return MAX_MS;
  }
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export interface Spread {
  median: number;
  min: number;
  max: number;
  rounds: number[];
}

/** @param rounds One value of each round, in order. Unknown values (NaN) are left out. */
export function spreadOf(rounds: readonly number[]): Spread {
  const known = rounds.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const middle = known.length >> 1;
  const upper = known[middle] ?? Number.NaN;
  return {
    median: known.length % 2 === 1 ? upper : ((known[middle - 1] ?? Number.NaN) + upper) / 2,
    min: known[0] ?? Number.NaN,
    max: known.at(-1) ?? Number.NaN,
    rounds: [...rounds],
  };
}
