import { describe, expect, it } from 'vitest';
import { crashers } from './fixtures/crashers.ts';
import { baseGolden, extensionGolden, fromHex, toHex } from './fixtures/golden.ts';
import { randomMessage } from './fixtures/random-message.ts';
import { randomSource } from './fixtures/random.ts';
import {
  createChunkAssembler,
  decodeAwareness,
  decodeFrame,
  decodeJoined,
  decodeRoomName,
  encodeMessage,
  parseAwarenessState,
  parseRequestTarget,
  SyncError,
  type Message,
} from './index.ts';

const SEED = 41;

const golden = [...baseGolden, ...extensionGolden].map(({ hex }) => fromHex(hex));

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
  it('every prefix and every single-byte change of every golden frame', () => {
    const { push } = createChunkAssembler({ maxMessageBytes: 1000, maxOpen: 2 });
    for (const frame of [...golden, ...crashers.map(({ hex }) => fromHex(hex))]) {
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
