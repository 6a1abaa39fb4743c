/**
 * What one connection may have the relay do in a while: messages, bytes, documents sent because it asked, and time on the
 * event loop. A connection is on
 * one node, so nothing of this is shared. Who does more is read more slowly, not closed: it loses nothing, and coming
 * back would start it with a fresh account.
 */

import type { RelayLimits } from '../limits.ts';
import { SlidingWindow } from './sliding-window.ts';

export const MESSAGE_WINDOW_MS = 10_000;
export const BYTES_WINDOW_MS = 60_000;
export const WORK_WINDOW_MS = 60_000;

export type PaceLimit = 'messages' | 'bytes' | 'answers' | 'work';

export class ConnectionPace {
  readonly #messages: SlidingWindow;
  readonly #bytes: SlidingWindow;
  readonly #answers: SlidingWindow;
  readonly #work: SlidingWindow;

  constructor(limits: Pick<RelayLimits, 'maxMessages' | 'maxReceivedBytes' | 'maxAnsweredBytes' | 'maxWorkMs'>, nowMs: number) {
    this.#messages = new SlidingWindow(limits.maxMessages, MESSAGE_WINDOW_MS, nowMs);
    this.#bytes = new SlidingWindow(limits.maxReceivedBytes, BYTES_WINDOW_MS, nowMs);
    this.#answers = new SlidingWindow(limits.maxAnsweredBytes, BYTES_WINDOW_MS, nowMs);
    this.#work = new SlidingWindow(limits.maxWorkMs, WORK_WINDOW_MS, nowMs);
  }

  /**
   * One frame has been handled.
   * @param workMs How long that took.
   * @returns The limit it went beyond, or null.
   */
  add(nowMs: number, messages: number, bytes: number, workMs: number): PaceLimit | null {
    const hasMessages = this.#messages.add(nowMs, messages);
    const hasBytes = this.#bytes.add(nowMs, bytes);
    const hasTime = this.#work.add(nowMs, workMs);
    if (!hasTime) return 'work';
    if (!hasMessages) return 'messages';
    return hasBytes ? null : 'bytes';
  }

  /** It was sent so much because it asked. @returns Whether that is within the limit. */
  answered(nowMs: number, bytes: number): boolean {
    return this.#answers.add(nowMs, bytes);
  }

  /** @returns Milliseconds until the connection is within all limits; 0 when it is. */
  waitMs(nowMs: number): number {
    return Math.max(...[this.#messages, this.#bytes, this.#answers, this.#work].map((window) => window.waitMs(nowMs)));
  }
}
