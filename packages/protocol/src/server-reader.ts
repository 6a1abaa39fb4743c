/**
 * Reads a server's messages for a client. The same grammar as frame.ts, on lib0's decoder, which Yjs brings into every
 * app anyway, and without the words for logs. The tests hold both readers against each other.
 *
 * Safe all the same: lib0 reads nothing beyond the end, and nothing is allocated that has not arrived.
 */

import {
  createDecoder,
  hasContent,
  readTailAsUint8Array,
  readVarString,
  readVarUint,
  readVarUint8Array,
  type Decoder,
} from 'lib0/decoding';
import type { AwarenessEntry } from './awareness.ts';
import type { Chunk } from './chunks.ts';
import { concat } from './concat.ts';
import { errorOfCode } from './error-codes.ts';
import { maxMessageBytes, maxOpenChunkStreams } from './limits.ts';
import { areLimitsPossible, HELLO_MAGIC, roles, type ServerMessage } from './messages.ts';
import * as syncNumbers from './sync-numbers.ts';
import * as typeNumbers from './type-numbers.ts';

/** Reads the frames of one connection, in the order they come. Begins without the extension; a `hello` turns it on. */
export class ServerReader {
  #isExtension = false;
  readonly #openById = new Map<number, { parts: Uint8Array[]; bytes: number }>();

  /**
   * The messages of one frame, chunks joined: none while one is under way. An update is a view on `frame`, everything
   * else a copy, so that a cursor that is kept or handed on does not take a whole frame with it.
   *
   * @returns Null for bytes that can't be read. Nothing of the frame counts then, and the reader is of no further use.
   */
  read(frame: Uint8Array): ServerMessage[] | null {
    return readWhole(frame, (decoder) => {
      const messages: ServerMessage[] = [];
      do {
        const message = this.#readMessage(decoder);
        if (message.type === 'hello') this.#isExtension = true;
        const whole = message.type === 'chunk' ? this.#join(message) : message;
        if (whole !== null) messages.push(whole);
      } while (this.#isExtension && hasContent(decoder));
      return messages;
    });
  }

  /** Holds what has arrived, whatever was announced. @returns Null as long as something is missing. */
  #join({ id, offset, total, bytes }: Chunk): ServerMessage | null {
    const open = this.#openById.get(id) ?? { parts: [], bytes: 0 };
    this.#openById.set(id, open);
    if (bytes.length === 0 || offset !== open.bytes || this.#openById.size > maxOpenChunkStreams) unreadable();
    open.parts.push(bytes);
    open.bytes += bytes.length;
    if (open.bytes > Math.min(total, maxMessageBytes)) unreadable();
    if (open.bytes < total) return null;
    this.#openById.delete(id);
    const message = readWhole(concat(open.parts), (decoder) => this.#readMessage(decoder));
    if (message === null || message.type === 'chunk') return unreadable();
    return message;
  }

  #readMessage(decoder: Decoder): ServerMessage | Chunk {
    const typeNumber = readVarUint(decoder);
    switch (typeNumber) {
      case typeNumbers.sync:
        return readSync(readVarUint(decoder), readVarUint8Array(decoder));
      case typeNumbers.awareness:
        return { type: 'awareness', body: readVarUint8Array(decoder).slice() };
      case typeNumbers.auth:
        if (readVarUint(decoder) !== 0) unreadable();
        return { type: 'permission-denied', reason: readVarString(decoder) };
      case typeNumbers.queryAwareness:
        return { type: 'unknown', typeNumber }; // For servers only, but its length is known, so it is passed over.
    }
    if (this.#isExtension && typeNumber >= typeNumbers.hello) return readBody(typeNumber, createDecoder(readVarUint8Array(decoder)));
    const rest = readTailAsUint8Array(decoder);
    const hello = typeNumber === typeNumbers.hello ? readWhole(rest, readHello) : null;
    return hello ?? { type: 'unknown', typeNumber };
  }
}

/** The body of a message of type 'awareness', or null when it can't be read. */
export function readServerAwareness(body: Uint8Array): AwarenessEntry[] | null {
  return readWhole(body, (decoder) => {
    const entries: AwarenessEntry[] = [];
    for (let left = readVarUint(decoder); left > 0; left--) {
      entries.push({ clientId: readVarUint(decoder), clock: readVarUint(decoder), state: readVarString(decoder) });
    }
    return entries;
  });
}

/** @returns Null when reading fails, or does not reach the end. */
function readWhole<T>(bytes: Uint8Array, read: (decoder: Decoder) => T): T | null {
  const decoder = createDecoder(bytes);
  try {
    const value = read(decoder);
    return hasContent(decoder) ? null : value;
  } catch {
    return null; // To a client all bad bytes mean one thing: this connection is over.
  }
}

/** Throws, whatever is wrong; `readWhole` catches it. */
function unreadable(): never {
  throw new Error('unreadable');
}

function readSync(step: number, bytes: Uint8Array): ServerMessage {
  switch (step) {
    case syncNumbers.step1:
      return { type: 'sync-step-1', stateVector: bytes };
    case syncNumbers.step2:
      return { type: 'sync-step-2', update: bytes };
    case syncNumbers.update:
      return { type: 'update', update: bytes };
    default:
      return unreadable();
  }
}

/** Without the extension, all that fails here is a message of another protocol that also uses 100. */
function readHello(decoder: Decoder): ServerMessage | null {
  const body = createDecoder(readVarUint8Array(decoder));
  if (readVarString(body) !== HELLO_MAGIC) return null;
  const version = readVarUint(body);
  const limits = { maxChunkBytes: readVarUint(body), maxMessageBytes: readVarUint(body) };
  return areLimitsPossible(limits) ? { type: 'hello', version, limits } : null;
}

function readBody(typeNumber: number, body: Decoder): ServerMessage | Chunk {
  switch (typeNumber) {
    case typeNumbers.welcome: {
      const role = roles[readVarUint(body)];
      if (role === undefined) return unreadable();
      return { type: 'welcome', role, userId: readVarString(body) };
    }
    case typeNumbers.ack:
      return { type: 'ack', count: readVarUint(body) };
    case typeNumbers.refused:
      return { type: 'refused', count: readVarUint(body), code: errorOfCode(readVarUint(body)) };
    case typeNumbers.wet:
      return {
        type: 'wet',
        clientId: readVarUint(body),
        gesture: readVarString(body),
        index: readVarUint(body),
        isEnd: readVarUint(body) === 1,
        payload: readTailAsUint8Array(body).slice(),
      };
    case typeNumbers.notice:
      return { type: 'notice', code: errorOfCode(readVarUint(body)), retryAfterMs: readVarUint(body), text: readVarString(body) };
    case typeNumbers.reconnect:
      return { type: 'reconnect', afterMs: readVarUint(body) };
    case typeNumbers.chunk:
      return {
        type: 'chunk',
        id: readVarUint(body),
        offset: readVarUint(body),
        total: readVarUint(body),
        bytes: readTailAsUint8Array(body),
      };
    default:
      return { type: 'unknown', typeNumber };
  }
}
