/** A client like HocuspocusProvider 4: token and first sync message at once; one SyncStatus message for each update. */

import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { encode, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { nextId, type Address, type Client, type Listener } from './client.ts';
import { LoadSocket } from './web-socket.ts';
import { EMPTY_UPDATE, EMPTY_VECTOR, PRESENCE, presenceBody, STEP_1, STEP_2, SYNC, UPDATE } from './y-websocket.ts';

const AUTHENTICATION = 2;
const SYNC_REPLY = 4;
const SYNC_STATUS = 8;
const DENIED = 1;

export function openHocuspocus({ url, token }: Address, room: string, listener: Listener = {}): Client {
  const id = nextId();
  let acked = 0;
  let socket!: LoadSocket;
  const send = (type: number, step: number, body: Uint8Array | string): void => socket.send(message(room, type, step, body));
  const joined = new Promise<void>((resolve, reject) => {
    socket = new LoadSocket(url, {
      onOpen() {
        listener.onOpen?.();
        send(AUTHENTICATION, 0, token);
        send(SYNC, STEP_1, listener.stateVector ?? EMPTY_VECTOR);
      },
      onMessage(frame) {
        const decoder = createDecoder(frame);
        readVarString(decoder);
        const type = readVarUint(decoder);
        if (type === AUTHENTICATION && readVarUint(decoder) === DENIED) reject(new Error(`${room}: Hocuspocus refused the token`));
        if (type === SYNC_STATUS && readVarUint(decoder) === 1) {
          acked += 1;
          listener.onAck?.(acked);
        }
        if (type === SYNC || type === SYNC_REPLY) {
          const step = readVarUint(decoder);
          if (step === STEP_1) return send(SYNC, STEP_2, EMPTY_UPDATE);
          listener.onUpdate?.(readVarUint8Array(decoder).slice());
          if (step === STEP_2) resolve();
        }
        listener.onFrame?.(frame);
      },
      onClose(code, reason) {
        reject(new Error(`${room}: Hocuspocus closed with ${code} ${reason}`));
        listener.onClose?.(code, reason);
      },
    });
  });
  return {
    joined,
    sendUpdate: (update) => send(SYNC, UPDATE, update),
    sendCursor: (clock, state) =>
      socket.send(
        encode((encoder) => {
          writeVarString(encoder, room);
          writeVarUint(encoder, PRESENCE);
          writeVarUint8Array(encoder, presenceBody(id, clock, state));
        }),
      ),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
  };
}

function message(room: string, type: number, step: number, body: Uint8Array | string): Uint8Array {
  return encode((encoder) => {
    writeVarString(encoder, room);
    writeVarUint(encoder, type);
    writeVarUint(encoder, step);
    if (typeof body === 'string') writeVarString(encoder, body);
    else writeVarUint8Array(encoder, body);
  });
}
