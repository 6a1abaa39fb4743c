/** Document messages that came while the document was being loaded, in order. A member with too many is not read further. */

import type { Message } from '@wetink/protocol';
import type { Seat } from '../member/seat.ts';

export interface DocumentMessage {
  seat: Seat;
  message: Extract<Message, { type: 'sync-step-1' | 'sync-step-2' | 'update' }>;
  /** The message's number on its connection, for its ack; 0 for a SyncStep1. */
  count: number;
}

export class WaitingMessages {
  readonly #maxBytes: number;
  readonly #messages: DocumentMessage[] = [];
  readonly #bytesBySeat = new Map<Seat, number>();

  /** @param maxBytes Limit for the waiting messages of one member. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** In the order they came. */
  get all(): readonly DocumentMessage[] {
    return this.#messages;
  }

  push(waiting: DocumentMessage): void {
    const { seat, message } = waiting;
    this.#messages.push(waiting);
    const { length } = message.type === 'sync-step-1' ? message.stateVector : message.update;
    const bytes = (this.#bytesBySeat.get(seat) ?? 0) + length;
    this.#bytesBySeat.set(seat, bytes);
    if (bytes > this.#maxBytes) seat.member.pause();
  }

  /** Reads the member again, if it has messages here. */
  resume(seat: Seat): void {
    if (this.#bytesBySeat.has(seat)) seat.member.resume();
  }
}
