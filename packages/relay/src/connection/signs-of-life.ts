/**
 * Clocks of one connection: when something was heard, pinged and sent, and when its socket last took bytes. Pure.
 *
 *     every pingMs, once the last ping is answered ──▶ ping ──nothing heard for pongMs──▶ TIMEOUT
 *     bytes wait, and the socket takes none for stallMs ──▶ SLOW_READER
 *     nothing sent for keepaliveMs ──▶ keepalive
 *
 * Most connections are silent most of the time. While nothing can be due, a connection rests, and is not looked at.
 */

import type { RelayLimits } from '../limits/limits.ts';

export type LifeLimits = Pick<RelayLimits, 'keepaliveMs' | 'pingMs' | 'pongMs' | 'stallMs'>;

/** Bytes that a socket has yet to take. */
export interface WaitingBytes {
  readonly isEmpty: boolean;
  /** Bytes taken, ever. */
  readonly takenBytes: number;
}

export class SignsOfLife {
  readonly #limits: LifeLimits;
  readonly #waiting: WaitingBytes;
  #isPingOpen = false;
  #pingedAtMs: number;
  #sentAtMs: number;
  #takenAtMs: number;
  #takenBytes = 0;
  #restsUntilMs = 0;

  constructor(limits: LifeLimits, waiting: WaitingBytes, openedAtMs: number) {
    this.#limits = limits;
    this.#waiting = waiting;
    this.#pingedAtMs = this.#sentAtMs = this.#takenAtMs = openedAtMs;
  }

  heard(): void {
    this.#isPingOpen = false;
  }

  /** Bytes were sent: they may have to wait, so the socket is watched again. */
  sent(nowMs: number): void {
    this.#sentAtMs = nowMs;
    this.#wake(nowMs);
  }

  pinged(nowMs: number): void {
    this.#isPingOpen = true;
    this.#pingedAtMs = nowMs;
  }

  /** The socket was not read until now, so an answer to a ping may have waited in it. */
  readAgain(nowMs: number): void {
    this.#isPingOpen = false;
    this.#pingedAtMs = nowMs;
    this.#wake(nowMs);
  }

  /** True while nothing can be due: no byte waits, no ping is open, and nothing has been sent since `rest`. */
  isResting(nowMs: number): boolean {
    return nowMs < this.#restsUntilMs;
  }

  /** Rests until a ping or a keepalive is due, unless something has to be watched. Called when neither is due now. */
  rest(): void {
    if (this.#isPingOpen || !this.#waiting.isEmpty) return;
    const { keepaliveMs, pingMs } = this.#limits;
    this.#restsUntilMs = Math.min(this.#sentAtMs + keepaliveMs, this.#pingedAtMs + pingMs);
  }

  /**
   * Called about once a second.
   * @param isRead False while the socket is not read: then no answer to a ping can be heard.
   * @returns The reason to close the connection, or null.
   */
  failure(nowMs: number, { isRead }: { isRead: boolean }): 'SLOW_READER' | 'TIMEOUT' | null {
    const { isEmpty, takenBytes } = this.#waiting;
    if (isEmpty || takenBytes !== this.#takenBytes) {
      this.#takenBytes = takenBytes;
      this.#takenAtMs = nowMs;
    } else if (nowMs - this.#takenAtMs > this.#limits.stallMs) return 'SLOW_READER';
    // A ping may still wait behind bytes that the socket has not taken.
    const isUnanswered = this.#isPingOpen && isEmpty && nowMs - this.#pingedAtMs > this.#limits.pongMs;
    return isRead && isUnanswered ? 'TIMEOUT' : null;
  }

  #wake(nowMs: number): void {
    // Nothing waited while it rested.
    if (this.#restsUntilMs > 0) this.#takenAtMs = nowMs;
    this.#restsUntilMs = 0;
  }

  isPingDue(nowMs: number): boolean {
    return !this.#isPingOpen && nowMs - this.#pingedAtMs >= this.#limits.pingMs;
  }

  isKeepaliveDue(nowMs: number): boolean {
    return nowMs - this.#sentAtMs > this.#limits.keepaliveMs && this.#waiting.isEmpty;
  }
}
