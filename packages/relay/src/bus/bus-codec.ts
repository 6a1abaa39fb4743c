/**
 * Messages between relays that have a room open, as bytes on the bus.
 *
 *     message = version 1, kind, body            one byte each, then as below; numbers are varUints
 *     batch   = epoch, position before, position after, isWhole, count x update
 *
 * A bus brings bytes from outside, as a socket does: every length and count is checked before anything is allocated,
 * and updates are checked again before they are applied. A message of another version is dropped: nodes of two versions
 * exchange updates through the store.
 */

import { BoundedReader, decodeFrame, limits as wire, SyncError } from '@wetink/protocol';
import type { Position } from '@wetink/storage';
import { createEncoder, toUint8Array, writeUint8, writeUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { DIGEST_BYTES } from '../document/room-document.ts';
import type { OwnerAnswer } from '../ownership/struct-ownership.ts';
import type { NodeEntry } from '../presence/node-presence.ts';

export type BusMessage =
  /**
   * Rows that are durable. A node that has all rows up to `previous` and applies these has all up to `position`.
   * `updates` is null when the rows should be read from the store.
   */
  | { type: 'batch'; epoch: number; previous: Position; position: Position; updates: Uint8Array[] | null }
  /** `isFull`: `entries` is everything that the node has. `wet` holds encoded wet messages. */
  | { type: 'ephemeral'; isFull: boolean; entries: NodeEntry[]; wet: Uint8Array[] }
  /** The content of the sender's document. `digest`: null while part of it is not durable. `isAsking`: announce yours too. */
  | { type: 'announce'; epoch: number; position: Position; digest: Uint8Array | null; isAsking: boolean }
  | { type: 'ask'; epoch: number; id: number; stateVector: Uint8Array }
  /**
   * The changes that the asker lacked, all durable; null when they are too large for the bus. With it the asker reaches
   * `position`. A `stateVector` asks for the other direction: the reply has the same id and no state vector.
   */
  | { type: 'answer'; epoch: number; id: number; position: Position; update: Uint8Array | null; stateVector: Uint8Array | null }
  | { type: 'presence-query' }
  | { type: 'erased'; epoch: number }
  /** Asks how many clocks a member has made under its client id. An answer of `asking` is followed by a second one. */
  | { type: 'owner-ask'; epoch: number; id: number; clientId: number }
  /** A number means: everything that the member made before this clock is durable and was published. */
  | { type: 'owner-answer'; epoch: number; id: number; answer: OwnerAnswer };

const VERSION = 1;
/** A relay skips kinds that it does not know; a question of such a kind goes unanswered, and its sender goes on. */
const kinds = ['batch', 'ephemeral', 'announce', 'ask', 'answer', 'presence-query', 'erased', 'owner-ask', 'owner-answer'] as const;

/** Limit of one message. A batch or an answer above `maxBusUpdateBytes` of the relay's limits is not sent. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
/** Processes that ever wrote to one room: one for each start of each node. */
const MAX_WRITERS = 65_536;
const MAX_UPDATES = 65_536;
const MAX_WET = 65_536;
const WRITER_NAME = /^[A-Za-z0-9_-]{1,32}$/;

export function encodeBusMessage(message: BusMessage): Uint8Array {
  const encoder = createEncoder();
  writeUint8(encoder, VERSION);
  writeUint8(encoder, kinds.indexOf(message.type));
  const position = (value: Position): void => {
    const entries = Object.entries(value);
    writeVarUint(encoder, entries.length);
    for (const [writer, row] of entries) {
      writeVarString(encoder, writer);
      writeVarUint(encoder, row);
    }
  };
  const flag = (value: boolean): void => writeUint8(encoder, value ? 1 : 0);
  const optional = (bytes: Uint8Array | null): void => {
    flag(bytes !== null);
    if (bytes !== null) writeVarUint8Array(encoder, bytes);
  };
  const list = (items: readonly Uint8Array[]): void => {
    writeVarUint(encoder, items.length);
    for (const item of items) writeVarUint8Array(encoder, item);
  };
  switch (message.type) {
    case 'batch':
      writeVarUint(encoder, message.epoch);
      position(message.previous);
      position(message.position);
      flag(message.updates !== null);
      list(message.updates ?? []);
      break;
    case 'ephemeral':
      flag(message.isFull);
      writeVarUint(encoder, message.entries.length);
      for (const entry of message.entries) {
        writeVarUint(encoder, entry.clientId);
        writeVarUint(encoder, entry.clock);
        writeVarUint(encoder, entry.tenure);
        flag(entry.isOwn);
        writeVarString(encoder, entry.userId);
        writeVarString(encoder, entry.state);
      }
      list(message.wet);
      break;
    case 'announce':
      writeVarUint(encoder, message.epoch);
      position(message.position);
      flag(message.digest !== null);
      if (message.digest !== null) writeUint8Array(encoder, message.digest);
      flag(message.isAsking);
      break;
    case 'ask':
      writeVarUint(encoder, message.epoch);
      writeVarUint(encoder, message.id);
      writeVarUint8Array(encoder, message.stateVector);
      break;
    case 'answer':
      writeVarUint(encoder, message.epoch);
      writeVarUint(encoder, message.id);
      position(message.position);
      optional(message.update);
      optional(message.stateVector);
      break;
    case 'presence-query':
      break;
    case 'erased':
      writeVarUint(encoder, message.epoch);
      break;
    case 'owner-ask':
      writeVarUint(encoder, message.epoch);
      writeVarUint(encoder, message.id);
      writeVarUint(encoder, message.clientId);
      break;
    case 'owner-answer':
      writeVarUint(encoder, message.epoch);
      writeVarUint(encoder, message.id);
      // 0 is absent, 1 is asking, everything above is a clock plus 2.
      writeVarUint(encoder, message.answer === 'absent' ? 0 : message.answer === 'asking' ? 1 : message.answer + 2);
      break;
  }
  return toUint8Array(encoder);
}

/**
 * @param bytes Not modified; the message holds copies.
 * @throws {SyncError} MALFORMED or TOO_LARGE when they are not a message of this version.
 */
export function decodeBusMessage(bytes: Uint8Array): BusMessage {
  if (bytes.length > MAX_MESSAGE_BYTES) throw new SyncError('TOO_LARGE', `a bus message of ${bytes.length} bytes`);
  const reader = new BoundedReader(bytes);
  const version = reader.byte('bus version');
  if (version !== VERSION) throw new SyncError('MALFORMED', `bus version ${version}`);
  const kind = kinds[reader.byte('bus message')];
  if (kind === undefined) throw new SyncError('MALFORMED', 'unknown bus message');
  const message = readBody(reader, kind);
  reader.finish('the bus message');
  return message;
}

function readBody(reader: BoundedReader, kind: (typeof kinds)[number]): BusMessage {
  switch (kind) {
    case 'batch': {
      const epoch = reader.uint('epoch');
      const previous = readPosition(reader);
      const position = readPosition(reader);
      const isWhole = readFlag(reader);
      const updates = readList(reader, 'updates', MAX_UPDATES, MAX_MESSAGE_BYTES);
      if (!isWhole && updates.length > 0) throw new SyncError('MALFORMED', 'updates in a batch without any');
      return { type: 'batch', epoch, previous, position, updates: isWhole ? updates : null };
    }
    case 'ephemeral': {
      const isFull = readFlag(reader);
      const count = reader.count('presence entries', 6, wire.maxAwarenessEntries);
      const entries: NodeEntry[] = [];
      for (let i = 0; i < count; i++) {
        const clientId = reader.uint('client id');
        const clock = reader.uint('clock', wire.maxAwarenessClock);
        const tenure = reader.uint('tenure');
        const isOwn = readFlag(reader);
        const userId = reader.string('user id', wire.maxUserIdBytes);
        entries.push({ clientId, clock, tenure, isOwn, userId, state: reader.string('state', wire.maxAwarenessStateBytes) });
      }
      return { type: 'ephemeral', isFull, entries, wet: readList(reader, 'wet ink', MAX_WET, 2 * wire.maxWetBytes).map(checkWet) };
    }
    case 'announce': {
      const epoch = reader.uint('epoch');
      const position = readPosition(reader);
      const digest = readFlag(reader) ? reader.fixed('digest', DIGEST_BYTES) : null;
      return { type: 'announce', epoch, position, digest, isAsking: readFlag(reader) };
    }
    case 'ask':
      return { type: 'ask', epoch: reader.uint('epoch'), id: reader.uint('id'), stateVector: reader.bytes('state vector') };
    case 'answer': {
      const epoch = reader.uint('epoch');
      const id = reader.uint('id');
      const position = readPosition(reader);
      const update = readFlag(reader) ? reader.bytes('update') : null;
      const stateVector = readFlag(reader) ? reader.bytes('state vector') : null;
      return { type: 'answer', epoch, id, position, update, stateVector };
    }
    case 'presence-query':
      return { type: 'presence-query' };
    case 'erased':
      return { type: 'erased', epoch: reader.uint('epoch') };
    case 'owner-ask':
      return { type: 'owner-ask', epoch: reader.uint('epoch'), id: reader.uint('id'), clientId: reader.uint('client id') };
    case 'owner-answer': {
      const epoch = reader.uint('epoch');
      const id = reader.uint('id');
      const answer = reader.uint('answer', wire.maxUpdateClock + 2);
      return { type: 'owner-answer', epoch, id, answer: answer === 0 ? 'absent' : answer === 1 ? 'asking' : answer - 2 };
    }
  }
}

function readFlag(reader: BoundedReader): boolean {
  const value = reader.byte('flag');
  if (value > 1) throw new SyncError('MALFORMED', `a flag of ${value}`);
  return value === 1;
}

function readPosition(reader: BoundedReader): Position {
  const count = reader.count('writers', 3, MAX_WRITERS);
  const position: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const writer = reader.string('writer', 32);
    if (!WRITER_NAME.test(writer) || writer === '__proto__') throw new SyncError('MALFORMED', 'a writer name that is not valid');
    position[writer] = reader.uint('row');
  }
  return position;
}

function readList(reader: BoundedReader, what: string, maxCount: number, maxBytes: number): Uint8Array[] {
  const count = reader.count(what, 1, maxCount);
  return Array.from({ length: count }, () => reader.bytes(what, maxBytes));
}

function checkWet(bytes: Uint8Array): Uint8Array {
  const messages = decodeFrame(bytes, { isExtension: true });
  if (messages.length !== 1 || messages[0]?.type !== 'wet') throw new SyncError('MALFORMED', 'something other than one piece of wet ink');
  return bytes;
}
