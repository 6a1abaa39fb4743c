import { describe, expect, it } from 'vitest';
import { baseGolden, extensionGolden, fromHex, toHex } from './fixtures/golden.ts';
import { randomMessage } from './fixtures/random-message.ts';
import { randomSource } from './fixtures/random.ts';
import {
  decodeAwareness,
  decodeFrame,
  encodeAwareness,
  encodeMessage,
  readServerAwareness,
  ServerReader,
  splitIntoChunks,
  SyncError,
  type Message,
} from './index.ts';
import * as typeNumbers from './type-numbers.ts';

const hello = encodeMessage({ type: 'hello', version: 1, limits: { maxChunkBytes: 1000, maxMessageBytes: 100_000 } });
const inner = { type: 'update', update: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) } as const;

/** A reader that has seen hello, if the extension is spoken. */
function readerFor(isExtension: boolean): ServerReader {
  const reader = new ServerReader();
  if (isExtension) reader.read(hello);
  return reader;
}

const notListenedTo: readonly Message['type'][] = ['authenticate', 'query-awareness', 'app', 'digest'];

/** What frame.ts reads, as a client gets it. A second hello is none of its business. */
function forClient(message: Message, isExtension: boolean): unknown {
  if (message.type === 'query-awareness') return { type: 'unknown', typeNumber: typeNumbers.queryAwareness };
  if (!notListenedTo.includes(message.type) && !(isExtension && message.type === 'hello')) return message;
  return { type: 'unknown', typeNumber: typeNumbers[message.type as 'hello'] };
}

/** Null when frame.ts refuses. */
function decoded(frame: Uint8Array, isExtension: boolean): Message[] | null {
  try {
    return decodeFrame(frame, { isExtension });
  } catch (error) {
    if (error instanceof SyncError) return null;
    throw error;
  }
}

const isWhole = (messages: readonly Message[]): boolean => messages.every(({ type }) => type !== 'chunk');

describe('[P38] a client reads what frame.ts reads', () => {
  const golden = [...baseGolden, ...extensionGolden].filter(({ messages }) => isWhole(messages));
  it.each(golden)('$name', ({ hex, messages, isExtension }) => {
    expect(readerFor(isExtension).read(fromHex(hex))).toEqual(messages.map((message) => forClient(message, isExtension)));
  });

  it('20,000 messages, whole and mutated: never another meaning, and nothing is thrown', () => {
    const random = randomSource(77);
    const outcomes = { same: 0, refused: 0 };
    for (let i = 0; i < 20_000; i++) {
      const isExtension = random.isTrue();
      const good = encodeMessage(randomMessage(random));
      const frame = i % 3 === 0 ? good : random.mutate(good);
      const strict = decoded(frame, isExtension);
      if (strict !== null && !isWhole(strict)) continue;
      const read = readerFor(isExtension).read(frame);
      if (strict === null) outcomes.refused++;
      else {
        outcomes.same++;
        expect(read, `frame ${toHex(frame)}`).toEqual(strict.map((message) => forClient(message, isExtension)));
      }
    }
    expect(outcomes.same).toBeGreaterThan(5_000);
    expect(outcomes.refused).toBeGreaterThan(2_000);
  });

  it('a frame that ends early is refused, at every byte', () => {
    for (const { hex, messages, isExtension } of golden) {
      const frame = fromHex(hex);
      // What is passed over by its type alone has no end to miss, and a frame of several may end between two.
      if (messages.length > 1 || messages[0]?.type === 'unknown' || forClient(messages[0] as Message, true) !== messages[0]) continue;
      for (let end = 0; end < frame.length; end++) expect(readerFor(isExtension).read(frame.subarray(0, end)), hex).toBeNull();
    }
  });

  it('awareness, whole and mutated', () => {
    const random = randomSource(5);
    for (let i = 0; i < 5_000; i++) {
      const good = encodeAwareness(
        Array.from({ length: random.int(4) }, () => ({
          clientId: random.int(300),
          clock: random.int(300),
          state: random.pick(['null', '{"a":"ä"}']),
        })),
      );
      const body = i % 3 === 0 ? good : random.mutate(good);
      let strict: unknown = null;
      try {
        strict = decodeAwareness(body);
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
      }
      const read = readServerAwareness(body);
      if (strict !== null) expect(read, toHex(body)).toEqual(strict);
    }
    expect(readServerAwareness(fromHex('ffffffffffffff0f'))).toBeNull();
    expect(readServerAwareness(fromHex('00 00'))).toBeNull();
  });

  it('before hello, a type from 100 up is of another protocol, even 100 itself', () => {
    const reader = new ServerReader();
    expect(reader.read(fromHex('64 01 02 03'))).toEqual([{ type: 'unknown', typeNumber: 100 }]);
    expect(reader.read(fromHex('68 ff'))).toEqual([{ type: 'unknown', typeNumber: 104 }]);
    expect(reader.read(hello)).toMatchObject([{ type: 'hello', version: 1 }]);
    expect(reader.read(encodeMessage({ type: 'ack', count: 3 }))).toEqual([{ type: 'ack', count: 3 }]);
  });
});

describe('[P39] chunks come out of a client’s reader joined', () => {
  const chunks = splitIntoChunks(encodeMessage(inner), 3, 4);

  it('once the last is there, other messages between them', () => {
    const reader = readerFor(true);
    expect(chunks.length).toBeGreaterThan(2);
    for (const chunk of chunks.slice(0, -1)) {
      expect(reader.read(chunk)).toEqual([]);
      expect(reader.read(encodeMessage({ type: 'ack', count: 1 }))).toEqual([{ type: 'ack', count: 1 }]);
    }
    expect(reader.read(chunks.at(-1) as Uint8Array)).toEqual([inner]);
  });

  const piece = (id: number, offset: number, total: number, length: number): Uint8Array =>
    encodeMessage({ type: 'chunk', id, offset, total, bytes: new Uint8Array(length) });
  it.each<[string, Uint8Array[]]>([
    ['an empty one', [piece(1, 0, 4, 0)]],
    ['a start in the middle', [piece(1, 2, 4, 2)]],
    ['a gap', [piece(1, 0, 6, 2), piece(1, 4, 6, 2)]],
    ['a repeat', [piece(1, 0, 6, 2), piece(1, 0, 6, 2)]],
    ['more than the total', [piece(1, 0, 4, 2), piece(1, 2, 4, 3)]],
    ['three at once', [piece(1, 0, 4, 2), piece(2, 0, 4, 2), piece(3, 0, 4, 2)]],
    ['joined to no message', [piece(1, 0, 1, 1)]],
    ['joined to two messages', splitIntoChunks(Uint8Array.of(...encodeMessage(inner), ...encodeMessage(inner)), 1, 10)],
    ['joined to a chunk', splitIntoChunks(piece(2, 0, 4, 2), 1, 100)],
  ])('%s is refused', (_, frames) => {
    const reader = readerFor(true);
    expect(frames.map((frame) => reader.read(frame)).at(-1)).toBeNull();
  });

  it('an announced total allocates nothing', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 1_000; i++) readerFor(true).read(piece(1, 0, 2 ** 28, 1));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });
});
