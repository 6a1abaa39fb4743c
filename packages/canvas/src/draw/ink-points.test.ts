import { describe, expect, it } from 'vitest';
import { decodeInk, encodeInk, transformInk } from '@wetink/board';
import { shape, stroke } from '../fixtures/elements.ts';
import { RecentCache, shownSketch } from './ink-points.ts';

/** A wave of 400 points, 200 units long. */
const xy = Array.from({ length: 400 }, (_, i) => [i / 2, 20 * Math.sin(i / 20)]).flat();

describe('[P8] the points of a stroke that is small on screen', () => {
  it('are few, never nearer than half of what was asked for, with both ends', () => {
    const element = stroke(xy);
    const points = decodeInk(element.ink ?? new Uint8Array()).xyp;
    const sketch = shownSketch(element, 10) ?? [];
    expect(sketch.length / 2).toBeLessThan(60);
    expect(sketch.length / 2).toBeGreaterThan(15);
    expect(sketch.slice(0, 2)).toEqual([points[0], points[1]]);
    expect(sketch.slice(-2)).toEqual([points.at(-3), points.at(-2)]);
    for (let i = 2; i + 3 < sketch.length; i += 2) {
      const apart = Math.abs((sketch[i] ?? 0) - (sketch[i - 2] ?? 0)) + Math.abs((sketch[i + 1] ?? 0) - (sketch[i - 1] ?? 0));
      expect(apart).toBeGreaterThanOrEqual(5);
    }
  });

  it('lie where the stroke is shown: moved, scaled and turned', () => {
    const drawn = stroke(xy);
    const geometry = { ...drawn.geometry, x: 500, w: drawn.geometry.w * 3, h: -drawn.geometry.h, rotation: 0.7 };
    const shown = { ...drawn, geometry };
    const { xyp } = transformInk(decodeInk(drawn.ink ?? new Uint8Array()), drawn.geometry, geometry);
    const sketch = shownSketch(shown, 0.001) ?? [];
    expect(sketch.length / 2).toBe(xyp.length / 3);
    for (let i = 0; i * 2 < sketch.length; i++) {
      expect(sketch[i * 2]).toBeCloseTo(xyp[i * 3] ?? NaN, 6);
      expect(sketch[i * 2 + 1]).toBeCloseTo(xyp[i * 3 + 1] ?? NaN, 6);
    }
  });

  it('are remembered for the next level near it, and made anew for a finer one', () => {
    const element = stroke(xy);
    const coarse = shownSketch(element, 8);
    expect(shownSketch(element, 9)).toBe(coarse);
    expect(shownSketch(element, 20)).toBe(coarse);
    const fine = shownSketch(element, 2);
    expect(fine?.length).toBeGreaterThan(coarse?.length ?? Infinity);
  });

  it('of a dot are one, of bytes that are no ink none', () => {
    const dot = shape('stroke', {}, { ink: encodeInk({ xyp: [3, 4, 0.5], hasPressure: true }, 1) });
    expect(shownSketch(dot, 5)).toEqual([3, 4]);
    expect(shownSketch(shape('stroke', {}, { ink: Uint8Array.of(1, 2, 3) }), 5)).toBeNull();
    expect(shownSketch(shape('rectangle', {}), 5)).toBeNull();
  });
});

describe('what was made for elements lately', () => {
  it('is kept as long as it is asked for, and at most two rounds otherwise', () => {
    const cache = new RecentCache<number>(10);
    const elements = Array.from({ length: 40 }, () => shape('rectangle', {}));
    const [kept, forgotten] = elements;
    if (kept === undefined || forgotten === undefined) throw new Error('no elements');
    let made = 0;
    const make = (): number => ++made;
    cache.getOrMake(forgotten, make);
    for (const element of elements.slice(2)) {
      expect(cache.getOrMake(kept, make)).toBe(2);
      cache.getOrMake(element, make);
    }
    expect(cache.get(forgotten)).toBeUndefined();
    cache.clear();
    expect(cache.get(kept)).toBeUndefined();
  });
});
