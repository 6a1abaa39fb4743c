/** One relay's line to the shared disk: calls and answers take their time, and some get lost with a relay that dies. */

import { StoreError } from '@wetink/storage';
import type { Life } from './life.ts';
import type { World } from './world.ts';

export class DiskLine {
  readonly #world: World;
  readonly #life: Life;

  constructor(world: World, life: Life) {
    this.#world = world;
    this.#life = life;
  }

  /** Resolves when a call is at the disk, where it continues without its caller; never when it is lost with a dead caller. */
  async arrive(): Promise<void> {
    const { clock, store, storeRandom: random } = this.#world;
    await new Promise<void>((resolve) => void clock.schedule(resolve, random.int(store.slowMs + 1)));
    if (!this.#life.isAlive && !random.chance(0.5)) await new Promise(() => undefined);
  }

  /** The answer on its way back; never arrives at a dead process. */
  reply(): Promise<void> {
    return this.#life.sleep(this.#world.storeRandom.int(this.#world.store.slowMs + 1));
  }

  async replyFailure(what: string): Promise<never> {
    await this.reply();
    throw this.failure(what);
  }

  failure(what: string): StoreError {
    return new StoreError('NOT_WRITABLE', `${what}: the simulated disk failed`);
  }

  isFailing(): boolean {
    return this.#world.storeRandom.chance(this.#world.store.failChance);
  }

  /** Whether a failing call leaves something on disk. */
  isTorn(): boolean {
    return this.#world.storeRandom.chance(this.#world.store.tornChance);
  }
}
