/**
 * How many presence messages of a connection are looked into. Beyond `maxStates` a second the newest state of each id
 * waits for the next turn, and those it replaces are never parsed:
 *
 *     states    1 2 3 4 5 6 7 8        the mouse of a fast screen
 *     turns     1     4     7  8       what others could see of it, since a room has no more frames than that
 *
 * Reading the connection more slowly would protect the event loop as well, but what a person draws comes over the same
 * socket, and would wait behind a cursor.
 */

import type { AwarenessEntry } from '@wetink/protocol';
import type { Environment } from '../ports/environment.ts';
import type { RelayLimits } from './limits.ts';

export interface StateTurns {
  /** What waited, each id once, oldest first. */
  onTurn(entries: AwarenessEntry[]): void;
  /** The connection is beyond its limit. At most every `TELL_EVERY_MS`. */
  onLimited(): void;
}

const TELL_EVERY_MS = 10_000;

export class StatePace {
  readonly #limits: Pick<RelayLimits, 'maxStates' | 'maxIdsPerConnection'>;
  readonly #environment: Environment;
  readonly #turns: StateTurns;
  readonly #waiting = new Map<number, AwarenessEntry>();
  /** Messages that may come at once: those of a second, after a second without any. */
  #left: number;
  #leftAtMs: number;
  #toldAtMs = -Infinity;
  #cancel: (() => void) | null = null;
  #isClosed = false;

  constructor(limits: Pick<RelayLimits, 'maxStates' | 'maxIdsPerConnection'>, environment: Environment, turns: StateTurns) {
    this.#limits = limits;
    this.#environment = environment;
    this.#turns = turns;
    this.#left = limits.maxStates;
    this.#leftAtMs = environment.now();
  }

  /** Upper estimate of what waits. */
  get heldBytes(): number {
    let bytes = 0;
    for (const { state } of this.#waiting.values()) bytes += 2 * state.length;
    return bytes;
  }

  /** A message has come. @returns False when its states have to wait (`keep`): behind others, or for a turn. */
  mayPass(): boolean {
    if (this.#waiting.size > 0) return false;
    const { maxStates } = this.#limits;
    const nowMs = this.#environment.now();
    this.#left = Math.min(maxStates, this.#left + ((nowMs - this.#leftAtMs) * maxStates) / 1_000);
    this.#leftAtMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  keep(entries: readonly AwarenessEntry[]): void {
    if (this.#isClosed) return;
    for (const entry of entries) {
      const waiting = this.#waiting.get(entry.clientId);
      // More ids than a connection can have are not looked at when their turn comes either.
      if (waiting === undefined ? this.#waiting.size <= this.#limits.maxIdsPerConnection : entry.clock >= waiting.clock)
        this.#waiting.set(entry.clientId, entry);
    }
    this.#cancel ??= this.#environment.schedule(() => this.#turn(), Math.ceil(((1 - this.#left) * 1_000) / this.#limits.maxStates));
    const nowMs = this.#environment.now();
    if (nowMs - this.#toldAtMs < TELL_EVERY_MS) return;
    this.#toldAtMs = nowMs;
    this.#turns.onLimited();
  }

  /** Final: nothing that waits is handled any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#cancel = null;
    this.#waiting.clear();
  }

  #turn(): void {
    this.#cancel = null;
    const entries = [...this.#waiting.values()];
    this.#waiting.clear();
    // Timers may be early by a fraction of a millisecond; this turn is taken either way.
    if (!this.mayPass()) this.#left -= 1;
    this.#turns.onTurn(entries);
  }
}
