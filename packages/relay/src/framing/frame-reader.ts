/** Reads the frames of one client. Messages that come in chunks are put together; base clients send none. */

import { createChunkAssembler, decodeFrame, decodeJoined, limits as wire, type ChunkAssembler, type Message } from '@wetink/protocol';
import type { RelayLimits } from '../limits/limits.ts';

export interface FrameReaderOptions {
  isExtension: boolean;
  limits: Pick<RelayLimits, 'maxFrameBytes' | 'maxMessageBytes'>;
}

export class FrameReader {
  readonly #options: FrameReaderOptions;
  /** Made for the first chunk: most clients send none. */
  #chunks: ChunkAssembler | null = null;

  /** @param options May be shared by readers. */
  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  /** Bytes of messages whose last chunk has not come. */
  get heldBytes(): number {
    return this.#chunks?.heldBytes ?? 0;
  }

  /** @throws {SyncError} When the frame cannot be read, or is too large. */
  messages(frame: Uint8Array): Message[] {
    const { isExtension, limits } = this.#options;
    return decodeFrame(frame, { isExtension, maxFrameBytes: limits.maxFrameBytes });
  }

  /** @returns The message that the chunk completes, or null. @throws {SyncError} When it cannot be read, or is too large. */
  join(chunk: Extract<Message, { type: 'chunk' }>): Message | null {
    const { maxMessageBytes } = this.#options.limits;
    this.#chunks ??= createChunkAssembler({ maxMessageBytes, maxOpen: wire.maxOpenChunkStreams });
    const joined = this.#chunks.push(chunk);
    return joined === null ? null : decodeJoined(joined);
  }
}
