/** A client that speaks the relay's extension: it sends a token after the relay's hello, and the relay acknowledges its updates. */

import { decodeFrame, encodeMessage, limits, type ClientMessage } from '@wetink/protocol';
import { nextId, type Address, type Client, type Listener } from './client.ts';
import { LoadSocket } from './web-socket.ts';
import { EMPTY_VECTOR } from './y-websocket.ts';

export function openWetink({ url, token }: Address, room: string, listener: Listener = {}): Client {
  const id = nextId();
  let isExtension = false;
  let socket!: LoadSocket;
  const send = (message: ClientMessage): void => socket.send(encodeMessage(message));
  const joined = new Promise<void>((resolve, reject) => {
    socket = new LoadSocket(`${url}/${room}?wetink=1`, {
      onOpen: () => listener.onOpen?.(),
      onMessage(frame) {
        for (const message of decodeFrame(frame, { isExtension, maxFrameBytes: limits.maxMessageBytes })) {
          if (message.type === 'hello') {
            isExtension = true;
            send({ type: 'authenticate', clientId: id, token });
          } else if (message.type === 'welcome') send({ type: 'sync-step-1', stateVector: listener.stateVector ?? EMPTY_VECTOR });
          else if (message.type === 'sync-step-2' || message.type === 'update') {
            listener.onUpdate?.(message.update.slice());
            if (message.type === 'sync-step-2') resolve();
          } else if (message.type === 'ack') listener.onAck?.(message.count);
          else if (message.type === 'refused') reject(new Error(`${room}: the relay refused: ${message.code}`));
        }
        listener.onFrame?.(frame);
      },
      onClose(code, reason) {
        reject(new Error(`${room}: the relay closed with ${code} ${reason}`));
        listener.onClose?.(code, reason);
      },
    });
  });
  return {
    joined,
    sendUpdate: (update) => send({ type: 'update', update }),
    sendCursor: () => {
      throw new Error('cursors are measured with the base protocol');
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
  };
}
