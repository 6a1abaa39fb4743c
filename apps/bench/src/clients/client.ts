/** A client as a server sees one: it joins a room, sends what a client sends, and counts; it draws and keeps nothing. */

export interface Listener {
  /** Whether it has a document already, and so requests only the rest. */
  stateVector?: Uint8Array;
  /** Called with each message of the server after the document, undecoded: marks are found in its bytes. Valid during the call. */
  onFrame?(frame: Buffer): void;
  /** Called with each change to the document, the first answer included. Decoding costs: give it to few clients. */
  onUpdate?(update: Uint8Array): void;
  /** Called when the first `count` updates of this client are acknowledged. */
  onAck?(count: number): void;
  onOpen?(): void;
  onClose?(code: number, reason: string): void;
}

export interface Client {
  /** Resolves when the client has the room's document. Rejects when the connection ends before. */
  joined: Promise<void>;
  sendUpdate(update: Uint8Array): void;
  /** @param clock Counts the cursors of this client, from 1. */
  sendCursor(clock: number, state: string): void;
  pause(): void;
  resume(): void;
  close(): void;
}

export interface Address {
  url: string;
  /** A guest's token; empty where the server has no authentication. */
  token: string;
}

export type Open = (address: Address, room: string, listener?: Listener) => Client;

/** One per protocol. `wetink` is y-websocket's with the relay's extension: authentication and acks. */
export type Protocol = 'y-websocket' | 'wetink' | 'hocuspocus' | 'socket.io';

/** Awareness and document ids of this process: unique, so that servers see different people. */
let lastId = 1_000;
export function nextId(): number {
  lastId += 1;
  return lastId;
}
