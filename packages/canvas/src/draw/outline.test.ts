import { shapeKinds, type Geometry, type ShapeKind } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { geometryBox } from '../geometry.ts';
import { plain, shape } from '../fixtures/elements.ts';
import { drawableOf } from './drawable.ts';
import { shapeLines, shapeOutline } from './outline.ts';

const box: Geometry = { x: 10, y: 20, w: 100, h: 60, rotation: 0 };
const linesOf = (kind: ShapeKind, geometry: Geometry, corners: 'sharp' | 'round' = 'sharp') =>
  shapeLines({ kind, geometry, style: { ...plain, corners } });

describe.each(shapeKinds)('the outline of a %s', (kind) => {
  it('[SH1] fills its box and stays within it, also turned and mirrored', () => {
    for (const geometry of [box, { ...box, rotation: 0.7 }, { ...box, w: -100 }, { ...box, h: -60, rotation: 2 }]) {
      // Turned back, so that its own box can be compared.
      const upright = linesOf(kind, { ...geometry, rotation: 0 }).flat();
      const around = geometryBox({ ...geometry, rotation: 0 });
      const [xs, ys] = [upright.map(({ x }) => x), upright.map(({ y }) => y)];
      const room = [
        Math.min(...xs) - around.minX,
        Math.min(...ys) - around.minY,
        around.maxX - Math.max(...xs),
        around.maxY - Math.max(...ys),
      ];
      for (const gap of room) {
        expect(gap).toBeGreaterThanOrEqual(-1e-9);
        expect(gap).toBeLessThan(8);
      }
      const turned = linesOf(kind, geometry).flat();
      expect(turned).toHaveLength(upright.length);
    }
  });

  it('[SH1] is closed first, and mirrored by a negative side', () => {
    const [outline] = linesOf(kind, box);
    expect(outline?.[0]).toEqual(outline?.at(-1));
    if (kind === 'ellipse') return; // The same both ways.
    const mirrored = linesOf(kind, { ...box, x: 110, w: -100 })[0];
    expect(mirrored?.map(({ x }) => x)).toEqual(outline?.map(({ x }) => expect.closeTo(120 - x, 6)));
  });

  it('[SH1] has no size that makes it infinite', () => {
    for (const [w, h] of [
      [0, 0],
      [0, 50],
      [1e-7, 1e-7],
    ] as const)
      for (const corners of ['sharp', 'round'] as const)
        for (const value of shapeOutline(kind, { ...box, w, h }, corners).coords) expect(Number.isFinite(value)).toBe(true);
  });
});

it('[SH1] round corners leave the corners and keep the sides', () => {
  const sharp = linesOf('rectangle', box)[0];
  const round = linesOf('rectangle', box, 'round')[0] ?? [];
  expect(sharp).toContainEqual({ x: 10, y: 20 });
  expect(round).not.toContainEqual({ x: 10, y: 20 });
  expect(Math.min(...round.map(({ x }) => x))).toBeCloseTo(10);
  expect(linesOf('ellipse', box, 'round')).toEqual(linesOf('ellipse', box));
});

it('[SH1] the fill of a shape is its closed line alone', () => {
  for (const kind of shapeKinds) {
    const [fill, line] = drawableOf(shape(kind, box, { style: { ...plain, fill: 'red' } })).ops;
    if (fill?.op !== 'fill' || line?.op !== 'stroke') throw new Error('no fill and line');
    expect(fill.path.verbs.indexOf('Z')).toBe(fill.path.verbs.length - 1);
    expect(fill.path.coords).toEqual(line.path.coords.slice(0, fill.path.coords.length));
    expect(line.path.verbs.length > fill.path.verbs.length).toBe(kind === 'checkbox' || kind === 'cylinder');
  }
});

it('[SH1] a line with more dashes than anybody sees is solid', () => {
  const dashesOf = (w: number): readonly number[] | undefined => {
    const [line] = drawableOf(shape('rectangle', { ...box, w }, { style: { ...plain, dash: 'dotted' } })).ops;
    return line?.op === 'stroke' ? line.dash : undefined;
  };
  expect(dashesOf(2_000)).toHaveLength(2);
  expect(dashesOf(1_000_000)).toEqual([]);
});
