import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardElement } from '@wetink/board';
import { desk, type Desk } from '../fixtures/desk.ts';
import { plain, shape, stroke } from '../fixtures/elements.ts';
import { countCalls, createRecording } from '../fixtures/recording-context.ts';
import { boxesTouch, geometryBox, type Box } from '../geometry.ts';
import { frameOf } from '../frame.ts';
import { MAX_NEAR } from './lines.ts';
import { createSnapper } from './snapper.ts';
import type { Snapping, SnapSurroundings } from './snapping.ts';

const box = (x: number, y: number, w = 40, h = 40): BoardElement => shape('rectangle', { x, y, w, h });
const at = (x: number, y: number, w = 40, h = 40): Box => ({ minX: x, minY: y, maxX: x + w, maxY: y + h });
const free = { x: true, y: true };

function among(elements: readonly BoardElement[], more: Partial<SnapSurroundings> = {}): Snapping {
  return createSnapper().among({
    near: (where, max) => elements.filter(({ geometry }) => boxesTouch(geometryBox(geometry), where)).slice(0, max),
    view: { minX: -1000, minY: -1000, maxX: 1000, maxY: 1000 },
    zoom: 1,
    moving: new Set(),
    hasObjects: true,
    grid: null,
    ...more,
  });
}

describe('snapping to lines', () => {
  it('[SN1] a moved box snaps its edges and its middle to those of an element near it, within 8 px', () => {
    const snapping = among([box(100, 300)]);
    expect(snapping.box(at(95, 0), free).shift).toEqual({ x: 5, y: 0 });
    expect(snapping.box(at(147, 0), free).shift).toEqual({ x: -7, y: 0 });
    expect(snapping.box(at(91, 0), free).shift).toEqual({ x: 0, y: 0 });
    // The middle of a box of 10 on the middle of one of 40; its edges are too far from both edges.
    expect(snapping.box(at(113, 0, 10), free).shift).toEqual({ x: 2, y: 0 });
    expect(among([box(100, 300)], { zoom: 4 }).box(at(95, 0), free).shift).toEqual({ x: 0, y: 0 });
    expect(snapping.box(at(95, 0), { x: false, y: true }).shift).toEqual({ x: 0, y: 0 });
  });

  it('[SN1] each axis snaps to the nearest line by itself, and a guide reaches over all that lies on it', () => {
    const snapping = among([box(100, 300), box(300, 96), box(100, -80)]);
    expect(snapping.box(at(103, 98), free)).toEqual({
      shift: { x: -3, y: -2 },
      guides: expect.arrayContaining([
        { kind: 'line', axis: 'x', at: 100, from: -80, to: 340 },
        { kind: 'line', axis: 'y', at: 96, from: 100, to: 340 },
      ]) as unknown,
    });
  });

  it('[SN1] what is dragged, handwriting, and elements out of view hold nothing', () => {
    const own = box(100, 300);
    expect(among([own], { moving: new Set([own.id]) }).box(at(95, 0), free).guides).toEqual([]);
    expect(among([stroke([100, 300, 140, 340])]).box(at(95, 0), free).guides).toEqual([]);
    expect(among([box(100, 3000)]).box(at(95, 0), free).guides).toEqual([]);
  });

  it('[SN1] a pulled side snaps to edges and middles; a frame that keeps its ratio keeps it', () => {
    const frame = frameOf([box(0, 0, 100, 50)]);
    if (frame === null) throw new Error('no frame');
    const how = { keepRatio: false, fromCentre: false };
    const snapping = among([box(200, 300)]);
    expect(snapping.pulled(frame, { x: 1, y: 0 }, { x: 195, y: 20 }, how).shift).toEqual({ x: 5, y: 0 });
    expect(snapping.pulled(frame, { x: 1, y: 1 }, { x: 223, y: 143 }, how).shift).toEqual({ x: -3, y: 0 });
    const { shift, guides } = snapping.pulled(frame, { x: 1, y: 1 }, { x: 195, y: 20 }, { ...how, keepRatio: true });
    expect([195 + shift.x, 20 + shift.y]).toEqual([200, 100]);
    expect(guides).toMatchObject([{ kind: 'line', axis: 'x', at: 200 }]);
    expect(snapping.point({ x: 239, y: 306 }).shift).toEqual({ x: 1, y: -6 });
  });
});

describe('snapping to gaps', () => {
  it('[SN2] a box stops in the middle between its neighbours, and as far from one as that is from the next', () => {
    const row = [box(0, 0), box(200, 5)];
    const between = among(row).box(at(104, 4, 40, 30), { x: true, y: false });
    expect(between.shift.x).toBe(-4);
    expect(between.guides.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['gap', 40, 100],
      ['gap', 140, 200],
    ]);
    const pair = [box(0, 0), box(70, 5)];
    expect(among(pair).box(at(146, 2), { x: true, y: false }).shift.x).toBe(-6);
    expect(among(pair).box(at(-74, 2), { x: true, y: false }).shift.x).toBe(4);
    // Another row is no neighbour.
    expect(among(row).box(at(104, 60, 40, 30), { x: true, y: false }).guides).toEqual([]);
    const column = [box(0, 0), box(5, 70)];
    expect(among(column).box(at(2, 146), { x: false, y: true }).shift.y).toBe(-6);
  });
});

describe('snapping to the grid', () => {
  it('[SN3] without a line in reach the corner goes to the grid, and lines come first', () => {
    expect(among([], { grid: 24 }).box(at(95, 13), free).shift).toEqual({ x: 1, y: 11 });
    expect(among([box(93, 300)], { grid: 24 }).box(at(95, 13), free).shift).toEqual({ x: -2, y: 11 });
    expect(among([box(93, 300)], { grid: 24, hasObjects: false }).box(at(95, 13), free).shift).toEqual({ x: 1, y: 11 });
  });
});

describe('whatever is near', () => {
  it('[SN1] [SN2] a snap to objects is never farther than 8 px, its guides are where edges, middles or gaps are', () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 80 }));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 12 }), place, (places, [x, y, side]) => {
        const elements = places.map(([left, top, size]) => box(left, top, size, size));
        const moved = at(x, y, side, side);
        const { shift, guides } = among(elements).box(moved, free);
        expect(Math.max(Math.abs(shift.x), Math.abs(shift.y))).toBeLessThanOrEqual(8);
        const landed = at(x + shift.x, y + shift.y, side, side);
        for (const guide of guides.filter(({ kind }) => kind === 'line')) {
          const { minX, maxX, minY, maxY } = landed;
          const own = guide.axis === 'x' ? [minX, (minX + maxX) / 2, maxX] : [minY, (minY + maxY) / 2, maxY];
          expect(Math.min(...own.map((line) => Math.abs(line - guide.at)))).toBeLessThan(1e-6);
        }
        const gaps = guides.filter(({ kind, axis }) => kind === 'gap' && axis === 'x').map(({ from, to }) => to - from);
        for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0] ?? NaN, 6);
      }),
    );
  });

  it('[SN4] a drag looks at a bounded number of elements, however many there are', () => {
    let looked = 0;
    const heap = Array.from({ length: 10_000 }, (_, i) => box(i % 7, i % 5));
    const counting = among([], {
      near(_, max) {
        const found = heap.slice(0, max);
        looked += found.length;
        return found;
      },
    });
    counting.box(at(3, 3), free);
    expect(looked).toBeLessThanOrEqual(8 * MAX_NEAR);
  });
});

describe('on the board', () => {
  const alone = { shift: false, alt: false, mod: false };
  const laid = (choice: { hasObjects?: boolean; hasGrid?: boolean }): Desk => {
    const d = desk();
    const style = { ...plain, fill: 'red' } as const;
    d.board.run((edit) => {
      edit.create({ kind: 'rectangle', geometry: { x: 100, y: 100, w: 40, h: 40, rotation: 0 }, style });
      edit.create({ kind: 'rectangle', geometry: { x: 300, y: 400, w: 40, h: 40, rotation: 0 }, style });
    });
    d.actions.setTool('select');
    d.actions.setSnapping({ snapper: createSnapper(), hasObjects: false, hasGrid: false, ...choice });
    return d;
  };
  const first = (d: Desk): number[] => d.board.elements().map(({ geometry: { x, y } }) => [x, y])[0] ?? [];

  it('[SN1] [T1] a drag snaps while that is on, Mod turns it round, and the guides are in the preview alone', () => {
    const d = laid({ hasObjects: true });
    d.press(120, 120);
    d.move(317, 200);
    expect(d.editor.preview()).toMatchObject({ kind: 'move', guides: [{ axis: 'x', at: 300 }, {}, {}] });
    d.hold({ ...alone, mod: true });
    expect(d.editor.preview()).toMatchObject({ guides: [] });
    d.hold(alone);
    d.lift(317, 200);
    expect(first(d)).toEqual([300, 180]);
    d.board.undo();
    expect(first(d)).toEqual([100, 100]);
    const off = laid({});
    off.drag([
      [120, 120],
      [317, 200],
    ]);
    expect(first(off)).toEqual([297, 180]);
    off.hold({ ...alone, mod: true });
    off.drag([
      [317, 200],
      [318, 210],
      [319, 260],
    ]);
    expect(first(off)).toEqual([300, 240]);
  });

  it('[SN3] with the grid on, drags and new shapes keep to it, arrows go from dot to dot, and Mod leaves it', () => {
    const d = laid({ hasGrid: true });
    d.drag([
      [120, 120],
      [160, 150],
    ]);
    expect(first(d)).toEqual([144, 120]);
    d.actions.nudge(1, 0);
    expect(first(d)).toEqual([168, 120]);
    d.actions.setTool('rectangle');
    d.drag([
      [501, 499],
      [560, 570],
    ]);
    expect(d.board.elements().at(-1)?.geometry).toMatchObject({ x: 504, y: 504, w: 48, h: 72 });
    d.hold({ ...alone, mod: true });
    d.actions.setTool('rectangle');
    d.drag([
      [701, 499],
      [760, 570],
    ]);
    expect(d.board.elements().at(-1)?.geometry).toMatchObject({ x: 701, y: 499, w: 59, h: 71 });
  });

  it('[SN4] more than 500 dragged elements do not snap', () => {
    const d = laid({ hasObjects: true });
    const style = { ...plain, fill: 'red' } as const;
    d.board.run((edit) => {
      for (let i = 0; i < 500; i++) edit.create({ kind: 'rectangle', geometry: { x: 103, y: 103, w: 40, h: 40, rotation: 0 }, style });
    });
    const [, , ...many] = d.board.elements().map(({ id }) => id);
    const moved = (ids: typeof many): number | undefined => {
      d.actions.select(ids);
      d.press(120, 120);
      d.move(315, 120);
      const preview = d.editor.preview();
      d.editor.cancelGesture();
      d.lift(315, 120);
      return preview?.kind === 'move' ? preview.items[0]?.geometry.x : undefined;
    };
    expect(moved(many)).toBe(300);
    expect(
      moved([
        ...many,
        ...d.board
          .elements()
          .slice(0, 1)
          .map(({ id }) => id),
      ]),
    ).toBe(298);
  });

  it('[SN1] guides are thin lines in the accent colour, with marks at the ends of a gap', () => {
    const { context, calls } = createRecording(100, 100);
    createSnapper().paint(
      context,
      [
        { kind: 'line', axis: 'x', at: 10, from: 0, to: 50 },
        { kind: 'gap', axis: 'x', at: 20, from: 30, to: 60 },
      ],
      { x: 0, y: 0, zoom: 1 },
      'light',
    );
    expect([countCalls(calls, 'lineTo'), countCalls(calls, 'stroke')]).toEqual([4, 1]);
  });
});
