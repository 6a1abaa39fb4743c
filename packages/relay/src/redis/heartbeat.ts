/**
 * The heartbeat of an open link. Every beat publishes a ping to this node's own channel and writes this node into the
 * registry; after four pings unheard, or four beats unwritten, the link counts as dead and is broken.
 *
 * Beats are counted instead of time: a process that was itself stopped finds its link as it left it.
 */

import type { Environment } from '../ports/environment.ts';
import { BusDownError } from './bus-down-error.ts';
import type { Link } from './link.ts';
import type { Presence } from './presence.ts';

/** Own pings unheard, and heartbeats unwritten, after which the link counts as dead: 8 to 10 s at the default heartbeat. */
const BEATS_UNTIL_DEAD = 4;

export interface HeartbeatPort {
  readonly presence: Presence;
  readonly environment: Environment;
  readonly heartbeatMs: number;
  ping(link: Link): void;
}

export class Heartbeat {
  readonly #port: HeartbeatPort;
  #unheard = 0;
  #unwritten = 0;
  #isWriting = false;
  #writeError: Error | null = null;
  #cancel: () => void = () => undefined;

  constructor(port: HeartbeatPort) {
    this.#port = port;
  }

  /** Beats until stopped. */
  start(link: Link): void {
    const { environment, heartbeatMs } = this.#port;
    this.#unheard = 0;
    this.#unwritten = 0;
    this.#writeError = null;
    const beat = (): void => {
      this.#cancel = environment.schedule(beat, heartbeatMs);
      this.#beat(link);
    };
    this.#cancel = environment.schedule(beat, heartbeatMs);
  }

  stop(): void {
    this.#cancel();
  }

  /** An own ping has come back. */
  heard(): void {
    this.#unheard = 0;
  }

  /** A write to the registry failed. Marks the registry as unsure, so that the next heartbeat writes it again. */
  writeFailed(error: unknown): void {
    this.#port.presence.markUnsure();
    this.#writeError = error as Error;
  }

  #beat(link: Link): void {
    if (this.#unheard >= BEATS_UNTIL_DEAD) return link.break(new BusDownError('timed out: own pings do not come back.'));
    if (this.#unwritten >= BEATS_UNTIL_DEAD)
      return link.break(this.#writeError ?? new BusDownError('timed out: the registry does not answer.'));
    this.#unheard += 1;
    this.#unwritten += 1;
    this.#port.ping(link);
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#port.presence
      .beat(link)
      .then(
        () => {
          this.#unwritten = 0;
          this.#writeError = null;
        },
        (error: unknown) => this.writeFailed(error),
      )
      .finally(() => (this.#isWriting = false));
  }
}
