/**
 * Encode once: what goes to many sockets, framed for both kinds of client, each form made on first use and shared.
 *
 * Base clients read one message per frame (y-websocket 3.1 ignores a second), extension clients several, and long
 * messages as chunks between which anything else may pass.
 */

import { encodeFrames, encodeMessage, type Message } from '@wetink/protocol';
import { encodeWsFragments, encodeWsFrame } from './ws-frame.ts';

export interface Framing {
  fragmentBytes: number;
  maxChunkBytes: number;
  nextChunkId(): number;
}

export interface Outgoing {
  /** WebSocket frames, in order. */
  frames(isExtension: boolean): readonly Buffer[];
  /** True when the extension form is chunks: messages of their own, between which others may be sent. */
  readonly isChunked: boolean;
}

/** Messages to be sent together and in this order. */
export function createOutgoing(messages: readonly (Message | Uint8Array)[], framing: Framing): Outgoing {
  const encoded = messages.map((message) => (message instanceof Uint8Array ? message : encodeMessage(message)));
  let base: Buffer[] | null = null;
  let extension: Buffer[] | null = null;
  return {
    isChunked: encoded.some((message) => message.length > framing.maxChunkBytes),
    frames(isExtension) {
      if (isExtension)
        return (extension ??= joinShort(
          encodeFrames(encoded, { isExtension, maxFrameBytes: framing.maxChunkBytes, nextChunkId: framing.nextChunkId }).map(encodeWsFrame),
        ));
      return (base ??= joinShort(encoded.flatMap((message) => encodeWsFragments(message, framing.fragmentBytes))));
    },
  };
}

/** Several short frames become one Buffer: one socket write instead of many, which is most of a relay's cost. */
function joinShort(frames: Buffer[]): Buffer[] {
  if (frames.length < 2) return frames;
  const totalBytes = frames.reduce((sum, frame) => sum + frame.length, 0);
  return totalBytes <= 32 * 1024 ? [Buffer.concat(frames, totalBytes)] : frames;
}
