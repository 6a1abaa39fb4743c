/**
 * How many presence messages of a connection are parsed. Above `maxStates` a second the newest state of each id waits
 * for the next turn, and the states it replaces are never parsed:
 *
 *     states    1 2 3 4 5 6 7 8        the mouse of a fast screen
 *     turns     1     4     7  8       all that others could see, since a room sends no more frames
 *
 * Reading the connection more slowly would protect the event loop as well, but drawings come over the same socket and
 * would wait behind a cursor.
 */

import type { AwarenessEntry } from '@wetink/protocol';
import type { Environment } from '../ports/environment.ts';
import type { RelayLimits } from './limits.ts';

export interface StateTurns {
  /** Called with the waiting entries, each id once, oldest first. */
  onTurn(entries: AwarenessEntry[]): void;
  /** The connection is above its limit. At most every `TELL_EVERY_MS`. */
  onLimited(): void;
}

const TELL_EVERY_MS = 10_000;

export class StatePace {
  readonly #limits: Pick<RelayLimits, 'maxStates' | 'maxIdsPerConnection'>;
  readonly #environment: Environment;
  readonly #turns: StateTurns;
  /** Null while none waits. */
  #waiting: Map<number, AwarenessEntry> | null = null;
  /** Messages that may come at once: one second's, after a second without any. */
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

  /** Upper estimate of the waiting bytes. */
  get heldBytes(): number {
    let bytes = 0;
    for (const { state } of this.#waiting?.values() ?? []) bytes += 2 * state.length;
    return bytes;
  }

  /** Counts a message. @returns False when its states must wait (`keep`): behind others, or for a turn. */
  mayPass(): boolean {
    if ((this.#waiting?.size ?? 0) > 0) return false;
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
    const waiting = (this.#waiting ??= new Map());
    for (const entry of entries) {
      const older = waiting.get(entry.clientId);
      // Ids above the connection's limit would not be used when their turn comes.
      if (older === undefined ? waiting.size <= this.#limits.maxIdsPerConnection : entry.clock >= older.clock)
        waiting.set(entry.clientId, entry);
    }
    this.#cancel ??= this.#environment.schedule(() => this.#turn(), Math.ceil(((1 - this.#left) * 1_000) / this.#limits.maxStates));
    const nowMs = this.#environment.now();
    if (nowMs - this.#toldAtMs < TELL_EVERY_MS) return;
    this.#toldAtMs = nowMs;
    this.#turns.onLimited();
  }

  /** Drops the waiting states, for good. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#cancel = null;
    this.#waiting = null;
  }

  #turn(): void {
    this.#cancel = null;
    const entries = [...(this.#waiting?.values() ?? [])];
    this.#waiting = null;
    // Timers may be early by a fraction of a millisecond; this turn is taken either way.
    if (!this.mayPass()) this.#left -= 1;
    this.#turns.onTurn(entries);
  }
}
