/**
 * Decides whether a socket is read. Two causes can pause it: the room, when it has no place for more, and the
 * connection's own pace. Bytes that the socket has read already (64 KiB at most) still arrive and count; nothing
 * further is read until all of it is within the limits.
 */

import type { Environment } from '../ports/environment.ts';
import type { RelayLimits } from './limits.ts';
import type { PaceLimit } from '../ports/paced-limit.ts';
import { ConnectionPace } from './connection-pace.ts';
import type { WorkShare } from './shared-work.ts';

export interface ReadSocket {
  pause(): void;
  resume(): void;
}

export interface ReadingEvents {
  /** The socket is not read for `waitMs`, perhaps longer. */
  onSlowed(limit: PaceLimit, waitMs: number): void;
  /** The socket is read again, whatever had paused it. */
  onReading(): void;
}

export class PacedReading {
  readonly #socket: ReadSocket;
  readonly #environment: Environment;
  readonly #events: ReadingEvents;
  readonly #pace: ConnectionPace;
  #isHeldByRoom = false;
  #cancelWait: (() => void) | null = null;
  #isClosed = false;

  constructor(socket: ReadSocket, limits: RelayLimits, environment: Environment, events: ReadingEvents) {
    this.#socket = socket;
    this.#environment = environment;
    this.#events = events;
    this.#pace = new ConnectionPace(limits, environment.now());
  }

  get isPaused(): boolean {
    return this.#isHeldByRoom || this.#cancelWait !== null;
  }

  hold(): void {
    if (this.#isHeldByRoom || this.#isClosed) return;
    this.#isHeldByRoom = true;
    this.#socket.pause();
  }

  release(): void {
    if (!this.#isHeldByRoom) return;
    this.#isHeldByRoom = false;
    this.#readOn();
  }

  /** Counts this connection's work in the share too, until `close` gives it back. */
  shares(share: WorkShare): void {
    if (this.#isClosed) share.leave(this.#environment.now());
    else this.#pace.shares(share);
  }

  /** Counts a handled frame, from `beganAtMs` until now. */
  handled(messages: number, bytes: number, beganAtMs: number): void {
    const nowMs = this.#environment.now();
    const limit = this.#pace.add(nowMs, messages, bytes, nowMs - beganAtMs);
    if (limit !== null) this.#slow(limit, nowMs);
  }

  /** Counts time on the event loop beside that of frames. */
  worked(ms: number): void {
    const nowMs = this.#environment.now();
    const limit = this.#pace.add(nowMs, 0, 0, ms);
    if (limit !== null) this.#slow(limit, nowMs);
  }

  /** Counts document bytes sent because the client asked. */
  answered(bytes: number): void {
    const nowMs = this.#environment.now();
    if (!this.#pace.answered(nowMs, bytes)) this.#slow('answers', nowMs);
  }

  /** Ends both pauses, so that the socket can read its end. Final. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pace.close(this.#environment.now());
    const wasPaused = this.isPaused;
    this.#cancelWait?.();
    this.#cancelWait = null;
    this.#isHeldByRoom = false;
    if (wasPaused) this.#socket.resume();
  }

  #slow(limit: PaceLimit, nowMs: number): void {
    if (this.#cancelWait !== null || this.#isClosed) return;
    const waitMs = this.#pace.waitMs(nowMs);
    this.#socket.pause();
    this.#wait(waitMs);
    this.#events.onSlowed(limit, waitMs);
  }

  #wait(waitMs: number): void {
    this.#cancelWait = this.#environment.schedule(() => {
      const moreMs = this.#pace.waitMs(this.#environment.now());
      if (moreMs > 0) return this.#wait(moreMs);
      this.#cancelWait = null;
      this.#readOn();
    }, Math.ceil(waitMs));
  }

  #readOn(): void {
    if (this.isPaused || this.#isClosed) return;
    this.#events.onReading();
    this.#socket.resume();
  }
}
