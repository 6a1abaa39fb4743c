/** Clients: honest ones with a document and a cursor, and attackers that send bytes. Both speak the base protocol. */

import { connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { encodeMessage, decodeFrame } from '@wetink/protocol';
import { WebSocket } from 'ws';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Target } from './target.ts';

const PATIENCE_MS = 10_000;

/** @returns Whether the condition became true in time: a relay that is down is a finding, not a failure of the test. */
export async function comesTrue(condition: () => boolean, patienceMs = PATIENCE_MS): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  return true;
}

const open = new Set<{ close(): void }>();

/** Closes all clients that are still connected. */
export function closeAll(): void {
  for (const client of open) client.close();
  open.clear();
}

/** A socket, and the messages received on it. */
export class Attacker {
  readonly ws: WebSocket;
  receivedBytes = 0;
  /** Code of the close frame; 1006 when the socket broke. */
  closed: number | null = null;
  #pongs = 0;
  #pings = 0;

  constructor(target: Pick<Target, 'url'>, room: string, token = 'mallory') {
    this.ws = new WebSocket(`${target.url}/${room}?token=${encodeURIComponent(token)}`);
    this.ws.on('message', (data) => (this.receivedBytes += (data as Buffer).length));
    this.ws.on('close', (code) => (this.closed = code));
    this.ws.on('pong', () => (this.#pongs += 1));
    this.ws.on('error', () => undefined); // A close event follows, which tests check.
    open.add(this);
  }

  /** Resolves when the relay has sent something, so that the room is open, or has closed the socket. */
  async entered(): Promise<this> {
    await comesTrue(() => this.receivedBytes > 0 || this.closed !== null);
    return this;
  }

  send(...frames: Uint8Array[]): void {
    for (const frame of frames) if (this.ws.readyState === WebSocket.OPEN) this.ws.send(frame);
  }

  /** Resolves when the relay has read everything sent so far, or has closed the socket. */
  async done(): Promise<void> {
    if (this.ws.readyState !== WebSocket.OPEN) {
      await comesTrue(() => this.closed !== null);
      return;
    }
    const wanted = (this.#pings += 1);
    this.ws.ping();
    await comesTrue(() => this.#pongs >= wanted || this.closed !== null);
  }

  close(): void {
    this.ws.terminate();
  }
}

/** Sends each frame and waits until the relay has read it; opens a new socket when the relay has closed the last one. */
export async function sendEach(target: Target, room: string, frames: readonly Uint8Array[], token?: string): Promise<Attacker> {
  let attacker = await new Attacker(target, room, token).entered();
  for (const frame of frames) {
    if (attacker.closed !== null) attacker = await new Attacker(target, room, token).entered();
    attacker.send(frame);
    await attacker.done();
    if (!target.isAlive) break;
  }
  return attacker;
}

/** An honest client that works as stock clients do. */
export class Person {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly ws: WebSocket;
  isSynced = false;
  closed: number | null = null;
  /** Errors from messages of the relay that a client cannot read. */
  readonly troubles: string[] = [];

  /** @param headers With the token, instead of one in the address. */
  constructor(target: Pick<Target, 'url'>, room: string, name: string, clientId?: number, headers?: Record<string, string>) {
    if (clientId !== undefined) {
      this.awareness.setLocalState(null);
      this.doc.clientID = this.awareness.clientID = clientId;
    }
    this.awareness.setLocalState({ user: name });
    const query = headers === undefined ? `?token=${encodeURIComponent(name)}` : '';
    this.ws = new WebSocket(`${target.url}/${room}${query}`, { headers });
    this.ws.on('error', () => undefined); // A close event follows.
    this.ws.on('close', (code) => (this.closed = code));
    this.ws.on('open', () => {
      this.#send(encodeMessage({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) }));
      this.#tellAwareness();
    });
    this.ws.on('message', (data) => {
      try {
        this.#receive(new Uint8Array(data as Buffer));
      } catch (error) {
        this.troubles.push(String(error));
      }
    });
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#send(encodeMessage({ type: 'update', update }));
    });
    this.awareness.on('update', (_: unknown, origin: unknown) => {
      if (origin !== this) this.#tellAwareness();
    });
    open.add(this);
  }

  /** @returns Whether the relay has sent its document. */
  synced(): Promise<boolean> {
    return comesTrue(() => this.isSynced || this.closed !== null).then(() => this.isSynced);
  }

  set(key: string, value: unknown): void {
    this.doc.getMap('m').set(key, value);
  }

  has(key: string): boolean {
    return this.doc.getMap('m').has(key);
  }

  /** The name under which this client sees another one; undefined when it does not see it. */
  nameOf(clientId: number): unknown {
    return this.awareness.getStates().get(clientId)?.['user'];
  }

  close(): void {
    this.ws.terminate();
    this.awareness.destroy();
    this.doc.destroy();
  }

  #send(frame: Uint8Array): void {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.send(frame);
  }

  #tellAwareness(): void {
    const body = encodeAwarenessUpdate(this.awareness, [this.awareness.clientID]);
    this.#send(encodeMessage({ type: 'awareness', body }));
  }

  #receive(frame: Uint8Array): void {
    const [message] = decodeFrame(frame, { isExtension: false, maxFrameBytes: Number.MAX_SAFE_INTEGER });
    if (message?.type === 'sync-step-1') {
      this.#send(encodeMessage({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, message.stateVector) }));
    } else if (message?.type === 'sync-step-2' || message?.type === 'update') {
      Y.applyUpdate(this.doc, message.update, this);
      if (message.type === 'sync-step-2') this.isSynced = true;
    } else if (message?.type === 'awareness') {
      applyAwarenessUpdate(this.awareness, message.body, this);
    }
  }
}

/** An honest client in a room, synced. */
export async function person(
  target: Pick<Target, 'url'>,
  room: string,
  name: string,
  clientId?: number,
  headers?: Record<string, string>,
): Promise<Person> {
  const someone = new Person(target, room, name, clientId, headers);
  await someone.synced();
  return someone;
}

let marks = 0;

/**
 * Sends a mark from `from` to `to`, in the document and as presence. Earlier messages have then arrived too.
 * @returns False when the mark does not arrive.
 */
export function reaches(from: Person, to: Person): Promise<boolean> {
  const mark = `mark-${(marks += 1)}`;
  from.set(mark, 1);
  from.awareness.setLocalStateField('mark', mark);
  return comesTrue(() => to.has(mark) && to.awareness.getStates().get(from.awareness.clientID)?.['mark'] === mark);
}

/** A TCP socket that sends an upgrade request: for paths and frames that no WebSocket client would send. */
export class RawSocket {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  isClosed = false;

  constructor(target: Pick<Target, 'port'>, path: string) {
    this.socket = connect(target.port, '127.0.0.1');
    this.socket.on('error', () => (this.isClosed = true));
    this.socket.on('close', () => (this.isClosed = true));
    this.socket.on('data', (data) => (this.#received = Buffer.concat([this.#received, data])));
    const key = randomBytes(16).toString('base64');
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    open.add(this);
  }

  /** Whether the relay let it in: it sent something other than an error or a close frame. Null: it has sent nothing yet. */
  get wasLetIn(): boolean | null {
    const head = this.#received.indexOf('\r\n\r\n');
    if (head >= 0 && !this.#received.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) return false;
    if (head >= 0 && this.#received.length > head + 4) return this.#received[head + 4] !== 0x88;
    return this.isClosed ? false : null;
  }

  async answered(): Promise<boolean | null> {
    await comesTrue(() => this.wasLetIn !== null);
    return this.wasLetIn;
  }

  close(): void {
    this.socket.destroy();
  }
}
