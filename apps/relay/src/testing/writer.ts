/** An extension client that writes and counts what was acknowledged. For tests only. */

import { decodeFrame, encodeMessage } from '@wetink/protocol';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

export class Writer {
  readonly doc = new Y.Doc();
  /** Document messages sent and acknowledged on this connection. */
  sent = 0;
  ackedCount = 0;
  closeCode: number | null = null;
  readonly #ws: WebSocket;
  #waiters: (() => void)[] = [];

  private constructor(url: string, room: string) {
    this.#ws = new WebSocket(`${url}/${room}?wetink=1`);
    this.doc.on('update', (update: Uint8Array) => {
      if (this.#ws.readyState !== WebSocket.OPEN) return;
      this.sent += 1;
      this.#ws.send(encodeMessage({ type: 'update', update }));
    });
    this.#ws.on('error', () => undefined); // the close that follows is what counts
    this.#ws.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
  }

  /** @throws {Error} The connection ended before the welcome: on a busy machine the relay may give up waiting (4514). */
  static async join(url: string, room: string, clientId: number): Promise<Writer> {
    const writer = new Writer(url, room);
    let isWelcome = false;
    writer.#ws.on('message', (data) => {
      for (const message of decodeFrame(new Uint8Array(data as Buffer), { isExtension: true })) {
        if (message.type === 'hello') writer.#ws.send(encodeMessage({ type: 'authenticate', clientId, token: '' }));
        if (message.type === 'welcome') isWelcome = true;
        if (message.type === 'ack') writer.ackedCount = message.count;
      }
      writer.#wake();
    });
    while (!isWelcome) {
      if (writer.closeCode !== null) throw new Error(`closed with ${writer.closeCode}`);
      await writer.#change();
    }
    return writer;
  }

  /** Joins, and retries as a client does when the close code says that waiting helps. */
  static async joinPatiently(url: string, room: string, clientId: number): Promise<Writer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await Writer.join(url, room, clientId);
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  edit(change: (doc: Y.Doc) => void): void {
    change(this.doc);
  }

  /** Resolves when `count` messages are acknowledged, or the connection is gone. */
  async acked(count: number): Promise<void> {
    while (this.ackedCount < count && this.closeCode === null) await this.#change();
  }

  async closed(): Promise<void> {
    while (this.closeCode === null) await this.#change();
  }

  close(): void {
    this.#ws.terminate();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
