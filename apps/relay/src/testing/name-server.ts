/** A name server over UDP that knows the addresses a test gave it, and never answers about the other names. For tests only. */

import { createSocket, type Socket } from 'node:dgram';

const HEADER_BYTES = 12;
const A = 1;
const NO_SUCH_NAME = 3;

export class NameServer {
  /** IPv4 addresses by name; null: there is no such name. */
  readonly addresses = new Map<string, string | null>();
  /** Names that were asked for, each as often as it was. */
  readonly asked: string[] = [];
  address = '';
  readonly #socket: Socket = createSocket('udp4');

  async start(): Promise<void> {
    this.#socket.on('message', (query, from) => {
      const { name, type, end } = questionIn(query);
      this.asked.push(name);
      const address = this.addresses.get(name);
      if (address === undefined) return;
      const record = address === null || type !== A ? null : recordOf(address);
      const header = Buffer.from(query.subarray(0, HEADER_BYTES));
      header.writeUInt16BE(0x8180 + (address === null ? NO_SUCH_NAME : 0), 2);
      header.writeUInt16BE(record === null ? 0 : 1, 6);
      header.writeUInt32BE(0, 8);
      this.#socket.send(Buffer.concat([header, query.subarray(HEADER_BYTES, end), record ?? Buffer.alloc(0)]), from.port, from.address);
    });
    await new Promise<void>((resolve) => this.#socket.bind(0, '127.0.0.1', resolve));
    this.address = `127.0.0.1:${this.#socket.address().port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/** `end`: behind the question. */
function questionIn(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** A record for the name of the question (RFC 1035, 4.1.3), without a lifetime. */
function recordOf(address: string): Buffer {
  return Buffer.from([0xc0, HEADER_BYTES, 0, A, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
}
