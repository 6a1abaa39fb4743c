/** Web Locks of one browser, for one name: a page holds the lock until it releases it, dies, or another page steals it. */

import type { LocksLike } from '@wetink/sync';
import type { Life } from './life.ts';

interface Request {
  life: Life;
  hold: (lock: unknown) => Promise<void>;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class SimLocks {
  #held: Request | null = null;
  #queue: Request[] = [];

  get holder(): Life | null {
    return this.#held?.life ?? null;
  }

  /** The locks for one page. */
  of(life: Life): LocksLike {
    return {
      request: (_name, { steal = false, signal }, hold) =>
        new Promise((resolve, reject) => {
          const request: Request = { life, hold, resolve, reject };
          signal?.addEventListener('abort', () => {
            this.#queue = this.#queue.filter((other) => other !== request);
            reject(new DOMException('aborted', 'AbortError'));
          });
          if (steal) this.#steal(request);
          else this.#queue.push(request);
          this.#grantNext();
        }),
    };
  }

  died(life: Life): void {
    this.#queue = this.#queue.filter((request) => request.life !== life);
    if (this.#held?.life === life) this.#held = null;
    this.#grantNext();
  }

  #steal(request: Request): void {
    const robbed = this.#held;
    this.#held = null;
    robbed?.life.schedule(() => robbed.reject(new DOMException('stolen', 'AbortError')), 0);
    this.#grant(request);
  }

  #grantNext(): void {
    const next = this.#held === null ? this.#queue.shift() : undefined;
    if (next !== undefined) this.#grant(next);
  }

  /** The browser grants the lock at once; the page learns of it when it runs. */
  #grant(request: Request): void {
    this.#held = request;
    request.life.schedule(() => {
      if (this.#held !== request) return;
      void request.hold({}).then(() => {
        if (this.#held === request) this.#held = null;
        request.resolve(undefined);
        this.#grantNext();
      });
    }, 0);
  }
}
