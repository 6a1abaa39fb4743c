/**
 * How one message becomes bytes. SPEC.md states the grammar; frame.ts reads it.
 *
 *     base:       varUint type, fields                      types 0-3, exactly y-websocket's
 *     extension:  varUint type, varUint length, body        types from 100 up, so unknown ones can be passed over
 *
 * Messages of clients have a function of their own, so that an app does not carry what only relays write.
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
import { failureOf, LAST_WIRE_CODE, type ErrorName } from './error-codes.ts';
import * as limits from './limits.ts';
import { areLimitsPossible, HELLO_MAGIC, roles, SHA256_BYTES, type ClientMessage, type Message } from './messages.ts';
import { SyncError } from './sync-error.ts';
import * as syncNumbers from './sync-numbers.ts';
import * as typeNumbers from './type-numbers.ts';

const utf8 = /*#__PURE__*/ new TextEncoder();
const noBytes = /*#__PURE__*/ new Uint8Array(0);
const stepOf = { 'sync-step-1': syncNumbers.step1, 'sync-step-2': syncNumbers.step2, update: syncNumbers.update } as const;

/**
 * One message as bytes: a whole base frame, or a part of an extension frame.
 *
 * @throws {SyncError} TOO_LARGE when a text or payload is above its limit (the other side would refuse it).
 * @throws {RangeError} for numbers that are not unsigned integers, and for 'unknown'.
 */
export function encodeMessage(message: Message): Uint8Array {
  if (isSync(message)) return encodeSync(message);
  const encoder = createEncoder();
  switch (message.type) {
    case 'permission-denied':
      writeVarUint(encoder, typeNumbers.auth);
      writeVarUint(encoder, 0);
      text(encoder, message.reason, 'reason', limits.maxTextBytes);
      return toUint8Array(encoder);
    case 'hello':
      if (!areLimitsPossible(message.limits)) throw new RangeError('hello tells impossible limits');
      writeVarString(encoder, HELLO_MAGIC);
      uint(encoder, message.version, 'version');
      uint(encoder, message.limits.maxChunkBytes, 'maxChunkBytes');
      uint(encoder, message.limits.maxMessageBytes, 'maxMessageBytes');
      return extension(typeNumbers.hello, encoder);
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
    case 'notice':
      code(encoder, message.code);
      uint(encoder, message.retryAfterMs, 'retryAfterMs');
      text(encoder, message.text, 'text', limits.maxTextBytes);
      return extension(typeNumbers.notice, encoder);
    case 'reconnect':
      uint(encoder, message.afterMs, 'afterMs');
      return extension(typeNumbers.reconnect, encoder);
    case 'app':
      text(encoder, message.channel, 'channel', limits.maxChannelBytes);
      return extension(typeNumbers.app, encoder, checkSize(message.payload, 'payload', limits.maxMessageBytes));
    case 'digest':
      if (message.sha256.length !== SHA256_BYTES) throw new RangeError(`a digest has ${SHA256_BYTES} bytes`);
      return extension(typeNumbers.digest, encoder, message.sha256);
    case 'query-awareness':
      writeVarUint(encoder, typeNumbers.queryAwareness);
      return toUint8Array(encoder);
    case 'authenticate':
      checkSize(utf8.encode(message.token), 'token', limits.maxTokenBytes);
      return encodeClientMessage(message);
    case 'wet':
      checkSize(utf8.encode(message.gesture), 'gesture', limits.maxGestureBytes);
      checkSize(message.payload, 'wet ink', limits.maxWetBytes);
      return encodeClientMessage(message);
    case 'unknown':
      throw new RangeError(`a message of unknown type ${message.typeNumber} cannot be encoded`);
    default:
      return encodeClientMessage(message);
  }
}

/**
 * A message of a client, as `encodeMessage` writes it.
 * @throws {RangeError} for a text or payload that the other side would refuse, and numbers that are not unsigned integers.
 */
export function encodeClientMessage(message: ClientMessage): Uint8Array {
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
    case 'authenticate':
      uint(encoder, message.clientId, 'clientId');
      writeVarUint8Array(encoder, within(limits.maxTokenBytes, utf8.encode(message.token)));
      return extension(typeNumbers.authenticate, encoder);
    case 'wet':
      uint(encoder, message.clientId, 'clientId');
      writeVarUint8Array(encoder, within(limits.maxGestureBytes, utf8.encode(message.gesture)));
      uint(encoder, message.index, 'index');
      writeVarUint(encoder, message.isEnd ? 1 : 0);
      return extension(typeNumbers.wet, encoder, within(limits.maxWetBytes, message.payload));
    case 'chunk':
      uint(encoder, message.id, 'id');
      uint(encoder, message.offset, 'offset');
      uint(encoder, message.total, 'total');
      return extension(typeNumbers.chunk, encoder, message.bytes);
  }
}

function sync(encoder: Encoder, step: number, bytes: Uint8Array): Uint8Array {
  writeVarUint(encoder, typeNumbers.sync);
  writeVarUint(encoder, step);
  return withBytes(encoder, bytes);
}

type SyncMessage = Extract<ClientMessage, { type: 'sync-step-1' | 'sync-step-2' | 'update' }>;

function isSync(message: Message): message is SyncMessage {
  return message.type === 'update' || message.type === 'sync-step-1' || message.type === 'sync-step-2';
}

/**
 * Without an encoder, which would allocate 100 bytes and copy the head: most messages of a relay are these. A client, which sends
 * few, does without this code.
 */
function encodeSync(message: SyncMessage): Uint8Array {
  const bytes = message.type === 'sync-step-1' ? message.stateVector : message.update;
  const head: number[] = [typeNumbers.sync, stepOf[message.type]];
  let rest = bytes.length;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) head.push(0x80 | (rest & 0x7f));
  head.push(rest);
  const encoded = new Uint8Array(head.length + bytes.length);
  encoded.set(head);
  encoded.set(bytes, head.length);
  return encoded;
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
  const number = failureOf(name).code;
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

/** @returns `bytes` */
function within(maxBytes: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length > maxBytes) throw new RangeError(`${bytes.length} bytes where ${maxBytes} are allowed`);
  return bytes;
}
