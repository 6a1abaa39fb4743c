/** A page that has a board open, with a user's token. For tests only. */

import { createBoard, type Board } from '@wetink/board';
import { decodeFrame, encodeMessage, type Message } from '@wetink/protocol';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

export class Page {
  readonly doc = new Y.Doc();
  readonly board: Board;
  isSynced = false;
  #sent = 0;
  #acked = 0;
  readonly #ws: WebSocket;

  /** @param origin Such as http://127.0.0.1:8787. */
  constructor(origin: string, room: string, user: { id: string; token: string }) {
    this.board = createBoard({ doc: this.doc, userId: user.id });
    this.#ws = new WebSocket(`${origin.replace('http', 'ws')}/${room}?wetink=1`);
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#send({ type: 'update', update });
    });
    this.#ws.on('error', () => undefined); // Tests wait for what never comes then.
    this.#ws.on('message', (data) => {
      for (const message of decodeFrame(new Uint8Array(data as Buffer), { isExtension: true })) {
        if (message.type === 'hello') this.#send({ type: 'authenticate', clientId: this.doc.clientID, token: user.token });
        if (message.type === 'welcome') this.#send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) });
        if (message.type === 'sync-step-1')
          this.#send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, message.stateVector) });
        if (message.type === 'sync-step-2' || message.type === 'update') Y.applyUpdate(this.doc, message.update, this);
        if (message.type === 'sync-step-2') this.isSynced = true;
        if (message.type === 'ack') this.#acked = message.count;
      }
    });
  }

  /** The relay has acknowledged everything. */
  get isSaved(): boolean {
    return this.#acked === this.#sent;
  }

  #send(message: Message): void {
    if (message.type === 'update' || message.type === 'sync-step-2') this.#sent += 1;
    this.#ws.send(encodeMessage(message));
  }

  close(): void {
    this.#ws.terminate();
    this.board.close();
    this.doc.destroy();
  }
}
