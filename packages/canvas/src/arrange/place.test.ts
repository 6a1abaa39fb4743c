import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardElement } from '@wetink/board';
import { shape } from '../fixtures/elements.ts';
import { placeAt, placeOf, type PlaceField } from './place.ts';

const after = (elements: readonly BoardElement[], field: PlaceField, value: number): BoardElement[] => {
  const moved = new Map(placeAt(field, value)(elements).map((item) => [item.id, item]));
  return elements.map((element) => {
    const item = moved.get(element.id);
    if (item === undefined) return element;
    return { ...element, geometry: item.geometry, style: { ...element.style, fontSize: item.fontSize ?? element.style.fontSize } };
  });
};

describe('a place in numbers', () => {
  it('[AR6] one element: its upright corner, its own sides, its turn; each can be set alone', () => {
    const box = shape('rectangle', { x: 100, y: 50, w: 40, h: 20, rotation: Math.PI / 2 });
    const place = { x: 110, y: 40, w: 40, h: 20, degrees: 90 };
    expect(placeOf([box])).toMatchObject(place);
    expect(placeOf(after([box], 'x', 7))).toMatchObject({ ...place, x: 7 });
    expect(placeOf(after([box], 'h', 60))).toMatchObject({ w: 40, h: 60, degrees: 90 });
    const turned = placeOf(after([box], 'degrees', 0));
    expect(turned?.degrees).toBeCloseTo(0, 9);
    expect([turned?.x, turned?.y]).toEqual([100, 50]);
  });

  it('[AR6] several: the box around them; a number of degrees turns them about its middle by as much', () => {
    const pair = [shape('rectangle', { x: 0, y: 0, w: 10, h: 10 }), shape('ellipse', { x: 90, y: 0, w: 10, h: 10 })];
    expect(placeOf(pair)).toEqual({ x: 0, y: 0, w: 100, h: 10, degrees: 0 });
    expect(after(pair, 'w', 200).map(({ geometry: g }) => [g.x, g.w, g.h])).toEqual([
      [0, 20, 10],
      [180, 20, 10],
    ]);
    const [first] = after(pair, 'degrees', 90);
    expect(first?.geometry.x).toBeCloseTo(45, 9);
    expect(first?.geometry.y).toBeCloseTo(-45, 9);
  });

  it('[AR6] a text keeps its ratio and grows by its letters, within their limits; a side of no length stays', () => {
    const text = shape('text', { x: 0, y: 0, w: 100, h: 20 }, { text: 'Milk' });
    const [larger] = after([text], 'w', 200);
    expect([larger?.geometry.h, larger?.style.fontSize]).toEqual([40, 40]);
    expect(after([text], 'w', 1e6)[0]?.style.fontSize).toBe(400);
    expect(placeAt('h', 50)([shape('line', { x: 0, y: 0, w: 100, h: 0 })])).toEqual([]);
    expect([placeOf([]), placeAt('x', 4)([])]).toEqual([null, []]);
  });

  it('[AR6] whatever is selected, the field that was set says that number afterwards', () => {
    const side = fc.oneof(fc.integer({ min: 2, max: 300 }), fc.integer({ min: -300, max: -2 }));
    const geometry = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }), w: side, h: side });
    fc.assert(
      fc.property(
        fc.array(geometry, { minLength: 1, maxLength: 8 }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.constantFrom<PlaceField>('x', 'y', 'w', 'h', 'degrees'),
        fc.integer({ min: 1, max: 170 }),
        (all, rotation, field, value) => {
          const elements = all.map((g) => shape('rectangle', { ...g, rotation: all.length === 1 ? rotation : 0 }));
          const next = placeOf(after(elements, field, value));
          // Several elements have no turn of their own.
          if (field === 'degrees' && all.length > 1) return;
          expect(next?.[field]).toBeCloseTo(value, 5);
        },
      ),
    );
  });
});
