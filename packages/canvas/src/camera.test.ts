import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampCamera,
  fitBox,
  MAX_ZOOM,
  MIN_ZOOM,
  nextZoomStep,
  panBy,
  pinch,
  reveal,
  toBoard,
  toView,
  visibleBox,
  wheelZoomFactor,
  zoomAt,
} from './camera.ts';

const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
const viewPoint = fc.record({ x: fc.double({ min: 0, max: 4000, noNaN: true }), y: fc.double({ min: 0, max: 4000, noNaN: true }) });
const zoom = fc.double({ min: MIN_ZOOM, max: MAX_ZOOM, noNaN: true });
const camera = fc.record({ x: coordinate, y: coordinate, zoom });
const size = fc.record({ width: fc.integer({ min: 50, max: 4000 }), height: fc.integer({ min: 50, max: 4000 }) });

describe('camera', () => {
  it('[C1] toBoard undoes toView', () => {
    fc.assert(
      fc.property(camera, point, (c, p) => {
        const back = toBoard(c, toView(c, p));
        expect(Math.hypot(back.x - p.x, back.y - p.y)).toBeLessThan(1e-6);
      }),
    );
  });

  it('[C2] zooming keeps the board point under the anchor', () => {
    fc.assert(
      fc.property(camera, viewPoint, fc.double({ min: 0.001, max: 1000, noNaN: true }), (c, anchor, next) => {
        const before = toBoard(c, anchor);
        const zoomed = zoomAt(c, anchor, next);
        const after = toBoard(zoomed, anchor);
        expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(1e-6);
        expect(zoomed.zoom).toBeGreaterThanOrEqual(MIN_ZOOM);
        expect(zoomed.zoom).toBeLessThanOrEqual(MAX_ZOOM);
      }),
    );
  });

  it('[C2] a pinch carries the point between the fingers along', () => {
    fc.assert(
      fc.property(camera, viewPoint, viewPoint, fc.double({ min: 0.2, max: 5, noNaN: true }), (c, from, to, factor) => {
        const before = toBoard(c, from);
        const after = toBoard(pinch(c, from, to, factor), to);
        expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(1e-6);
      }),
    );
  });

  it('panning moves the board with the pointer', () => {
    const c = panBy({ x: 10, y: 20, zoom: 2 }, 30, -10);
    expect(c).toEqual({ x: -5, y: 25, zoom: 2 });
  });

  it('[C3] any numbers make a usable camera', () => {
    const anything = fc.double();
    fc.assert(
      fc.property(anything, anything, anything, (x, y, z) => {
        const c = clampCamera({ x, y, zoom: z });
        expect(Math.abs(c.x)).toBeLessThanOrEqual(9_000_000);
        expect(Math.abs(c.y)).toBeLessThanOrEqual(9_000_000);
        expect(c.zoom).toBeGreaterThanOrEqual(MIN_ZOOM);
        expect(c.zoom).toBeLessThanOrEqual(MAX_ZOOM);
      }),
    );
  });

  it('[C4] fitting shows the whole box, centred, no closer than 1:1', () => {
    const side = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(point, side, side, size, (p, w, h, view) => {
        const box = { minX: p.x, minY: p.y, maxX: p.x + w, maxY: p.y + h };
        const c = fitBox(box, view);
        expect(c.zoom).toBeLessThanOrEqual(1);
        const shown = visibleBox(c, view);
        expect((shown.minX + shown.maxX) / 2).toBeCloseTo(p.x + w / 2, 4);
        expect((shown.minY + shown.maxY) / 2).toBeCloseTo(p.y + h / 2, 4);
        if (c.zoom > MIN_ZOOM) {
          expect(shown.minX).toBeLessThanOrEqual(box.minX + 1e-6);
          expect(shown.maxY).toBeGreaterThanOrEqual(box.maxY - 1e-6);
        }
      }),
    );
  });

  it('[C4] what is fitted lies between the bars, also in a low view', () => {
    const box = { minX: 0, minY: 0, maxX: 900, maxY: 600 };
    const view = { width: 640, height: 400, top: 70, bottom: 130 };
    const camera = fitBox(box, view);
    expect(toView(camera, { x: 0, y: 0 }).y).toBeGreaterThanOrEqual(70);
    expect(toView(camera, { x: 0, y: 600 }).y).toBeLessThanOrEqual(400 - 130);
    // Bars within the margin change nothing, and those that leave nothing free still leave the drawing a quarter of the height.
    const large = { width: 1280, height: 800 };
    expect(fitBox(box, { ...large, top: 60, bottom: 70 })).toEqual(fitBox(box, large));
    expect(fitBox(box, { width: 320, height: 320, top: 70, bottom: 250 }).zoom).toBeCloseTo(80 / 600, 6);
  });

  it('revealing pans no further than needed, and not at all for what is in view', () => {
    const c = { x: 0, y: 0, zoom: 1 };
    const view = { width: 100, height: 100 };
    expect(reveal(c, { minX: 10, minY: 10, maxX: 20, maxY: 20 }, view)).toBe(c);
    expect(reveal(c, { minX: 150, minY: -30, maxX: 160, maxY: -20 }, view)).toEqual({ x: 60, y: -30, zoom: 1 });
  });

  it('zoom steps go up and down the same ladder and stop at its ends', () => {
    expect(nextZoomStep(1, 1)).toBe(1.5);
    expect(nextZoomStep(1.5, -1)).toBe(1);
    expect(nextZoomStep(0.9999999, 1)).toBe(1.5);
    expect(nextZoomStep(MAX_ZOOM, 1)).toBe(MAX_ZOOM);
    expect(nextZoomStep(MIN_ZOOM, -1)).toBe(MIN_ZOOM);
  });

  it('a notch of a mouse wheel zooms by a third at most, a trackpad by little', () => {
    expect(wheelZoomFactor(-120)).toBeLessThan(1.34);
    expect(wheelZoomFactor(-2)).toBeCloseTo(1.02, 2);
    expect(wheelZoomFactor(120) * wheelZoomFactor(-120)).toBeCloseTo(1);
  });
});
