/**
 * The messages, and how one of them becomes bytes. SPEC.md states the grammar; frame.ts reads it.
 *
 *     base:       varUint type, fields                      types 0-3, exactly y-websocket's
 *     extension:  varUint type, varUint length, body        types from 100 up, so unknown ones can be passed over
 */

import {
  createEncoder,
  length as lengthOf,
  toUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
  type Encoder,
} from 'lib0/encoding';
import { checkUint } from './check-uint.ts';
import { concat } from './concat.ts';
import { errors, LAST_WIRE_CODE, type ErrorName } from './errors.ts';
import { limits } from './limits.ts';
import { SyncError } from './sync-error.ts';

/** Raised by any change of the extension's bytes; a test holds the bytes of each version. */
export const PROTOCOL_VERSION = 1;

export type Role = 'viewer' | 'editor' | 'owner';

/** On the wire a role is its index. */
export const roles: readonly Role[] = ['viewer', 'editor', 'owner'];

export interface ToldLimits {
  /** Longest message that may come unchunked, and the largest chunk. */
  maxChunkBytes: number;
  /** Largest message once its chunks are joined. */
  maxMessageBytes: number;
}

export type Message =
  /** Both ways. What the sender has; answered with what it lacks. */
  | { type: 'sync-step-1'; stateVector: Uint8Array }
  /** Both ways. The answer, a Yjs update (V1). */
  | { type: 'sync-step-2'; update: Uint8Array }
  /** Both ways. A change, a Yjs update (V1). */
  | { type: 'update'; update: Uint8Array }
  /** Both ways. See `decodeAwareness`. */
  | { type: 'awareness'; body: Uint8Array }
  /** To clients. */
  | { type: 'permission-denied'; reason: string }
  /** To servers. Answered with everyone's awareness. */
  | { type: 'query-awareness' }
  /** To clients, first of all. */
  | { type: 'hello'; version: number; limits: ToldLimits }
  /** To relays, first after hello and again with each new token; an empty token is a guest's. */
  | { type: 'authenticate'; clientId: number; token: string }
  /** To clients, the answer to each `authenticate`. */
  | { type: 'welcome'; role: Role; userId: string }
  /** To clients. The first `count` document messages of this connection are durable. */
  | { type: 'ack'; count: number }
  /** To clients. Document message number `count` is not saved, and none after it will be taken. */
  | { type: 'refused'; count: number; code: ErrorName }
  /** Both ways. A piece of a gesture still under way; `index` of its first point. */
  | { type: 'wet'; clientId: number; gesture: string; index: number; isEnd: boolean; payload: Uint8Array }
  /** Both ways. For a server extension. */
  | { type: 'app'; channel: string; payload: Uint8Array }
  /** To clients. Something a person may want to know; `retryAfterMs` is 0 when there is nothing to wait for. */
  | { type: 'notice'; code: ErrorName; retryAfterMs: number; text: string }
  /** To clients. Come back after so long, on a new connection. */
  | { type: 'reconnect'; afterMs: number }
  /** Both ways. Of the document's canonical encoding. */
  | { type: 'digest'; sha256: Uint8Array }
  /** Both ways. A piece of a message too long for one frame. */
  | { type: 'chunk'; id: number; offset: number; total: number; bytes: Uint8Array }
  /** Only decoded, never encoded: a type of a newer peer or of another protocol. */
  | { type: 'unknown'; typeNumber: number };

/** First bytes of a `hello`, so that another protocol's use of type 100 is not taken for one. */
export const HELLO_MAGIC = 'wetink';

export const SHA256_BYTES = 32;

/** Type numbers. 102 is y-sweet's, 120-127 are kept for several rooms on one socket. */
export const typeNumbers = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  hello: 100,
  authenticate: 101,
  welcome: 103,
  ack: 104,
  refused: 105,
  wet: 106,
  app: 107,
  notice: 108,
  reconnect: 109,
  digest: 110,
  chunk: 111,
} as const;

export const syncNumbers = { step1: 0, step2: 1, update: 2 } as const;

/** Extension messages carry a length from here up. */
export const FIRST_EXTENSION_TYPE = 100;

/** What a `hello` may tell: anything less could not carry a chunk. */
export function areLimitsPossible(told: ToldLimits): boolean {
  return told.maxChunkBytes >= limits.minChunkBytes && told.maxMessageBytes >= told.maxChunkBytes;
}

const utf8 = new TextEncoder();
const noBytes = new Uint8Array(0);

/**
 * One message as bytes: a whole base frame, or a part of an extension frame.
 *
 * @throws {SyncError} TOO_LARGE when a text or payload is above its limit (the other side would refuse it).
 * @throws {RangeError} for numbers that are not unsigned integers, and for 'unknown'.
 */
export function encodeMessage(message: Message): Uint8Array {
  const encoder = createEncoder();
  switch (message.type) {
    case 'sync-step-1':
      return sync(encoder, syncNumbers.step1, message.stateVector);
    case 'sync-step-2':
      return sync(encoder, syncNumbers.step2, message.update);
    case 'update':
      return sync(encoder, syncNumbers.update, message.update);
    case 'awareness':
      writeVarUint(encoder, typeNumbers.awareness);
      return withBytes(encoder, message.body);
    case 'permission-denied':
      writeVarUint(encoder, typeNumbers.auth);
      writeVarUint(encoder, 0);
      text(encoder, message.reason, 'reason', limits.maxTextBytes);
      return toUint8Array(encoder);
    case 'query-awareness':
      writeVarUint(encoder, typeNumbers.queryAwareness);
      return toUint8Array(encoder);
    case 'hello':
      if (!areLimitsPossible(message.limits)) throw new RangeError('hello tells impossible limits');
      writeVarString(encoder, HELLO_MAGIC);
      uint(encoder, message.version, 'version');
      uint(encoder, message.limits.maxChunkBytes, 'maxChunkBytes');
      uint(encoder, message.limits.maxMessageBytes, 'maxMessageBytes');
      return extension(typeNumbers.hello, encoder);
    case 'authenticate':
      uint(encoder, message.clientId, 'clientId');
      text(encoder, message.token, 'token', limits.maxTokenBytes);
      return extension(typeNumbers.authenticate, encoder);
    case 'welcome':
      uint(encoder, roles.indexOf(message.role), 'role');
      text(encoder, message.userId, 'user id', limits.maxUserIdBytes);
      return extension(typeNumbers.welcome, encoder);
    case 'ack':
      uint(encoder, message.count, 'count');
      return extension(typeNumbers.ack, encoder);
    case 'refused':
      uint(encoder, message.count, 'count');
      code(encoder, message.code);
      return extension(typeNumbers.refused, encoder);
    case 'wet':
      uint(encoder, message.clientId, 'clientId');
      text(encoder, message.gesture, 'gesture', limits.maxGestureBytes);
      uint(encoder, message.index, 'index');
      uint(encoder, message.isEnd ? 1 : 0, 'flags');
      return extension(typeNumbers.wet, encoder, checkSize(message.payload, 'wet ink', limits.maxWetBytes));
    case 'app':
      text(encoder, message.channel, 'channel', limits.maxChannelBytes);
      return extension(typeNumbers.app, encoder, checkSize(message.payload, 'payload', limits.maxMessageBytes));
    case 'notice':
      code(encoder, message.code);
      uint(encoder, message.retryAfterMs, 'retryAfterMs');
      text(encoder, message.text, 'text', limits.maxTextBytes);
      return extension(typeNumbers.notice, encoder);
    case 'reconnect':
      uint(encoder, message.afterMs, 'afterMs');
      return extension(typeNumbers.reconnect, encoder);
    case 'digest':
      if (message.sha256.length !== SHA256_BYTES) throw new RangeError(`a digest has ${SHA256_BYTES} bytes`);
      return extension(typeNumbers.digest, encoder, message.sha256);
    case 'chunk':
      uint(encoder, message.id, 'id');
      uint(encoder, message.offset, 'offset');
      uint(encoder, message.total, 'total');
      return extension(typeNumbers.chunk, encoder, message.bytes);
    case 'unknown':
      throw new RangeError(`a message of unknown type ${message.typeNumber} cannot be encoded`);
  }
}

function sync(encoder: Encoder, step: number, bytes: Uint8Array): Uint8Array {
  writeVarUint(encoder, typeNumbers.sync);
  writeVarUint(encoder, step);
  return withBytes(encoder, bytes);
}

/** Payloads are set in place once: through an encoder, a document of 16 MB would be copied three times. */
function withBytes(head: Encoder, bytes: Uint8Array): Uint8Array {
  writeVarUint(head, bytes.length);
  return concat([toUint8Array(head), bytes]);
}

/** @param rest What the body ends with, after the fields in `body`. */
function extension(typeNumber: number, body: Encoder, rest: Uint8Array = noBytes): Uint8Array {
  const head = createEncoder();
  writeVarUint(head, typeNumber);
  writeVarUint(head, lengthOf(body) + rest.length);
  return concat([toUint8Array(head), toUint8Array(body), rest]);
}

function uint(encoder: Encoder, value: number, what: string): void {
  writeVarUint(encoder, checkUint(value, what));
}

function code(encoder: Encoder, name: ErrorName): void {
  const number = errors[name].code;
  if (number > LAST_WIRE_CODE) throw new RangeError(`${name} is raised on a device and never sent`);
  writeVarUint(encoder, number);
}

function text(encoder: Encoder, value: string, what: string, maxBytes: number): void {
  writeVarUint8Array(encoder, checkSize(utf8.encode(value), what, maxBytes));
}

/** @returns `bytes` */
function checkSize(bytes: Uint8Array, what: string, maxBytes: number): Uint8Array {
  if (bytes.length > maxBytes) throw new SyncError('TOO_LARGE', `${what} has ${bytes.length} bytes, ${maxBytes} allowed`);
  return bytes;
}
