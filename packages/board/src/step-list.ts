/**
 * A sorted set of step keys. New steps nearly always sort last, so adding is an append; what arrives out of order is
 * sorted in at the next question, which keeps loading a board of many sessions linear.
 */
import type { StepKey } from './types.ts';

export class StepList {
  #keys: StepKey[] = [];
  #isSorted = true;

  /** Oldest first. Valid until the next change. */
  sorted(): readonly StepKey[] {
    if (!this.#isSorted) {
      this.#keys.sort();
      this.#keys = this.#keys.filter((key, i) => i === 0 || key !== this.#keys[i - 1]);
      this.#isSorted = true;
    }
    return this.#keys;
  }

  get size(): number {
    return this.sorted().length;
  }

  add(key: StepKey): void {
    const last = this.#keys.at(-1);
    if (key === last) return;
    if (last !== undefined && key < last) this.#isSorted = false;
    this.#keys.push(key);
  }

  remove(key: StepKey): void {
    const at = this.indexOf(key);
    if (this.sorted()[at] === key) this.#keys.splice(at, 1);
  }

  /** Index of the first key that is not before `key`. */
  indexOf(key: StepKey): number {
    const keys = this.sorted();
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] as StepKey) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  clear(): void {
    this.#keys = [];
    this.#isSorted = true;
  }
}
