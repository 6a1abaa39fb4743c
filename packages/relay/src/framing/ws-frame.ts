/**
 * WebSocket frames as a server sends them (RFC 6455, 5.2): not masked, so one Buffer serves every receiver.
 *
 *     |FIN,opcode| length 7, 7+16 or 7+64 bits | payload |
 *
 * A long message becomes fragments (5.4): control frames may stand between them, so a pong or a close never waits
 * for megabytes, and the receiver still sees one message.
 */

const OPCODE_CONTINUATION = 0x0;
const OPCODE_BINARY = 0x2;
const FIN = 0x80;

/** One binary message as one frame. */
export function encodeWsFrame(payload: Uint8Array): Buffer {
  return frame(payload, FIN | OPCODE_BINARY);
}

/** One binary message as frames of at most `fragmentBytes` of payload each, to be sent in order with no other message between. */
export function encodeWsFragments(payload: Uint8Array, fragmentBytes: number): Buffer[] {
  if (payload.length <= fragmentBytes) return [encodeWsFrame(payload)];
  const frames: Buffer[] = [];
  for (let offset = 0; offset < payload.length; offset += fragmentBytes) {
    const isLast = offset + fragmentBytes >= payload.length;
    const opcode = offset === 0 ? OPCODE_BINARY : OPCODE_CONTINUATION;
    frames.push(frame(payload.subarray(offset, offset + fragmentBytes), isLast ? FIN | opcode : opcode));
  }
  return frames;
}

function frame(payload: Uint8Array, firstByte: number): Buffer {
  const length = payload.length;
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headerBytes + length);
  bytes[0] = firstByte;
  if (headerBytes === 2) bytes[1] = length;
  else if (headerBytes === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    bytes.writeUInt32BE(length >>> 0, 6);
  }
  bytes.set(payload, headerBytes);
  return bytes;
}
