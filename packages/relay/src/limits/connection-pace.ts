/**
 * How much one connection may make the relay do: messages, bytes, documents sent on request, and time on the event
 * loop, which also counts for its user and its address (`shared-work.ts`). A connection above a limit is read more
 * slowly, not closed: it loses nothing. A connection is on one node, so nodes share none of this.
 */

import type { RelayLimits } from './limits.ts';
import type { PaceLimit, SharedWorkLimit } from '../ports/paced-limit.ts';
import type { WorkShare } from './shared-work.ts';
import { SlidingWindow } from './sliding-window.ts';

export const MESSAGE_WINDOW_MS = 10_000;
export const BYTES_WINDOW_MS = 60_000;
export const WORK_WINDOW_MS = 60_000;

export class ConnectionPace {
  readonly #messages: SlidingWindow;
  readonly #bytes: SlidingWindow;
  readonly #answers: SlidingWindow;
  readonly #work: SlidingWindow;
  #shares: readonly WorkShare[] = [];

  constructor(limits: Pick<RelayLimits, 'maxMessages' | 'maxReceivedBytes' | 'maxAnsweredBytes' | 'maxWorkMs'>, nowMs: number) {
    this.#messages = new SlidingWindow(limits.maxMessages, MESSAGE_WINDOW_MS, nowMs);
    this.#bytes = new SlidingWindow(limits.maxReceivedBytes, BYTES_WINDOW_MS, nowMs);
    this.#answers = new SlidingWindow(limits.maxAnsweredBytes, BYTES_WINDOW_MS, nowMs);
    this.#work = new SlidingWindow(limits.maxWorkMs, WORK_WINDOW_MS, nowMs);
  }

  /** Counts this connection's work for a user or an address too, from now on. */
  shares(share: WorkShare): void {
    this.#shares = [...this.#shares, share];
  }

  /** Gives its shares back. Final. */
  close(nowMs: number): void {
    for (const share of this.#shares) share.leave(nowMs);
    this.#shares = [];
  }

  /** Counts a frame that has been handled. */
  add(nowMs: number, messages: number, bytes: number, workMs: number): PaceLimit | null {
    const hasMessages = this.#messages.add(nowMs, messages);
    const hasBytes = this.#bytes.add(nowMs, bytes);
    const hasTime = this.#work.add(nowMs, workMs);
    let shared: SharedWorkLimit | null = null;
    for (const share of this.#shares) if (!share.add(nowMs, workMs, this.#work)) shared = share.limit;
    if (!hasTime) return 'work';
    if (shared !== null) return shared;
    if (!hasMessages) return 'messages';
    return hasBytes ? null : 'bytes';
  }

  /** Counts document bytes sent on request. @returns Whether they are within the limit. */
  answered(nowMs: number, bytes: number): boolean {
    return this.#answers.add(nowMs, bytes);
  }

  /** @returns Milliseconds until the connection is within all limits; 0 when it is. */
  waitMs(nowMs: number): number {
    const own = [this.#messages, this.#bytes, this.#answers, this.#work].map((window) => window.waitMs(nowMs));
    const shared = this.#shares.map((share) => share.waitMs(nowMs, this.#work));
    return Math.max(...own, ...shared);
  }
}
