import { describe, expect, it } from 'vitest';
import { dragged, fitMap, fromMap, grip, toMap, viewBox } from './board-map.ts';

const map = { width: 200, height: 100 };
const size = { width: 1000, height: 500 };
const view = viewBox({ x: 0, y: 0, zoom: 1 }, size);

describe('the map of a board', () => {
  it('shows all that is drawn in its middle, and the view as well when that lies outside', () => {
    const drawn = { minX: 0, minY: 0, maxX: 4000, maxY: 1000 };
    const fit = fitMap(drawn, view, map);
    expect(fit.scale).toBeCloseTo(0.05);
    expect(toMap(fit, { x: 0, y: 0 })).toEqual({ x: 0, y: 25 });
    expect(toMap(fit, { x: 4000, y: 1000 })).toEqual({ x: 200, y: 75 });
    const far = viewBox({ x: -6000, y: 0, zoom: 1 }, size);
    const wider = fitMap(drawn, far, map);
    expect(toMap(wider, { x: -6000, y: 0 }).x).toBeCloseTo(0);
    expect(toMap(wider, { x: 4000, y: 0 }).x).toBeCloseTo(200);
  });

  it('of an empty board shows the view', () => {
    expect(fitMap(null, view, map)).toEqual({ x: 0, y: 0, scale: 0.2 });
  });

  it('leads from a place on the map to the board and back', () => {
    const fit = fitMap({ minX: -300, minY: 20, maxX: 900, maxY: 4000 }, view, map);
    const there = fromMap(fit, toMap(fit, { x: 123, y: -45 }));
    expect(there.x).toBeCloseTo(123);
    expect(there.y).toBeCloseTo(-45);
  });

  it('a press beside the view brings its middle there; one in the view takes hold of it where it is', () => {
    const beside = { x: 3000, y: 800 };
    expect(dragged(beside, grip(beside, view), 1, size)).toEqual({ x: 2500, y: 550, zoom: 1 });
    const inside = { x: 100, y: 50 };
    expect(dragged(inside, grip(inside, view), 1, size)).toEqual({ x: 0, y: 0, zoom: 1 });
    expect(dragged({ x: 140, y: 50 }, grip(inside, view), 1, size)).toEqual({ x: 40, y: 0, zoom: 1 });
  });
});
