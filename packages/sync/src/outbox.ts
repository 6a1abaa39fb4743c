/**
 * The sending side of one socket. Two lanes: document and protocol messages are queued and never dropped, in order;
 * ephemeral ones (cursors, wet ink) go at once or not at all.
 *
 * The socket's own buffer is kept short: a long upload waits here, so that a cursor is at most `HIGH_WATER_BYTES`
 * behind, and a wet stroke is dropped rather than delayed.
 */
import { splitIntoChunks } from '@wetink/protocol';
import type { Environment, SocketLike } from './environment.ts';

/** The socket gets no more of the queue while it holds this much: two chunks, so that the line never runs dry. */
export const HIGH_WATER_BYTES = 512 * 1024;
/** Beyond this, ephemeral messages would arrive too late to be worth sending: 64 kB are 0.5 s at 1 Mbit/s. */
export const EPHEMERAL_LIMIT_BYTES = 64 * 1024;
/** Interval of polling: browsers have no event for a socket that has drained. */
const DRAIN_POLL_MS = 20;

export class Outbox {
  readonly #socket: SocketLike;
  readonly #schedule: Environment['schedule'];
  readonly #queue: Uint8Array[] = [];
  #maxChunkBytes = Infinity;
  #nextChunkId = 1;
  #cancelPoll: (() => void) | null = null;
  #isClosed = false;

  constructor(socket: SocketLike, schedule: Environment['schedule']) {
    this.#socket = socket;
    this.#schedule = schedule;
  }

  /** From now on a message longer than this goes as chunks: the other side has said that it knows them. */
  allowChunks(maxChunkBytes: number): void {
    this.#maxChunkBytes = maxChunkBytes;
  }

  /** @param message One encoded message. */
  push(message: Uint8Array): void {
    if (message.length > this.#maxChunkBytes) {
      for (const frame of splitIntoChunks(message, this.#nextChunkId++, this.#maxChunkBytes)) this.#queue.push(frame);
    } else {
      this.#queue.push(message);
    }
    this.#pump();
  }

  /** @returns False when the line is too far behind and nothing was sent. */
  pushEphemeral(message: Uint8Array): boolean {
    if (this.#isClosed || this.#socket.bufferedAmount > EPHEMERAL_LIMIT_BYTES) return false;
    this.#socket.send(message);
    return true;
  }

  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#cancelPoll?.();
  }

  #pump(): void {
    while (!this.#isClosed && this.#queue.length > 0 && this.#socket.bufferedAmount < HIGH_WATER_BYTES) {
      const frame = this.#queue.shift();
      if (frame !== undefined) this.#socket.send(frame);
    }
    if (this.#isClosed || this.#queue.length === 0 || this.#cancelPoll !== null) return;
    this.#cancelPoll = this.#schedule(() => {
      this.#cancelPoll = null;
      this.#pump();
    }, DRAIN_POLL_MS);
  }
}
