import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain, shape, stroke } from './fixtures/elements.ts';
import { altKey, drive, shiftKey } from './fixtures/tool-driver.ts';
import { Lasso } from './lasso.ts';
import { selectTool } from './tools/select.ts';

/** Around (50, 50). */
const loop = (radius: number, corners = 24): { x: number; y: number }[] =>
  Array.from({ length: corners }, (_, i) => {
    const angle = (i / corners) * 2 * Math.PI;
    return { x: 50 + radius * Math.cos(angle), y: 50 + radius * Math.sin(angle) };
  });

describe('lasso', () => {
  it('[LA1] touches ink in it or across it, and holds what lies in it whole', () => {
    const lasso = new Lasso(loop(40));
    const inside = stroke([40, 40, 60, 60]);
    const across = shape('line', { x: -50, y: 50, w: 200, h: 0 });
    const beside = stroke([200, 50, 220, 50]);
    // In the box around the loop, and not in the loop.
    const corner = stroke([12, 12, 18, 14]);
    expect([inside, across, beside, corner].map((element) => lasso.touches(element))).toEqual([true, true, false, false]);
    expect([inside, across, beside, corner].map((element) => lasso.holds(element))).toEqual([true, false, false, false]);
  });

  it('[LA1] a hollow shape around the loop is not touched, a filled one is', () => {
    const around = { x: -100, y: -100, w: 300, h: 300 };
    const lasso = new Lasso(loop(10));
    expect(lasso.touches(shape('rectangle', around))).toBe(false);
    expect(lasso.touches(shape('rectangle', around, { style: { ...plain, fill: 'red' } }))).toBe(true);
  });

  it('[LA1] whatever the stroke: in a circle it is held if all of its points are, touched if one is', () => {
    const coordinate = fc.integer({ min: -20, max: 120 });
    const lasso = new Lasso(loop(40, 720));
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 20 }), (points) => {
        const far = points.map(([x, y]) => Math.hypot(x - 50, y - 50));
        // On the very edge either answer is right.
        if (far.some((d) => Math.abs(d - 40) < 0.5)) return;
        const element = stroke(points.flat());
        // A circle is convex: between two points in it there is no way out.
        expect(lasso.holds(element)).toBe(far.every((d) => d < 40));
        if (far.some((d) => d < 40)) expect(lasso.touches(element)).toBe(true);
      }),
    );
  });

  it('[LA1] the select tool draws it, and selects when it is closed; Shift adds, Alt contains, Escape leaves all as it was', () => {
    const inside = shape('rectangle', { x: 20, y: 20, w: 20, h: 20 });
    const half = shape('rectangle', { x: 90, y: 20, w: 40, h: 20 });
    const far = shape('rectangle', { x: 300, y: 300, w: 20, h: 20 });
    const world = { elements: [inside, half, far], selecting: { isLasso: true, isContaining: false } };
    const around = (hand: ReturnType<typeof drive>, keys = { shift: false, alt: false, mod: false }): typeof hand =>
      hand.down(0, 0, { keys }).move(110, 0, keys).move(110, 60, keys).move(0, 60, keys);
    const chosen = (hand: ReturnType<typeof drive>): unknown => hand.effects.findLast((effect) => effect.do === 'select');
    const hand = around(drive(selectTool, world));
    expect(hand.preview()).toMatchObject({ kind: 'lasso', path: [{ x: 0 }, { x: 110 }, { y: 60 }, { x: 0 }] });
    expect(hand.effects).toEqual([]);
    expect(chosen(hand.up())).toEqual({ do: 'select', ids: [inside.id, half.id] });
    expect(chosen(around(drive(selectTool, world), altKey).up())).toEqual({ do: 'select', ids: [inside.id] });
    expect(chosen(around(drive(selectTool, { ...world, selection: [far] }), shiftKey).up())).toEqual({
      do: 'select',
      ids: [far.id, inside.id, half.id],
    });
    expect(around(drive(selectTool, world)).cancel().effects).toEqual([]);
    const containing = { isLasso: true, isContaining: true };
    expect(chosen(around(drive(selectTool, { ...world, selecting: containing })).up())).toEqual({ do: 'select', ids: [inside.id] });
    const box = drive(selectTool, { ...world, selecting: { isLasso: false, isContaining: true } })
      .down(0, 0)
      .move(110, 60);
    expect(chosen(box)).toEqual({ do: 'select', ids: [inside.id] });
  });
});
