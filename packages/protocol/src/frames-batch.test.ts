import { describe, expect, it } from 'vitest';
import { toHex } from './fixtures/golden.ts';
import { createChunkAssembler, decodeFrame, decodeJoined, encodeFrames, encodeMessage, limits, type Message } from './index.ts';

const extension = { isExtension: true };

/** Comparing large byte arrays one by one takes the runner seconds. */
const legible = (messages: readonly Message[]): string[] =>
  messages.map((message) => JSON.stringify(message, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value)));

/** What the other side makes of the frames. */
function receive(frames: readonly Uint8Array[]): Message[] {
  const assembler = createChunkAssembler({ maxMessageBytes: limits.maxMessageBytes, maxOpen: limits.maxOpenChunkStreams });
  return frames.flatMap((frame) =>
    decodeFrame(frame, extension).flatMap((message) => {
      if (message.type !== 'chunk') return [message];
      const joined = assembler.push(message);
      return joined === null ? [] : [decodeJoined(joined)];
    }),
  );
}

describe('[P26] messages to frames', () => {
  const messages: Message[] = [
    { type: 'ack', count: 1 },
    { type: 'update', update: new Uint8Array(300_000).fill(7) },
    { type: 'update', update: new Uint8Array(40).fill(8) },
    { type: 'notice', code: 'OVERLOADED', retryAfterMs: 5, text: 'busy' },
    { type: 'sync-step-2', update: new Uint8Array(100_000).fill(9) },
  ];

  it('base: one frame a message, as they are', () => {
    expect(encodeFrames(messages.slice(1, 3), { isExtension: false }).map(toHex)).toEqual(
      messages.slice(1, 3).map((each) => toHex(encodeMessage(each))),
    );
  });

  it.each([limits.minChunkBytes, 65, 1000, 65_536, limits.maxChunkBytes])(
    'extension, frames of at most %d bytes: all arrive in order',
    (maxFrameBytes) => {
      let id = 0;
      const frames = encodeFrames(messages, { isExtension: true, maxFrameBytes, nextChunkId: () => id++ });
      expect(Math.max(...frames.map(({ length }) => length))).toBeLessThanOrEqual(maxFrameBytes);
      expect(legible(receive(frames))).toEqual(legible(messages));
    },
  );

  it('fills a frame before it begins the next', () => {
    const ack = encodeMessage({ type: 'ack', count: 1 });
    const perFrame = Math.floor(100 / ack.length);
    const frames = encodeFrames(
      Array.from({ length: perFrame + 1 }, () => ack),
      { isExtension: true, maxFrameBytes: 100 },
    );
    expect(frames.map((frame) => decodeFrame(frame, extension).length)).toEqual([perFrame, 1]);
  });

  it('puts no more messages into a frame than the other side reads', () => {
    const frames = encodeFrames(
      Array.from({ length: 2500 }, (): Message => ({ type: 'query-awareness' })),
      extension,
    );
    expect(frames.map(({ length }) => length)).toEqual([1024, 1024, 452]);
    expect(receive(frames)).toHaveLength(2500);
  });

  it('asks for a chunk id instead of sending what cannot be received', () => {
    expect(() => encodeFrames(messages, extension)).toThrow(RangeError);
    expect(() => encodeFrames([], { isExtension: true, maxFrameBytes: limits.minChunkBytes - 1 })).toThrow(RangeError);
    expect(encodeFrames([], extension)).toEqual([]);
  });
});
