import { describe, expect, it } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { toHex } from './fixtures/golden.ts';
import { createChunkAssembler, decodeFrame, decodeJoined, encodeMessage, splitIntoChunks, type Chunk } from './index.ts';

const generous = { maxMessageBytes: 1_000_000, maxOpen: 2 };

const chunk = (id: number, offset: number, total: number, length: number): Chunk => ({
  type: 'chunk',
  id,
  offset,
  total,
  bytes: Uint8Array.from({ length }, (_, i) => (offset + i) & 0xff),
});

function chunksOf(message: Uint8Array, id: number, maxChunkBytes: number): Chunk[] {
  return splitIntoChunks(message, id, maxChunkBytes).map((frame) => {
    const [only] = decodeFrame(frame, { isExtension: true });
    if (only?.type !== 'chunk') return expect.fail('not a chunk');
    return only;
  });
}

describe('splitting', () => {
  it.each([
    [1, 1],
    [10, 3],
    [10, 5],
    [10, 10],
    [10, 11],
    [70_000, 1000],
  ])('[P22] %d bytes in chunks of %d arrive whole', (length, maxChunkBytes) => {
    const message = Uint8Array.from({ length }, (_, i) => i & 0xff);
    const chunks = chunksOf(message, 5, maxChunkBytes);
    expect(chunks).toHaveLength(Math.ceil(length / maxChunkBytes));
    const assembler = createChunkAssembler(generous);
    const results = chunks.map((each) => assembler.push(each));
    expect(toHex(results.pop() ?? new Uint8Array(0))).toBe(toHex(message));
    expect(results.every((result) => result === null)).toBe(true);
    expect(assembler.heldBytes).toBe(0);
  });

  it('[P22] refuses what could not be joined', () => {
    expect(() => splitIntoChunks(new Uint8Array(0), 0, 10)).toThrow(RangeError);
    expect(() => splitIntoChunks(new Uint8Array(1), 0, 0)).toThrow(RangeError);
    expect(() => splitIntoChunks(new Uint8Array(1), -1, 10)).toThrow(RangeError);
  });
});

describe('joining', () => {
  it('[P22] two messages may interleave, and an id may be used again', () => {
    const assembler = createChunkAssembler(generous);
    expect(assembler.push(chunk(1, 0, 4, 2))).toBeNull();
    expect(assembler.push(chunk(2, 0, 3, 2))).toBeNull();
    expect(assembler.push(chunk(1, 2, 4, 2))).toEqual(Uint8Array.of(0, 1, 2, 3));
    expect(assembler.push(chunk(1, 0, 1, 1))).toEqual(Uint8Array.of(0));
    expect(assembler.push(chunk(2, 2, 3, 1))).toEqual(Uint8Array.of(0, 1, 2));
  });

  const wrong: [string, Chunk[]][] = [
    ['an empty chunk', [chunk(1, 0, 4, 0)]],
    ['a start in the middle', [chunk(1, 2, 4, 2)]],
    ['a gap', [chunk(1, 0, 6, 2), chunk(1, 4, 6, 2)]],
    ['a repeat', [chunk(1, 0, 6, 2), chunk(1, 0, 6, 2)]],
    ['an overlap', [chunk(1, 0, 6, 3), chunk(1, 2, 6, 2)]],
    ['another total', [chunk(1, 0, 6, 2), chunk(1, 2, 7, 2)]],
    ['more than the total', [chunk(1, 0, 4, 2), chunk(1, 2, 4, 3)]],
    ['a total of nothing', [chunk(1, 0, 0, 1)]],
  ];
  it.each(wrong)('[P22] %s is malformed', (_, chunks) => {
    const assembler = createChunkAssembler(generous);
    for (const each of chunks.slice(0, -1)) assembler.push(each);
    expect(codeOf(() => chunks.slice(-1).map((last) => assembler.push(last)))).toBe('MALFORMED');
  });

  it('[P23] memory follows what has arrived, not what was announced', () => {
    const assembler = createChunkAssembler({ maxMessageBytes: 2 ** 40, maxOpen: 1000 });
    for (let id = 0; id < 1000; id++) assembler.push(chunk(id, 0, 2 ** 40, 1));
    expect(assembler.heldBytes).toBe(1000);
  });

  it('[P23] never more than twice what has arrived, also for chunks of one byte', () => {
    const assembler = createChunkAssembler(generous);
    const total = 50_000;
    for (let offset = 0; offset < total - 1; offset++) {
      assembler.push(chunk(1, offset, total, 1));
      if (assembler.heldBytes > 2 * (offset + 1)) expect.fail(`${assembler.heldBytes} held after ${offset + 1}`);
    }
    const joined = assembler.push(chunk(1, total - 1, total, 1));
    expect(joined?.buffer.byteLength).toBe(total);
    expect(joined?.every((byte, i) => byte === (i & 0xff))).toBe(true);
  });

  it('[P24] one message, all open ones together and their number are limited', () => {
    const limited = { maxMessageBytes: 10, maxOpen: 2 };
    expect(codeOf(() => createChunkAssembler(limited).push(chunk(1, 0, 11, 1)))).toBe('TOO_LARGE');
    expect(createChunkAssembler(limited).push(chunk(1, 0, 10, 10))).toHaveLength(10);
    const together = createChunkAssembler(limited);
    together.push(chunk(1, 0, 10, 6));
    together.push(chunk(2, 0, 10, 4));
    expect(codeOf(() => together.push(chunk(2, 4, 10, 1)))).toBe('TOO_LARGE');
    const many = createChunkAssembler(limited);
    many.push(chunk(1, 0, 10, 1));
    many.push(chunk(2, 0, 5, 1));
    expect(codeOf(() => many.push(chunk(3, 0, 10, 1)))).toBe('TOO_LARGE');
    expect(many.push(chunk(2, 1, 5, 4))).toHaveLength(5);
    expect(many.push(chunk(3, 0, 10, 1))).toBeNull();
  });
});

describe('[P25] what was joined', () => {
  it('the joined bytes are one message, and its payload is not copied again', () => {
    const bytes = encodeMessage({ type: 'update', update: Uint8Array.of(1, 2, 3) });
    const message = decodeJoined(bytes);
    expect(message).toEqual({ type: 'update', update: Uint8Array.of(1, 2, 3) });
    expect(message.type === 'update' && message.update.buffer).toBe(bytes.buffer);
  });

  it('the joined bytes are not two messages, nor a part of one, nor nothing', () => {
    const bytes = encodeMessage({ type: 'ack', count: 1 });
    expect(codeOf(() => decodeJoined(Uint8Array.of(...bytes, ...bytes)))).toBe('MALFORMED');
    expect(codeOf(() => decodeJoined(bytes.subarray(0, -1)))).toBe('MALFORMED');
    expect(codeOf(() => decodeJoined(new Uint8Array(0)))).toBe('MALFORMED');
  });

  it('the joined bytes are not a chunk', () => {
    const [inner] = splitIntoChunks(Uint8Array.of(3), 1, 10);
    expect(codeOf(() => decodeJoined(inner ?? new Uint8Array(0)))).toBe('MALFORMED');
  });
});
