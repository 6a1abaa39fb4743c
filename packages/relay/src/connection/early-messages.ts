/** Messages that a client sent before it was let in, in order. Nothing is known about the sender yet, so they are bounded. */

import type { Message } from '@wetink/protocol';
import type { RelayLimits } from '../limits/limits.ts';

export class EarlyMessages {
  readonly #limits: Pick<RelayLimits, 'maxEarlyMessages' | 'maxEarlyBytes'>;
  #messages: Message[] = [];
  #bytes = 0;

  constructor(limits: Pick<RelayLimits, 'maxEarlyMessages' | 'maxEarlyBytes'>) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  keep(message: Message): void {
    this.#messages.push(message);
    this.#bytes += sizeOf(message);
  }

  /** @param unfinishedBytes Bytes of chunked messages that have not come to their end. They count as well. */
  areTooMany(unfinishedBytes: number): boolean {
    return this.#messages.length > this.#limits.maxEarlyMessages || this.#bytes + unfinishedBytes > this.#limits.maxEarlyBytes;
  }

  /** The client has been let in. */
  take(): Message[] {
    const messages = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    return messages;
  }
}

function sizeOf(message: Message): number {
  if ('update' in message) return message.update.length;
  if ('stateVector' in message) return message.stateVector.length;
  if ('payload' in message) return message.payload.length;
  return 'body' in message ? message.body.length : 16;
}
