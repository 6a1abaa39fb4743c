/**
 * Time on the event loop that connections share: those of one user, and those of one address. More connections, or new
 * ones, get no more of it. A key is kept while it has connections, and after that for as long as its usage matters:
 * each kept key took a hundredth of its limit, so there cannot be many.
 *
 *     used of the limit     0 ........... 1 .................. 1.5 ....
 *     connections read      all           little usage         none        (address; of a user none beyond 1)
 *
 * A class behind one address should not wait for one hostile member. So past the limit, connections that used at most
 * half an even share are still read. Later arrivals are not: otherwise reconnecting would reset usage.
 */

import type { SharedWorkLimit } from '../ports/paced-limit.ts';
import { SlidingWindow } from './sliding-window.ts';

export const SHARED_WORK_WINDOW_MS = 60_000;
/** Part of the limit that connections with little usage may take after the others have taken all of it. */
const PATIENCE = 0.5;
/** Part of the limit; usage below it is forgotten with the last connection. */
const FORGOTTEN = 0.01;

/** One connection's part in the shared time. */
export interface WorkShare {
  readonly limit: SharedWorkLimit;
  /**
   * @param workMs Work done just now.
   * @param own Window of this connection alone.
   * @returns False when the connection must not be read for now; `waitMs` says how long.
   */
  add(nowMs: number, workMs: number, own: SlidingWindow): boolean;
  /** @returns Milliseconds until it may be read, if no other connection works meanwhile; 0 when it may. */
  waitMs(nowMs: number, own: SlidingWindow): number;
  /** Idempotent. */
  leave(nowMs: number): void;
}

interface Account {
  readonly taken: SlidingWindow;
  open: number;
}

export class SharedWork {
  readonly #limit: SharedWorkLimit;
  readonly #limitMs: number;
  readonly #isPatient: boolean;
  readonly #accounts = new Map<string, Account>();
  readonly #idle = new Set<string>();

  constructor(limit: SharedWorkLimit, limitMs: number) {
    this.#limit = limit;
    this.#limitMs = limitMs;
    this.#isPatient = limit === 'address_work';
  }

  /** Number of keys that are kept. */
  get size(): number {
    return this.#accounts.size;
  }

  enter(key: string, nowMs: number): WorkShare {
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = { taken: new SlidingWindow(this.#limitMs, SHARED_WORK_WINDOW_MS, nowMs), open: 0 };
      this.#accounts.set(key, account);
    }
    account.open += 1;
    this.#idle.delete(key);
    return this.#share(key, account, { isEarly: account.taken.amount(nowMs) <= this.#limitMs });
  }

  /** Called every second or so: forgets keys without connections and recent usage. */
  sweep(nowMs: number): void {
    for (const key of this.#idle) {
      const account = this.#accounts.get(key);
      if (account !== undefined && account.taken.amount(nowMs) > this.#limitMs * FORGOTTEN) continue;
      this.#accounts.delete(key);
      this.#idle.delete(key);
    }
  }

  /** `isEarly`: opened while the key was within its limit; a connection opened later gets no grace. */
  #share(key: string, account: Account, { isEarly }: { isEarly: boolean }): WorkShare {
    let hasLeft = false;
    const isPatient = (nowMs: number, own: SlidingWindow): boolean =>
      isEarly && this.#isPatient && own.amount(nowMs) <= (this.#limitMs * PATIENCE) / account.open;
    const mostMs = this.#limitMs * (1 + PATIENCE);
    return {
      limit: this.#limit,
      add: (nowMs, workMs, own) => account.taken.add(nowMs, workMs) || (account.taken.amount(nowMs) <= mostMs && isPatient(nowMs, own)),
      waitMs: (nowMs, own) => {
        const waitMs = account.taken.waitMs(nowMs);
        return waitMs > 0 && isPatient(nowMs, own) ? account.taken.waitMs(nowMs, mostMs) : waitMs;
      },
      leave: (nowMs) => {
        if (hasLeft) return;
        hasLeft = true;
        account.open -= 1;
        if (account.open > 0) return;
        if (account.taken.amount(nowMs) > this.#limitMs * FORGOTTEN) this.#idle.add(key);
        else this.#accounts.delete(key);
      },
    };
  }
}
