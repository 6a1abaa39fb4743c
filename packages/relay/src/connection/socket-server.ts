/** The WebSocket server of a relay: upgrades only, no compression, and a message that is too long ends in a 44xx. */

import { errors } from '@wetink/protocol';
import { WebSocket, WebSocketServer, type RawData, type Server } from 'ws';

const MAX_FRAGMENTS = 4_096;
/** Time from the relay's close frame to dropping a socket that does not answer it. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Hears what happens on its socket. */
export interface SocketOwner {
  socketMessage(data: Buffer, how: { isBinary: boolean }): void;
  socketPong(): void;
  socketError(error: Error): void;
  socketClosed(code: number): void;
}

/** ws closes a message that is too long with 1009, after which a stock client sends it again for ever; a 44xx stops it. */
export class RelaySocket extends WebSocket {
  #owner: SocketOwner | null = null;

  override close(code?: number, reason?: string | Buffer): void {
    if (code === 1009) super.close(errors.TOO_LARGE.close, errors.TOO_LARGE.sentence);
    else super.close(code, reason);
  }

  /** Passes the socket's events to `owner` from now on. All sockets have the same listeners: functions of its own would be 0.4 kB for each. */
  serve(owner: SocketOwner): void {
    this.#owner = owner;
    this.on('message', RelaySocket.#onMessage);
    this.on('pong', RelaySocket.#onPong);
    this.on('error', RelaySocket.#onError);
    this.on('close', RelaySocket.#onClose);
  }

  static #onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
    if (this instanceof RelaySocket) this.#owner?.socketMessage(data as Buffer, { isBinary });
  }

  static #onPong(this: WebSocket): void {
    if (this instanceof RelaySocket) this.#owner?.socketPong();
  }

  static #onError(this: WebSocket, error: Error): void {
    if (this instanceof RelaySocket) this.#owner?.socketError(error);
  }

  static #onClose(this: WebSocket, code: number): void {
    if (this instanceof RelaySocket) this.#owner?.socketClosed(code);
  }
}

export function createSocketServer(maxFrameBytes: number): Server<typeof RelaySocket> {
  // A variable of its own: @types/ws 8.18 does not know closeTimeout, ws 8.23 does.
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    maxFragments: MAX_FRAGMENTS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    WebSocket: RelaySocket,
  };
  return new WebSocketServer(options);
}
