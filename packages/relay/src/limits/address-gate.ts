/**
 * How many sockets an address has open, and how often it opens one. Checked before a WebSocket is made, so that a
 * client refused ten thousand times costs as little as possible. A socket counts from its upgrade until it has closed.
 */

import type { RelayLimits } from './limits.ts';
import type { Logger } from '../ports/logger.ts';
import type { KeyWindow } from './key-window.ts';
import { OpenCounts } from './open-counts.ts';

export const CONNECT_WINDOW_MS = 60_000;
/** An open socket of that address must close first. */
export const ADDRESS_RETRY_MS = 10_000;

/** The part of a socket that is needed here. */
export interface ClosingSocket {
  once(event: 'close', listener: () => void): unknown;
}

export interface AddressRefusal {
  limit: 'address_connections' | 'address_connects';
  retryAfterMs: number;
}

export class AddressGate {
  readonly #open = new OpenCounts();
  readonly #limits: Pick<RelayLimits, 'maxConnectionsPerAddress'>;
  readonly #connects: KeyWindow;
  readonly #logger: Logger;

  constructor(limits: Pick<RelayLimits, 'maxConnectionsPerAddress'>, connects: KeyWindow, logger: Logger) {
    this.#limits = limits;
    this.#connects = connects;
    this.#logger = logger;
  }

  /** Keys with open sockets. */
  get size(): number {
    return this.#open.size;
  }

  /** @returns Why the socket may not be upgraded, or null. It counts until it closes either way. */
  async enter(key: string, socket: ClosingSocket): Promise<AddressRefusal | null> {
    const isFull = this.#open.count(key) >= this.#limits.maxConnectionsPerAddress;
    this.#open.enter(key);
    socket.once('close', () => this.#open.leave(key));
    if (isFull) return { limit: 'address_connections', retryAfterMs: ADDRESS_RETRY_MS };
    try {
      const retryAfterMs = await this.#connects.take(key);
      return retryAfterMs > 0 ? { limit: 'address_connects', retryAfterMs } : null;
    } catch (error) {
      // A failing counter refuses no client.
      this.#logger.warn({ err: error }, 'connect not counted, let through');
      return null;
    }
  }
}
