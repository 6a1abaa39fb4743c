/** The ephemeral lane of a room's fan-out: cursors (the latest wins) and wet ink (concatenated), one frame in a tick. */

import { encodeAwareness, encodeMessage, type AwarenessEntry } from '@wetink/protocol';
import type { RelayLimits } from '../limits/limits.ts';
import type { Seat } from '../member/seat.ts';
import { createOutgoing, type Framing, type Outgoing } from '../framing/outgoing.ts';
import type { Presence } from '../presence/presence.ts';
import type { Author } from './durable-lane.ts';

/** Authors with cursors in one tick above which every member gets the same frame. */
const MAX_AUTHORS_LEFT_OUT = 8;

/** Presence and wet ink of this node's members in one tick, for the other nodes. */
export interface EphemeralNews {
  clientIds: number[];
  /** Encoded messages. */
  wet: Uint8Array[];
}

interface WetPiece {
  author: Author;
  bytes: Uint8Array;
}

/** One tick's frames. */
export interface EphemeralTick {
  send(seat: Seat): void;
  /** Null without news of this node's members. */
  news: EphemeralNews | null;
}

export interface EphemeralLaneContext {
  presence: Presence;
  framing: Framing;
  limits: RelayLimits;
}

export class EphemeralLane {
  readonly #context: EphemeralLaneContext;
  /** Author by awareness id that has news. */
  #news = new Map<number, Author>();
  #wet: WetPiece[] = [];
  #wetBytes = 0;

  constructor(context: EphemeralLaneContext) {
    this.#context = context;
  }

  get isEmpty(): boolean {
    return this.#news.size === 0 && this.#wet.length === 0;
  }

  presence(author: Author, clientIds: readonly number[]): void {
    for (const clientId of clientIds) this.#news.set(clientId, author);
  }

  /** @param bytes One encoded piece. It is dropped when the tick has no room for it. */
  wet(author: Author, bytes: Uint8Array): void {
    if (this.#wetBytes + bytes.length > this.#context.limits.maxWetBytesPerTick) return;
    this.#wet.push({ author, bytes });
    this.#wetBytes += bytes.length;
  }

  /** Takes all that waits. */
  take(): EphemeralTick {
    const { presence, framing } = this.#context;
    const news = this.#news;
    const wet = this.#wet;
    this.clear();

    const entries = [...news.keys()].map((clientId) => presence.entry(clientId));
    const authors = new Set(news.values());
    const wetAuthors = new Set(wet.map((piece) => piece.author));
    const isEchoed = authors.size > MAX_AUTHORS_LEFT_OUT;
    const presenceForAll = awarenessMessage(entries);
    const wetForAll = wet.map((piece) => piece.bytes);
    let forBase: Outgoing | null = null;
    let forExtension: Outgoing | null = null;

    const send = (seat: Seat): void => {
      const { member } = seat;
      const isAuthor = authors.has(seat) && !isEchoed;
      const cursors = isAuthor ? awarenessMessage(entries.filter((entry) => news.get(entry.clientId) !== seat)) : presenceForAll;
      const isWetAuthor = wetAuthors.has(seat);
      // Stock clients do not know wet ink.
      const ink = !member.isExtension
        ? []
        : isWetAuthor
          ? wet.filter(({ author }) => author !== seat).map(({ bytes }) => bytes)
          : wetForAll;
      if (cursors.length + ink.length === 0) return;
      if (isAuthor || (isWetAuthor && member.isExtension)) member.sendEphemeral(createOutgoing([...cursors, ...ink], framing));
      else if (member.isExtension) member.sendEphemeral((forExtension ??= createOutgoing([...cursors, ...ink], framing)));
      else member.sendEphemeral((forBase ??= createOutgoing(cursors, framing)));
    };
    return { send, news: newsOf(news, wet) };
  }

  clear(): void {
    this.#news = new Map();
    this.#wet = [];
    this.#wetBytes = 0;
  }
}

function newsOf(news: ReadonlyMap<number, Author>, wet: readonly WetPiece[]): EphemeralNews | null {
  const clientIds = [...news].flatMap(([clientId, author]) => (author === 'node' ? [] : [clientId]));
  const ownWet = wet.flatMap(({ author, bytes }) => (author === 'node' ? [] : [bytes]));
  return clientIds.length + ownWet.length === 0 ? null : { clientIds, wet: ownWet };
}

/** At most one message. */
export function awarenessMessage(entries: readonly AwarenessEntry[]): Uint8Array[] {
  return entries.length === 0 ? [] : [encodeMessage({ type: 'awareness', body: encodeAwareness(entries) })];
}
