/**
 * Makes the deliveries that wait (waiting-deliveries.ts), one at a time for each webhook and in their order. A webhook whose
 * receiver fails waits, longer each time, and holds up no other.
 *
 *     idle -- added, or found --> sending -- 2xx --> next, or idle
 *                                   |-- 410 -----------------> switched off
 *                                   +-- other, no answer --> paused: 10 s, 20 s ... 1 h --> sending
 *                                          after 20 attempts or a day: the next; after 25 failures in a row: switched off
 *
 * A relay that makes a delivery has its lease, in the record. When it dies another one makes it again, with the same id.
 */

import { randomBytes } from 'node:crypto';
import type { Environment } from '@wetink/relay';
import type { Outbound } from '../outbound/outbound.ts';
import { answerOf } from './delivery-answer.ts';
import { createDeliverySlots, type DeliveryPlace, type DeliverySlots } from './delivery-slots.ts';
import { MAX_AGE_MS, MAX_ATTEMPTS, MAX_FAILURES, pauseMs, retryAfterMs } from './retries.ts';
import { signedHeaders } from './signature.ts';
import type { Delivery, Lane, NewDelivery, StoredDelivery, WaitingDeliveries } from './waiting-deliveries.ts';
import type { Webhook, WebhookAnswer, WebhookRecords } from './webhook-records.ts';

export const deliveryOutcomes = ['delivered', 'retried', 'given_up', 'dropped'] as const;
/** `retried`: it failed, and is tried again. `given_up`: failed too often or too old. `dropped`: too many were waiting, or the webhook is off. */
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];

export interface WebhookSenderPorts {
  webhooks: WebhookRecords;
  waiting: WaitingDeliveries;
  outbound: Pick<Outbound, 'post'>;
  /** Whether this user still owns the board. */
  isOwner(board: string, userId: string): Promise<boolean>;
  environment: Environment;
  /** ms since 1970. */
  wallClock(): number;
  onOutcome(outcome: DeliveryOutcome, count: number): void;
  /** `event` is the log line. No error has an address in it, only its host. */
  onError(error: unknown, event: string): void;
}

interface LaneState {
  lane: Lane;
  isWorking: boolean;
  /** When as many waited as may, on the clock of the environment. */
  fullAtMs: number;
  /** Something was added while it worked. */
  isAgain: boolean;
  cancelPause: (() => void) | null;
}

/** Deliveries under way. */
const SLOTS = { perHost: 8, perOwner: 8, all: 256 };
/** A test waits this long for a slot: as long as an attempt holds one. */
const TEST_WAIT_MS = 10_000;
/** Longer than an attempt takes (10 s), with the writes around it. */
const LEASE_MS = 30_000;
const LOOK_MS = 10_000;
const LANES_AT_ONCE = 200;
/** After a failure of the store, or another relay's lead. */
const LATER_MS = 2_000;
/** A webhook that was full is not counted again so soon, unless this relay has made one of its deliveries. */
const FULL_KEPT_MS = 1_000;

export class WebhookSender {
  readonly #ports: WebhookSenderPorts;
  readonly #worker = randomBytes(6).toString('base64url');
  readonly #lanes = new Map<string, LaneState>();
  readonly #slots: DeliverySlots;
  readonly #stopping = new AbortController();
  readonly #working = new Set<Promise<void>>();
  #lookFrom: Lane | null = null;
  #cancelLook: () => void = () => undefined;

  /** Looks for what another relay left, soon and every 10 s. */
  constructor(ports: WebhookSenderPorts) {
    this.#ports = ports;
    this.#slots = createDeliverySlots({ ...SLOTS, environment: ports.environment });
    this.#lookLater(LOOK_MS * ports.environment.random());
  }

  /**
   * Durable when it resolves; what waits already is not added again. If they are too many, the newest are added.
   *
   * @param deliveries Oldest first.
   * @param leftOut Events before them that the caller has left out.
   */
  async add(lane: Lane, deliveries: readonly NewDelivery[], leftOut = 0): Promise<void> {
    const { waiting, wallClock, environment, onOutcome } = this.#ports;
    const fullAtMs = this.#lanes.get(keyOf(lane))?.fullAtMs ?? -Infinity;
    const wasFull = environment.now() - fullAtMs < FULL_KEPT_MS;
    const { dropped, isFull } = wasFull ? { dropped: deliveries.length, isFull: true } : await waiting.add(lane, deliveries, wallClock());
    if (dropped + leftOut > 0) onOutcome('dropped', dropped + leftOut);
    this.#start(lane);
    const state = this.#lanes.get(keyOf(lane));
    if (isFull && !wasFull && state !== undefined) state.fullAtMs = environment.now();
  }

  /**
   * Sends this at once and one time only, also for a webhook that is off: a success switches it on again.
   *
   * @returns `lost`: nothing is sent, because the owner who made it does not own the board any more, or is suspended. `busy`: there
   * is no room among deliveries now.
   */
  async test(lane: Lane, webhook: Webhook, delivery: NewDelivery): Promise<'sent' | 'lost' | 'busy'> {
    if (!(await this.#ports.isOwner(lane.board, webhook.by))) return 'lost';
    const release = await this.#slots.take(placeOf(webhook), TEST_WAIT_MS);
    if (release === null) return 'busy';
    try {
      const { answer } = await this.#post(webhook, delivery);
      await this.#noteAnswer(lane, answer, { isTest: true });
      if (answer.reason === '') this.#start(lane);
      return 'sent';
    } finally {
      release();
    }
  }

  /** Aborts what is under way, which another relay, or this one after its next start, makes again. Final. */
  async close(): Promise<void> {
    this.#stopping.abort();
    this.#cancelLook();
    this.#slots.close();
    for (const { cancelPause } of this.#lanes.values()) cancelPause?.();
    await Promise.all(this.#working);
    this.#lanes.clear();
  }

  get #isClosed(): boolean {
    return this.#stopping.signal.aborted;
  }

  #lookLater(ms: number): void {
    if (this.#isClosed) return;
    const { schedule, random } = this.#ports.environment;
    this.#cancelLook = schedule(() => this.#track(this.#look().finally(() => this.#lookLater(LOOK_MS * (0.5 + random())))), ms);
  }

  async #look(): Promise<void> {
    try {
      const lanes = await this.#ports.waiting.lanes(this.#lookFrom, LANES_AT_ONCE);
      this.#lookFrom = lanes.length < LANES_AT_ONCE ? null : (lanes.at(-1) ?? null);
      for (const lane of lanes) this.#start(lane);
    } catch (error) {
      this.#ports.onError(error, 'deliveries to webhooks could not be looked for, will retry');
    }
  }

  #start(lane: Lane): void {
    if (this.#isClosed) return;
    const key = keyOf(lane);
    const state = this.#lanes.get(key) ?? { lane, isWorking: false, fullAtMs: -Infinity, isAgain: false, cancelPause: null };
    this.#lanes.set(key, state);
    state.isAgain = true;
    if (state.isWorking || state.cancelPause !== null) return;
    state.isWorking = true;
    this.#track(
      this.#work(state)
        .catch((error: unknown) => {
          this.#ports.onError(error, 'deliveries to a webhook could not be read or written, will retry');
          return LATER_MS;
        })
        .then((pause) => {
          state.isWorking = false;
          if (this.#isClosed) return;
          if (pause === null) return void (state.isAgain ? this.#start(lane) : this.#lanes.delete(key));
          state.cancelPause = this.#ports.environment.schedule(() => {
            state.cancelPause = null;
            this.#start(lane);
          }, pause);
        }),
    );
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#working.delete(tracked));
    this.#working.add(tracked);
  }

  /** @returns Milliseconds after which to go on; null: nothing waits. */
  async #work(state: LaneState): Promise<number | null> {
    const { webhooks, waiting, wallClock, onOutcome } = this.#ports;
    const { lane } = state;
    for (;;) {
      state.isAgain = false;
      const head = await waiting.first(lane);
      if (head === null || this.#isClosed) return null;
      const webhook = await webhooks.find(lane.board, lane.webhook);
      if (webhook === null || webhook.off !== null) {
        await this.#clear(state);
        return null;
      }
      const nowMs = wallClock();
      const { delivery } = head;
      if (delivery === null || nowMs - delivery.addedAt > MAX_AGE_MS) {
        if (await waiting.remove(head)) onOutcome('given_up', 1);
        state.fullAtMs = -Infinity;
        continue;
      }
      const waitMs = Math.max(delivery.nextAt, delivery.worker === this.#worker ? 0 : delivery.leaseUntil) - nowMs;
      if (waitMs > 0) return waitMs;
      const pause = await this.#deliver(lane, webhook, head, delivery);
      if (pause > 0) return pause;
      state.fullAtMs = -Infinity;
    }
  }

  /** Drops what waits for a webhook that is removed or off. */
  async #clear(state: LaneState): Promise<void> {
    const { webhooks, waiting, onOutcome } = this.#ports;
    const { board, webhook: id } = state.lane;
    const keys = await waiting.keysOf(board, id);
    // Read once more: of one that a test has switched on meanwhile, what came since waits too.
    const webhook = await webhooks.find(board, id);
    if (webhook !== null && webhook.off === null) return void (state.isAgain = true);
    onOutcome('dropped', await waiting.removeAll(keys));
    state.fullAtMs = -Infinity;
  }

  /** @returns Milliseconds to wait before the webhook's next attempt. */
  async #deliver(lane: Lane, webhook: Webhook, head: StoredDelivery, delivery: Delivery): Promise<number> {
    const { waiting, isOwner, wallClock, onOutcome, environment } = this.#ports;
    const release = await this.#slots.take(placeOf(webhook));
    if (release === null) return LATER_MS;
    try {
      const claimed = { ...delivery, worker: this.#worker, leaseUntil: wallClock() + LEASE_MS };
      const version = await waiting.put(head, claimed);
      if (version === null) return LATER_MS;
      const mine: StoredDelivery = { ...head, version };
      if (!(await isOwner(lane.board, webhook.by))) {
        await this.#switchOff(lane, 'the owner who made it does not own the board any more, or is suspended');
        return 0;
      }
      const { answer, askedMs } = await this.#post(webhook, delivery);
      if (this.#isClosed) {
        // It may not have arrived, and the receiver is not to blame.
        await waiting.put(mine, { ...delivery, leaseUntil: 0 });
        return LATER_MS;
      }
      const after = await this.#noteAnswer(lane, answer, { isTest: false });
      if (answer.reason === '') {
        await waiting.remove(mine);
        onOutcome('delivered', 1);
        return 0;
      }
      if (after === null || after.off !== null) return 0;
      const pause = pauseMs(after.failures, environment.random(), askedMs);
      const attempts = delivery.attempts + 1;
      if (attempts >= MAX_ATTEMPTS) await waiting.remove(mine);
      else await waiting.put(mine, { ...delivery, attempts, nextAt: wallClock() + pause, worker: '', leaseUntil: 0 });
      onOutcome(attempts >= MAX_ATTEMPTS ? 'given_up' : 'retried', 1);
      return pause;
    } finally {
      release();
    }
  }

  /** Never rejects. */
  async #post(webhook: Webhook, { id, body }: NewDelivery): Promise<{ answer: WebhookAnswer; askedMs: number }> {
    const { outbound, wallClock } = this.#ports;
    const headers = {
      'Content-Type': 'application/json',
      'User-Agent': 'Wetink-Webhooks/1',
      ...signedHeaders(webhook.secret, id, wallClock(), body),
    };
    try {
      const { status, headers: answered } = await outbound.post(webhook.url, headers, Buffer.from(body), this.#stopping.signal);
      const at = wallClock();
      return { answer: answerOf({ status }, at), askedMs: retryAfterMs(answered['retry-after'], at) };
    } catch (error) {
      return { answer: answerOf({ error }, wallClock()), askedMs: 0 };
    }
  }

  /** @returns The webhook after it; null when it was removed meanwhile. */
  async #noteAnswer(lane: Lane, answer: WebhookAnswer, { isTest }: { isTest: boolean }): Promise<Webhook | null> {
    let after: Webhook | null = null;
    let wasOff = false;
    await this.#ports.webhooks.change(lane.board, lane.webhook, (webhook) => {
      wasOff = webhook.off !== null;
      const failures = answer.reason === '' ? 0 : webhook.failures + (isTest ? 0 : 1);
      const off = answer.reason === '' ? null : isTest ? webhook.off : reasonOff(answer, failures);
      return (after = { ...webhook, last: answer, failures, off });
    });
    const { off = null } = (after as Webhook | null) ?? {};
    if (off !== null && !wasOff) this.#tellOff(after, off);
    return after;
  }

  async #switchOff({ board, webhook: id }: Lane, off: string): Promise<void> {
    let before: Webhook | null = null;
    await this.#ports.webhooks.change(board, id, (webhook) => ({ ...(before = webhook), off }));
    if ((before as Webhook | null)?.off === null) this.#tellOff(before, off);
  }

  #tellOff(webhook: Webhook | null, off: string): void {
    if (webhook !== null) this.#ports.onError(new Error(`${new URL(webhook.url).host}: ${off}`), 'a webhook was switched off');
  }
}

function placeOf({ url, by }: Webhook): DeliveryPlace {
  return { host: new URL(url).host, owner: by };
}

function keyOf({ board, webhook }: Lane): string {
  return `${board}/${webhook}`;
}

const GONE = 410;

function reasonOff({ status }: WebhookAnswer, failures: number): string | null {
  if (status === GONE) return 'the receiver answered 410: it wants nothing any more';
  return failures >= MAX_FAILURES ? `it failed ${failures} times in a row` : null;
}
