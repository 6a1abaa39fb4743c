/**
 * Sends the messages of rooms. Those of a room whose subscription is not confirmed yet are held until it is, so that the
 * answers to them are heard too. Messages that cannot be sent are dropped and counted.
 */

import type { Link } from './link.ts';
import type { RedisRoom } from './room.ts';

export interface RoomSenderPort {
  /** Null while the bus is not up. */
  upLink(): Link | null;
  encode(kind: 'room' | 'private', payload: Uint8Array, room: string): Buffer;
}

export class RoomSender {
  readonly #port: RoomSenderPort;
  /** Bytes held in all rooms. */
  #heldBytes = 0;
  readonly counters = { published: 0, publishedBytes: 0, droppedPublishes: 0 };

  constructor(port: RoomSenderPort) {
    this.#port = port;
  }

  say(room: RedisRoom, channel: string, kind: 'room' | 'private', payload: Uint8Array): void {
    if (room.isLeft || this.#port.upLink()?.hasRoomFor(this.#heldBytes + payload.length) !== true) {
      this.counters.droppedPublishes += 1;
      return;
    }
    const bytes = this.#port.encode(kind, payload, room.name);
    if (room.isAttached) return this.#publish(channel, bytes);
    room.held.push({ channel, bytes });
    this.#heldBytes += bytes.length;
  }

  sayHeld(room: RedisRoom): void {
    const { held } = room;
    room.held = [];
    for (const { channel, bytes } of held) {
      this.#heldBytes -= bytes.length;
      this.#publish(channel, bytes);
    }
  }

  /** The link is lost: detaches all rooms and drops what they hold. */
  lose(rooms: Iterable<RedisRoom>): void {
    for (const room of rooms) this.counters.droppedPublishes += room.detach();
    this.#heldBytes = 0;
  }

  #publish(channel: string, bytes: Buffer): void {
    if (this.#port.upLink()?.publish(channel, bytes) !== true) {
      this.counters.droppedPublishes += 1;
      return;
    }
    this.counters.published += 1;
    this.counters.publishedBytes += bytes.length;
  }
}
