/**
 * How many sockets an address has open, and how often it opens one. Asked before a WebSocket is made, since who is
 * refused ten thousand times should cost as little as can be. A socket counts from its upgrade until it has closed.
 */

import type { RelayLimits } from './limits.ts';
import type { Logger } from '../ports/logger.ts';
import type { KeyWindow } from './key-window.ts';
import { OpenCounts } from './open-counts.ts';

export const CONNECT_WINDOW_MS = 60_000;
/** Somebody behind that address has to leave first. */
export const ADDRESS_RETRY_MS = 10_000;

/** What of a socket is needed. */
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

  /** @param key Of an address. @returns Why the socket may not be upgraded, or null; it is counted until it closes either way. */
  async enter(key: string, socket: ClosingSocket): Promise<AddressRefusal | null> {
    const isFull = this.#open.count(key) >= this.#limits.maxConnectionsPerAddress;
    this.#open.enter(key);
    socket.once('close', () => this.#open.leave(key));
    if (isFull) return { limit: 'address_connections', retryAfterMs: ADDRESS_RETRY_MS };
    try {
      const retryAfterMs = await this.#connects.take(key);
      return retryAfterMs > 0 ? { limit: 'address_connects', retryAfterMs } : null;
    } catch (error) {
      // A counter that is away keeps nobody out.
      this.#logger.warn({ err: error }, 'connects of an address could not be counted, it was let through');
      return null;
    }
  }
}
