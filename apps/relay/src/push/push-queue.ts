/**
 * Sends pushes, one at a time to each device, and those of all in turns. A device whose push service does not answer waits, longer
 * each time, and takes none from the others; after a day of failures it is removed. What waits is in memory alone: every
 * notification is in its inbox too. A browser that another person registered gets nothing that waits for the first.
 *
 *     idle -- push --> sending -- 2xx, 4xx --> next, or idle
 *                        |-- 404, 410 --> removed
 *                        +-- 429, 5xx, no answer --> paused: 10 s, 20 s, 40 s ... 1 h --> sending
 */

import type { Environment } from '@wetink/relay';
import type { OutboundAnswer } from '../outbound/outbound.ts';
import { MAX_DEVICES, type Device } from './subscriptions.ts';

export interface PushQueuePorts {
  /** Whether the user still has this device: the browser may be another person's since. @throws {Error} The store cannot be read now. */
  isOf(userId: string, device: Device): Promise<boolean>;
  /** @throws {Error} No answer. */
  send(device: Device, payload: Uint8Array): Promise<OutboundAnswer>;
  /** The device no longer exists, or never answers. */
  onGone(userId: string, device: Device): void;
  /** Logs the first failure in a row. */
  onFailed(device: Device, why: string): void;
  /** A push is left out, because pushes to too many devices wait. */
  onDropped(device: Device, why: string): void;
  environment: Pick<Environment, 'now' | 'schedule'>;
}

export interface PushQueue {
  add(userId: string, device: Device, payload: Uint8Array): void;
  /** Drops what waits. Final. */
  close(): void;
}

interface Lane {
  userId: string;
  device: Device;
  host: string;
  waiting: Uint8Array[];
  isSending: boolean;
  /** In a row. */
  failures: number;
  failingSinceMs: number;
  cancelPause: (() => void) | null;
}

/** Sockets; those of one service go over as many connections. */
const SENDING_AT_ONCE = 32;
/** A service that does not answer holds 10 s for each of its sockets: half of them stay for the others. */
const SENDING_TO_HOST = SENDING_AT_ONCE / 2;
/** A user can name ten hosts that do not answer. */
const SENDING_TO_USER = 4;
/** For one device. The oldest are dropped: the person sees the newest, and the rest in the app. */
const MAX_WAITING = 5;
const MAX_LANES = 10_000;
/** Past this many, a whole push service is away. */
const MAX_LANES_OF_HOST = MAX_LANES / 2;
/** Devices that the user removed leave with their next attempt. */
const MAX_LANES_OF_USER = 2 * MAX_DEVICES;
const FIRST_PAUSE_MS = 10_000;
const MAX_PAUSE_MS = 60 * 60_000;
const GIVEN_UP_MS = 24 * 60 * 60_000;

export function createPushQueue(ports: PushQueuePorts): PushQueue {
  return new DeviceLanes(ports);
}

class DeviceLanes implements PushQueue {
  readonly #ports: PushQueuePorts;
  /** Lanes that wait, by endpoint. */
  readonly #lanes = new Map<string, Lane>();
  readonly #laneCounts = new KeyCounts();
  /** Lanes with something to send, by when they became ready. */
  readonly #ready = new Set<Lane>();
  readonly #sending = new KeyCounts();
  #sendingCount = 0;
  #isClosed = false;

  constructor(ports: PushQueuePorts) {
    this.#ports = ports;
  }

  add(userId: string, device: Device, payload: Uint8Array): void {
    if (this.#isClosed) return;
    let lane: Lane | null | undefined = this.#lanes.get(device.endpoint);
    // The browser is another person's now, who must not see the first one's.
    if (lane !== undefined && lane.userId !== userId) {
      this.#forget(lane);
      lane = undefined;
    }
    lane ??= this.#laneFor(userId, device);
    if (lane === null) return;
    lane.device = device;
    lane.waiting.push(payload);
    if (lane.waiting.length > MAX_WAITING) lane.waiting.shift();
    this.#ready.add(lane);
    this.#runReady();
  }

  close(): void {
    this.#isClosed = true;
    this.#ready.clear();
    for (const lane of this.#lanes.values()) lane.cancelPause?.();
    this.#lanes.clear();
  }

  /** Null: there is no room for one more. */
  #laneFor(userId: string, device: Device): Lane | null {
    const { host } = new URL(device.endpoint);
    const why = this.#whyFull(host, userId);
    if (why !== null) {
      this.#ports.onDropped(device, why);
      return null;
    }
    const lane: Lane = { userId, device, host, waiting: [], isSending: false, failures: 0, failingSinceMs: 0, cancelPause: null };
    this.#lanes.set(device.endpoint, lane);
    this.#laneCounts.add([`host ${host}`, `user ${userId}`], 1);
    return lane;
  }

  /** Null: there is room for one more. */
  #whyFull(host: string, userId: string): string | null {
    if (this.#lanes.size >= MAX_LANES) return 'pushes to too many devices wait';
    if (this.#laneCounts.of(`host ${host}`) >= MAX_LANES_OF_HOST) return 'pushes to too many devices of this push service wait';
    if (this.#laneCounts.of(`user ${userId}`) >= MAX_LANES_OF_USER) return 'pushes to too many devices of one user wait';
    return null;
  }

  /** Begins what may be sent now, the lane first that has been ready for longest. */
  #runReady(): void {
    for (const lane of this.#ready) {
      if (this.#isClosed || this.#sendingCount >= SENDING_AT_ONCE) return;
      const [payload] = lane.waiting;
      if (lane.isSending || lane.cancelPause !== null || payload === undefined) {
        // It becomes ready again when the attempt or the pause ends.
        this.#ready.delete(lane);
        continue;
      }
      const { host, userId } = lane;
      const isBusy = this.#sending.of(`host ${host}`) >= SENDING_TO_HOST || this.#sending.of(`user ${userId}`) >= SENDING_TO_USER;
      if (!isBusy) this.#send(lane, payload);
    }
  }

  #send(lane: Lane, payload: Uint8Array): void {
    const keys = [`host ${lane.host}`, `user ${lane.userId}`];
    this.#ready.delete(lane);
    lane.isSending = true;
    this.#sendingCount += 1;
    this.#sending.add(keys, 1);
    void this.#attempt(lane, payload).finally(() => {
      lane.isSending = false;
      this.#sendingCount -= 1;
      this.#sending.add(keys, -1);
      // Behind the others.
      if (lane.waiting.length > 0) this.#ready.add(lane);
      this.#runReady();
    });
  }

  async #attempt(lane: Lane, payload: Uint8Array): Promise<void> {
    const { isOf, send, onGone, onFailed } = this.#ports;
    let answer: OutboundAnswer | string;
    try {
      if (!(await isOf(lane.userId, lane.device))) return this.#forget(lane);
      if (this.#lanes.get(lane.device.endpoint) !== lane) return;
      answer = await send(lane.device, payload);
    } catch (error) {
      answer = error instanceof Error ? error.message : String(error);
    }
    if (this.#lanes.get(lane.device.endpoint) !== lane) return;
    if (typeof answer === 'string' || answer.status === 429 || answer.status >= 500) return this.#failed(lane, answer);
    const { status } = answer;
    if (status === 404 || status === 410) {
      this.#forget(lane);
      return onGone(lane.userId, lane.device);
    }
    if (status >= 300) onFailed(lane.device, `the push service answered ${status}`);
    lane.failures = 0;
    if (lane.waiting[0] === payload) lane.waiting.shift();
    if (lane.waiting.length === 0) this.#forget(lane);
  }

  #failed(lane: Lane, answer: OutboundAnswer | string): void {
    const { environment, onGone, onFailed } = this.#ports;
    const nowMs = environment.now();
    if (lane.failures === 0) {
      lane.failingSinceMs = nowMs;
      onFailed(lane.device, typeof answer === 'string' ? answer : `the push service answered ${answer.status}`);
    }
    lane.failures += 1;
    if (nowMs - lane.failingSinceMs >= GIVEN_UP_MS) {
      this.#forget(lane);
      return onGone(lane.userId, lane.device);
    }
    const ownMs = FIRST_PAUSE_MS * 2 ** (lane.failures - 1);
    const askedMs = typeof answer === 'string' ? 0 : retryAfterMs(answer);
    lane.cancelPause = environment.schedule(
      () => {
        lane.cancelPause = null;
        this.#ready.add(lane);
        this.#runReady();
      },
      Math.min(MAX_PAUSE_MS, Math.max(ownMs, askedMs)),
    );
  }

  #forget(lane: Lane): void {
    lane.cancelPause?.();
    lane.waiting.length = 0;
    this.#ready.delete(lane);
    if (this.#lanes.get(lane.device.endpoint) !== lane) return;
    this.#lanes.delete(lane.device.endpoint);
    this.#laneCounts.add([`host ${lane.host}`, `user ${lane.userId}`], -1);
  }
}

/** Counts by key, without the keys that are at 0. */
class KeyCounts {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(keys: readonly string[], by: number): void {
    for (const key of keys) {
      const count = this.of(key) + by;
      if (count === 0) this.#counts.delete(key);
      else this.#counts.set(key, count);
    }
  }
}

/** Seconds alone: no push service sends a date. */
function retryAfterMs({ headers }: OutboundAnswer): number {
  const seconds = Number(headers['retry-after'] ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
}
