/**
 * One TCP connection between a client and a relay, in memory: bytes arrive late and in order, until it is cut.
 *
 *     client  send ──latency──> ServerEnd (a Duplex that `ws` uses as its socket)
 *             message <──latency── write
 *
 * The relay's end is a real stream under the real `ws`, so the relay's own code handles frames, close handshakes, pings
 * and a socket that reads nothing (`stall`). Every ack is reported when the relay sends it, not when it arrives.
 */

import { Duplex } from 'node:stream';
import { decodeFrame, type Message } from '@wetink/protocol';
import type { World } from './world.ts';
import { clientFrame, closeCodeOf, closePayload, OPCODE, ServerBytes, type WsFrame } from './ws-bytes.ts';

/** Events for the client. */
export interface LineEvents {
  open(): void;
  message(data: ArrayBuffer): void;
  /** The last event. */
  close(code: number): void;
}

/** Observes which edits of the client the relay acknowledges as durable. */
export interface LineTap {
  /** @returns Number of edits in a document message sent now. */
  edits(): number;
  acked(edits: number): void;
}

export interface LineTarget {
  /** @returns False when no relay listens. */
  upgrade(path: string, end: Duplex, line: Line): boolean;
}

const REFUSED_CODE = 1006;
/**
 * At most the smallest socket budget of a relay in a run (512), because a relay continues at the 'drain' event of its
 * socket.
 */
const SOCKET_BYTES = 512;

class ServerEnd extends Duplex {
  readonly #line: Line;

  constructor(line: Line) {
    super({ writableHighWaterMark: SOCKET_BYTES });
    this.#line = line;
  }

  override _read(): void {
    // Bytes are pushed as they arrive.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#line.serverWrote(chunk, done);
  }

  override _final(done: () => void): void {
    this.#line.serverEnded();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#line.serverEnded();
    done(error);
  }
}

export class Line {
  readonly #world: World;
  readonly #id: number;
  readonly #events: LineEvents;
  readonly #tap: LineTap;
  readonly #end: ServerEnd;
  readonly #fromServer = new ServerBytes();
  /** Number of edits in each document message sent, in order. */
  readonly #covers: number[] = [];
  #toServerAtMs = 0;
  #toClientAtMs = 0;
  #isOpen = false;
  /** The client listens. */
  #isClientHere = true;
  /** The relay's process listens. */
  #isServerHere = false;
  #isStalled = false;
  #held: { chunk: Buffer; done: () => void }[] = [];
  /** Packets sent at one moment travel together. */
  #packet: { atMs: number; frames: WsFrame[] } | null = null;
  #fragments: Uint8Array[] = [];

  constructor(world: World, path: string, target: LineTarget, events: LineEvents, tap: LineTap) {
    this.#world = world;
    this.#id = world.nextId();
    this.#events = events;
    this.#tap = tap;
    this.#end = new ServerEnd(this);
    this.#toServer(() => {
      if (!this.#isClientHere) return;
      this.#isServerHere = true;
      if (target.upgrade(path, this.#end, this)) return;
      this.#isServerHere = false;
      this.#hangUp(REFUSED_CODE);
    });
  }

  send(data: Uint8Array): void {
    if (!this.#isOpen || !this.#isClientHere) return;
    for (const message of decodeFrame(data, { isExtension: true })) if (isDocumentMessage(message)) this.#covers.push(this.#tap.edits());
    this.#sendFrame(OPCODE.binary, data);
  }

  /** The client closes and listens no more. */
  close(code: number): void {
    if (!this.#isClientHere) return;
    if (this.#isOpen) this.#sendFrame(OPCODE.close, closePayload(code));
    else this.#toServer(() => this.#drop());
    this.#isClientHere = false;
  }

  /** The client's process is dead: its socket resets. */
  abandon(): void {
    this.#isClientHere = false;
    this.#toServer(() => this.#drop());
  }

  /** Cuts the network: bytes in flight are lost, and each end has to notice by itself. */
  cut(): void {
    const wasServerHere = this.#isServerHere;
    this.#isServerHere = false;
    this.#packet = null;
    this.#world.clock.schedule(() => {
      if (wasServerHere && !this.#end.destroyed) this.#end.destroy();
    }, this.#world.latencyMs());
    this.#world.clock.schedule(() => this.#lost(), this.#world.latencyMs());
    this.#toClientAtMs = Infinity;
  }

  /** The relay's process is dead. Bytes already on the wire arrive, then the connection breaks. */
  serverDied(): void {
    if (!this.#isServerHere) return;
    this.#isServerHere = false;
    this.#hangUp(REFUSED_CODE);
  }

  /** Makes the client read nothing for a while: bytes from the relay stay in the socket. */
  stall(isStalled: boolean): void {
    this.#isStalled = isStalled;
    if (isStalled) return;
    for (const { chunk, done } of this.#held.splice(0)) this.serverWrote(chunk, done);
  }

  serverWrote(chunk: Buffer, done: () => void): void {
    if (this.#isStalled && this.#isServerHere) {
      this.#held.push({ chunk, done });
      return;
    }
    if (this.#isServerHere) this.#read(chunk);
    done();
  }

  serverEnded(): void {
    if (!this.#isServerHere) return;
    this.#isServerHere = false;
    this.#hangUp(REFUSED_CODE);
    this.#world.clock.schedule(() => {
      if (!this.#end.destroyed) this.#end.push(null);
    }, this.#world.latencyMs());
  }

  #read(chunk: Buffer): void {
    const frames = this.#fromServer.push(chunk);
    if (!this.#isOpen && this.#fromServer.status !== null) {
      const { status } = this.#fromServer;
      this.#isOpen = status === 101;
      this.#toClient(() => {
        if (status === 101) this.#events.open();
      });
    }
    if (frames.length === 0) return;
    this.#noteAcks(frames);
    const atMs = this.#world.clock.now();
    if (this.#packet?.atMs === atMs) {
      this.#packet.frames.push(...frames);
      return;
    }
    const packet = { atMs, frames };
    this.#packet = packet;
    this.#toClient(() => {
      if (this.#packet === packet) this.#packet = null;
      for (const frame of packet.frames) this.#deliver(frame);
    });
  }

  #noteAcks(frames: readonly WsFrame[]): void {
    for (const { opcode, isFinal, payload } of frames) {
      if (opcode !== OPCODE.binary || !isFinal) continue;
      for (const message of decodeFrame(payload, { isExtension: true })) {
        if (message.type !== 'ack') continue;
        const edits = this.#covers[message.count - 1];
        if (edits !== undefined) this.#tap.acked(edits);
      }
    }
  }

  #deliver({ opcode, isFinal, payload }: WsFrame): void {
    if (opcode === OPCODE.ping) return this.#sendFrame(OPCODE.pong, payload);
    if (opcode === OPCODE.close) {
      const code = closeCodeOf(payload);
      this.#sendFrame(OPCODE.close, closePayload(code === 1005 ? 1000 : code));
      return this.#lost(code);
    }
    if (opcode !== OPCODE.binary && opcode !== OPCODE.continuation) return;
    this.#fragments.push(payload);
    if (!isFinal) return;
    const message = Buffer.concat(this.#fragments);
    this.#fragments = [];
    this.#world.trace.bytes(this.#id, message);
    if (this.#isClientHere)
      this.#events.message(message.buffer.slice(message.byteOffset, message.byteOffset + message.length) as ArrayBuffer);
  }

  #sendFrame(opcode: number, payload: Uint8Array): void {
    const frame = clientFrame(opcode, payload);
    this.#toServer(() => {
      if (!this.#isServerHere || this.#end.destroyed) return;
      this.#world.trace.bytes(this.#id, frame);
      this.#end.push(frame);
    });
  }

  #drop(): void {
    if (!this.#isServerHere) return;
    this.#isServerHere = false;
    if (!this.#end.destroyed) this.#end.destroy();
  }

  #hangUp(code: number): void {
    this.#toClient(() => this.#lost(code));
  }

  #lost(code = REFUSED_CODE): void {
    if (!this.#isClientHere) return;
    this.#isClientHere = false;
    this.#isOpen = false;
    this.#events.close(code);
  }

  #toServer(arrive: () => void): void {
    const nowMs = this.#world.clock.now();
    this.#toServerAtMs = Math.max(this.#toServerAtMs, nowMs + this.#world.latencyMs());
    this.#world.clock.schedule(arrive, this.#toServerAtMs - nowMs);
  }

  /** After a cut nothing arrives. */
  #toClient(arrive: () => void): void {
    const nowMs = this.#world.clock.now();
    this.#toClientAtMs = Math.max(this.#toClientAtMs, nowMs + this.#world.latencyMs());
    if (this.#toClientAtMs === Infinity) return;
    this.#world.clock.schedule(() => {
      if (this.#toClientAtMs !== Infinity) arrive();
    }, this.#toClientAtMs - nowMs);
  }
}

function isDocumentMessage(message: Message): boolean {
  return message.type === 'update' || message.type === 'sync-step-2';
}
