/**
 * Chunks: one long message in many frames, so that nothing else waits behind it.
 *
 *     message   |-------- total bytes --------|
 *     chunks    |-- 0 --|-- 1 --|-- 2 --|- 3 -|      in order, no gaps, several ids may interleave
 *
 * The joined bytes are one encoded message and count as one: one ack, one refusal.
 * Invariant of the assembler: it holds at most twice the bytes it has received, never what was merely announced, and
 * all its open messages together stay within `maxMessageBytes` received.
 */

import { checkUint } from './check-uint.ts';
import { encodeClientMessage } from './encode.ts';
import type { Message } from './messages.ts';
import { SyncError } from './sync-error.ts';

/** Type 1, length 4, id, offset and total 8 each. */
export const MAX_CHUNK_HEAD_BYTES = 29;

export type Chunk = Extract<Message, { type: 'chunk' }>;

/**
 * An encoded message as chunk frames, to be sent in order.
 *
 * @param message From `encodeMessage`. Not modified.
 * @param id Not in use by another message in flight on this connection in this direction.
 * @param maxChunkBytes Content bytes of each chunk but the last, >= 1: what the other side's `hello` allowed.
 * @throws {RangeError} when a number is not possible or the message is empty.
 */
export function splitIntoChunks(message: Uint8Array, id: number, maxChunkBytes: number): Uint8Array[] {
  if (message.length === 0 || checkUint(maxChunkBytes, 'maxChunkBytes') === 0) throw new RangeError('chunks of nothing');
  const frames: Uint8Array[] = [];
  for (let offset = 0; offset < message.length; offset += maxChunkBytes) {
    const bytes = message.subarray(offset, offset + maxChunkBytes);
    frames.push(encodeClientMessage({ type: 'chunk', id, offset, total: message.length, bytes }));
  }
  return frames;
}

export interface ChunkAssembler {
  /**
   * Takes the next chunk; gives the whole message with the last one, else null. See `decodeJoined`.
   * @throws {SyncError} MALFORMED for an empty chunk, a gap, a repeat or a changed total; TOO_LARGE beyond a limit.
   *   The assembler is then of no further use: close the connection.
   */
  push(chunk: Omit<Chunk, 'type'>): Uint8Array | null;
  /** Bytes held now. */
  readonly heldBytes: number;
}

/** @param limits `maxMessageBytes` of one message and of all open ones together; `maxOpen` messages at once. */
export function createChunkAssembler(limits: { maxMessageBytes: number; maxOpen: number }): ChunkAssembler {
  interface Open {
    total: number;
    receivedBytes: number;
    /** Grows by doubling, at most to `total`, so it ends at exactly `total`. */
    buffer: Uint8Array;
  }
  const openById = new Map<number, Open>();
  let receivedBytes = 0;
  let heldBytes = 0;

  return {
    get heldBytes() {
      return heldBytes;
    },
    push({ id, offset, total, bytes }) {
      let open = openById.get(id);
      const expectedOffset = open?.receivedBytes ?? 0;
      if (bytes.length === 0) throw new SyncError('MALFORMED', 'empty chunk');
      if (offset !== expectedOffset) throw new SyncError('MALFORMED', `chunk at ${offset}, expected ${expectedOffset}`);
      if (open !== undefined && open.total !== total) throw new SyncError('MALFORMED', `chunk total went from ${open.total} to ${total}`);
      if (total > limits.maxMessageBytes) throw new SyncError('TOO_LARGE', `message of ${total} bytes, ${limits.maxMessageBytes} allowed`);
      const neededBytes = offset + bytes.length;
      if (neededBytes > total) throw new SyncError('MALFORMED', `chunks of ${neededBytes} bytes for a total of ${total}`);
      if (receivedBytes + bytes.length > limits.maxMessageBytes)
        throw new SyncError('TOO_LARGE', 'open chunked messages exceed the limit together');
      if (open === undefined) {
        if (openById.size >= limits.maxOpen) throw new SyncError('TOO_LARGE', `more than ${limits.maxOpen} chunked messages at once`);
        open = { total, receivedBytes: 0, buffer: new Uint8Array(0) };
        openById.set(id, open);
      }
      if (neededBytes > open.buffer.length) {
        const grown = new Uint8Array(Math.min(total, Math.max(neededBytes, 2 * open.buffer.length)));
        grown.set(open.buffer);
        heldBytes += grown.length - open.buffer.length;
        open.buffer = grown;
      }
      open.buffer.set(bytes, offset);
      open.receivedBytes = neededBytes;
      receivedBytes += bytes.length;
      if (neededBytes < total) return null;
      openById.delete(id);
      receivedBytes -= total;
      heldBytes -= total;
      return open.buffer;
    },
  };
}
