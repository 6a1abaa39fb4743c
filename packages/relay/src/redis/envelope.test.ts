import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope, type Kind } from './envelope.ts';
import { reconnectDelayMs } from './reconnect.ts';

const node = fc.stringMatching(/^[A-Za-z0-9]{1,32}$/);
const kind = fc.constantFrom<Kind>('room', 'private', 'bye', 'ping', 'node-gone');
const payload = fc.uint8Array({ maxLength: 200 });

describe('the envelope', () => {
  it('[RB2] an encoded envelope decodes to the same envelope', () => {
    fc.assert(
      fc.property(
        kind,
        node,
        fc.nat(0xffffffff),
        payload,
        fc.string({ maxLength: 512, unit: 'grapheme' }),
        (k, from, linkNumber, bytes, room) => {
          expect(decodeEnvelope(encodeEnvelope(k, from, linkNumber, bytes, room))).toEqual({
            kind: k,
            from,
            linkNumber,
            room: k === 'private' ? room : '',
            payload: bytes,
          });
        },
      ),
    );
  });

  it('[RB2] any bytes decode to an envelope or null, never to an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const read = decodeEnvelope(Buffer.from(bytes));
        if (read !== null) expect(read.from).toMatch(/^[A-Za-z0-9]{1,32}$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('[RB2] a truncated private message is null, unless the cut is in its payload', () => {
    const whole = encodeEnvelope('private', 'node1', 7, new Uint8Array(10), 'room');
    const cutAt = whole.length - 10;
    for (let length = 0; length < cutAt; length++) expect(decodeEnvelope(whole.subarray(0, length))).toBeNull();
    expect(decodeEnvelope(whole.subarray(0, cutAt))?.payload.length).toBe(0);
    const newer = Buffer.from(whole);
    newer[0] = 2;
    expect(decodeEnvelope(newer)).toBeNull();
  });
});

describe('reconnecting', () => {
  it('[RB6] pauses between attempts double up to 2 s; half of each is random', () => {
    expect(reconnectDelayMs(0, 0)).toBe(50);
    expect(reconnectDelayMs(0, 1)).toBe(100);
    expect(reconnectDelayMs(3, 0)).toBe(400);
    expect(reconnectDelayMs(1_000, 0)).toBe(1_000);
    expect(reconnectDelayMs(1_000, 0.999)).toBeLessThan(2_000);
  });
});
