import { createChunkAssembler, decodeFrame, limits } from '@wetink/protocol';
import { describe, expect, it } from 'vitest';
import type { SocketLike } from './environment.ts';
import { createClock } from './fixtures/clock.ts';
import { EPHEMERAL_LIMIT_BYTES, HIGH_WATER_BYTES, Outbox } from './outbox.ts';

function setup() {
  const sent: Uint8Array[] = [];
  const socket: SocketLike & { bufferedAmount: number } = {
    binaryType: '',
    bufferedAmount: 0,
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (data) => {
      sent.push(data);
      socket.bufferedAmount += data.length;
    },
    close: () => undefined,
  };
  const clock = createClock();
  return { sent, socket, clock, outbox: new Outbox(socket, clock.schedule) };
}

describe('the outbox', () => {
  it('[O1] a long message goes as chunks that join to the same bytes, only once the other side knows chunks', () => {
    const { sent, socket, clock, outbox } = setup();
    const message = new Uint8Array(1_000_000).map((_, i) => i % 251);
    outbox.push(message);
    expect(sent.length === 1 && Buffer.compare(sent[0] ?? new Uint8Array(), message) === 0).toBe(true);
    sent.length = socket.bufferedAmount = 0;
    outbox.allowChunks(limits.maxChunkBytes);
    outbox.push(message);
    for (let i = 0; i < 10; i++) {
      socket.bufferedAmount = 0;
      clock.advance(100);
    }
    const assembler = createChunkAssembler({ maxMessageBytes: 2_000_000, maxOpen: 1 });
    let joined: Uint8Array | null = null;
    for (const frame of sent)
      for (const chunk of decodeFrame(frame, { isExtension: true })) if (chunk.type === 'chunk') joined = assembler.push(chunk);
    expect(Buffer.compare(joined ?? new Uint8Array(), message)).toBe(0); // toEqual walks a million bytes for 20 s.
    expect(sent.length).toBe(4);
  });

  it('[O2] the socket never holds much more than its share, and order is kept', () => {
    const { sent, socket, clock, outbox } = setup();
    for (let i = 0; i < 100; i++) outbox.push(new Uint8Array(64 * 1024).fill(i));
    expect(socket.bufferedAmount).toBeLessThanOrEqual(HIGH_WATER_BYTES + 64 * 1024);
    while (sent.length < 100) {
      socket.bufferedAmount = 0;
      clock.advance(20);
    }
    expect(sent.map((frame) => frame[0])).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('[O3] ephemeral messages are dropped while the line is behind', () => {
    const { sent, socket, outbox } = setup();
    expect(outbox.pushEphemeral(new Uint8Array([1]))).toBe(true);
    socket.bufferedAmount = EPHEMERAL_LIMIT_BYTES + 1;
    expect(outbox.pushEphemeral(new Uint8Array([2]))).toBe(false);
    expect(sent).toHaveLength(1);
  });
});
