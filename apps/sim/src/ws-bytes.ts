/** WebSocket frames as a browser writes and reads them (RFC 6455, 5.2), and the handshake around them. */

export const OPCODE = { continuation: 0x0, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

export interface WsFrame {
  opcode: number;
  isFinal: boolean;
  payload: Uint8Array;
}

/** A frame of a client. Its mask is 0, which leaves the payload unchanged: a random mask would change the trace. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + lengthBytes + 4 + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) frame.writeUInt16BE(length, 2);
  if (lengthBytes === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(payload, 2 + lengthBytes + 4);
  return frame;
}

export function closePayload(code: number): Uint8Array {
  return new Uint8Array([code >> 8, code & 0xff]);
}

/** @returns The code of a close frame; 1005 if it has none. */
export function closeCodeOf(payload: Uint8Array): number {
  return payload.length < 2 ? 1005 : ((payload[0] as number) << 8) | (payload[1] as number);
}

/** Parses the bytes of a server: the answer to the upgrade, then frames. */
export class ServerBytes {
  #bytes: Buffer = Buffer.alloc(0);
  /** Status of the answer to the upgrade; null before it arrives. */
  status: number | null = null;

  /** @returns The frames that are now complete. */
  push(chunk: Buffer): WsFrame[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (this.status === null && !this.#readHead()) return [];
    const frames: WsFrame[] = [];
    for (let frame = this.#readFrame(); frame !== null; frame = this.#readFrame()) frames.push(frame);
    return frames;
  }

  #readHead(): boolean {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) return false;
    this.status = Number(this.#bytes.subarray(9, 12).toString('latin1'));
    this.#bytes = this.#bytes.subarray(end + 4);
    return true;
  }

  #readFrame(): WsFrame | null {
    const bytes = this.#bytes;
    if (bytes.length < 2) return null;
    const first = bytes[0] as number;
    const short = (bytes[1] as number) & 0x7f;
    const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < headerBytes) return null;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < headerBytes + length) return null;
    this.#bytes = bytes.subarray(headerBytes + length);
    return { opcode: first & 0x0f, isFinal: (first & 0x80) !== 0, payload: bytes.subarray(headerBytes, headerBytes + length) };
  }
}
