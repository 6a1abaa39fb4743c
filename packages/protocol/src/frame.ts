/**
 * Frames: one WebSocket message to protocol messages and back.
 *
 * A base frame is one message. An extension frame is one or more, base types included. A message of unknown type is
 * reported and passed over, never a failure: below 100 nothing says how long it is, so it takes the rest of the frame;
 * from 100 up it carries its length.
 */

import { MAX_CHUNK_HEAD_BYTES, splitIntoChunks } from './chunks.ts';
import { concat } from './concat.ts';
import { encodeMessage } from './encode.ts';
import { errorOfCode } from './error-codes.ts';
import * as limits from './limits.ts';
import { areLimitsPossible, HELLO_MAGIC, roles, SHA256_BYTES, type Message } from './messages.ts';
import { BoundedReader } from './reader.ts';
import { SyncError } from './sync-error.ts';
import * as syncNumbers from './sync-numbers.ts';
import * as typeNumbers from './type-numbers.ts';

export interface DecodeFrameOptions {
  /** True once `hello` was sent or seen on this connection. */
  isExtension: boolean;
  /** Messages in one extension frame; a base frame always holds one. */
  maxMessages?: number;
  /** Bytes of the frame. */
  maxFrameBytes?: number;
}

/**
 * The messages of one frame, at least one. Payloads are copies that share no memory with the frame or each other.
 *
 * In a base frame the only extension message known is `hello`, since that is how a client learns of the extension;
 * anything else from 100 up belongs to another protocol and comes back as 'unknown'.
 *
 * @throws {SyncError} MALFORMED or TOO_LARGE. Nothing of the frame counts then.
 */
export function decodeFrame(frame: Uint8Array, options: DecodeFrameOptions): Message[] {
  const maxFrameBytes = options.maxFrameBytes ?? limits.maxBaseFrameBytes;
  if (frame.length > maxFrameBytes) throw new SyncError('TOO_LARGE', `frame has ${frame.length} bytes, ${maxFrameBytes} allowed`);
  const reader = new BoundedReader(frame);
  if (!options.isExtension) {
    const message = readBaseFrame(reader);
    reader.finish('the message of a base frame');
    return [message];
  }
  const maxMessages = options.maxMessages ?? limits.maxMessagesPerFrame;
  const messages: Message[] = [];
  do {
    if (messages.length === maxMessages) throw new SyncError('TOO_LARGE', `more than ${maxMessages} messages in one frame`);
    messages.push(readMessage(reader));
  } while (reader.hasMore);
  return messages;
}

/**
 * The message that a chunk assembler has joined. Takes ownership of `bytes`: a payload is a view on them.
 * @throws {SyncError} MALFORMED when it is not exactly one message, or a chunk again.
 */
export function decodeJoined(bytes: Uint8Array): Message {
  const reader = new BoundedReader(bytes, { isOwned: true });
  const message = readMessage(reader);
  reader.finish('the joined message');
  if (message.type === 'chunk') throw new SyncError('MALFORMED', 'a chunk inside chunks');
  return message;
}

export interface EncodeFramesOptions {
  isExtension: boolean;
  /** Most bytes of one extension frame, at least `limits.minChunkBytes`; a longer message goes as chunks. Default `limits.maxChunkBytes`. */
  maxFrameBytes?: number;
  /** Gives the id of a chunked message: one that is not in flight on this connection in this direction. */
  nextChunkId?: () => number;
}

/**
 * Messages as frames, in order. Base: one frame a message. Extension: as many per frame as fit, long ones chunked.
 *
 * @param messages Or messages already encoded, so that one encoding can serve many connections.
 * @throws {RangeError} when a message must be chunked and there is no `nextChunkId`.
 */
export function encodeFrames(messages: readonly (Message | Uint8Array)[], options: EncodeFramesOptions): Uint8Array[] {
  const encoded = messages.map((message) => (message instanceof Uint8Array ? message : encodeMessage(message)));
  if (!options.isExtension) return encoded;
  const maxFrameBytes = options.maxFrameBytes ?? limits.maxChunkBytes;
  if (maxFrameBytes < limits.minChunkBytes) throw new RangeError(`maxFrameBytes is ${maxFrameBytes}, at least ${limits.minChunkBytes}`);
  const frames: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  let openBytes = 0;
  const flush = (): void => {
    if (open.length > 0) frames.push(concat(open));
    open = [];
    openBytes = 0;
  };
  for (const message of encoded) {
    if (message.length > maxFrameBytes) {
      if (options.nextChunkId === undefined) throw new RangeError(`a message of ${message.length} bytes needs chunk ids`);
      flush();
      frames.push(...splitIntoChunks(message, options.nextChunkId(), maxFrameBytes - MAX_CHUNK_HEAD_BYTES));
      continue;
    }
    if (openBytes + message.length > maxFrameBytes || open.length === limits.maxMessagesPerFrame) flush();
    open.push(message);
    openBytes += message.length;
  }
  flush();
  return frames;
}

function readBaseFrame(reader: BoundedReader): Message {
  const typeNumber = reader.uint('message type');
  const base = readBaseBody(typeNumber, reader);
  if (base !== null) return base;
  if (typeNumber === typeNumbers.hello) {
    const rest = reader.fork();
    try {
      const hello = readHello(rest.nested('hello'));
      rest.finish('hello');
      reader.skip('hello', reader.remainingBytes);
      return hello;
    } catch (error) {
      // Not a hello of ours, so a message of another protocol that also uses 100. A bug must not hide behind that.
      if (!(error instanceof SyncError)) throw error;
    }
  }
  reader.skip('message', reader.remainingBytes);
  return { type: 'unknown', typeNumber };
}

function readMessage(reader: BoundedReader): Message {
  const typeNumber = reader.uint('message type');
  const base = readBaseBody(typeNumber, reader);
  if (base !== null) return base;
  if (typeNumber < typeNumbers.hello) {
    reader.skip('message', reader.remainingBytes);
    return { type: 'unknown', typeNumber };
  }
  const body = reader.nested('message');
  const message = readExtensionBody(typeNumber, body);
  if (message.type !== 'unknown' && message.type !== 'hello') body.finish(`the fields of ${message.type}`);
  return message;
}

function readBaseBody(typeNumber: number, reader: BoundedReader): Message | null {
  switch (typeNumber) {
    case typeNumbers.sync:
      return readSync(reader);
    case typeNumbers.awareness:
      return { type: 'awareness', body: reader.bytes('awareness') };
    case typeNumbers.auth: {
      const kind = reader.uint('auth kind');
      if (kind !== 0) throw new SyncError('MALFORMED', `auth kind ${kind}`);
      return { type: 'permission-denied', reason: reader.string('reason', limits.maxTextBytes) };
    }
    case typeNumbers.queryAwareness:
      return { type: 'query-awareness' };
    default:
      return null;
  }
}

function readSync(reader: BoundedReader): Message {
  const step = reader.uint('sync step');
  switch (step) {
    case syncNumbers.step1:
      return { type: 'sync-step-1', stateVector: reader.bytes('state vector') };
    case syncNumbers.step2:
      return { type: 'sync-step-2', update: reader.bytes('update') };
    case syncNumbers.update:
      return { type: 'update', update: reader.bytes('update') };
    default:
      throw new SyncError('MALFORMED', `sync step ${step}`);
  }
}

function readExtensionBody(typeNumber: number, body: BoundedReader): Message {
  switch (typeNumber) {
    case typeNumbers.hello:
      return readHello(body);
    case typeNumbers.authenticate:
      return { type: 'authenticate', clientId: body.uint('client id'), token: body.string('token', limits.maxTokenBytes) };
    case typeNumbers.welcome: {
      const role = roles[body.uint('role')];
      if (role === undefined) throw new SyncError('MALFORMED', 'unknown role');
      return { type: 'welcome', role, userId: body.string('user id', limits.maxUserIdBytes) };
    }
    case typeNumbers.ack:
      return { type: 'ack', count: body.uint('count') };
    case typeNumbers.refused:
      return { type: 'refused', count: body.uint('count'), code: errorOfCode(body.uint('code')) };
    case typeNumbers.wet:
      return {
        type: 'wet',
        clientId: body.uint('client id'),
        gesture: body.string('gesture', limits.maxGestureBytes),
        index: body.uint('index'),
        isEnd: body.uint('flags', 1) === 1,
        payload: body.rest('wet ink', limits.maxWetBytes),
      };
    case typeNumbers.app:
      return { type: 'app', channel: body.string('channel', limits.maxChannelBytes), payload: body.rest('payload') };
    case typeNumbers.notice:
      return {
        type: 'notice',
        code: errorOfCode(body.uint('code')),
        retryAfterMs: body.uint('retry after'),
        text: body.string('text', limits.maxTextBytes),
      };
    case typeNumbers.reconnect:
      return { type: 'reconnect', afterMs: body.uint('after') };
    case typeNumbers.digest:
      return { type: 'digest', sha256: body.fixed('digest', SHA256_BYTES) };
    case typeNumbers.chunk:
      return {
        type: 'chunk',
        id: body.uint('chunk id'),
        offset: body.uint('chunk offset'),
        total: body.uint('chunk total'),
        bytes: body.rest('chunk'),
      };
    default:
      return { type: 'unknown', typeNumber };
  }
}

/** Fields may follow the ones known here: a newer relay can say more, and clients still know it from a stock server. */
function readHello(body: BoundedReader): Message {
  const magic = body.string('hello magic', HELLO_MAGIC.length);
  if (magic !== HELLO_MAGIC) throw new SyncError('MALFORMED', 'not a hello of this protocol');
  const version = body.uint('version');
  const maxChunkBytes = body.uint('max chunk bytes');
  const maxMessageBytes = body.uint('max message bytes');
  const told = { maxChunkBytes, maxMessageBytes };
  if (!areLimitsPossible(told)) throw new SyncError('MALFORMED', 'hello tells impossible limits');
  return { type: 'hello', version, limits: told };
}
