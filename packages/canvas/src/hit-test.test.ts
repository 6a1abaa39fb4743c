import { describe, expect, it } from 'vitest';
import { shape, stroke, plain } from './fixtures/elements.ts';
import { isCrossed, isHit, isInBox, topmostHit } from './hit-test.ts';

describe('hit test', () => {
  const cases: [string, Parameters<typeof isHit>[0], { x: number; y: number }, boolean][] = [
    ['a stroke on its line', stroke([0, 0, 100, 0]), { x: 50, y: 1 }, true],
    ['a stroke within the margin', stroke([0, 0, 100, 0]), { x: 50, y: 9 }, true],
    ['a stroke beyond the margin', stroke([0, 0, 100, 0]), { x: 50, y: 11 }, false],
    ['a dot', stroke([20, 20]), { x: 22, y: 20 }, true],
    ['an empty rectangle on its side', shape('rectangle', { w: 100, h: 50 }), { x: 100, y: 25 }, true],
    ['an empty rectangle inside', shape('rectangle', { w: 100, h: 50 }), { x: 50, y: 25 }, false],
    ['a filled rectangle inside', shape('rectangle', { w: 100, h: 50 }, { style: { ...plain, fill: 'red' } }), { x: 50, y: 25 }, true],
    ['a filled ellipse inside', shape('ellipse', { w: 100, h: 50 }, { style: { ...plain, fill: 'red' } }), { x: 50, y: 25 }, true],
    ['a filled ellipse in its corner', shape('ellipse', { w: 100, h: 100 }, { style: { ...plain, fill: 'red' } }), { x: 2, y: 2 }, false],
    ['a diamond on its line', shape('diamond', { w: 100, h: 100 }), { x: 25, y: 25 }, true],
    [
      'a filled diamond in the corner of its box',
      shape('diamond', { w: 100, h: 100 }, { style: { ...plain, fill: 'red' } }),
      { x: 10, y: 10 },
      false,
    ],
    ['a filled star between two points', shape('star', { w: 100, h: 100 }, { style: { ...plain, fill: 'red' } }), { x: 50, y: 95 }, false],
    ['a filled star in its middle', shape('star', { w: 100, h: 100 }, { style: { ...plain, fill: 'red' } }), { x: 50, y: 55 }, true],
    ['an empty cloud in its middle', shape('cloud', { w: 200, h: 200 }), { x: 100, y: 120 }, false],
    [
      'the empty corner of a filled rectangle with round corners',
      shape('rectangle', { w: 200, h: 200 }, { style: { ...plain, fill: 'red', corners: 'round' } }),
      { x: 0, y: 0 },
      false,
    ],
    [
      'the arc of a rectangle with round corners',
      shape('rectangle', { w: 200, h: 200 }, { style: { ...plain, corners: 'round' } }),
      { x: 8, y: 8 },
      true,
    ],
    [
      'a huge ellipse between its quarters',
      shape('ellipse', { w: 16_000, h: 16_000 }),
      { x: 8_000 + 8_000 * Math.cos(0.4), y: 8_000 + 8_000 * Math.sin(0.4) },
      true,
    ],
    ['the mark in a check box', shape('checkbox', { w: 100, h: 100 }), { x: 42, y: 74 }, true],
    ['an ellipse on its line', shape('ellipse', { w: 100, h: 50 }), { x: 50, y: 0 }, true],
    ['a line pulled to the left', shape('line', { x: 100, y: 100, w: -100, h: -100 }), { x: 50, y: 50 }, true],
    ['text in its box', shape('text', { w: 60, h: 20 }), { x: 30, y: 10 }, true],
    ['a rectangle turned by a quarter', shape('rectangle', { x: 0, y: 40, w: 100, h: 20, rotation: Math.PI / 2 }), { x: 40, y: 0 }, true],
    [
      'where that rectangle would be unturned',
      shape('rectangle', { x: 0, y: 40, w: 100, h: 20, rotation: Math.PI / 2 }),
      { x: 0, y: 50 },
      false,
    ],
  ];
  it.each(cases)('%s', (_name, element, p, isExpected) => {
    expect(isHit(element, p, 8)).toBe(isExpected);
  });

  it('[T7] the topmost wins, but ink under the pointer before ink near it', () => {
    const below = stroke([0, 0, 100, 0]);
    const near = stroke([0, 8, 100, 8]);
    expect(topmostHit([below, near], { x: 50, y: 0 }, 8)).toBe(below);
    expect(topmostHit([below, near], { x: 50, y: 8 }, 8)).toBe(near);
    const above = stroke([0, 0, 100, 0]);
    expect(topmostHit([below, above], { x: 50, y: 0 }, 8)).toBe(above);
    expect(topmostHit([below], { x: 50, y: 500 }, 8)).toBeNull();
  });

  it('[T7] a hollow shape is hit in the area of its label, behind ink that is there', () => {
    const hollow = shape('rectangle', { w: 400, h: 200 });
    const hits = (x: number, y: number, below: Parameters<typeof topmostHit>[0] = [], margin = 8): unknown =>
      topmostHit([...below, hollow], { x, y }, margin);
    expect([hits(200, 100), hits(257, 132), hits(259, 100), hits(200, 134)]).toEqual([hollow, hollow, null, null]);
    // Zoomed out, 8 px are 80 units: the area is wider.
    const huge = shape('rectangle', { w: 2000, h: 1000 });
    expect([1125, 1135].map((x) => topmostHit([huge], { x, y: 600 }, 80))).toEqual([huge, null]);
    const [near, far] = [stroke([150, 106, 250, 106]), stroke([150, 120, 250, 120])];
    expect([hits(200, 100, [near]), hits(200, 100, [far])]).toEqual([near, hollow]);
    const small = shape('rectangle', { x: 190, y: 90, w: 20, h: 20 }, { style: { ...plain, fill: 'red' } });
    const ground = shape('image', { x: -10, y: -10, w: 500, h: 300 });
    expect([hits(200, 100, [small]), hits(200, 100, [ground]), hits(30, 100, [ground])]).toEqual([small, hollow, ground]);
    expect(topmostHit([hollow, ground], { x: 200, y: 100 }, 8)).toBe(ground);
    const turned = shape('ellipse', { w: 40, h: 400, rotation: Math.PI / 2 });
    expect([topmostHit([turned], { x: 20 + 30, y: 200 }, 8), topmostHit([turned], { x: 20, y: 250 }, 8)]).toEqual([turned, null]);
    expect(topmostHit([shape('line', { w: 400, h: 200 })], { x: 210, y: 130 }, 8)).toBeNull();
  });

  it('[T5] the eraser catches what lies between two samples of a fast drag', () => {
    const thin = stroke([50, -100, 50, 100]);
    expect(isCrossed(thin, { x: 0, y: 0 }, { x: 100, y: 0 }, 1)).toBe(true);
    expect(isCrossed(thin, { x: 0, y: 0 }, { x: 40, y: 0 }, 1)).toBe(false);
    expect(isCrossed(shape('rectangle', { w: 100, h: 100 }), { x: 40, y: 40 }, { x: 60, y: 60 }, 5)).toBe(false);
    expect(isCrossed(stroke([50, 50]), { x: 0, y: 50 }, { x: 100, y: 50 }, 1)).toBe(true);
  });

  it('[T7] a box touches ink, not the empty box around it', () => {
    const diagonal = stroke([0, 0, 100, 100]);
    expect(isInBox(diagonal, { minX: 60, minY: 0, maxX: 100, maxY: 30 })).toBe(false);
    expect(isInBox(diagonal, { minX: 40, minY: 40, maxX: 60, maxY: 60 })).toBe(true);
    expect(isInBox(shape('rectangle', { w: 100, h: 100 }), { minX: 20, minY: 20, maxX: 80, maxY: 80 })).toBe(false);
    const filled = shape('rectangle', { w: 100, h: 100 }, { style: { ...plain, fill: 'red' } });
    expect(isInBox(filled, { minX: 20, minY: 20, maxX: 80, maxY: 80 })).toBe(true);
  });
});
