import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardElement, Geometry } from '@wetink/board';
import { desk } from '../fixtures/desk.ts';
import { plain, shape } from '../fixtures/elements.ts';
import { unlockAll } from '../editor/unlock.ts';
import { geometryBox, uniteAll, type Box } from '../geometry.ts';
import { align, type Alignment } from './align.ts';
import type { Arrangement } from './arrangement.ts';
import { distribute, stack, STACK_GAP } from './distribute.ts';
import { flip } from './flip.ts';
import { resize } from './resize.ts';
import { GRID_GAP, tidyUp } from './tidy.ts';

const alignments: readonly Alignment[] = ['left', 'centre-x', 'right', 'top', 'centre-y', 'bottom'];
const box = (x: number, y: number, w: number, h: number, rotation = 0): BoardElement => shape('rectangle', { x, y, w, h, rotation });
const after = (arrangement: Arrangement, elements: readonly BoardElement[]): BoardElement[] => {
  const moved = new Map(arrangement(elements).map(({ id, geometry }) => [id, geometry]));
  return elements.map((element) => ({ ...element, geometry: moved.get(element.id) ?? element.geometry }));
};
const boxes = (elements: readonly BoardElement[]): Box[] => elements.map(({ geometry }) => geometryBox(geometry));
const corners = (elements: readonly BoardElement[]): number[][] => boxes(elements).map(({ minX, minY }) => [minX, minY]);

/** Crowds of elements, some turned, mirrored or without a height. */
const size = fc.integer({ min: -200, max: 200 });
const geometry: fc.Arbitrary<Geometry> = fc.record({
  x: fc.integer({ min: -500, max: 500 }),
  y: fc.integer({ min: -500, max: 500 }),
  w: size,
  h: size,
  rotation: fc.oneof(fc.constant(0), fc.double({ min: -3, max: 3, noNaN: true })),
});
const crowd = fc.array(geometry, { minLength: 1, maxLength: 30 }).map((all) => all.map((g) => shape('rectangle', g)));

describe('arrangements', () => {
  it('[AR1] aligning sets one edge, or the middles, on the line of the box around all', () => {
    const elements = [box(10, 0, 20, 20), box(50, 30, 40, 10), box(100, 90, 10, 50)];
    const xs = (to: Alignment): number[] => after(align(to), elements).map(({ geometry: g }) => g.x);
    const ys = (to: Alignment): number[] => after(align(to), elements).map(({ geometry: g }) => g.y);
    expect([xs('left'), xs('centre-x'), xs('right')]).toEqual([
      [10, 10, 10],
      [50, 40, 55],
      [90, 70, 100],
    ]);
    expect([ys('top'), ys('centre-y'), ys('bottom')]).toEqual([
      [0, 0, 0],
      [60, 65, 45],
      [120, 130, 90],
    ]);
    expect(ys('left')).toEqual([0, 30, 90]);
  });

  it('[AR1] a turned element aligns by its upright box, and keeps its size and its turn', () => {
    const turned = box(100, 0, 100, 20, Math.PI / 2);
    const [, moved] = after(align('left'), [box(0, 0, 10, 10), turned]);
    expect(geometryBox(moved?.geometry ?? turned.geometry).minX).toBeCloseTo(0, 9);
    expect(moved?.geometry).toMatchObject({ w: 100, h: 20, rotation: Math.PI / 2 });
  });

  it('[AR1] whatever the crowd, aligning puts all on one line, within the box around it, and a second time changes nothing', () => {
    const line = (to: Alignment, { minX, minY, maxX, maxY }: Box): number =>
      ({ left: minX, right: maxX, top: minY, bottom: maxY, 'centre-x': (minX + maxX) / 2, 'centre-y': (minY + maxY) / 2 })[to];
    fc.assert(
      fc.property(crowd, fc.constantFrom(...alignments), (elements, to) => {
        const aligned = after(align(to), elements);
        const around = uniteAll(boxes(elements));
        if (around === null) throw new Error('an empty crowd');
        for (const each of boxes(aligned)) expect(line(to, each)).toBeCloseTo(line(to, around), 6);
        expect(align(to)(aligned)).toEqual([]);
      }),
    );
  });

  it('[AR2] distributing makes the gaps equal between the first and the last, which stay', () => {
    const elements = [box(200, 5, 20, 20), box(0, 0, 10, 10), box(15, 70, 40, 10)];
    expect(corners(after(distribute('x'), elements))).toEqual([
      [200, 5],
      [0, 0],
      [85, 70],
    ]);
    expect(distribute('x')(elements.slice(0, 2))).toEqual([]);
    // One that reaches farthest at both ends is neither the first nor the last.
    expect(corners(after(distribute('x'), [box(0, 0, 100, 9), box(10, 0, 10, 9), box(60, 0, 10, 9)]))).toEqual([
      [-10, 0],
      [10, 0],
      [60, 0],
    ]);
  });

  it('[AR2] stacking sets elements 16 units one after the other; the first and the other axis stay', () => {
    const elements = [box(100, 5, 20, 20), box(0, 0, 10, 10), box(5, 70, 40, 10)];
    expect(corners(after(stack('x'), elements))).toEqual([
      [10 + 40 + 2 * STACK_GAP, 5],
      [0, 0],
      [10 + STACK_GAP, 70],
    ]);
    expect(corners(after(stack('y'), elements.slice(0, 2)))).toEqual([
      [100, 10 + STACK_GAP],
      [0, 0],
    ]);
  });

  it('[AR2] whatever the crowd, the gaps of a row are equal, and a second time changes nothing', () => {
    fc.assert(
      fc.property(crowd, fc.constantFrom(distribute, stack), fc.constantFrom('x', 'y'), (elements, arrange, axis) => {
        const row = after(arrange(axis), elements);
        expect(row.map(({ geometry: { w, h, rotation } }) => [w, h, rotation])).toEqual(
          elements.map(({ geometry: { w, h, rotation } }) => [w, h, rotation]),
        );
        if (arrange === distribute && row.length < 3) return;
        const spans = boxes(row)
          .map((b) => (axis === 'x' ? [b.minX, b.maxX] : [b.minY, b.maxY]))
          .sort(([a = 0, b = 0], [c = 0, d = 0]) => a + b - c - d);
        // Where elements overlap a lot their middles may change places, and then nothing is promised but the box.
        const gaps = spans.slice(1).map(([min = 0], i) => min - (spans[i]?.[1] ?? 0));
        if (arrange === stack) for (const gap of gaps) expect(gap).toBeCloseTo(STACK_GAP, 6);
        if (arrange === stack) expect(arrange(axis)(row)).toEqual([]);
        if (arrange === distribute && gaps.every((gap) => gap >= 0)) for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0] ?? 0, 6);
      }),
    );
  });

  it('[AR3] tidying up makes a grid of the rows that are there', () => {
    const loose = [box(3, 4, 20, 20), box(60, 0, 40, 10), box(130, 9, 10, 10), box(0, 70, 30, 30), box(55, 75, 10, 10)];
    const columns = [0, 30 + GRID_GAP, 30 + GRID_GAP + 40 + GRID_GAP];
    expect(corners(after(tidyUp, loose))).toEqual([
      [columns[0], 0],
      [columns[1], 0],
      [columns[2], 0],
      [columns[0], 20 + GRID_GAP],
      [columns[1], 20 + GRID_GAP],
    ]);
  });

  it('[AR3] a heap becomes about as wide as it is high', () => {
    const heap = Array.from({ length: 9 }, (_, i) => box(i, i, 50, 50));
    const tidied = boxes(after(tidyUp, heap));
    expect(new Set(tidied.map(({ minX }) => minX)).size).toBe(3);
    expect(new Set(tidied.map(({ minY }) => minY)).size).toBe(3);
  });

  it('[AR3] whatever the crowd, nothing overlaps in the grid, and a second time changes nothing', () => {
    fc.assert(
      fc.property(crowd, (elements) => {
        const tidied = after(tidyUp, elements);
        const all = boxes(tidied);
        all.forEach((a, i) =>
          all.slice(i + 1).forEach((b) => {
            const isApart = a.maxX < b.minX || b.maxX < a.minX || a.maxY < b.minY || b.maxY < a.minY;
            expect(isApart).toBe(true);
          }),
        );
        expect(tidyUp(tidied)).toEqual([]);
      }),
    );
  });

  it('[AR4] flipping mirrors the selection about the middle of its box, and a second flip brings it back', () => {
    const elements = [box(0, 0, 20, 10, 0.5), box(60, 30, 40, 20)];
    const flipped = after(flip('x'), elements);
    const around = uniteAll(boxes(elements));
    expect(uniteAll(boxes(flipped))?.minX).toBeCloseTo(around?.minX ?? NaN, 9);
    expect(flipped[0]?.geometry.rotation).toBeCloseTo(-0.5, 9);
    expect(boxes(flipped)[1]).toMatchObject({ minY: 30, maxY: 50 });
    fc.assert(
      fc.property(crowd, fc.constantFrom('x', 'y'), (all, along) => {
        const twice = after(flip(along), after(flip(along), all));
        twice.forEach(({ geometry: g }, i) => {
          const before = all[i]?.geometry;
          for (const field of ['x', 'y', 'w', 'h'] as const) expect(g[field]).toBeCloseTo(before?.[field] ?? NaN, 6);
          expect(Math.cos(g.rotation - (before?.rotation ?? NaN))).toBeCloseTo(1, 9);
        });
      }),
    );
  });

  it('[AR4] a text goes to where it is mirrored to and stays readable', () => {
    const text = shape('text', { x: 0, y: 0, w: 40, h: 20 }, { text: 'Milk' });
    const [, moved] = after(flip('x'), [box(80, 0, 20, 20), text]);
    expect(moved?.geometry).toEqual({ x: 60, y: 0, w: 40, h: 20, rotation: 0 });
  });
});

describe('arranging a selection', () => {
  const laid = (): ReturnType<typeof desk> => {
    const d = desk();
    d.board.run((edit) => {
      for (const [x, y] of [
        [0, 0],
        [100, 50],
        [300, 10],
      ] as const)
        edit.create({ kind: 'rectangle', geometry: { x, y, w: 20, h: 20, rotation: 0 }, style: plain });
    });
    d.actions.selectAll();
    return d;
  };
  const xs = (d: ReturnType<typeof desk>): number[] => d.board.elements().map(({ geometry: g }) => g.x);

  it('[AR5] an arrangement is one step of undo, and one that changes nothing is none', () => {
    const d = laid();
    d.actions.rearrange(align('left'));
    expect(xs(d)).toEqual([0, 0, 0]);
    d.actions.rearrange(align('left'));
    d.board.undo();
    expect(xs(d)).toEqual([0, 100, 300]);
  });

  it('[AR5] locked elements stay and do not count, and a read-only board stays as it is', () => {
    const d = laid();
    const [first] = d.board.elements();
    if (first === undefined) throw new Error('nothing there');
    d.board.run((edit) => edit.setLocked(first.id, true));
    d.actions.rearrange(align('left'));
    expect(xs(d)).toEqual([0, 100, 100]);
    d.editor.setReadOnly(true);
    d.actions.rearrange(align('right'));
    expect(xs(d)).toEqual([0, 100, 100]);
  });

  it('[T12] all that is locked is unlocked as one step; without any there is no step', () => {
    const d = laid();
    const ids = d.board.elements().map(({ id }) => id);
    d.board.run((edit) => ids.slice(1).forEach((id) => edit.setLocked(id, true)));
    expect(unlockAll(d.board)).toBe(2);
    expect(unlockAll(d.board)).toBe(0);
    expect(d.board.elements().some(({ isLocked }) => isLocked)).toBe(false);
    d.board.undo();
    expect(d.board.elements().map(({ isLocked }) => isLocked)).toEqual([false, true, true]);
  });

  it('[AR5] a group is arranged as one', () => {
    const d = laid();
    const ids = d.board.elements().map(({ id }) => id);
    d.board.run((edit) => edit.group(ids.slice(0, 2)));
    d.actions.selectAll();
    d.actions.rearrange(align('right'));
    expect(xs(d)).toEqual([200, 300, 300]);
    d.board.undo();
    d.actions.rearrange(stack('x'));
    expect(xs(d)).toEqual([0, 100, 120 + STACK_GAP]);
  });

  it('[AR5] a text aligns by the box that it is shown in, not by the one in the document', () => {
    const d = desk();
    d.board.run((edit) => {
      edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 400, h: 20, rotation: 0 }, style: plain });
      edit.create({ kind: 'text', geometry: { x: 0, y: 50, w: 1, h: 1, rotation: 0 }, style: plain, text: 'Milk' });
    });
    d.actions.selectAll();
    d.actions.rearrange(align('right'));
    const text = d.editor.selected().elements.find(({ kind }) => kind === 'text');
    expect(text?.geometry.w).toBeGreaterThan(10);
    expect((text?.geometry.x ?? 0) + (text?.geometry.w ?? 0)).toBeCloseTo(400, 6);
  });

  it('[AR7] a key makes what is selected wider or taller by 10 units or a step of the grid, about its first corner', () => {
    const sized = (arrangement: Arrangement, ...elements: BoardElement[]): number[][] =>
      after(arrangement, elements).map(({ geometry: { x, y, w, h } }) => [x, y, w, h].map((value) => Math.round(value * 100) / 100));
    const one = box(20, 30, 100, 50);
    expect([sized(resize('x', 1), one), sized(resize('x', -1), one), sized(resize('y', 1), one)]).toEqual([
      [[20, 30, 110, 50]],
      [[20, 30, 90, 50]],
      [[20, 30, 100, 60]],
    ]);
    expect(sized(resize('x', 1), one, box(120, 30, 100, 50))).toEqual([
      [20, 30, 105, 50],
      [125, 30, 105, 50],
    ]);
    // A picture keeps its ratio, the end of a line moves, and nothing gets smaller than a step.
    expect(sized(resize('y', 1), shape('image', { w: 100, h: 50 }))).toEqual([[0, 0, 120, 60]]);
    expect(sized(resize('y', 1), shape('line', { w: 100, h: 50 }))).toEqual([[0, 0, 100, 60]]);
    expect([resize('x', -1)([box(0, 0, 19, 50)]), resize('x', 1)([box(0, 0, 0, 50)]), resize('x', 1)([])]).toEqual([[], [], []]);
    expect(sized(resize('x', -1), box(0, 0, 20, 50))).toEqual([[0, 0, 10, 50]]);
    const turned = after(resize('x', 1), [box(0, 0, 100, 50, Math.PI / 2)])[0]?.geometry;
    expect(turned).toMatchObject({ w: expect.closeTo(110, 6) as number, h: expect.closeTo(50, 6) as number });
    const grown = resize('x', 1)([one], undefined, { gridStep: 25, withHeld: (all) => all });
    expect(grown).toMatchObject([{ geometry: { w: 125 } }]);
  });

  it('[AR7] is one step, and with several elements scales what is in the frames among them', () => {
    const d = desk();
    const make = (kind: 'frame' | 'rectangle', x: number): BoardElement['id'] =>
      d.board.run((edit) => edit.create({ kind, geometry: { x, y: 0, w: 100, h: 100, rotation: 0 }, style: plain }));
    const [frame, inside] = [make('frame', 0), make('rectangle', 0)];
    make('rectangle', 100);
    d.board.run((edit) => edit.setParent([inside], frame));
    d.actions.selectAll();
    d.actions.rearrange(resize('x', 1));
    const widths = (): number[] => [frame, inside].map((id) => Math.round(d.board.get(id)?.geometry.w ?? 0));
    expect(widths()).toEqual([105, 105]);
    d.board.undo();
    d.actions.select([frame]);
    d.actions.rearrange(resize('x', 1));
    expect(widths()).toEqual([110, 100]);
  });
});
