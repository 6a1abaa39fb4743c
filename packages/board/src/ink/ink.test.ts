import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoardError } from '../errors.ts';
import { decodeInk, encodeInk, inkExponent, inkLimits, sketchInk } from './ink.ts';
import { createInkRecorder } from './ink-recorder.ts';
import { takeStrokes, toBoardPoints } from '../testing/pen.ts';

const coordinate = fc.oneof(fc.double({ min: -1e7, max: 1e7, noNaN: true }), fc.double({ min: -2000, max: 2000, noNaN: true }));
const pressure = fc.double({ min: 0, max: 1, noNaN: true });
const source = fc.record({
  xyp: fc.array(fc.tuple(coordinate, coordinate, pressure), { minLength: 1, maxLength: 40 }).map((points) => points.flat()),
  hasPressure: fc.boolean(),
});
const zoom = fc.double({ min: 0.02, max: 64, noNaN: true });

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof BoardError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('ink codec', () => {
  it('[IN1] encoded ink has exactly these bytes', () => {
    // Two points at zoom 1: step 1/8, (1, -1, 1) then (1.5, -1, 0.2).
    const withPressure = encodeInk({ xyp: [1, -1, 1, 1.5, -1, 0.2], hasPressure: true }, 1);
    expect(Buffer.from(withPressure).toString('hex')).toBe('013b02100ffe030800' + '9703');
    expect(Buffer.from(encodeInk({ xyp: [1, -1, 1, 1.5, -1, 0.2], hasPressure: false }, 1)).toString('hex')).toBe('013a02100f0800');
    expect([0.0001, 0.1, 0.5, 1, 1.01, 2, 8, 1e9].map(inkExponent)).toEqual([10, 0, -2, -3, -4, -4, -6, -20]);
  });

  it('[IN2] decoded points are within 1/16 CSS pixel and half a step of pressure', () => {
    fc.assert(
      fc.property(source, zoom, (ink, z) => {
        const decoded = decodeInk(encodeInk(ink, z));
        expect(decoded.length * 3).toBe(ink.xyp.length);
        expect(decoded.hasPressure).toBe(ink.hasPressure);
        ink.xyp.forEach((value, i) => {
          const isPressure = i % 3 === 2;
          const expected = isPressure && !ink.hasPressure ? 0.5 : value;
          const slack = isPressure ? 0.5 / 255 : 1 / 16 / z;
          // The last term is the resolution of a double at the edge of the board.
          expect(Math.abs(decoded.xyp[i]! - expected)).toBeLessThanOrEqual(slack + 2e-7);
        });
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it('[IN3] a decoded stroke encodes to the same bytes: everyone sees the same ink', () => {
    fc.assert(
      fc.property(source, zoom, (ink, z) => {
        const bytes = encodeInk(ink, z);
        expect(encodeInk(decodeInk(bytes), z)).toEqual(bytes);
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it('[IN3] the committed points are the points drawn while the pen moved', () => {
    for (const z of [0.3, 1, 3]) {
      for (const stroke of takeStrokes(10, { seed: 11 })) {
        const xyp = toBoardPoints(stroke.xyp, z, -50, 1234.5);
        const recorder = createInkRecorder({ zoom: z, hasPressure: true });
        for (let i = 0; i < xyp.length; i += 3) recorder.add(xyp[i]!, xyp[i + 1]!, xyp[i + 2]!);
        expect(decodeInk(recorder.encode())).toEqual(recorder.points());
        const pieces = [recorder.pieceFrom(0).slice(0, 3), recorder.pieceFrom(1)];
        expect(Float64Array.from(pieces.flatMap((piece) => [...piece]))).toEqual(Float64Array.from(recorder.points().xyp));
      }
    }
  });

  it('[IN4] a resting pen adds no points but its pressure counts', () => {
    const recorder = createInkRecorder({ zoom: 1, hasPressure: true });
    expect(recorder.add(5, 5, 0.1)).toBe(true);
    for (let i = 0; i < 5000; i++) expect(recorder.add(5.01, 4.99, 0.8)).toBe(false);
    expect(recorder.length()).toBe(1);
    expect(recorder.points().xyp[2]).toBeCloseTo(0.8, 2);
    expect(() => recorder.add(Number.NaN, 0, 0.5)).toThrow(BoardError);
    expect(() => recorder.add(0, 0, Number.NaN)).toThrow(BoardError);
    expect(recorder.length()).toBe(1);
    expect(recorder.isFull()).toBe(false);
    for (let i = 1; i < inkLimits.maxPoints; i++) recorder.add(i, i, 0.5);
    expect(recorder.isFull()).toBe(true);
    expect(codeOf(() => recorder.add(-1, -1, 0.5))).toBe('TOO_LARGE');
    expect(decodeInk(recorder.encode()).length).toBe(inkLimits.maxPoints);
  });

  it('[IN5] encoding refuses invalid numbers and clamps pressure', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity, 1.0001e7, -2e7]) {
      expect(codeOf(() => encodeInk({ xyp: [0, bad, 0.5], hasPressure: true }, 1))).toBe('BAD_INK');
      expect(codeOf(() => encodeInk({ xyp: [bad, 0, 0.5], hasPressure: false }, 1))).toBe('BAD_INK');
    }
    expect(codeOf(() => encodeInk({ xyp: [0, 0, Number.NaN], hasPressure: true }, 1))).toBe('BAD_INK');
    expect(codeOf(() => encodeInk({ xyp: [], hasPressure: true }, 1))).toBe('BAD_INK');
    expect(codeOf(() => encodeInk({ xyp: [1, 2], hasPressure: false }, 1))).toBe('BAD_INK');
    for (const z of [0, -1, Number.NaN, Infinity])
      expect(codeOf(() => encodeInk({ xyp: [0, 0, 0], hasPressure: true }, z))).toBe('BAD_INK');
    expect(codeOf(() => encodeInk({ xyp: new Float64Array(3 * 50_001), hasPressure: true }, 1))).toBe('TOO_LARGE');
    const clamped = decodeInk(encodeInk({ xyp: [0, 0, -3, 0, 0, 7], hasPressure: true }, 1));
    expect([clamped.xyp[2], clamped.xyp[5]]).toEqual([0, 1]);
  });

  it('[IN6] the largest stroke with the longest encoding fits the byte limit', () => {
    const xyp = new Float64Array(3 * inkLimits.maxPoints);
    for (let i = 0; i < xyp.length; i += 3) xyp.set([i % 2 ? 1e7 : -1e7, i % 2 ? -1e7 : 1e7, i % 2], i);
    const bytes = encodeInk({ xyp, hasPressure: true }, 1e9);
    expect(bytes.length).toBeLessThanOrEqual(inkLimits.maxBytes);
    expect(decodeInk(bytes).length).toBe(inkLimits.maxPoints);
  });

  it('[IN6] decoding refuses other versions, false counts, numbers out of bounds and trailing bytes', () => {
    const good = encodeInk({ xyp: [1, 2, 0.5, 3, 4, 0.6], hasPressure: true }, 1);
    const bad: Record<string, number[]> = {
      empty: [],
      'version 2': [2, ...good.slice(1)],
      'cut off': [...good.slice(0, -1)],
      'one byte more': [...good, 0],
      'no points': [1, 59, 0],
      'four billion points claimed': [1, 59, 255, 255, 255, 255, 15, 0, 0, 0],
      'more points than bytes': [1, 59, 3, 0, 0, 0, 0, 0, 0],
      'exponent too small': [1, (-21 + 32) * 2, 1, 0, 0],
      'exponent too large': [1, (11 + 32) * 2, 1, 0, 0],
      'number longer than needed': [1, 58, 1, 0x80, 0x00, 0],
      'number beyond 2^53': [1, 58, 1, 255, 255, 255, 255, 255, 255, 255, 127, 0],
      'endless number': [1, 58, 1, ...new Array<number>(40).fill(255)],
      'coordinate beyond the board': [1, (10 + 32) * 2, 1, 255, 255, 255, 127, 0],
      'negative pressure': [1, 59, 1, 0, 0, 1],
      'pressure above 1': [1, 59, 1, 0, 0, 0x80, 0x04],
    };
    for (const [name, bytes] of Object.entries(bad))
      expect([name, codeOf(() => decodeInk(Uint8Array.from(bytes)))]).toEqual([name, 'BAD_INK']);
    // Refused before the claimed points are allocated: 50,000 of them would be 1.2 MB for seven bytes.
    expect(() => decodeInk(Uint8Array.from([1, 59, 0xd0, 0x86, 3, 0, 0]))).toThrow('50000 points claimed');
    expect(codeOf(() => decodeInk(new Uint8Array(inkLimits.maxBytes + 1)))).toBe('BAD_INK');
  });

  it('[IN12] a sketch has both ends and decoded points at least `apart` apart, and refuses what decoding refuses', () => {
    fc.assert(
      fc.property(source, zoom, fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 500, noNaN: true })), (points, at, apart) => {
        const ink = encodeInk(points, at);
        const { xyp, length } = decodeInk(ink);
        const expected: number[] = [];
        for (let i = 0; i < length; i++) {
          const [x = 0, y = 0] = xyp.subarray(i * 3);
          const [lastX = NaN, lastY = NaN] = expected.slice(-2);
          const isNear = Math.abs(x - lastX) + Math.abs(y - lastY) < apart;
          if (!isNear || i === length - 1) expected.push(x, y);
        }
        expect(sketchInk(ink, apart)).toEqual(expected);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, hasHead) => {
        const ink = hasHead ? Uint8Array.from([1, 58, 3, ...bytes]) : bytes;
        expect(codeOf(() => sketchInk(ink, 1))).toBe(codeOf(() => decodeInk(ink)));
      }),
      { numRuns: 2_000 },
    );
  });
});
