/**
 * A sorted set of step keys. New steps nearly always sort last, so adding is an append; steps that arrive out of order are
 * sorted at the next read, which keeps loading a board of many sessions linear.
 */
import type { StepKey } from '../types.ts';

export interface Order {
  /** Whether the order is that of the keys as text. */
  readonly isByKey: boolean;
  isBefore(a: StepKey, b: StepKey): boolean;
}

const byKey: Order = { isByKey: true, isBefore: (a, b) => a < b };

export class StepList {
  readonly #order: Order;
  #keys: StepKey[] = [];
  #isSorted = true;

  /** @param order Default: by key, that is, by the clocks of the devices that made the steps. */
  constructor(order = byKey) {
    this.#order = order;
  }

  /** Oldest first. Valid until the next change. */
  sorted(): readonly StepKey[] {
    if (!this.#isSorted) {
      if (this.#order.isByKey) this.#keys.sort();
      else this.#keys.sort((a, b) => (a === b ? 0 : this.#order.isBefore(a, b) ? -1 : 1));
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
    if (last !== undefined && this.#order.isBefore(key, last)) this.#isSorted = false;
    this.#keys.push(key);
  }

  has(key: StepKey): boolean {
    return this.sorted()[this.indexOf(key)] === key;
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
      if (this.#order.isBefore(keys[middle] as StepKey, key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Call when the order of steps has changed. */
  resort(): void {
    this.#isSorted = false;
  }

  clear(): void {
    this.#keys = [];
    this.#isSorted = true;
  }
}
