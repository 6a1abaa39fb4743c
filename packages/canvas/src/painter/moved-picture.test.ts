import { describe, expect, it } from 'vitest';
import type { Geometry } from '@wetink/board';
import { countCalls, createRecorder, createRecording, type Call } from '../fixtures/recording-context.ts';
import { seeded, stroke } from '../fixtures/elements.ts';
import type { Moved } from '../draw/overrides.ts';
import { geometryCentre, rotatePoint } from '../geometry.ts';
import { MovedPicture } from './moved-picture.ts';

const random = seeded(3);
/** Strokes of 30 by 20 units in a square of 700. */
const strokes = Array.from({ length: 400 }, () => {
  const [x, y] = [random() * 700, random() * 700];
  return stroke([x, y, x + 10, y + 20, x + 30, y + 10]);
});

type Move = (g: Geometry) => Geometry;
const movedBy = (move: Move, elements = strokes): Moved[] => elements.map((element) => ({ element, geometry: move(element.geometry) }));
const shift =
  (x: number, y: number): Move =>
  (g) => ({ ...g, x: g.x + x, y: g.y + y });
const scaled =
  (by: number): Move =>
  (g) => ({ ...g, x: g.x * by, y: g.y * by, w: g.w * by, h: g.h * by });
const turned =
  (angle: number): Move =>
  (g) => {
    const centre = rotatePoint(geometryCentre(g), { x: 350, y: 350 }, angle);
    return { ...g, x: centre.x - g.w / 2, y: centre.y - g.h / 2, rotation: g.rotation + angle };
  };

/** A hand over a view of 1,000 by 800 units; a slice ends after one look at the clock. */
function hand(elements = strokes) {
  let now = 0;
  const { createSurface, made } = createRecorder();
  const picture = new MovedPicture({ createSurface, now: () => (now += 1) });
  const frame = (move: Move, at = { x: 0, y: 0, zoom: 1 }): readonly Call[] => {
    const { context, calls } = createRecording(1_000, 800);
    const view = { minX: at.x, minY: at.y, maxX: at.x + 1_000 / at.zoom, maxY: at.y + 800 / at.zoom };
    picture.paint(context, movedBy(move, elements), { theme: 'light', scale: at.zoom, view });
    return calls;
  };
  const finish = (): number => {
    let slices = 0;
    while (picture.work(0)) slices++;
    return slices;
  };
  /** Calls that painted an element, on all pictures so far. */
  const painted = (): number => made.reduce((sum, { calls }) => sum + countCalls(calls, 'fill') + countCalls(calls, 'stroke'), 0);
  return { picture, made, frame, finish, painted, rest: () => void (now += 200) };
}

describe('[P10] many elements that a hand moves', () => {
  it('are painted once, then each frame copies their picture and paints none of them', () => {
    const { frame, finish, painted } = hand();
    frame(shift(1, 1));
    finish();
    expect(painted()).toBe(strokes.length);
    for (let i = 2; i < 60; i++) {
      const calls = frame(shift(i, i / 2));
      expect(calls.filter(({ name }) => name === 'drawImage').map(({ args }) => args.slice(1))).toEqual([
        [expect.any(Number), expect.any(Number)],
      ]);
      expect(countCalls(calls, 'fill') + countCalls(calls, 'stroke')).toBe(0);
    }
    expect(painted()).toBe(strokes.length);
  });

  it('are painted in slices, and a frame shows what is there', () => {
    const { frame, finish, painted } = hand();
    expect(countCalls(frame(shift(1, 1)), 'drawImage')).toBe(1);
    expect(painted()).toBeGreaterThan(0);
    expect(painted()).toBeLessThan(strokes.length / 2);
    expect(finish()).toBeGreaterThan(3);
    expect(painted()).toBe(strokes.length);
  });

  it('lie on whole pixels where the hand has them', () => {
    const { frame, finish } = hand();
    frame(shift(0, 0));
    finish();
    const at = (calls: readonly Call[]): unknown[] => calls.find(({ name }) => name === 'drawImage')?.args.slice(1) ?? [];
    const [x, y] = at(frame(shift(0, 0))) as [number, number];
    expect(at(frame(shift(7.3, -2.6)))).toEqual([x + 7, y - 3]);
    expect(at(frame(shift(7.3, -2.6), { x: 100, y: 50, zoom: 1 }))).toEqual([x - 93, y - 53]);
  });

  it('have a picture of the view and half a view around it at most, and get another where that ends', () => {
    const far = strokes.map((element) => ({
      ...element,
      geometry: shift(element.geometry.x * 9, element.geometry.y * 9)(element.geometry),
    }));
    const { frame, finish, painted, made } = hand(far);
    frame(shift(0, 0));
    finish();
    expect([made[0]?.canvas.width, made[0]?.canvas.height]).toEqual([expect.any(Number), expect.any(Number)]);
    expect((made[0]?.canvas.width ?? 0) * (made[0]?.canvas.height ?? 0)).toBeLessThanOrEqual(2_000 * 1_600);
    const before = painted();
    expect(before).toBeLessThan(strokes.length / 4);
    frame(shift(-400, 0));
    expect(made).toHaveLength(1);
    // The old one is shown until the new one is done.
    expect(countCalls(frame(shift(-700, 0)), 'drawImage')).toBe(1);
    expect([made.length, made[0]?.canvas.width === 0]).toEqual([2, false]);
    finish();
    expect([made.length, made[0]?.canvas.width === 0]).toEqual([2, true]);
    frame(shift(-1_000, 0));
    expect(made).toHaveLength(2);
  });

  it.each([
    ['a resize', (i: number) => scaled(1 + i / 100)],
    ['a turn', (i: number) => turned(i / 50)],
  ])('%s scales or turns the picture, and paints exactly once the hand rests', (_, moveAt) => {
    const { frame, finish, painted, rest, picture, made } = hand();
    frame(moveAt(0));
    finish();
    for (let i = 1; i < 30; i++) {
      const calls = frame(moveAt(i));
      expect([countCalls(calls, 'transform'), countCalls(calls, 'drawImage')]).toEqual([1, 1]);
    }
    expect(painted()).toBe(strokes.length);
    expect(picture.workInMs()).toBeGreaterThan(0);
    rest();
    frame(moveAt(29));
    finish();
    expect(painted()).toBe(2 * strokes.length);
    expect(made[0]?.canvas.width).toBe(0);
    expect(picture.workInMs()).toBe(null);
    expect(countCalls(frame(moveAt(29)), 'transform')).toBe(0);
  });

  it('that a gesture places each in its own way, and few elements, are painted in each frame', () => {
    const { frame, made } = hand();
    const calls = frame((g) => ({ ...g, x: g.x + random() * 100 }));
    expect(made).toEqual([]);
    expect(countCalls(calls, 'fill') + countCalls(calls, 'stroke')).toBeGreaterThan(300);
    const few = hand(strokes.slice(0, 20));
    few.frame(shift(1, 1));
    expect(few.made).toEqual([]);
  });

  it('that another person changes meanwhile, or whose image has come, are painted anew', () => {
    const { frame, finish, made, picture } = hand();
    frame(shift(1, 1));
    finish();
    picture.spoil();
    expect(made[0]?.canvas.width).toBe(0);
    frame(shift(2, 2));
    expect(made).toHaveLength(2);
    const others = hand([...strokes]);
    others.frame(shift(1, 1));
    others.picture.paint(createRecording(10, 10).context, movedBy(shift(2, 2), strokes.slice(100)), {
      theme: 'light',
      scale: 1,
      view: { minX: 0, minY: 0, maxX: 1_000, maxY: 800 },
    });
    expect(others.made).toHaveLength(2);
    expect(others.made[0]?.canvas.width).toBe(0);
  });
});
