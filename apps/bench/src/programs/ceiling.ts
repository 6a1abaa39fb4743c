/**
 * A relay that does no Yjs work, to see what Node and raw WebSockets allow: it keeps messages as they come, and every 10 ms
 * makes one write per receiver with all that came meanwhile. Speaks enough of y-websocket's protocol for the load.
 *
 * Not a product: it checks nothing, saves nothing, and sends a joiner every message there ever was.
 */

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { encode, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { WebSocketServer, type RawData } from 'ws';
import { EMPTY_UPDATE, PRESENCE, STEP_1, STEP_2, SYNC, syncMessage, UPDATE } from '../clients/y-websocket.ts';

const TICK_MS = 10;

interface Room {
  sockets: Set<Duplex>;
  kept: Buffer[];
  pending: Buffer[];
  /** The newest presence of each member since the last tick, without the count of states. */
  presence: Map<Duplex, Uint8Array>;
  timer: NodeJS.Timeout | undefined;
}

const rooms = new Map<string, Room>();
const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const synced = frameOf(syncMessage(STEP_2, EMPTY_UPDATE));

const server = createServer((_request, response) => response.end());
server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
  webSockets.handleUpgrade(request, socket, head, (webSocket) => {
    const room = enter(request.url ?? '/', socket);
    webSocket.on('message', (data: RawData) => take(room, socket, data as Buffer));
    webSocket.on('error', () => webSocket.terminate());
    webSocket.on('close', () => {
      room.sockets.delete(socket);
      room.presence.delete(socket);
    });
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());

function enter(name: string, socket: Duplex): Room {
  const room: Room = rooms.get(name) ?? { sockets: new Set(), kept: [], pending: [], presence: new Map(), timer: undefined };
  rooms.set(name, room);
  room.sockets.add(socket);
  return room;
}

function take(room: Room, socket: Duplex, message: Buffer): void {
  if (message[0] === PRESENCE) {
    room.presence.set(socket, stateOf(message));
    schedule(room);
  } else if (message[0] === SYNC && message[1] === UPDATE) {
    const frame = frameOf(message);
    room.kept.push(frame);
    room.pending.push(frame);
    schedule(room);
  } else if (message[0] === SYNC && message[1] === STEP_1) socket.write(Buffer.concat([...room.kept, synced]));
}

function schedule(room: Room): void {
  room.timer ??= setTimeout(tick, TICK_MS, room);
}

function tick(room: Room): void {
  room.timer = undefined;
  const frames = room.pending;
  if (room.presence.size > 0) frames.push(presenceFrame([...room.presence.values()]));
  room.pending = [];
  room.presence.clear();
  const bytes = Buffer.concat(frames);
  for (const socket of room.sockets) socket.write(bytes);
}

/** @returns Id, clock and state of a message with one state. */
function stateOf(message: Buffer): Uint8Array {
  const decoder = createDecoder(message);
  readVarUint(decoder);
  return readVarUint8Array(decoder).subarray(1);
}

function presenceFrame(states: readonly Uint8Array[]): Buffer {
  const count = encode((encoder) => writeVarUint(encoder, states.length));
  return frameOf(
    encode((encoder) => {
      writeVarUint(encoder, PRESENCE);
      writeVarUint8Array(encoder, Buffer.concat([count, ...states]));
    }),
  );
}

/** @returns The message as a server sends it: one final binary frame without a mask. */
function frameOf(message: Uint8Array): Buffer {
  const { length } = message;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x82;
  header[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, message]);
}
