/** A connection in its room: the client's messages go to the room, presence at a pace. */

import { decodeAwareness, encodeAwareness, SyncError, type AwarenessEntry, type Message } from '@wetink/protocol';
import type { PacedReading } from '../limits/paced-reading.ts';
import { StatePace } from '../limits/state-pace.ts';
import type { Member } from '../member/member.ts';
import type { Room } from '../room/room.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { ConnectionRecord } from './connection-record.ts';

/** The parts of its connection that a room connection uses. */
export interface RoomConnectionParts {
  context: ConnectionContext;
  record: ConnectionRecord;
  reading: PacedReading;
  /** Runs work of timers; an error ends the connection. */
  boundary: { guard(work: () => void): void };
}

export class RoomConnection {
  readonly kind = 'joined';
  readonly room: Room;
  readonly #member: Member;
  readonly #parts: RoomConnectionParts;
  /** Made for the first state. */
  #states: StatePace | null = null;

  constructor(member: Member, room: Room, parts: RoomConnectionParts) {
    this.room = room;
    this.#member = member;
    this.#parts = parts;
  }

  /** Bytes of states that wait for their turn. */
  get heldBytes(): number {
    return this.#states?.heldBytes ?? 0;
  }

  /** @throws {SyncError} The code to close the client with. */
  receive(message: Message): void {
    const { context, record } = this.#parts;
    switch (message.type) {
      case 'awareness': {
        const states = (this.#states ??= this.#pacedStates());
        if (states.mayPass()) this.room.receive(this.#member, message);
        else states.keep(decodeAwareness(message.body, { maxStateBytes: context.limits.maxAwarenessStateBytes }));
        return;
      }
      case 'sync-step-1':
      case 'sync-step-2':
      case 'update':
      case 'query-awareness':
      case 'wet':
        this.room.receive(this.#member, message);
        record.numbered(this.#member.acks.count);
        return;
      case 'hello':
      case 'welcome':
      case 'ack':
      case 'refused':
      case 'notice':
      case 'reconnect':
        if (this.#member.isExtension) throw new SyncError('MALFORMED', `a client cannot send ${message.type}`);
        break;
      default:
        break;
    }
    context.onIgnored();
  }

  /** Leaves the room. Final. */
  leave(): void {
    this.room.leave(this.#member);
    this.#states?.close();
  }

  #pacedStates(): StatePace {
    const { context, boundary } = this.#parts;
    return new StatePace(context.limits, context.environment, {
      onTurn: (entries) => boundary.guard(() => this.#statesInTurn(entries)),
      onLimited: () => context.observer.limited('states'),
    });
  }

  #statesInTurn(entries: readonly AwarenessEntry[]): void {
    const { context, record, reading } = this.#parts;
    const beganAtMs = context.environment.now();
    record.messageBegins('awareness');
    this.room.receive(this.#member, { type: 'awareness', body: encodeAwareness(entries) });
    record.frameEnds();
    reading.handled(0, 0, beganAtMs);
  }
}
