/**
 * A y-websocket relay without guards: it trusts every byte, name and reader, like relays that do only what the protocol
 * requires. The attacks of this package must succeed against it, otherwise they prove nothing about ours.
 *
 * Real servers did each of these: y-websocket-server (any path is a document, decoding errors are only caught, unsent bytes
 * of sockets are not checked, any client may send any awareness state, no listener for 'error'), Hocuspocus before 4.3
 * (rooms in a plain object), ws before 8.21 (unbounded fragments) and before 8.23 (a pong for every ping). For tests only.
 */

import type { IncomingMessage, Server } from 'node:http';
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, length, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { type WebSocket, WebSocketServer } from 'ws';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';

const SYNC = 0;
const AWARENESS = 1;
/** Message type of an update in Yjs's second format, which some relays accept too. */
const UPDATE_V2 = 4;
/** From this many updates on, they are merged when a client joins, as in stores that keep every update. */
const MERGED_FROM = 10_000;

interface Room {
  doc: Y.Doc;
  awareness: Awareness;
  /** Awareness ids that each socket has sent states for. */
  idsBySocket: Map<WebSocket, Set<number>>;
  /** Every update since the last merge, and the result of that merge. */
  log: Uint8Array[];
}

export interface ReferenceOptions {
  /** Turns on permessage-deflate, as many servers do. */
  isCompressed?: boolean;
  /** Decides on each upgrade: 101, or the status of a refusal. Default: every client enters. */
  enters?(request: IncomingMessage): number;
}

export interface ReferenceRelay {
  /** The document of a room, for a service that writes into it. */
  docOf(room: string): Y.Doc;
}

/** Serves every WebSocket upgrade of `server`. */
export function attachReferenceRelay(server: Server, { isCompressed = false, enters = () => 101 }: ReferenceOptions = {}): ReferenceRelay {
  const rooms: Record<string, Room> = {};
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: isCompressed,
    verifyClient({ req }, done) {
      const status = enters(req);
      done(status === 101, status);
    },
    maxPayload: 0,
    maxFragments: 0,
    maxBufferedChunks: 0,
    autoPong: false,
  });
  sockets.on('connection', (socket, request) => {
    const name = (request.url ?? '/').slice(1).split('?')[0] ?? '';
    const room = (rooms[name] ??= createRoom());
    join(room, socket);
  });
  return { docOf: (name) => (rooms[name] ??= createRoom()).doc };
}

function createRoom(): Room {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  awareness.setLocalState(null);
  const room: Room = { doc, awareness, idsBySocket: new Map(), log: [] };
  doc.on('update', (update: Uint8Array) => {
    room.log.push(update);
    const frame = message(SYNC, (encoder) => writeUpdate(encoder, update));
    toAll(room, frame);
  });
  awareness.on('update', (ids: { added: number[]; updated: number[]; removed: number[] }, from: unknown) => {
    const spokenFor = room.idsBySocket.get(from as WebSocket);
    for (const id of ids.added) spokenFor?.add(id);
    toAll(room, awarenessMessage(awareness, [...ids.added, ...ids.updated, ...ids.removed]));
  });
  return room;
}

function join(room: Room, socket: WebSocket): void {
  room.idsBySocket.set(socket, new Set());
  if (room.log.length >= MERGED_FROM) room.log = [Y.mergeUpdates(room.log)];
  socket.on('ping', (data) => socket.pong(data));
  socket.on('message', (data) => {
    try {
      receive(room, socket, new Uint8Array(data as Buffer));
    } catch {
      // As in y-websocket-server: the sender gets no error, and changes applied before the error stay.
    }
  });
  socket.on('close', () => {
    const ids = room.idsBySocket.get(socket) ?? new Set();
    room.idsBySocket.delete(socket);
    removeAwarenessStates(room.awareness, [...ids], null);
  });
  socket.send(message(SYNC, (encoder) => writeSyncStep1(encoder, room.doc)));
  if (room.awareness.getStates().size > 0) socket.send(awarenessMessage(room.awareness, [...room.awareness.getStates().keys()]));
}

function receive(room: Room, socket: WebSocket, bytes: Uint8Array): void {
  const decoder = createDecoder(bytes);
  const type = readVarUint(decoder);
  if (type === AWARENESS) applyAwarenessUpdate(room.awareness, readVarUint8Array(decoder), socket);
  if (type === UPDATE_V2) Y.applyUpdateV2(room.doc, readVarUint8Array(decoder), socket);
  if (type !== SYNC) return;
  const answer = createEncoder();
  writeVarUint(answer, SYNC);
  readSyncMessage(decoder, answer, room.doc, socket, () => undefined);
  if (length(answer) > 1) socket.send(toUint8Array(answer));
}

function toAll(room: Room, bytes: Uint8Array): void {
  for (const socket of room.idsBySocket.keys()) socket.send(bytes);
}

function awarenessMessage(awareness: Awareness, ids: number[]): Uint8Array {
  return message(AWARENESS, (encoder) => writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, ids)));
}

function message(type: number, write: (encoder: ReturnType<typeof createEncoder>) => void): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, type);
  write(encoder);
  return toUint8Array(encoder);
}
