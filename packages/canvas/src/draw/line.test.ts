import fc from 'fast-check';
import { heads, lineThrough, type BoardElement, type Style } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { boundsOf, paintBox } from '../bounds.ts';
import { plain, shape } from '../fixtures/elements.ts';
import { boxContainsPoint, growBox, type Point } from '../geometry.ts';
import { isCrossed, isHit } from '../hit-test.ts';
import { renderSvg } from '../export/svg.ts';
import { shapeDrawable } from './drawable.ts';
import { lineChain, lineHeads, linePoints } from './line.ts';
import { flatten } from './path.ts';

const at = (...xy: number[]): Point[] => Array.from({ length: xy.length / 2 }, (_, i) => ({ x: xy[2 * i] ?? 0, y: xy[2 * i + 1] ?? 0 }));
function bent(way: readonly Point[], style: Partial<Style> = {}, kind: 'line' | 'arrow' = 'line'): BoardElement {
  const { geometry, points } = lineThrough(way);
  return shape(kind, geometry, { points, style: { ...plain, ...style } });
}
const anyWay = fc.array(fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) }), {
  minLength: 2,
  maxLength: 8,
});

describe('a line with bends', () => {
  it('[LI1] goes through its points, in whatever direction they lie, and as turned', () => {
    fc.assert(
      fc.property(anyWay, (way) => {
        linePoints(bent(way)).forEach((p, i) => {
          expect(p.x).toBeCloseTo(way[i]?.x ?? NaN, 3);
          expect(p.y).toBeCloseTo(way[i]?.y ?? NaN, 3);
        });
      }),
    );
    const { geometry, points } = lineThrough(at(0, 0, 100, 0, 100, 100));
    const [start] = linePoints({ geometry: { ...geometry, rotation: Math.PI }, points });
    expect([start?.x, start?.y].map((value) => Math.round(value ?? 0))).toEqual([100, 100]);
  });

  it('[LI1] in a curve it goes through the same points and never leaves their box', () => {
    fc.assert(
      fc.property(anyWay, (way) => {
        const line = bent(way, { corners: 'round' });
        const chain = lineChain(line);
        const box = growBox(boundsOf([line]) ?? { minX: 0, minY: 0, maxX: 0, maxY: 0 }, 0.01 - plain.width - 1);
        for (const p of chain) expect(boxContainsPoint(box, p)).toBe(true);
        for (const { x, y } of way) expect(chain.some((p) => Math.hypot(p.x - x, p.y - y) < 0.01)).toBe(true);
      }),
    );
  });

  it('[LI1] is hit and erased on its way, not on the straight line between its ends', () => {
    for (const corners of ['sharp', 'round'] as const) {
      const line = bent(at(0, 0, 100, 100, 200, 0), { corners });
      expect([isHit(line, { x: 100, y: 99 }, 4), isHit(line, { x: 100, y: 0 }, 8)]).toEqual([true, false]);
      expect(isCrossed(line, { x: 90, y: 60 }, { x: 110, y: 130 }, 4)).toBe(true);
      expect(isCrossed(line, { x: 90, y: -10 }, { x: 110, y: 10 }, 4)).toBe(false);
    }
  });
});

describe('heads', () => {
  it('[LI2] every head at either end is painted within the bounds, hit, and in an SVG', () => {
    for (const head of heads.filter((name) => name !== 'auto'))
      for (const end of ['startHead', 'endHead'] as const) {
        const line = bent(at(0, 0, 200, 0), { startHead: 'none', endHead: 'none', [end]: head }, 'arrow');
        const { stroked, filled } = lineHeads(line);
        const points = [...flatten(stroked), ...flatten(filled)].flat();
        expect([head, points.length > 0]).toEqual([head, head !== 'none']);
        expect([head, points.every((p) => boxContainsPoint(paintBox(line), p))]).toEqual([head, true]);
        // At the end that has it.
        expect([head, points.every((p) => (end === 'startHead' ? p.x < 100 : p.x > 100))]).toEqual([head, true]);
        const beside = points.find((p) => Math.abs(p.y) > 5);
        if (beside !== undefined) expect([head, isHit(line, beside, 1)]).toEqual([head, true]);
        const isFilled = ['triangle', 'dot', 'diamond'].includes(head);
        expect([head, shapeDrawable(line).ops.some(({ op }) => op === 'fill')]).toEqual([head, isFilled]);
        expect([head, renderSvg([line], { theme: 'light' }).split('<path').length]).toEqual([head, isFilled ? 3 : 2]);
      }
  });

  it('[LI2] a head points along the last piece of its line', () => {
    const { stroked } = lineHeads(bent(at(0, 0, 100, 0, 100, 100), {}, 'arrow'));
    const [[left, tip, right] = []] = flatten(stroked);
    expect([tip?.x, tip?.y]).toEqual([100, 100]);
    expect(left?.y).toBeCloseTo(right?.y ?? NaN);
    expect(left?.y ?? NaN).toBeLessThan(100);
  });

  it('[LI2] two heads of a short line never meet, and a line of no length has none', () => {
    const both = { startHead: 'triangle', endHead: 'triangle' } as const;
    const [end, start] = flatten(lineHeads(bent(at(0, 0, 20, 0), both)).filled);
    expect(Math.min(...(end ?? []).map(({ x }) => x))).toBeGreaterThanOrEqual(Math.max(...(start ?? []).map(({ x }) => x)));
    expect(lineHeads(bent(at(5, 5, 5, 5), both)).filled.verbs).toBe('');
  });

  it('[LI2] dashes leave the heads whole', () => {
    const ops = shapeDrawable(bent(at(0, 0, 200, 0), { dash: 'dashed', endHead: 'bar' })).ops;
    expect(ops.map((op) => (op.op === 'stroke' ? op.dash.length : op.op))).toEqual([2, 0]);
  });
});
