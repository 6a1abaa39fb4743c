/** Long work in short turns: the page gets its own as soon as one has taken long enough, however fast the machine is. */
import type { Environment } from './environment.ts';

/** Half a frame: pointer input is seen in the next one. */
export const TURN_MS = 8;

export class Pace {
  readonly #environment: Pick<Environment, 'elapsed' | 'nextTask'>;
  #endsAt: number;

  constructor(environment: Pick<Environment, 'elapsed' | 'nextTask'>) {
    this.#environment = environment;
    this.#endsAt = environment.elapsed() + TURN_MS;
  }

  get isOver(): boolean {
    return this.#environment.elapsed() >= this.#endsAt;
  }

  /** The page's turn. */
  async rest(): Promise<void> {
    await this.#environment.nextTask();
    this.#endsAt = this.#environment.elapsed() + TURN_MS;
  }
}
