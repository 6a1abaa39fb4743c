/** A client of the board in programs/socket-io.ts: Engine.IO 4 and Socket.IO 5 over a WebSocket, as socket.io-client sends them. */

import { nextId, type Address, type Client, type Listener } from './client.ts';
import { LoadSocket } from './web-socket.ts';

const PONG = '3';
const CONNECT = '40';
/** A binary event with one attachment, which follows as a message of its own. */
const UPDATE = '451-["update",{"_placeholder":true,"num":0}]';

export function openSocketIo({ url }: Address, room: string, listener: Listener = {}): Client {
  const id = nextId();
  let socket!: LoadSocket;
  /** Attachments of the first event, the document, that have not arrived. */
  let missing: number | null = null;
  const joined = new Promise<void>((resolve, reject) => {
    socket = new LoadSocket(`${url.replace('ws:', 'http:')}/socket.io/?EIO=4&transport=websocket&room=${room}`, {
      onOpen: () => undefined,
      onMessage(data, isText) {
        if (isText) {
          const first = data[0];
          if (first === 0x30) return socket.sendText(CONNECT); // "0": Engine.IO is open.
          if (first === 0x32) return socket.sendText(PONG); // "2": a ping.
          if (data[1] === 0x30) return listener.onOpen?.(); // "40": the namespace is open.
          if (missing === null) {
            missing = data[1] === 0x35 ? Number.parseInt(data.toString('latin1', 2, 12), 10) : 0;
            if (missing === 0) resolve();
            return;
          }
        } else {
          listener.onUpdate?.(data.slice());
          if (missing !== null && missing > 0) {
            missing -= 1;
            if (missing === 0) resolve();
          }
        }
        listener.onFrame?.(data);
      },
      onClose(code, reason) {
        reject(new Error(`${room}: socket.io closed with ${code} ${reason}`));
        listener.onClose?.(code, reason);
      },
    });
  });
  return {
    joined,
    sendUpdate(update) {
      socket.sendText(UPDATE);
      socket.send(update);
    },
    sendCursor: (_clock, state) => socket.sendText(`42["cursor",${id},${state}]`),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
  };
}
