/**
 * When to look at rooms whose chat changed. A change only sets a timer for its room, and what came until it ends is looked at in
 * one pass:
 *
 *     member's change -> soon
 *     other relay's   -> later, in case that relay died
 *     room was loaded -> later
 *     a pass failed   -> after a pause, longer each time, a few times
 *
 * A room has one pass at a time, and a few rooms have one at once. Rooms that wait come before those that had a pass just now.
 */

import type { ArrayChange, Environment } from '@wetink/relay';

export interface Attempt {
  /** `early`: the room's last pass failed, and its pause is not over. */
  time: 'early' | 'due';
  /** If this one fails, the room is left until it changes again. */
  isLast: boolean;
}

export interface RoomPassesPorts {
  environment: Environment;
  /** Rejects, or `failed`: it is tried again. An early one that fails does not count. */
  pass(room: string, read: ArrayChange['read'], attempt: Attempt): Promise<'done' | 'failed'>;
  /** A pass rejected. */
  onError(error: unknown): void;
}

interface DueRoom {
  read: ArrayChange['read'];
  dueAtMs: number;
  /** The time came while the pass before went on. */
  isMissed: boolean;
  cancel(): void;
}

interface Trouble {
  /** In a row. */
  failures: number;
  retryAtMs: number;
}

const SOON_MS = 100;
/** Longer than the relay that took the change needs, and shorter than a room without members stays in memory (5 s). */
const LATER_MS = 2_000;
const RETRY_MS = 5_000;
const MAX_RETRIES = 5;
const PASSES_AT_ONCE = 4;

export class RoomPasses {
  readonly #ports: RoomPassesPorts;
  readonly #due = new Map<string, DueRoom>();
  readonly #waiting: (() => void)[] = [];
  readonly #inPass = new Map<string, Promise<void>>();
  readonly #troubles = new Map<string, Trouble>();
  #isStopped = false;

  constructor(ports: RoomPassesPorts) {
    this.#ports = ports;
  }

  /** @param notBeforeMs On the clock of the environment. */
  onChange({ room, cause, read }: ArrayChange, notBeforeMs = 0): void {
    const { now, random } = this.#ports.environment;
    const delayMs = cause === 'member' ? SOON_MS : LATER_MS * (0.5 + random());
    this.#lookAt(room, read, Math.max(delayMs, notBeforeMs - now()));
  }

  /** Begins no pass any more, and resolves when those under way have ended. Final. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { cancel } of this.#due.values()) cancel();
    this.#due.clear();
    this.#waiting.length = 0;
    await Promise.all(this.#inPass.values());
  }

  #lookAt(room: string, read: ArrayChange['read'], delayMs: number): void {
    if (this.#isStopped) return;
    const { now, schedule } = this.#ports.environment;
    const dueAtMs = now() + delayMs;
    const due = this.#due.get(room);
    if (due !== undefined && due.dueAtMs <= dueAtMs) {
      due.read = read;
      return;
    }
    due?.cancel();
    const cancel = schedule(() => this.#begin(room), delayMs);
    this.#due.set(room, { read, dueAtMs, isMissed: false, cancel });
  }

  #begin(room: string): void {
    const due = this.#due.get(room);
    if (due === undefined) return;
    if (this.#inPass.has(room)) {
      due.isMissed = true;
      return;
    }
    if (this.#inPass.size >= PASSES_AT_ONCE) return void this.#waiting.push(() => this.#begin(room));
    this.#due.delete(room);
    this.#inPass.set(room, this.#run(room, due.read));
  }

  /** Never rejects. */
  async #run(room: string, read: ArrayChange['read']): Promise<void> {
    const { pass, environment, onError } = this.#ports;
    const trouble = this.#troubles.get(room) ?? { failures: 0, retryAtMs: 0 };
    const time = environment.now() < trouble.retryAtMs ? 'early' : 'due';
    let outcome: 'done' | 'failed' = 'failed';
    try {
      outcome = await pass(room, read, { time, isLast: time === 'due' && trouble.failures >= MAX_RETRIES });
    } catch (error) {
      onError(error);
    }
    this.#inPass.delete(room);
    if (outcome === 'done') this.#troubles.delete(room);
    else this.#retry(room, read, trouble, time);
    // Rooms that wait come first: a few busy ones would keep all others from their turn.
    this.#waiting.shift()?.();
    if (this.#due.get(room)?.isMissed === true) this.#begin(room);
  }

  #retry(room: string, read: ArrayChange['read'], trouble: Trouble, time: 'early' | 'due'): void {
    const nowMs = this.#ports.environment.now();
    if (time === 'due') {
      trouble.retryAtMs = nowMs + RETRY_MS * 2 ** trouble.failures;
      trouble.failures += 1;
    }
    if (trouble.failures > MAX_RETRIES) return void this.#troubles.delete(room);
    this.#troubles.set(room, trouble);
    this.#lookAt(room, read, trouble.retryAtMs - nowMs);
  }
}
