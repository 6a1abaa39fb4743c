/**
 * Fan-out of one room: two lanes, each frame made once for all members, and one socket write for a member in a tick,
 * which takes the member's ack along.
 *
 *     durable     changes of one tick of the room -> one frame, in order
 *     ephemeral   cursors (latest wins) and wet ink (concatenated) -> one frame per tick
 *
 * With N cursors at 20 Hz that is O(N) frames instead of O(N^2). An author does not get its own changes back while a
 * frame has few authors. With more, a frame of its own for each would cost more than the echo, which readers ignore.
 * Wet ink is never echoed: its author would see a ghost.
 */

import { encodeMessage, type Message } from '@wetink/protocol';
import type { Environment } from '../ports/environment.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Seat, Seats } from '../member/seat.ts';
import type { Framing, Outgoing } from '../framing/outgoing.ts';
import type { Presence } from '../presence/presence.ts';
import { DurableLane, type Author, type ChangePart } from './durable-lane.ts';
import { EphemeralLane, type EphemeralNews, type EphemeralTick } from './ephemeral-lane.ts';

/** Members from which on cursors and wet ink are sent at the slowest rate. */
const LARGE_ROOM = 100;

type AckFor = ((seat: Seat) => Outgoing | null) | null;

/** Everything that members get at one time. */
interface Lanes {
  changes: ((seat: Seat) => void) | null;
  ackFor: AckFor;
  tick: EphemeralTick | null;
}

type WetMessage = Extract<Message, { type: 'wet' }>;

export interface FanOutContext {
  seats: Seats;
  presence: Presence;
  framing: Framing;
  environment: Environment;
  limits: RelayLimits;
  /** Called after each tick with news of this node's members. */
  onTick(news: EphemeralNews): void;
}

export class FanOut {
  readonly #context: FanOutContext;
  readonly #durable: DurableLane;
  readonly #ephemeral: EphemeralLane;
  #cancelChanges: (() => void) | null = null;
  #cancelTick: (() => void) | null = null;
  #tickedAtMs = -Infinity;

  constructor(context: FanOutContext) {
    this.#context = context;
    this.#durable = new DurableLane(context);
    this.#ephemeral = new EphemeralLane(context);
  }

  change(author: Author, update: Uint8Array): void {
    this.joint(update, [{ author, update }]);
  }

  /** A change that several updates made together. An author among few gets those of the others instead. */
  joint(update: Uint8Array, parts: readonly ChangePart[]): void {
    this.#durable.push(update, parts);
    this.#cancelChanges ??= this.#context.environment.schedule(() => this.flush(), 0);
  }

  presence(author: Author, clientIds: readonly number[]): void {
    this.#ephemeral.presence(author, clientIds);
    this.#scheduleTick();
  }

  wet(author: Seat, message: WetMessage): void {
    this.wetBytes(author, encodeMessage(message));
  }

  /** @param bytes One encoded piece. */
  wetBytes(author: Author, bytes: Uint8Array): void {
    this.#ephemeral.wet(author, bytes);
    this.#scheduleTick();
  }

  /**
   * Sends the changes that wait; cursors and ink go in the same write when their pause is nearly over.
   * @param ackFor The ack that a member gets in the same write, if any.
   */
  flush(ackFor: AckFor = null): void {
    this.#cancelChanges?.();
    this.#cancelChanges = null;
    const changes = this.#durable.take();
    if (changes === null && ackFor === null) return;
    const isTickNear = !this.#ephemeral.isEmpty && this.#context.environment.now() >= this.#tickedAtMs + 0.75 * this.#pauseMs();
    this.#send({ changes, ackFor, tick: isTickNear ? this.#takeTick() : null });
  }

  close(): void {
    this.#cancelChanges?.();
    this.#cancelTick?.();
    this.#durable.clear();
    this.#ephemeral.clear();
  }

  /** Between two ticks of the ephemeral lane. */
  #pauseMs(): number {
    const { tickMinMs, tickMaxMs } = this.#context.limits;
    return tickMinMs + (tickMaxMs - tickMinMs) * Math.min(1, this.#context.seats.size / LARGE_ROOM);
  }

  #scheduleTick(): void {
    if (this.#cancelTick !== null || this.#ephemeral.isEmpty) return;
    const waitMs = Math.max(0, this.#tickedAtMs + this.#pauseMs() - this.#context.environment.now());
    this.#cancelTick = this.#context.environment.schedule(
      () => this.#send({ changes: this.#durable.take(), ackFor: null, tick: this.#takeTick() }),
      waitMs,
    );
  }

  #takeTick(): EphemeralTick {
    this.#cancelTick?.();
    this.#cancelTick = null;
    this.#tickedAtMs = this.#context.environment.now();
    return this.#ephemeral.take();
  }

  #send({ changes, ackFor, tick }: Lanes): void {
    const isSeveral = changes !== null && tick !== null;
    for (const seat of this.#context.seats.values()) {
      const { member } = seat;
      const ack = ackFor?.(seat) ?? null;
      const isOneWrite = isSeveral || ack !== null;
      if (isOneWrite) member.cork();
      try {
        changes?.(seat);
        if (ack !== null) member.send(ack);
        tick?.send(seat);
      } finally {
        if (isOneWrite) member.uncork();
      }
    }
    if (tick !== null && tick.news !== null) this.#context.onTick(tick.news);
  }
}
