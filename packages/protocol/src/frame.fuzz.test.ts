import { describe, expect, it } from 'vitest';
import { baseGolden, extensionGolden, fromHex, toHex } from './fixtures/golden.ts';
import { randomMessage } from './fixtures/random-message.ts';
import { randomSource, type Random } from './fixtures/random.ts';
import {
  createChunkAssembler,
  decodeAwareness,
  decodeFrame,
  decodeJoined,
  decodeRoomName,
  encodeAwareness,
  encodeMessage,
  parseAwarenessState,
  parseRequestTarget,
  SyncError,
  type Message,
} from './index.ts';

const SEED = 41;
const INPUTS = 50_000;

/** Frames found by fuzzing that were once decoded wrongly. Kept for good. */
const crashers: readonly string[] = [];

const golden = [...baseGolden, ...extensionGolden].map(({ hex }) => fromHex(hex));

/** Mutations of good frames, truncations of them, several behind each other, and noise. */
function hostileFrame(random: Random): Uint8Array {
  const good = random.isTrue() ? random.pick(golden) : encodeMessage(randomMessage(random));
  switch (random.int(4)) {
    case 0:
      return good.subarray(0, random.int(good.length + 1));
    case 1:
      return random.bytes(random.int(40));
    case 2:
      return random.mutate(Uint8Array.of(...good, ...random.pick(golden)));
    default:
      return random.mutate(good);
  }
}

/** Everything that a frame from outside goes through. Anything but a SyncError that escapes is a bug. */
function take(
  frame: Uint8Array,
  isExtension: boolean,
  push: (chunk: Extract<Message, { type: 'chunk' }>) => Uint8Array | null,
): 'taken' | 'refused' {
  try {
    for (const message of decodeFrame(frame, { isExtension })) {
      if (message.type === 'awareness') for (const { state } of decodeAwareness(message.body)) parseAwarenessState(state);
      if (message.type === 'chunk') {
        const joined = push(message);
        if (joined !== null) decodeJoined(joined);
      }
    }
    return 'taken';
  } catch (error) {
    if (!(error instanceof SyncError)) throw new Error(`seed ${SEED}, frame ${toHex(frame)}`, { cause: error });
    return 'refused';
  }
}

describe('[P10] only a SyncError ever comes out of a decoder', () => {
  it(`${INPUTS} truncated, mutated and random frames (A1)`, () => {
    const random = randomSource(SEED);
    const outcomes = { taken: 0, refused: 0 };
    let assembler = createChunkAssembler({ maxMessageBytes: 1000, maxOpen: 2 });
    for (let i = 0; i < INPUTS; i++) {
      const frame = hostileFrame(random);
      const outcome = take(frame, random.isTrue(), (chunk) => assembler.push(chunk));
      outcomes[outcome]++;
      if (assembler.heldBytes > 2000) expect.fail(`${assembler.heldBytes} bytes held`);
      if (i % 100 === 0) assembler = createChunkAssembler({ maxMessageBytes: 1000, maxOpen: 2 });
    }
    // Both must be common, or the mutations are too harsh or too mild to reach anything.
    expect(outcomes.taken).toBeGreaterThan(INPUTS / 20);
    expect(outcomes.refused).toBeGreaterThan(INPUTS / 5);
  });

  it('every prefix and every single-byte change of every golden frame', () => {
    const { push } = createChunkAssembler({ maxMessageBytes: 1000, maxOpen: 2 });
    for (const frame of [...golden, ...crashers.map(fromHex)]) {
      for (let at = 0; at < frame.length; at++) {
        for (const isExtension of [true, false]) take(frame.subarray(0, at), isExtension, push);
        for (const value of [0, 1, 0x7f, 0x80, 0xff, (frame[at] ?? 0) ^ 1, (frame[at] ?? 0) ^ 0x80]) {
          const changed = frame.slice();
          changed[at] = value;
          for (const isExtension of [true, false]) take(changed, isExtension, push);
        }
      }
    }
  });

  it('5,000 awareness bodies', () => {
    const random = randomSource(SEED);
    const good = encodeAwareness([
      { clientId: 1, clock: 2, state: '{"name":"Ana","cursor":{"x":1,"y":[2]}}' },
      { clientId: 2 ** 32 - 1, clock: 7, state: 'null' },
    ]);
    for (let i = 0; i < 5000; i++) {
      const body = random.mutate(good);
      try {
        for (const { state } of decodeAwareness(body)) parseAwarenessState(state);
      } catch (error) {
        if (!(error instanceof SyncError)) throw new Error(`seed ${SEED}, body ${toHex(body)}`, { cause: error });
      }
    }
  });

  it('5,000 room names and request targets', () => {
    const random = randomSource(SEED);
    const parts = [
      'a',
      '%',
      '%2',
      '%20',
      '%ff',
      '%c3%a4',
      '%00',
      '/',
      '?',
      'wetink=',
      '1',
      '&',
      '..',
      '.',
      '\u0000',
      '\ud800',
      '日',
      'x'.repeat(300),
    ];
    for (let i = 0; i < 5000; i++) {
      const text = Array.from({ length: random.int(8) }, () => random.pick(parts)).join('');
      for (const read of [decodeRoomName, parseRequestTarget]) {
        try {
          read(text);
        } catch (error) {
          if (!(error instanceof SyncError)) throw new Error(`seed ${SEED}, ${JSON.stringify(text)}`, { cause: error });
        }
      }
    }
  });
});

describe('what was encoded decodes to the same', () => {
  it('[P16] 5,000 random messages, alone and together', () => {
    const random = randomSource(SEED);
    for (let i = 0; i < 1000; i++) {
      const messages = Array.from({ length: 5 }, () => randomMessage(random));
      const frame = Uint8Array.from(messages.flatMap((message) => [...encodeMessage(message)]));
      expect(decodeFrame(frame, { isExtension: true })).toEqual(messages);
    }
  });
});
