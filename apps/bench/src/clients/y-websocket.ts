/** A client that speaks y-websocket's protocol, as every server here but Hocuspocus and socket.io does. */

import { encode, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { nextId, type Address, type Client, type Listener } from './client.ts';
import { LoadSocket } from './web-socket.ts';

export const SYNC = 0;
export const PRESENCE = 1;
export const STEP_1 = 0;
export const STEP_2 = 1;
export const UPDATE = 2;
/** State vector of an empty document, and an update that changes nothing. */
export const EMPTY_VECTOR = new Uint8Array([0]);
export const EMPTY_UPDATE = new Uint8Array([0, 0]);

export function syncMessage(step: number, body: Uint8Array): Uint8Array {
  return encode((encoder) => {
    writeVarUint(encoder, SYNC);
    writeVarUint(encoder, step);
    writeVarUint8Array(encoder, body);
  });
}

/** @returns The body of an awareness message with one state. */
export function presenceBody(id: number, clock: number, state: string): Uint8Array {
  return encode((encoder) => {
    writeVarUint(encoder, 1);
    writeVarUint(encoder, id);
    writeVarUint(encoder, clock);
    writeVarString(encoder, state);
  });
}

export function openYWebsocket({ url }: Address, room: string, listener: Listener = {}): Client {
  const id = nextId();
  let hasJoined = false;
  let socket!: LoadSocket;
  const joined = new Promise<void>((resolve, reject) => {
    socket = new LoadSocket(`${url}/${room}`, {
      onOpen() {
        listener.onOpen?.();
        socket.send(syncMessage(STEP_1, listener.stateVector ?? EMPTY_VECTOR));
      },
      onMessage(frame) {
        if (frame[0] === SYNC) {
          // Like y-websocket's client, which answers although it has nothing.
          if (frame[1] === STEP_1) return socket.send(syncMessage(STEP_2, EMPTY_UPDATE));
          listener.onUpdate?.(updateOf(frame));
          if (frame[1] === STEP_2 && !hasJoined) {
            hasJoined = true;
            resolve();
          }
        }
        listener.onFrame?.(frame);
      },
      onClose(code, reason) {
        reject(new Error(`${room}: closed with ${code} ${reason}`));
        listener.onClose?.(code, reason);
      },
    });
  });
  return {
    joined,
    sendUpdate: (update) => socket.send(syncMessage(UPDATE, update)),
    sendCursor: (clock, state) =>
      socket.send(
        encode((encoder) => {
          writeVarUint(encoder, PRESENCE);
          writeVarUint8Array(encoder, presenceBody(id, clock, state));
        }),
      ),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
  };
}

function updateOf(frame: Buffer): Uint8Array {
  const decoder = createDecoder(frame);
  readVarUint(decoder);
  readVarUint(decoder);
  return readVarUint8Array(decoder).slice();
}
