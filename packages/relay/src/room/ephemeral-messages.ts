/** Presence and wet ink of a room's members. None of it needs the document, and none of it is stored. */

import { decodeAwareness, type AwarenessEntry, type Message } from '@wetink/protocol';
import { createOutgoing, type Framing } from '../framing/outgoing.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Member } from '../member/member.ts';
import type { Seat } from '../member/seat.ts';
import type { Owners } from '../ownership/owners.ts';
import type { Presence } from '../presence/presence.ts';
import { awarenessMessage } from '../updates/ephemeral-lane.ts';
import type { FanOut } from '../updates/fan-out.ts';

export interface EphemeralMessagesContext {
  presence: Presence;
  owners: Owners;
  fanOut: FanOut;
  framing: Framing;
  limits: Pick<RelayLimits, 'maxAwarenessStateBytes'>;
}

type EphemeralMessage = Extract<Message, { type: 'awareness' | 'query-awareness' | 'wet' }>;

export class EphemeralMessages {
  readonly #context: EphemeralMessagesContext;

  constructor(context: EphemeralMessagesContext) {
    this.#context = context;
  }

  /** Sends everyone's presence to a member that has joined. */
  greet(member: Member): void {
    const { presence, framing } = this.#context;
    const everyone = awarenessMessage(presence.all());
    // Once per join, so even the states of many people must not make the socket count as slow.
    if (everyone.length > 0) member.sendSync(createOutgoing(everyone, framing), { isShared: true });
  }

  /** @throws {SyncError} The code to close the sender with. */
  receive(seat: Seat, message: EphemeralMessage): void {
    const { presence, fanOut } = this.#context;
    const { member } = seat;
    switch (message.type) {
      case 'awareness':
        return this.#states(seat, message.body);
      case 'query-awareness':
        return this.send(member, presence.all());
      case 'wet': {
        const isOwn = message.clientId === member.ownClientId || presence.ownerOf(message.clientId) === member;
        // Wet ink is drawing too, although none of it is stored.
        if (isOwn && member.role !== 'viewer') fanOut.wet(seat, message);
        return;
      }
    }
  }

  send(member: Member, entries: readonly AwarenessEntry[]): void {
    if (entries.length > 0) member.send(createOutgoing(awarenessMessage(entries), this.#context.framing));
  }

  left(member: Member): void {
    const { presence, fanOut } = this.#context;
    fanOut.presence('left', presence.leave(member));
  }

  #states(seat: Seat, body: Uint8Array): void {
    const { presence, owners, fanOut, limits } = this.#context;
    const { member } = seat;
    const entries = decodeAwareness(body, { maxStateBytes: limits.maxAwarenessStateBytes });
    member.introduce(entries);
    owners.introduced(seat);
    const { changed, answer } = presence.receive(member, entries);
    owners.carries(seat, changed);
    fanOut.presence(seat, changed);
    this.send(member, answer);
  }
}
