/**
 * Encode once: messages for many sockets, framed for both kinds of client, each form made on first use and shared.
 *
 * Base clients read one message per frame (y-websocket 3.1 ignores a second). Extension clients read several, and get
 * long messages as chunks, with room for other messages between them.
 */

import { encodeFrames, encodeMessage, type ErrorName, type Message } from '@wetink/protocol';
import { nameOfEncoded } from './message-name.ts';
import { encodeWsFragments, encodeWsFrame } from './ws-frame.ts';

export interface Framing {
  fragmentBytes: number;
  maxChunkBytes: number;
  nextChunkId(): number;
}

export interface ClientKind {
  readonly isExtension: boolean;
}

export interface Outgoing {
  /** WebSocket frames for a client, in order. */
  frames(client: ClientKind): readonly Buffer[];
  /** Number of WebSocket frames: several may share a Buffer. */
  frameCount(client: ClientKind): number;
  /** The messages as they are on the wire, without frames. */
  readonly encoded: readonly Uint8Array[];
  /** Name on the wire of the first message. */
  readonly type: string;
  /** The count of an ack in it; 0 without one. */
  readonly acked: number;
  /** The code of a refusal in it; null without one. */
  readonly refusal: ErrorName | null;
  /** True when the extension form is chunks: messages of their own, between which others may be sent. */
  readonly isChunked: boolean;
}

interface Framed {
  buffers: Buffer[];
  count: number;
}

/** Messages to be sent together and in this order. */
export function createOutgoing(messages: readonly (Message | Uint8Array)[], framing: Framing): Outgoing {
  const encoded = messages.map((message) => (message instanceof Uint8Array ? message : encodeMessage(message)));
  const first = messages[0];
  let base: Framed | null = null;
  let extension: Framed | null = null;
  const framed = ({ isExtension }: ClientKind): Framed =>
    isExtension
      ? (extension ??= join(
          encodeFrames(encoded, { isExtension, maxFrameBytes: framing.maxChunkBytes, nextChunkId: framing.nextChunkId }).map(encodeWsFrame),
        ))
      : (base ??= join(encoded.flatMap((message) => encodeWsFragments(message, framing.fragmentBytes))));
  let acked = 0;
  let refusal: ErrorName | null = null;
  for (const message of messages) {
    if (message instanceof Uint8Array) continue;
    if (message.type === 'ack') acked = message.count;
    else if (message.type === 'refused') refusal = message.code;
    // The base protocol has one message for all refusals, and the relay uses it for this one.
    else if (message.type === 'permission-denied') refusal = 'READ_ONLY';
  }
  return {
    encoded,
    isChunked: encoded.some((message) => message.length > framing.maxChunkBytes),
    type: first === undefined ? '' : first instanceof Uint8Array ? nameOfEncoded(first) : first.type,
    acked,
    refusal,
    frames: (client) => framed(client).buffers,
    frameCount: (client) => framed(client).count,
  };
}

function join(frames: Buffer[]): Framed {
  return { buffers: joinShort(frames), count: frames.length };
}

/** Several short frames become one Buffer: one socket write instead of many, which is most of a relay's cost. */
function joinShort(frames: Buffer[]): Buffer[] {
  if (frames.length < 2) return frames;
  const totalBytes = frames.reduce((sum, frame) => sum + frame.length, 0);
  return totalBytes <= 32 * 1024 ? [Buffer.concat(frames, totalBytes)] : frames;
}
