import { describe, expect, it } from 'vitest';
import { encodeInk } from './ink.ts';
import { takeStrokes, toBoardPoints, type PenOptions } from '../testing/pen.ts';

/** Bytes per point over many strokes, headers and anchors included. */
function bytesPerPoint(options: PenOptions, zoom: number, { hasPressure }: { hasPressure: boolean }): number {
  let bytes = 0;
  let points = 0;
  for (const stroke of takeStrokes(300, options)) {
    bytes += encodeInk({ xyp: toBoardPoints(stroke.xyp, zoom, -3000, 12_000), hasPressure }, zoom).length;
    points += stroke.xyp.length / 3;
  }
  return bytes / points;
}

describe('ink budget, over 300 strokes of made-up pen and mouse input', () => {
  // 1.01 and 1.5 lie between powers of two, where the grid is finest compared to a pixel.
  it.each([0.1, 0.5, 1, 1.01, 1.5, 2, 8])('[IN10] at zoom %s a point takes at most 3.5 bytes with pressure, 2.5 without', (zoom) => {
    expect(bytesPerPoint({ seed: 100 }, zoom, { hasPressure: true })).toBeLessThanOrEqual(3.5);
    expect(bytesPerPoint({ seed: 100 }, zoom, { hasPressure: false })).toBeLessThanOrEqual(2.5);
    expect(bytesPerPoint({ seed: 100, device: 'mouse' }, zoom, { hasPressure: false })).toBeLessThanOrEqual(2.5);
  });
});
