import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoardError } from '../errors.ts';
import { decodeInk, encodeInk } from './ink.ts';
import { createInkRecorder } from './ink-recorder.ts';
import { heads } from '../document/heads.ts';
import { shapeKinds } from '../document/records.ts';
import { takeStrokes } from '../testing/pen.ts';
import type { ElementId, Geometry, Style } from '../types.ts';
import { decodeWet, encodeWet, wetLimits, type WetPayload } from './wet.ts';

const plain: Style = {
  color: 'ink',
  width: 4,
  fill: 'none',
  opacity: 1,
  fontSize: 20,
  font: 'sans',
  dash: 'solid',
  corners: 'sharp',
  startHead: 'auto',
  endHead: 'auto',
};
const box: Geometry = { x: 1, y: 2, w: 30, h: -40, rotation: 0 };
const id = (n: number): ElementId => `sEssion0${n.toString(36)}` as ElementId;

const hex = fc.integer({ min: 0, max: 0xffffff }).map((n): `#${string}` => `#${n.toString(16).padStart(6, '0')}`);
const token = fc.constantFrom('ink', 'grey', 'teal', 'white' as const);
const anyStyle: fc.Arbitrary<Style> = fc.record({
  color: fc.oneof(token, hex),
  width: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0.01, max: 200, noNaN: true })),
  fill: fc.oneof(token, hex, fc.constant('none' as const)),
  opacity: fc.double({ min: 0, max: 1, noNaN: true }),
  fontSize: fc.double({ min: 0.01, max: 10_000, noNaN: true }),
  font: fc.constantFrom('sans', 'hand', 'mono'),
  dash: fc.constantFrom('solid', 'dashed', 'dotted'),
  corners: fc.constantFrom('sharp', 'round'),
  startHead: fc.constant('auto'),
  endHead: fc.constant('auto'),
});
const sixteenBits = fc.nat(65_535).map((n) => n / 65_535);
/** Numbers on the grid of zoom 1, where previews are exact. */
const eighth = fc.integer({ min: -8e7, max: 8e7 }).map((n) => n / 8);
const anyGeometry: fc.Arbitrary<Geometry> = fc.record({
  x: eighth,
  y: eighth,
  w: eighth,
  h: eighth,
  rotation: fc.double({ min: -1e4, max: 1e4, noNaN: true }).map((n) => n + 0),
});
const anyPayload: fc.Arbitrary<WetPayload> = fc.oneof(
  fc
    .record({
      kind: fc.constant('stroke' as const),
      // Ink is always solid.
      style: anyStyle.map((style): Style => ({ ...style, dash: 'solid', corners: 'sharp' })),
      hasPressure: fc.boolean(),
      points: fc.array(fc.tuple(eighth, eighth, fc.integer({ min: 0, max: 255 })), { maxLength: 30 }),
    })
    .map(({ points, ...rest }): WetPayload => ({
      ...rest,
      xyp: Float64Array.from(points.flatMap(([x, y, p]) => [x, y, rest.hasPressure ? p / 255 : 0.5])),
    })),
  fc.record({
    kind: fc.constant('shape' as const),
    shape: fc.constantFrom('line', 'arrow', 'text', ...shapeKinds),
    style: anyStyle,
    geometry: anyGeometry,
  }),
  fc
    .record({
      shape: fc.constantFrom('line' as const, 'arrow' as const),
      style: anyStyle,
      ends: fc.record({ startHead: fc.constantFrom(...heads), endHead: fc.constantFrom(...heads) }),
      geometry: anyGeometry,
      points: fc.option(fc.array(fc.tuple(sixteenBits, sixteenBits), { minLength: 3, maxLength: 20 }), { nil: undefined }),
    })
    .map(({ shape, style, ends, geometry, points }): WetPayload => ({
      kind: 'shape',
      shape,
      style: { ...style, ...ends },
      geometry,
      ...(points !== undefined && { points: points.flat() }),
    })),
  fc
    .array(fc.tuple(eighth, eighth), { maxLength: 30 })
    .map((points): WetPayload => ({ kind: 'laser', xyp: Float64Array.from(points.flatMap(([x, y]) => [x, y, 0.5])) })),
  fc.record({
    kind: fc.constantFrom('move' as const, 'copy' as const),
    items: fc.array(fc.record({ id: fc.nat(1e9).map(id), geometry: anyGeometry }), { maxLength: 20 }),
  }),
  fc.record({
    kind: fc.constant('look' as const),
    ids: fc.array(fc.nat(1e9).map(id), { maxLength: 20 }),
    patch: fc.record(
      {
        hue: fc.double({ min: -1, max: 1, noNaN: true }).map((n) => n + 0),
        blur: fc.double({ min: 0, max: 1, noNaN: true }).map((n) => n + 0),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    kind: fc.constant('crop' as const),
    id: fc.nat(1e9).map(id),
    crop: fc
      .record({ left: fc.nat(4_000), top: fc.nat(4_000), right: fc.integer({ min: 5_000, max: 10_000 }), bottom: fc.constant(10_000) })
      .map(({ left, top, right, bottom }) => ({ left: left / 10_000, top: top / 10_000, right: right / 10_000, bottom: bottom / 10_000 })),
  }),
);

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof BoardError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('wet ink payload', () => {
  it('[WE1] encoded wet ink has exactly these bytes', () => {
    const shape = encodeWet(
      { kind: 'shape', shape: 'ellipse', style: { ...plain, fill: '#ff8000', opacity: 0.5, font: 'mono' }, geometry: box },
      1,
    );
    expect(Buffer.from(shape).toString('hex')).toBe(
      '0101' + '03' + '00' + 'ffff8000' + '8004' + '40' + '8014' + '02' + '1d' + '10' + '20' + 'e003' + 'ff04' + '00',
    );
    const stroke = encodeWet({ kind: 'stroke', style: plain, hasPressure: true, xyp: Float64Array.from([1, 1, 1]) }, 1);
    expect(Buffer.from(stroke).toString('hex')).toBe('0100' + '00fe' + '8004' + '8001' + '8014' + '00' + '3b0110' + '10fe03');
  });

  it('[WE2] decoding an encoded payload gives the same payload', () => {
    fc.assert(
      fc.property(anyPayload, (payload) => {
        expect(decodeWet(encodeWet(payload, 1))).toEqual(payload);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it('[WE2] at any zoom a preview is within 1/16 CSS pixel', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 32, noNaN: true }), fc.double({ min: -1e5, max: 1e5, noNaN: true }), (zoom, x) => {
        const decoded = decodeWet(encodeWet({ kind: 'shape', shape: 'line', style: plain, geometry: { ...box, x } }, zoom));
        if (decoded.kind !== 'shape') throw new Error('not a shape');
        expect(Math.abs(decoded.geometry.x - x)).toBeLessThanOrEqual(1 / 16 / zoom + 1e-9);
      }),
      { seed: 4 },
    );
  });

  it('[WE3] pieces of a stroke, decoded one by one, add up to the committed ink', () => {
    for (const stroke of takeStrokes(10, { seed: 21 })) {
      const recorder = createInkRecorder({ zoom: 1.5, hasPressure: true });
      const received: number[] = [];
      let sent = 0;
      for (let i = 0; i < stroke.xyp.length; i += 3) {
        recorder.add(stroke.xyp[i]! / 1.5, stroke.xyp[i + 1]! / 1.5, stroke.xyp[i + 2]!);
        if (i % 12 !== 0) continue;
        const piece = decodeWet(encodeWet({ kind: 'stroke', style: plain, hasPressure: true, xyp: recorder.pieceFrom(sent) }, 1.5));
        if (piece.kind !== 'stroke') throw new Error('not a stroke');
        received.push(...piece.xyp);
        sent = recorder.length();
      }
      const dry = decodeInk(recorder.encode());
      const positions = (xyp: ArrayLike<number>): number[] => Array.from(xyp).filter((_, i) => i % 3 !== 2);
      expect(positions(received)).toEqual(positions(dry.xyp.subarray(0, sent * 3)));
      expect(sent).toBeGreaterThan(0);
    }
  });

  it('[WE4] a piece may have no points, too many are refused, and a huge selection is cut to the limit', () => {
    const none = encodeWet({ kind: 'stroke', style: plain, hasPressure: true, xyp: new Float64Array(0) }, 1);
    expect(decodeWet(none)).toEqual({ kind: 'stroke', style: plain, hasPressure: true, xyp: new Float64Array(0) });
    const xyp = new Float64Array(3 * wetLimits.maxPoints).map((_, i) => (i % 3 === 2 ? i % 2 : i % 2 ? 1e7 : -1e7));
    const full = encodeWet({ kind: 'stroke', style: plain, hasPressure: true, xyp }, 1e9);
    expect(full.length).toBeLessThanOrEqual(wetLimits.maxBytes);
    expect(codeOf(() => decodeWet(full))).toBe('nothing thrown');
    expect(
      codeOf(() => encodeWet({ kind: 'stroke', style: plain, hasPressure: true, xyp: new Float64Array(3 * wetLimits.maxPoints + 3) }, 1)),
    ).toBe('TOO_LARGE');
    const items = Array.from({ length: 5000 }, (_, n) => ({
      id: id(78_000_000_000 - n),
      geometry: { x: -1e7, y: -1e7, w: 1e7, h: 1e7, rotation: 0.1 },
    }));
    const moved = encodeWet({ kind: 'move', items }, 1e9);
    expect(moved.length).toBeLessThanOrEqual(wetLimits.maxBytes);
    expect(decodeWet(moved)).toMatchObject({ items: { length: wetLimits.maxMoveItems } });
  });

  it('[WE5] encoding refuses a payload that decoding would refuse', () => {
    const shape = { kind: 'shape', shape: 'line', style: plain, geometry: box } as const;
    for (const bad of [Number.NaN, Infinity, 1.1e7]) {
      expect(codeOf(() => encodeWet({ ...shape, geometry: { ...box, w: bad } }, 1))).toBe('BAD_WET');
      expect(codeOf(() => encodeWet({ ...shape, geometry: { ...box, rotation: bad } }, 1))).toBe('BAD_WET');
      expect(codeOf(() => encodeWet({ ...shape, style: { ...plain, width: bad } }, 1))).toBe('BAD_WET');
      expect(codeOf(() => encodeWet({ kind: 'stroke', style: plain, hasPressure: true, xyp: Float64Array.from([0, bad, 0]) }, 1))).toBe(
        'BAD_INK',
      );
    }
    expect(codeOf(() => encodeWet({ ...shape, style: { ...plain, color: 'url(#a)' as 'ink' } }, 1))).toBe('BAD_WET');
    expect(codeOf(() => encodeWet({ ...shape, shape: 'stroke' as 'line' }, 1))).toBe('BAD_WET');
    expect(codeOf(() => encodeWet({ kind: 'move', items: [{ id: '__proto__' as ElementId, geometry: box }] }, 1))).toBe('BAD_WET');
    expect(codeOf(() => encodeWet({ kind: 'look', ids: [], patch: { blur: 1.5 } }, 1))).toBe('BAD_WET');
    expect(codeOf(() => encodeWet(shape, 0))).toBe('BAD_INK');
  });

  it('[WE6] decoding refuses other versions and kinds, false counts, malformed ids and trailing bytes', () => {
    const style = [0, 254, 0x80, 4, 0x80, 1, 0x80, 0x14, 0];
    const geometry = [0, 0, 0, 0, 0];
    const good = [1, 1, 0, ...style, 29, ...geometry];
    expect(codeOf(() => decodeWet(Uint8Array.from(good)))).toBe('nothing thrown');
    const bad: Record<string, number[]> = {
      empty: [],
      'version 2': [2, ...good.slice(1)],
      'kind 4': [1, 4, ...good.slice(2)],
      'blur -1': [1, 3, 1, 7, 1, 0xbf, 0xf0, 0, 0, 0, 0, 0, 0, 0],
      'an unknown part of a look': [1, 3, 1, 99, 0, 0],
      'looks of four billion elements': [1, 3, 0, 255, 255, 255, 255, 15],
      'one byte more': [...good, 0],
      'cut off': good.slice(0, -1),
      'shape 13': [1, 1, 13, ...good.slice(3)],
      'dash 3': [1, 1, 128, ...good.slice(3), 3, 0],
      'plain, written out': [1, 1, 128, ...good.slice(3), 0, 0],
      'no dash': [1, 1, 128, ...good.slice(3)],
      'head 7': [1, 6, 1, ...good.slice(3), 0, 0, 7, 0, 0],
      'a line of two points': [1, 6, 1, ...good.slice(3), 0, 0, 0, 1, 2, 0, 0, 0, 0, 255, 255, 255, 255],
      'a rectangle with heads': [1, 6, 2, ...good.slice(3), 0, 0, 0, 1, 0],
      'four billion points of a line': [1, 6, 0, ...good.slice(3), 0, 0, 0, 1, 255, 255, 255, 255, 15],
      'color 11': [1, 1, 0, 11, ...good.slice(4)],
      'no color': [1, 1, 0, 254, ...good.slice(4)],
      'font 3': [1, 1, 0, ...style.slice(0, -1), 3, 29, ...geometry],
      'width 0': [1, 1, 0, 0, 254, 0, 0x80, 1, 0x80, 0x14, 0, 29, ...geometry],
      'width NaN': [1, 1, 0, 0, 254, 1, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0, 0x80, 1, 0x80, 0x14, 0, 29, ...geometry],
      'exponent 200': [1, 1, 0, ...style, 232, ...geometry],
      'geometry far out': [1, 1, 0, ...style, 42, 255, 255, 255, 255, 15, 0, 0, 0, 0],
      'rotation NaN': [1, 1, 0, ...style, 29, 0, 0, 0, 0, 1, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
      'four billion elements': [1, 2, 29, 255, 255, 255, 255, 15],
      'id of another shape': [1, 2, 29, 1, 9, ...Buffer.from('__proto__'), ...geometry],
      'four billion points': [1, 0, ...style, 59, 255, 255, 255, 255, 15],
    };
    for (const [name, bytes] of Object.entries(bad))
      expect([name, codeOf(() => decodeWet(Uint8Array.from(bytes)))]).toEqual([name, 'BAD_WET']);
    expect(codeOf(() => decodeWet(new Uint8Array(wetLimits.maxBytes + 1)))).toBe('BAD_WET');
    // Ink may have more points than wet ink, so a long stroke behind a wet head is refused too.
    const long = encodeInk({ xyp: new Float64Array(3 * (wetLimits.maxPoints + 1)), hasPressure: true }, 1);
    expect(codeOf(() => decodeWet(Uint8Array.from([1, 0, ...style, ...long.subarray(1)])))).toBe('BAD_WET');
  });
});
