/**
 * Fan-out of one room: two lanes, each frame made once for all members.
 *
 *     durable     changes of one tick of the room -> one frame, in order
 *     ephemeral   cursors (latest wins) and wet ink (concatenated) -> one frame per tick
 *
 * With N cursors at 20 Hz that is O(N) frames instead of O(N^2). An author does not get its own changes back while a
 * frame has few authors. With many, a frame of its own for each would cost more than the echo, which readers ignore.
 * Wet ink is never echoed: its author would see a ghost.
 */

import { encodeAwareness, encodeMessage, type AwarenessEntry, type Message } from '@wetink/protocol';
import type { Environment } from '../ports/environment.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Seat, Seats } from '../member/seat.ts';
import { createOutgoing, type Framing, type Outgoing } from '../framing/outgoing.ts';
import type { Presence } from '../presence/presence.ts';
import { firstClocks } from '../document/room-document.ts';

/** Authors in one frame above which every member gets the same one. */
const MAX_FRAMES_PER_AUTHOR = 8;
/** Members from which on a room ticks at the slowest rate. */
const LARGE_ROOM = 100;

interface Batch {
  outgoing: Outgoing;
  /** More than a socket's budget. */
  isLarge: boolean;
  /** The first clock of each client in it. */
  first(): Map<number, number>;
}

type WetMessage = Extract<Message, { type: 'wet' }>;

/** Author of a change: a member, a member that has left, another node, or several (a change that filled a hole of others). */
export type Author = Seat | 'left' | 'node' | 'several';

/** Part of a change, by one author. */
export interface ChangePart {
  author: Author;
  update: Uint8Array;
}

/** A change of the document, and the updates that it was made from. */
interface Change {
  update: Uint8Array;
  parts: readonly ChangePart[];
}

/** Presence and wet ink of this node's members in one tick, for the other nodes. */
export interface EphemeralNews {
  clientIds: number[];
  /** Encoded messages. */
  wet: Uint8Array[];
}

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
  #changes: Change[] = [];
  #cancelChanges: (() => void) | null = null;
  /** Author by awareness id that has news. */
  #news = new Map<number, Author>();
  #wet: { author: Author; bytes: Uint8Array }[] = [];
  #wetBytes = 0;
  #cancelTick: (() => void) | null = null;
  #tickedAtMs = -Infinity;

  constructor(context: FanOutContext) {
    this.#context = context;
  }

  change(author: Author, update: Uint8Array): void {
    this.joint(update, [{ author, update }]);
  }

  /** A change that several updates made together. An author among few gets those of the others instead. */
  joint(update: Uint8Array, parts: readonly ChangePart[]): void {
    this.#changes.push({ update, parts });
    this.#cancelChanges ??= this.#context.environment.schedule(() => this.flushChanges(), 0);
  }

  presence(author: Author, clientIds: readonly number[]): void {
    for (const clientId of clientIds) this.#news.set(clientId, author);
    if (clientIds.length > 0) this.#scheduleTick();
  }

  wet(author: Seat, message: WetMessage): void {
    this.wetBytes(author, encodeMessage(message));
  }

  /** @param bytes One encoded piece. */
  wetBytes(author: Author, bytes: Uint8Array): void {
    if (this.#wetBytes + bytes.length > this.#context.limits.maxWetBytesPerTick) return;
    this.#wet.push({ author, bytes });
    this.#wetBytes += bytes.length;
    this.#scheduleTick();
  }

  flushChanges(): void {
    this.#cancelChanges?.();
    this.#cancelChanges = null;
    const changes = this.#changes;
    this.#changes = [];
    if (changes.length === 0) return;
    const authors = new Set(changes.flatMap(({ parts }) => parts.map(({ author }) => author)));
    const shared = this.#batches(changes.map((change) => change.update));
    const isEchoed = authors.size > MAX_FRAMES_PER_AUTHOR;
    for (const seat of this.#context.seats.values()) {
      if (isEchoed || !authors.has(seat)) {
        this.#sendChanges(seat, shared);
        continue;
      }
      const others = changes.flatMap((change) => withoutPartsOf(seat, change));
      if (others.length > 0) this.#sendChanges(seat, this.#batches(others));
    }
  }

  close(): void {
    this.#cancelChanges?.();
    this.#cancelTick?.();
    this.#changes = [];
    this.#news.clear();
    this.#wet = [];
  }

  /** Changes in order, cut so that each batch fits a socket's budget; a change that is too large is a batch of its own. */
  #batches(updates: readonly Uint8Array[]): Batch[] {
    const { softSendBytes } = this.#context.limits;
    const batches: Batch[] = [];
    let open: Uint8Array[] = [];
    let openBytes = 0;
    const cut = (): void => {
      if (open.length > 0) batches.push(this.#batch(open, { isLarge: openBytes > softSendBytes }));
      open = [];
      openBytes = 0;
    };
    for (const update of updates) {
      if (openBytes + update.length > softSendBytes / 2) cut();
      open.push(update);
      openBytes += update.length;
    }
    cut();
    return batches;
  }

  #batch(updates: readonly Uint8Array[], { isLarge }: { isLarge: boolean }): Batch {
    let first: Map<number, number> | null = null;
    return {
      isLarge,
      outgoing: createOutgoing(
        updates.map((update) => ({ type: 'update', update })),
        this.#context.framing,
      ),
      first: () => (first ??= firstClocks(updates)),
    };
  }

  #sendChanges(seat: Seat, batches: readonly Batch[]): void {
    const { member } = seat;
    for (const batch of batches) {
      // A socket with room takes a large change like a first sync: from Buffers that all receivers share.
      if (seat.missed === null && !member.isBehind() && !(batch.isLarge && member.isWaiting())) {
        member.sendSync(batch.outgoing, { isShared: batch.isLarge });
      } else seat.miss(batch.first());
    }
  }

  #scheduleTick(): void {
    if (this.#cancelTick !== null) return;
    const { tickMinMs, tickMaxMs } = this.#context.limits;
    const pauseMs = tickMinMs + (tickMaxMs - tickMinMs) * Math.min(1, this.#context.seats.size / LARGE_ROOM);
    const waitMs = Math.max(0, this.#tickedAtMs + pauseMs - this.#context.environment.now());
    this.#cancelTick = this.#context.environment.schedule(() => this.#tick(), waitMs);
  }

  #tick(): void {
    this.#cancelTick = null;
    this.#tickedAtMs = this.#context.environment.now();
    const news = this.#news;
    const wet = this.#wet;
    this.#news = new Map();
    this.#wet = [];
    this.#wetBytes = 0;

    const entries = [...news.keys()].map((clientId) => this.#context.presence.entry(clientId));
    const authors = new Set(news.values());
    const wetAuthors = new Set(wet.map((piece) => piece.author));
    const isEchoed = authors.size > MAX_FRAMES_PER_AUTHOR;
    const presenceForAll = awarenessMessage(entries);
    const wetForAll = wet.map((piece) => piece.bytes);
    let forBase: Outgoing | null = null;
    let forExtension: Outgoing | null = null;

    for (const seat of this.#context.seats.values()) {
      const { member } = seat;
      const isAuthor = authors.has(seat) && !isEchoed;
      const presence = isAuthor ? awarenessMessage(entries.filter((entry) => news.get(entry.clientId) !== seat)) : presenceForAll;
      if (!member.isExtension) {
        if (presence.length === 0) continue;
        member.sendEphemeral(
          isAuthor ? createOutgoing(presence, this.#context.framing) : (forBase ??= createOutgoing(presence, this.#context.framing)),
        );
        continue;
      }
      const isWetAuthor = wetAuthors.has(seat);
      const ink = isWetAuthor ? wet.filter((piece) => piece.author !== seat).map((piece) => piece.bytes) : wetForAll;
      if (presence.length + ink.length === 0) continue;
      const isOwn = isAuthor || isWetAuthor;
      member.sendEphemeral(
        isOwn
          ? createOutgoing([...presence, ...ink], this.#context.framing)
          : (forExtension ??= createOutgoing([...presence, ...ink], this.#context.framing)),
      );
    }
    const clientIds = [...news].flatMap(([clientId, author]) => (author === 'node' ? [] : [clientId]));
    const ownWet = wet.flatMap(({ author, bytes }) => (author === 'node' ? [] : [bytes]));
    if (clientIds.length + ownWet.length > 0) this.#context.onTick({ clientIds, wet: ownWet });
  }
}

function withoutPartsOf(seat: Seat, { update, parts }: Change): Uint8Array[] {
  if (parts.every(({ author }) => author !== seat)) return [update];
  return parts.flatMap((part) => (part.author === seat ? [] : [part.update]));
}

/** At most one message. */
export function awarenessMessage(entries: readonly AwarenessEntry[]): Uint8Array[] {
  return entries.length === 0 ? [] : [encodeMessage({ type: 'awareness', body: encodeAwareness(entries) })];
}
