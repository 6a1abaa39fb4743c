/**
 * A WebSocket client (RFC 6455) for load: it connects, sends whole messages and reads whole messages, and answers pings.
 *
 * Not `ws`: its client needs 1.6 times the CPU to connect (142 µs, against 91), more than raw `ws` needs to accept one, so
 * the load would be the limit. No TLS, no compression, no extensions. Messages are masked, as the RFC demands of clients.
 */

import { connect, type Socket } from 'node:net';

export interface SocketEvents {
  onOpen(): void;
  onMessage(data: Buffer, isText: boolean): void;
  /** Called once, also when the server refuses the connection. `code` is 0 without a close frame. */
  onClose(code: number, reason: string): void;
}

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const FINAL = 0x80;
const MASKED = 0x80;
const EMPTY = Buffer.alloc(0);
/** Servers only require 16 bytes in base64. */
const KEY = Buffer.alloc(16, 1).toString('base64');
const MASK = Buffer.from([0x5a, 0x17, 0xc3, 0x99]);

export class LoadSocket {
  readonly #socket: Socket;
  readonly #events: SocketEvents;
  #isOpen = false;
  #isClosed = false;
  #closing = { code: 0, reason: '' };
  /** Bytes that do not yet make a frame, and how many they must be before it is worth looking again. */
  #chunks: Buffer[] = [];
  #have = 0;
  #need = 2;
  #parts: Buffer[] = [];
  #isText = false;

  constructor(url: string, events: SocketEvents, headers: Readonly<Record<string, string>> = {}) {
    const { hostname, port, pathname, search, host } = new URL(url);
    this.#events = events;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const lines = Object.entries({ Host: host, Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Key': KEY, ...headers });
    this.#socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}Sec-WebSocket-Version: 13\r\n\r\n`,
    );
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('close', () => this.#end('the connection was cut'));
  }

  /** Bytes that the system has not taken yet. */
  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  send(payload: Uint8Array): void {
    this.#write(BINARY, payload);
  }

  sendText(text: string): void {
    this.#write(TEXT, Buffer.from(text));
  }

  /** Stops reading, so that the server's socket fills. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Cuts the connection at once, without a closing handshake. `onClose` is not called. */
  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #end(reason: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.onClose(this.#closing.code, this.#closing.code === 0 ? reason : this.#closing.reason);
  }

  #write(opcode: number, payload: Uint8Array): void {
    if (this.#isClosed) return;
    const { length } = payload;
    const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    const frame = Buffer.allocUnsafe(2 + extended + 4 + length);
    frame[0] = FINAL | opcode;
    frame[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127);
    if (extended === 2) frame.writeUInt16BE(length, 2);
    if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
    const from = 2 + extended + 4;
    MASK.copy(frame, from - 4);
    for (let i = 0; i < length; i++) frame[from + i] = (payload[i] as number) ^ (MASK[i & 3] as number);
    this.#socket.write(frame);
  }

  #take(chunk: Buffer): void {
    if (this.#have === 0) return this.#read(chunk);
    this.#chunks.push(chunk);
    this.#have += chunk.length;
    if (this.#have < this.#need) return;
    const bytes = Buffer.concat(this.#chunks, this.#have);
    this.#chunks = [];
    this.#have = 0;
    this.#read(bytes);
  }

  #read(bytes: Buffer): void {
    let at = this.#isOpen ? 0 : this.#readHandshake(bytes);
    if (at < 0) return;
    while (!this.#isClosed && at < bytes.length) {
      const end = this.#frameEnd(bytes, at);
      if (end > bytes.length) return this.#keep(bytes.subarray(at), end - at);
      const body = this.#bodyStart(bytes, at);
      this.#takeFrame(bytes[at] as number, bytes.subarray(body, end));
      at = end;
    }
  }

  #keep(rest: Buffer, need: number): void {
    this.#chunks = [rest];
    this.#have = rest.length;
    this.#need = need;
  }

  /** @returns The index of the first byte after the handshake; -1 while it is incomplete or when it was refused. */
  #readHandshake(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) {
      this.#keep(bytes, bytes.length + 1);
      return -1;
    }
    const [status = ''] = bytes.toString('latin1', 0, end).split('\r\n');
    if (!status.startsWith('HTTP/1.1 101')) {
      this.#end(`refused: ${status}`);
      return -1;
    }
    this.#isOpen = true;
    this.#events.onOpen();
    return end + 4;
  }

  #bodyStart(bytes: Buffer, at: number): number {
    const length = (bytes[at + 1] as number) & 0x7f;
    return at + (length < 126 ? 2 : length === 126 ? 4 : 10);
  }

  /** @returns The end of the frame, or, while its header is incomplete, an end beyond the bytes. */
  #frameEnd(bytes: Buffer, at: number): number {
    if (bytes.length < at + 2) return at + 2;
    const length = (bytes[at + 1] as number) & 0x7f;
    if (length < 126) return at + 2 + length;
    const header = length === 126 ? 4 : 10;
    if (bytes.length < at + header) return at + header;
    return at + header + (length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2)));
  }

  #takeFrame(first: number, body: Buffer): void {
    const opcode = first & 0x0f;
    if (opcode === PING) return this.#write(PONG, body);
    if (opcode === CLOSE) {
      this.#closing = { code: body.length >= 2 ? body.readUInt16BE(0) : 1005, reason: body.toString('utf8', 2) };
      return this.#end('');
    }
    if (opcode > BINARY) return;
    if (opcode !== 0) this.#isText = opcode === TEXT;
    const isWhole = (first & FINAL) !== 0;
    if (isWhole && this.#parts.length === 0) return this.#events.onMessage(body, this.#isText);
    this.#parts.push(body);
    if (!isWhole) return;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#events.onMessage(whole.length === 0 ? EMPTY : whole, this.#isText);
  }
}
