/** A connection in its room: the client's messages go to the room, presence at a pace. */

import { decodeAwareness, encodeAwareness, SyncError, type AwarenessEntry, type Message } from '@wetink/protocol';
import type { PacedReading } from '../limits/paced-reading.ts';
import { StatePace } from '../limits/state-pace.ts';
import type { Member } from '../member/member.ts';
import type { Room } from '../room/room.ts';
import type { ConnectionContext } from './connection-context.ts';
import type { ConnectionRecord } from './connection-record.ts';

export interface RoomConnectionContext extends Pick<ConnectionContext, 'environment' | 'limits' | 'observer' | 'onIgnored'> {
  record: ConnectionRecord;
  reading: PacedReading;
  /** Runs work of a timer; an error ends the connection. */
  guard(work: () => void): void;
}

export class RoomConnection {
  readonly kind = 'joined';
  readonly room: Room;
  readonly #member: Member;
  readonly #context: RoomConnectionContext;
  readonly #states: StatePace;

  constructor(member: Member, room: Room, context: RoomConnectionContext) {
    this.room = room;
    this.#member = member;
    this.#context = context;
    this.#states = new StatePace(context.limits, context.environment, {
      onTurn: (entries) => context.guard(() => this.#statesInTurn(entries)),
      onLimited: () => context.observer.limited('states'),
    });
  }

  /** Bytes of states that wait for their turn. */
  get heldBytes(): number {
    return this.#states.heldBytes;
  }

  /** @throws {SyncError} The code to close the client with. */
  receive(message: Message): void {
    const { limits, record, onIgnored } = this.#context;
    switch (message.type) {
      case 'awareness':
        if (this.#states.mayPass()) this.room.receive(this.#member, message);
        else this.#states.keep(decodeAwareness(message.body, { maxStateBytes: limits.maxAwarenessStateBytes }));
        return;
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
    onIgnored();
  }

  /** Leaves the room. Final. */
  leave(): void {
    this.room.leave(this.#member);
    this.#states.close();
  }

  #statesInTurn(entries: readonly AwarenessEntry[]): void {
    const { environment, record, reading } = this.#context;
    const beganAtMs = environment.now();
    record.messageBegins('awareness');
    this.room.receive(this.#member, { type: 'awareness', body: encodeAwareness(entries) });
    record.frameEnds();
    reading.handled(0, 0, beganAtMs);
  }
}
