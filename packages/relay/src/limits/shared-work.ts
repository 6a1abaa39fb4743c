/**
 * Time on the event loop that connections share: those of one user, those of one address. Opening more of them, or coming
 * back, gets nobody more of it. A key is kept while it has connections, and after that for as long as what it took
 * matters: each that is kept took a hundredth of its limit, so there can't be many.
 *
 *     taken of the limit    0 ........... 1 .................. 1.5 ....
 *     who is read           everybody     who took little      nobody      (of an address; of a user nobody beyond 1)
 *
 * A class behind one address should not wait for the one in it who is hostile. So beyond the limit those are still read who
 * have taken no more than half of an even share themselves; but not who came only then, since coming back would be a way to
 * be somebody who has taken nothing.
 */

import type { SharedWorkLimit } from '../ports/paced-limit.ts';
import { SlidingWindow } from './sliding-window.ts';

export const SHARED_WORK_WINDOW_MS = 60_000;
/** Of the limit, that those may take who took little, when the others have taken all of it. */
const PATIENCE = 0.5;
/** Of the limit: below it nothing is remembered of who is gone. */
const FORGOTTEN = 0.01;

/** What one connection has of it. */
export interface WorkSeat {
  readonly limit: SharedWorkLimit;
  /**
   * @param workMs What was done just now.
   * @param own Of this connection alone.
   * @returns False when the connection is to be read no further: `waitMs` says until when.
   */
  add(nowMs: number, workMs: number, own: SlidingWindow): boolean;
  /** @returns Milliseconds until it may be read, if nobody does anything meanwhile; 0 when it may. */
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

  /** Keys that are kept. */
  get size(): number {
    return this.#accounts.size;
  }

  enter(key: string, nowMs: number): WorkSeat {
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = { taken: new SlidingWindow(this.#limitMs, SHARED_WORK_WINDOW_MS, nowMs), open: 0 };
      this.#accounts.set(key, account);
    }
    account.open += 1;
    this.#idle.delete(key);
    return this.#seat(key, account, account.taken.amount(nowMs) <= this.#limitMs);
  }

  /** Called every second or so: forgets who is gone and took nothing lately. */
  sweep(nowMs: number): void {
    for (const key of this.#idle) {
      const account = this.#accounts.get(key);
      if (account !== undefined && account.taken.amount(nowMs) > this.#limitMs * FORGOTTEN) continue;
      this.#accounts.delete(key);
      this.#idle.delete(key);
    }
  }

  /** @param isEarly Came while there was enough for all: who leaves and comes back for more is shown no patience. */
  #seat(key: string, account: Account, isEarly: boolean): WorkSeat {
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
