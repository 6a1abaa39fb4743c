import { describe, expect, it } from 'vitest';
import { seeded } from '../fixtures/elements.ts';
import { recognise, type Recognised } from './recognise.ts';

type At = readonly [x: number, y: number];

/** A stroke along corners, with a hand that shakes by up to `shake` board units. */
function along(corners: readonly At[], shake = 0, seed = 1): number[] {
  const random = seeded(seed);
  const xyp: number[] = [];
  corners.forEach(([x, y], i) => {
    const [fromX, fromY] = corners[i - 1] ?? [x, y];
    for (let t = 0; t < 1; t += 0.05)
      xyp.push(fromX + (x - fromX) * t + (random() - 0.5) * 2 * shake, fromY + (y - fromY) * t + (random() - 0.5) * 2 * shake, 0.5);
  });
  return xyp;
}
const round = (rx: number, ry: number, turn = 1.03): At[] =>
  Array.from({ length: 60 }, (_, i) => [
    200 + rx * Math.cos((i / 59) * turn * 2 * Math.PI),
    200 + ry * Math.sin((i / 59) * turn * 2 * Math.PI),
  ]);
const shapeOf = (xyp: readonly number[], zoom = 1): Recognised['shape'] | null => recognise(xyp, zoom)?.shape ?? null;

describe('a stroke that is held still at its end', () => {
  it.each<[string, readonly At[], Recognised['shape']]>([
    ['a line', [[0, 0], [200, 90]], 'line'],
    ['a box that does not quite close', [[0, 0], [200, 4], [196, 120], [3, 118], [0, 12]], 'rectangle'],
    ['a box drawn from another corner', [[196, 120], [3, 118], [0, 0], [200, 4], [197, 110]], 'rectangle'],
    ['a circle', round(90, 90), 'ellipse'],
    ['a flat ellipse, drawn the other way round', [...round(140, 60)].reverse(), 'ellipse'],
    ['a diamond', [[100, 0], [200, 80], [100, 160], [0, 80], [95, 5]], 'diamond'],
    ['a triangle', [[100, 0], [200, 160], [0, 160], [95, 5]], 'triangle'],
    ['an arrow in one stroke', [[0, 0], [200, 0], [165, -35], [200, 0], [165, 35]], 'arrow'],
  ])('[T16] %s is recognised, also by a shaking hand and whatever its size', (_, corners, shape) => {
    for (const seed of [1, 2, 3]) {
      expect(shapeOf(along(corners, 3, seed))).toBe(shape);
      const large = corners.map(([x, y]): At => [x * 8 - 500, y * 8]);
      expect(shapeOf(along(large, 20, seed), 0.2)).toBe(shape);
    }
  }); // prettier-ignore

  it.each<[string, readonly At[]]>([
    ['a wave', Array.from({ length: 60 }, (_, i) => [i * 5, 50 * Math.sin(i / 4)])],
    ['an L', [[0, 0], [0, 120], [120, 120]]],
    ['a spiral', Array.from({ length: 120 }, (_, i) => [200 + i * Math.cos(i / 8), 200 + i * Math.sin(i / 8)])],
    ['an eight', Array.from({ length: 80 }, (_, i) => [100 * Math.sin(i / 12.7), 80 * Math.sin(i / 6.35)])],
    ['a hook', [[0, 0], [200, 0], [165, -35]]],
    ['a dot', [[0, 0], [3, 2]]],
  ])('[T16] %s stays a stroke', (_, corners) => {
    expect(shapeOf(along(corners))).toBeNull();
  }); // prettier-ignore

  it('[T16] lines that are nearly level or upright become so, and sides that are nearly equal equal', () => {
    expect(recognise(along([[0, 0], [200, 9]]), 1)?.geometry).toMatchObject({ h: 0 }); // prettier-ignore
    expect(recognise(along([[0, 0], [-6, 200]]), 1)?.geometry).toMatchObject({ w: 0 }); // prettier-ignore
    const circle = recognise(along(round(90, 84)), 1)?.geometry;
    expect(circle?.w).toBe(circle?.h);
  });

  it('[T16] points that are not finite, few, or all the same are no shape', () => {
    for (const xyp of [[], [1, 1, 0.5], [1, 1, 0.5, 1, 1, 0.5], [NaN, 1, 0.5, 50, 50, 0.5], [0, 0, 0.5, Infinity, 50, 0.5]])
      expect(shapeOf(xyp)).toBeNull();
  });
});
