import { describe, expect, it } from 'vitest';
import type { Geometry } from '@wetink/board';
import { seeded } from '../fixtures/elements.ts';
import { scaleGeometry, turnGeometry } from '../transform.ts';
import { composed, inPlace, inverse, place, placementOf, type Placed } from './placement.ts';

const random = seeded(11);
const boxes = Array.from({ length: 80 }, (_, i): Geometry => {
  const [x, y] = [random() * 900, random() * 900];
  return { x, y, w: 5 + random() * 40, h: 5 + random() * 40, rotation: i % 3 === 0 ? random() : 0 };
});
const upright = boxes.map((box) => ({ ...box, rotation: 0 }));
const placed = (list: readonly Geometry[], move: (g: Geometry) => Geometry): Placed[] => list.map((from) => ({ from, to: move(from) }));

describe('[P10] how a gesture has placed many elements', () => {
  it('a shift, a turn, a resize and a resize of the same ratio are each one map', () => {
    expect(
      placementOf(
        placed(boxes, (g) => ({ ...g, x: g.x + 3, y: g.y - 4 })),
        0.01,
      ),
    ).toEqual({ ...inPlace, x0: 3, y0: -4 });
    const about = { x: 300, y: 200 };
    const moves: [readonly Geometry[], (g: Geometry) => Geometry][] = [
      [boxes, (g) => turnGeometry(g, about, 0.7)],
      [upright, (g) => scaleGeometry(g, { anchor: about, angle: 0, sx: 1.5, sy: 0.25 }, { isUpright: false })],
      [upright, (g) => scaleGeometry(g, { anchor: about, angle: 0, sx: -1.5, sy: 2 }, { isUpright: false })],
      [boxes, (g) => scaleGeometry(g, { anchor: about, angle: 0, sx: 0.4, sy: 0.4 }, { isUpright: false })],
    ];
    for (const [list, move] of moves) {
      const placement = placementOf(placed(list, move), 0.01);
      expect(placement).not.toBe(null);
      const middle = { x: 500, y: 500 };
      const shown = move({ ...middle, w: 0, h: 0, rotation: 0 });
      const { x, y } = place(placement ?? inPlace, middle);
      expect(Math.hypot(x - shown.x, y - shown.y)).toBeLessThan(0.01);
    }
  });

  it('elements that go their own ways, and elements on one line that are scaled, have none', () => {
    expect(
      placementOf(
        placed(boxes, (g) => ({ ...g, x: g.x + random() })),
        0.01,
      ),
    ).toBe(null);
    const oneOff = placed(boxes, (g) => ({ ...g, x: g.x + 3 }));
    oneOff[40] = { ...(oneOff[40] as Placed), to: { ...(oneOff[40] as Placed).to, w: 1 } };
    expect(placementOf(oneOff, 0.01)).toBe(null);
    const line = Array.from({ length: 9 }, (_, i): Geometry => ({ x: i * 10, y: 0, w: 5, h: 0, rotation: 0 }));
    expect(
      placementOf(
        placed(line, (g) => ({ ...g, x: g.x * 2, w: g.w * 2 })),
        0.01,
      ),
    ).toBe(null);
    expect(placementOf([], 1)).toBe(null);
  });

  it('a map and its inverse cancel out; a map onto a line has no inverse', () => {
    const map = { xx: 2, xy: 0.5, yx: -1, yy: 3, x0: 40, y0: -7 };
    const back = inverse(map);
    for (const key of ['xx', 'xy', 'yx', 'yy', 'x0', 'y0'] as const)
      expect(composed(map, back ?? inPlace)[key]).toBeCloseTo(inPlace[key], 9);
    expect(inverse({ ...map, xx: 0, xy: 0 })).toBe(null);
  });
});
