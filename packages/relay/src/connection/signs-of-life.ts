/**
 * Clocks of one connection: when something was heard, pinged and sent, and when its socket last took bytes. Pure.
 *
 *     every pingMs, once the last ping is answered ──▶ ping ──nothing heard for pongMs──▶ TIMEOUT
 *     bytes wait, and the socket takes none for stallMs ──▶ SLOW_READER
 *     nothing sent for keepaliveMs ──▶ keepalive
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
  #heardAtMs: number;
  #pingedAtMs: number;
  #sentAtMs: number;
  #takenAtMs: number;
  #takenBytes = 0;

  constructor(limits: LifeLimits, waiting: WaitingBytes, openedAtMs: number) {
    this.#limits = limits;
    this.#waiting = waiting;
    this.#heardAtMs = this.#pingedAtMs = this.#sentAtMs = this.#takenAtMs = openedAtMs;
  }

  heard(nowMs: number): void {
    this.#heardAtMs = nowMs;
  }

  sent(nowMs: number): void {
    this.#sentAtMs = nowMs;
  }

  pinged(nowMs: number): void {
    this.#pingedAtMs = nowMs;
  }

  /** The socket was not read until now, so an answer to a ping may have waited in it. */
  readAgain(nowMs: number): void {
    this.#heardAtMs = this.#pingedAtMs = nowMs;
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

  isPingDue(nowMs: number): boolean {
    return !this.#isPingOpen && nowMs - this.#pingedAtMs >= this.#limits.pingMs;
  }

  isKeepaliveDue(nowMs: number): boolean {
    return nowMs - this.#sentAtMs > this.#limits.keepaliveMs && this.#waiting.isEmpty;
  }

  get #isPingOpen(): boolean {
    return this.#pingedAtMs > this.#heardAtMs;
  }
}
