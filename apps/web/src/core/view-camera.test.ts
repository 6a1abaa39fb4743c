import { describe, expect, it } from 'vitest';
import { between, cameraFor, viewOf } from './view-camera.ts';

const wide = { width: 1_600, height: 800 };
const tall = { width: 400, height: 800 };

describe('the view of another person', () => {
  it('all of their view is shown, centred, on a screen of any shape', () => {
    const view = viewOf({ x: 100, y: 50, zoom: 2 }, wide);
    expect(view).toEqual({ x: 100, y: 50, w: 800, h: 400 });
    expect(cameraFor(view, wide)).toEqual({ x: 100, y: 50, zoom: 2 });
    const shown = viewOf(cameraFor(view, tall), tall);
    expect(shown.w).toBe(view.w);
    expect(shown.y + shown.h / 2).toBe(view.y + view.h / 2);
  });

  it('a view of a strange size gives a camera that a board can have', () => {
    expect(cameraFor({ x: 0, y: 0, w: 1e12, h: 1 }, wide).zoom).toBe(0.1);
    expect(cameraFor({ x: 0, y: 0, w: 1e-9, h: 1e-9 }, wide).zoom).toBe(30);
  });
});

describe('the way between two cameras', () => {
  const from = { x: 0, y: 0, zoom: 1 };
  const to = { x: 3_000, y: -500, zoom: 4 };

  it('it gets nearer with each frame, never beyond, and arrives within a second', () => {
    let at = from;
    let restBefore = Infinity;
    let frames = 0;
    while (at !== to) {
      at = between(at, to, 16, wide);
      const rest = Math.abs(to.zoom - at.zoom);
      expect(at.zoom).toBeLessThanOrEqual(to.zoom);
      expect(rest).toBeLessThan(restBefore);
      restBefore = rest;
      frames++;
    }
    expect(frames * 16).toBeLessThan(1_500);
  });

  it('two frames of 8 ms go as far as one of 16 ms', () => {
    const one = between(from, to, 16, wide);
    const two = between(between(from, to, 8, wide), to, 8, wide);
    expect(two.zoom).toBeCloseTo(one.zoom);
    expect(two.x).toBeCloseTo(one.x);
  });
});
