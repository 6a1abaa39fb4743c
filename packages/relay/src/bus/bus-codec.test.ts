import { encodeMessage, SyncError } from '@wetink/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIGEST_BYTES } from '../document/room-document.ts';
import { decodeBusMessage, encodeBusMessage, type BusMessage } from './bus-codec.ts';

const bytes = fc.uint8Array({ maxLength: 64 });
const uint = fc.nat();
const writer = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/).filter((name) => name !== '__proto__');
const position = fc.dictionary(writer, uint, { maxKeys: 5, noNullPrototype: true });
const wet = encodeMessage({ type: 'wet', clientId: 7, gesture: 's.1', index: 0, isEnd: false, payload: new Uint8Array([1, 2, 3]) });
const entry = fc.record({
  clientId: uint,
  clock: uint,
  state: fc.string(),
  userId: fc.string({ maxLength: 20 }),
  tenure: uint,
  isOwn: fc.boolean(),
});

const message: fc.Arbitrary<BusMessage> = fc.oneof(
  fc.record({ type: fc.constant('batch' as const), epoch: uint, previous: position, position, updates: fc.option(fc.array(bytes)) }),
  fc.record({ type: fc.constant('ephemeral' as const), isFull: fc.boolean(), entries: fc.array(entry), wet: fc.array(fc.constant(wet)) }),
  fc.record({
    type: fc.constant('announce' as const),
    epoch: uint,
    position,
    digest: fc.option(fc.uint8Array({ minLength: DIGEST_BYTES, maxLength: DIGEST_BYTES })),
    isAsking: fc.boolean(),
  }),
  fc.record({ type: fc.constant('ask' as const), epoch: uint, id: uint, stateVector: bytes }),
  fc.record({
    type: fc.constant('answer' as const),
    epoch: uint,
    id: uint,
    position,
    update: fc.option(bytes),
    stateVector: fc.option(bytes),
  }),
  fc.constant({ type: 'presence-query' as const }),
  fc.record({ type: fc.constant('erased' as const), epoch: uint }),
  fc.record({ type: fc.constant('owner-ask' as const), epoch: uint, id: uint, clientId: uint }),
  fc.record({
    type: fc.constant('owner-answer' as const),
    epoch: uint,
    id: uint,
    answer: fc.oneof(fc.constant('absent' as const), fc.constant('asking' as const), fc.nat({ max: 2 ** 31 })),
  }),
);

describe('bus codec', () => {
  it('[RL70] an encoded message decodes to the same message', () => {
    fc.assert(
      fc.property(message, (original) => void expect(decodeBusMessage(encodeBusMessage(original))).toEqual(original)),
      { numRuns: 500 },
    );
  });

  it('[OW9] questions to owners and their answers have these bytes', () => {
    const hex = (sent: BusMessage): string => Buffer.from(encodeBusMessage(sent)).toString('hex');
    expect(hex({ type: 'owner-ask', epoch: 3, id: 300, clientId: 77 })).toBe('010703ac024d');
    expect(hex({ type: 'owner-answer', epoch: 3, id: 300, answer: 'absent' })).toBe('010803ac0200');
    expect(hex({ type: 'owner-answer', epoch: 3, id: 300, answer: 'asking' })).toBe('010803ac0201');
    expect(hex({ type: 'owner-answer', epoch: 3, id: 300, answer: 0 })).toBe('010803ac0202');
    expect(hex({ type: 'owner-answer', epoch: 3, id: 300, answer: 2 ** 31 })).toBe('010803ac028280808008');
  });

  it('[RL70] cut, flipped or random bytes are refused with a SyncError, or are another message', () => {
    const damage = fc.record({ at: fc.nat(), flip: fc.integer({ min: 1, max: 255 }), cut: fc.nat() });
    fc.assert(
      fc.property(message, damage, (original, { at, flip, cut }) => {
        const encoded = encodeBusMessage(original);
        const flipped = encoded.slice();
        flipped[at % flipped.length] = (flipped[at % flipped.length] ?? 0) ^ flip;
        for (const bad of [flipped, encoded.slice(0, cut % encoded.length)]) expectMessageOrRefusal(bad);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), expectMessageOrRefusal), { numRuns: 2_000 });
  });

  it.each([
    ['another version', [2, 5]],
    ['an unknown kind', [1, 99]],
    ['an owner’s clock that is too large', [1, 8, 0, 0, 0x83, 0x80, 0x80, 0x80, 0x08]],
    ['bytes after the end', [1, 5, 0]],
    ['a writer name that would change the prototype', [1, 6 - 4, 0, 1, 9, ...Buffer.from('__proto__'), 1, 0, 0]],
    ['an impossible count', [1, 0, 0, 255, 255, 255, 255, 15]],
    ['another message in the place of wet ink', [1, 1, 0, 0, 1, 2, 3, 0]],
  ])('[RL70] %s is refused', (_what, raw) => {
    expect(() => decodeBusMessage(new Uint8Array(raw))).toThrow(SyncError);
  });

  it('[RL70] a message larger than any relay sends is not read', () => {
    expect(() => decodeBusMessage(new Uint8Array(33 * 1024 * 1024))).toThrow(/TOO_LARGE/);
  });
});

function expectMessageOrRefusal(raw: Uint8Array): void {
  try {
    decodeBusMessage(raw);
  } catch (error) {
    expect(error).toBeInstanceOf(SyncError);
  }
}
