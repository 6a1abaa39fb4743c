/** One timer for several requests: it rings once, at the earliest requested time. */
import type { Environment } from './environment.ts';

export class Alarm {
  readonly #clock: Pick<Environment, 'elapsed' | 'schedule'>;
  readonly #ring: () => void;
  #ringsAt = Infinity;
  #cancel = (): void => undefined;

  constructor(clock: Pick<Environment, 'elapsed' | 'schedule'>, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  get isSet(): boolean {
    return this.#ringsAt < Infinity;
  }

  within(delayMs: number): void {
    const at = this.#clock.elapsed() + delayMs;
    if (at >= this.#ringsAt) return;
    this.#cancel();
    this.#ringsAt = at;
    this.#cancel = this.#clock.schedule(() => {
      this.#ringsAt = Infinity;
      this.#ring();
    }, delayMs);
  }

  stop(): void {
    this.#cancel();
    this.#ringsAt = Infinity;
  }
}
