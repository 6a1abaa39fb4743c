/**
 * Orders between relays that do not belong to one room: whose rights may have changed, and which user to disconnect.
 * They travel on the bus in a room that every relay joins, called '', a name that no document can have.
 *
 *     message = version 1, kind (1 recheck room, 2 recheck user, 3 disconnect), the room or user id in UTF-8
 *
 * Nothing is repeated: each connection rechecks its own access from time to time, so a lost recheck is only late
 * (authorization.ts).
 */

import type { AccessChange } from '../ports/authorize.ts';
import type { Bus, BusRoom } from './bus.ts';
import type { Logger } from '../ports/logger.ts';

export type Order = { type: 'recheck'; change: AccessChange } | { type: 'disconnect'; userId: string };

const VERSION = 1;
const RECHECK_ROOM = 1;
const RECHECK_USER = 2;
const DISCONNECT = 3;
/** Room names are at most 512 bytes, user ids at most 128 characters where the relay checks them. */
const MAX_ORDER_BYTES = 4_096;
const CONTROL_ROOM = '';

export class ControlRoom {
  readonly #room: BusRoom;

  /** @param obey Carries out on this node an order that another node sent. */
  constructor(bus: Bus, logger: Logger, obey: (order: Order) => void) {
    this.#room = bus.join(CONTROL_ROOM, {
      receive(from, bytes) {
        const order = decodeOrder(bytes);
        if (order === null) logger.warn({ node: from, bytes: bytes.length }, 'order of another node cannot be read');
        else obey(order);
      },
      restored: () => undefined,
      gone: () => undefined,
    });
  }

  /** Sends to every other node. Dropped while the bus is down. */
  tell(order: Order): void {
    this.#room.publish(encodeOrder(order));
  }

  close(): void {
    this.#room.leave();
  }
}

export function encodeOrder(order: Order): Uint8Array {
  if (order.type === 'disconnect') return encoded(DISCONNECT, order.userId);
  const { change } = order;
  return 'room' in change ? encoded(RECHECK_ROOM, change.room) : encoded(RECHECK_USER, change.userId);
}

/** @returns Null for bytes that are not an order of this version. */
export function decodeOrder(bytes: Uint8Array): Order | null {
  if (bytes.length < 2 || bytes.length > MAX_ORDER_BYTES || bytes[0] !== VERSION) return null;
  let name: string;
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(2));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
  if (bytes[1] === RECHECK_ROOM) return { type: 'recheck', change: { room: name } };
  if (bytes[1] === RECHECK_USER) return { type: 'recheck', change: { userId: name } };
  return bytes[1] === DISCONNECT ? { type: 'disconnect', userId: name } : null;
}

function encoded(kind: number, name: string): Uint8Array {
  const text = new TextEncoder().encode(name);
  const bytes = new Uint8Array(2 + text.length);
  bytes[0] = VERSION;
  bytes[1] = kind;
  bytes.set(text, 2);
  return bytes;
}
