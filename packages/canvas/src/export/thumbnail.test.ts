import { describe, expect, it } from 'vitest';
import type { BoardElement } from '@wetink/board';
import { countCalls, createRecorder } from '../fixtures/recording-context.ts';
import { seeded, shape, stroke } from '../fixtures/elements.ts';
import { Thumbnail } from './thumbnail.ts';

const width = (line: string): number => line.length * 10;

/** Strokes of 30 by 20 units in a square of `side`, the corners of which are marked. */
function scatter(count: number, side: number): BoardElement[] {
  const random = seeded(3);
  const corners = [stroke([0, 0, 30, 20]), stroke([side - 30, side - 20, side, side])];
  return [
    ...corners,
    ...Array.from({ length: count - 2 }, () => {
      const x = random() * (side - 30);
      const y = random() * (side - 20);
      return stroke([x, y, x + 10, y + 20, x + 30, y + 10]);
    }),
  ];
}

/** Every look at the clock takes a millisecond, so a slice of n holds about n batches. */
function thumbnail(elements: readonly BoardElement[], themes: readonly ('light' | 'dark')[] = ['light']) {
  let now = 0;
  const { createSurface, made } = createRecorder();
  const picture = new Thumbnail({ elements, themes, maxWidthPx: 200, maxHeightPx: 100, createSurface, measure: width, now: () => now++ });
  return {
    picture,
    made,
    finish: () =>
      void (() => {
        while (!picture.work(3));
      })(),
  };
}

describe('[E4] a small picture of a board', () => {
  it('a thumbnail is painted in slices that end with their budget, and each element once', () => {
    const { picture, made, finish } = thumbnail(scatter(4_000, 2_000));
    expect(picture.work(3)).toBe(false);
    expect(made).toEqual([]);
    let slices = 1;
    while (!picture.work(3)) slices++;
    expect(slices).toBeGreaterThan(4);
    const painted = made.reduce((sum, { calls }) => sum + countCalls(calls, 'moveTo'), 0);
    expect(painted).toBe(4_000);
    finish();
    expect(made.reduce((sum, { calls }) => sum + countCalls(calls, 'moveTo'), 0)).toBe(painted);
  });

  it('the painting of a slice is on the canvas when the slice ends, not when the canvas is read', () => {
    const { made, picture } = thumbnail(scatter(500, 2_000));
    while (!picture.work(3));
    expect(made[0]?.calls.at(-1)?.name).toBe('getImageData');
  });

  it('is as large as fits with everything on it, in each theme, and no larger than one pixel a unit', () => {
    const wide = thumbnail([stroke([0, 0, 4_000, 10])], ['light', 'dark']);
    wide.finish();
    expect(wide.made.map(({ canvas }) => canvas.width)).toEqual([200, 200]);
    expect(wide.picture.surface('dark')).toBe(wide.made[1]);
    const small = thumbnail([stroke([0, 0, 20, 10])]);
    small.finish();
    expect(small.made[0]?.canvas.width).toBeLessThan(70);
  });

  it('goes on with what was drawn on top, and begins anew for anything else', () => {
    const elements = scatter(50, 2_000);
    const { picture, made, finish } = thumbnail(elements);
    finish();
    const before = made[0]?.calls.length ?? 0;
    const above = stroke([500, 500, 520, 520]);
    expect(picture.continueWith([...elements, above])).toBe(true);
    finish();
    expect(made[0]?.calls.slice(before).filter(({ name }) => name === 'moveTo')).toHaveLength(1);
    expect(picture.continueWith([above, ...elements])).toBe(false);
    expect(picture.continueWith(elements)).toBe(false);
    expect(picture.continueWith([...elements, above, stroke([2_500, 0, 2_600, 0])])).toBe(false);
  });

  it('an empty board and a board of ink that does not decode have a thumbnail too', () => {
    const empty = thumbnail([]);
    empty.finish();
    expect(empty.picture.isDone).toBe(true);
    const broken = thumbnail([shape('stroke', { x: 0, y: 0, w: 80, h: 80 }, { ink: Uint8Array.of(7) })]);
    broken.finish();
    expect(broken.picture.isDone).toBe(true);
  });
});
