import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inkBounds, transformInk } from './ink-geometry.ts';
import type { InkPoints } from './ink.ts';
import type { Geometry } from '../types.ts';

function ink(...xy: number[]): InkPoints {
  const xyp = new Float64Array((xy.length / 2) * 3);
  for (let i = 0; i < xy.length / 2; i++) xyp.set([xy[i * 2]!, xy[i * 2 + 1]!, 0.25], i * 3);
  return { length: xy.length / 2, xyp, hasPressure: true };
}
const box = (x: number, y: number, w: number, h: number, rotation = 0): Geometry => ({ x, y, w, h, rotation });
const positions = (points: InkPoints): number[][] =>
  Array.from({ length: points.length }, (_, i) => [points.xyp[i * 3]!, points.xyp[i * 3 + 1]!]);
function expectNear(actual: InkPoints, expected: number[][]): void {
  positions(actual).forEach((point, i) => point.forEach((value, j) => expect(value).toBeCloseTo(expected[i]![j]!, 9)));
}

const number = fc.double({ min: -1e4, max: 1e4, noNaN: true });
const side = fc.oneof(fc.double({ min: 1, max: 1e3, noNaN: true }), fc.double({ min: -1e3, max: -1, noNaN: true }));
const anyBox = fc.tuple(number, number, side, side, fc.double({ min: -7, max: 7, noNaN: true })).map((g) => box(...g));
const anyInk = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 }).map((points) => ink(...points.flat()));

describe('ink geometry', () => {
  it('[IN8] the bounds of ink are the box around its points', () => {
    expect(inkBounds(ink(3, 4))).toEqual(box(3, 4, 0, 0));
    expect(inkBounds(ink(3, 4, -1, 9, 0, 2))).toEqual(box(-1, 2, 4, 7));
  });

  it('[IN9] ink is shifted, scaled, flipped and turned with its box', () => {
    const points = ink(0, 0, 10, 20);
    const from = box(0, 0, 10, 20);
    expect(transformInk(points, from, box(0, 0, 10, 20))).toBe(points);
    expectNear(transformInk(points, from, box(5, 6, 10, 20)), [
      [5, 6],
      [15, 26],
    ]);
    expectNear(transformInk(points, from, box(0, 0, 20, 10)), [
      [0, 0],
      [20, 10],
    ]);
    // A flip: the box begins on the right and runs left.
    expectNear(transformInk(points, from, box(10, 0, -10, 20)), [
      [10, 0],
      [0, 20],
    ]);
    // A quarter turn clockwise (y points down) about (5, 10).
    expectNear(transformInk(points, from, box(0, 0, 10, 20, Math.PI / 2)), [
      [15, 5],
      [-5, 15],
    ]);
    expect(transformInk(points, from, box(5, 6, 10, 20)).xyp[2]).toBe(0.25);
    expect([...points.xyp]).toEqual([0, 0, 0.25, 10, 20, 0.25]);
  });

  it('[IN9] a dot and a level line move and turn, whatever their boxes say', () => {
    expectNear(transformInk(ink(3, 4), box(3, 4, 0, 0), box(8, 9, 100, 50)), [[58, 34]]);
    expectNear(transformInk(ink(0, 5, 10, 5), box(0, 5, 10, 0), box(0, 5, 20, 0)), [
      [0, 5],
      [20, 5],
    ]);
    expectNear(transformInk(ink(0, 5, 10, 5), box(0, 5, 10, 0), box(0, 5, 10, 0, Math.PI / 2)), [
      [5, 0],
      [5, 10],
    ]);
    for (const value of transformInk(ink(0, 0, 1, 1), box(0, 0, 1e-300, 5e-324), box(0, 0, 1e9, 1e9)).xyp)
      expect(Number.isFinite(value)).toBe(true);
  });

  it('[IN9] transforming ink to another box and back gives the same points', () => {
    fc.assert(
      fc.property(anyInk, anyBox, anyBox, (points, a, b) => {
        const back = transformInk(transformInk(points, a, b), b, a);
        points.xyp.forEach((value, i) => expect(Math.abs(back.xyp[i]! - value)).toBeLessThan(1e-5));
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('[IN9] the corners of one box land on the corners of the other', () => {
    fc.assert(
      fc.property(anyBox, anyBox, (a, b) => {
        const moved = transformInk(ink(...corners(a)), a, b);
        expectNear6(moved, corners(b));
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

/** The four corners of a box as shown, computed independently of the code under test. */
function corners(g: Geometry): number[] {
  const cx = g.x + g.w / 2;
  const cy = g.y + g.h / 2;
  return [
    [g.x, g.y],
    [g.x + g.w, g.y],
    [g.x + g.w, g.y + g.h],
    [g.x, g.y + g.h],
  ].flatMap(([x, y]) => {
    const angle = Math.atan2(y! - cy, x! - cx) + g.rotation;
    const radius = Math.hypot(x! - cx, y! - cy);
    return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
  });
}

function expectNear6(actual: InkPoints, flat: number[]): void {
  positions(actual)
    .flat()
    .forEach((value, i) => expect(value).toBeCloseTo(flat[i]!, 6));
}
