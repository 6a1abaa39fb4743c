/**
 * The envelope of a message on Redis.
 *
 *     1 byte version | 1 byte kind | 4 bytes link number | 1 byte n | n bytes sender | [2 bytes m | m bytes room] | payload
 *
 * Only private messages name the room: the others come over the room's own channel. The link number grows with every
 * new link of the sender, so that receivers can tell messages that a broken link still delivers late.
 */

export type Kind = 'room' | 'private' | 'bye' | 'ping' | 'node-gone';

export interface Envelope {
  kind: Kind;
  from: string;
  /** u32. */
  linkNumber: number;
  /** Empty unless private. */
  room: string;
  payload: Uint8Array;
}

const VERSION = 1;
const KINDS: readonly Kind[] = ['room', 'private', 'bye', 'ping', 'node-gone'];
const NOTHING = new Uint8Array(0);
export const NODE_PATTERN = /^[A-Za-z0-9]{1,32}$/;

/** @returns Bytes of their own: the caller may reuse `payload`. */
export function encodeEnvelope(kind: Kind, from: string, linkNumber: number, payload: Uint8Array = NOTHING, room = ''): Buffer {
  const roomBytes = kind === 'private' ? Buffer.byteLength(room) + 2 : 0;
  const bytes = Buffer.allocUnsafe(7 + from.length + roomBytes + payload.length);
  bytes[0] = VERSION;
  bytes[1] = KINDS.indexOf(kind);
  bytes.writeUInt32BE(linkNumber >>> 0, 2);
  bytes[6] = from.length;
  bytes.write(from, 7, 'latin1');
  let at = 7 + from.length;
  if (kind === 'private') {
    bytes.writeUInt16BE(roomBytes - 2, at);
    bytes.write(room, at + 2, 'utf8');
    at += roomBytes;
  }
  bytes.set(payload, at);
  return bytes;
}

/** @returns Null for bytes that are not an envelope of this version. `payload` shares memory with `bytes`. */
export function decodeEnvelope(bytes: Buffer): Envelope | null {
  if (bytes.length < 8 || bytes[0] !== VERSION) return null;
  const kind = KINDS[bytes[1] ?? KINDS.length];
  if (kind === undefined) return null;
  let at = 7 + (bytes[6] ?? 0);
  if (at > bytes.length) return null;
  const from = bytes.toString('latin1', 7, at);
  if (!NODE_PATTERN.test(from)) return null;
  let room = '';
  if (kind === 'private') {
    if (at + 2 > bytes.length) return null;
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) return null;
    room = bytes.toString('utf8', at + 2, end);
    at = end;
  }
  const payload = new Uint8Array(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  return { kind, from, linkNumber: bytes.readUInt32BE(2), room, payload };
}
