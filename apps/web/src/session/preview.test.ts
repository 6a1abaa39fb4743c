import type { BoardElement, ElementId } from '@wetink/board';
import type { Surface } from '@wetink/canvas';
import { describe, expect, it } from 'vitest';
import { costlySurface, strokes } from './fixtures/many-strokes.ts';
import type { Preview } from './preview-painting.ts';
import { keepPreview, type PreviewEnvironment, type PreviewOptions } from './preview.ts';

/** A page whose clock moves with painting, and whose idle moments the test triggers. */
function setup({ elements = strokes(3), isLoaded = true } = {}) {
  let isWhole = isLoaded;
  let now = 0;
  let painted = 0;
  let board = elements;
  let isDrawing = false;
  let load = (): void => undefined;
  const waiting = new Set<() => void>();
  const idle = new Set<() => void>();
  const hidden = new Set<() => void>();
  const changed = new Set<() => void>();
  const told: (Preview | null)[] = [];
  /** Milliseconds of each task. */
  const tasks: number[] = [];
  const listen = (set: Set<() => void>) => (run: () => void) => {
    set.add(run);
    return () => set.delete(run);
  };
  const createSurface = (width: number, height: number): Surface =>
    costlySurface(width, height, (name, ms) => {
      now += ms;
      if (name === 'moveTo') painted++;
    });
  const environment: PreviewEnvironment = {
    now: () => now,
    schedule: listen(waiting),
    whenIdle: listen(idle),
    whenHidden: listen(hidden),
    createSurface,
    measure: (line) => line.length,
    encode: (_, theme, { isOnPaper }) => Promise.resolve(`data:${theme}${'x'.repeat(isOnPaper ? 10_000 : 30_000)}`),
  };
  const run = (set: Set<() => void>): number => {
    const due = [...set];
    set.clear();
    for (const task of due) {
      const start = now;
      task();
      tasks.push(now - start);
    }
    return due.length;
  };
  const session = {
    board: {
      elements: () => board,
      pages: () => [{ id: '', name: '' }],
      countOn: () => board.length,
      get count() {
        return board.length;
      },
    },
    room: { whenLoaded: isLoaded ? Promise.resolve() : new Promise<void>((resolve) => (load = resolve)) },
    get isWhole() {
      return isWhole;
    },
    onChange: listen(changed),
  } as unknown as PreviewOptions['session'];
  const stop = keepPreview({ session, isDrawing: () => isDrawing, onPreview: (preview) => told.push(preview), environment });
  return {
    told,
    tasks,
    stop,
    load() {
      isWhole = true;
      load();
    },
    fill: (is: boolean) => void (isWhole = is),
    draw: (is: boolean) => void (isDrawing = is),
    show(next: BoardElement[]) {
      board = next;
      for (const callback of changed) callback();
    },
    hide: () => run(new Set(hidden)),
    pause: () => run(waiting),
    /** @returns Number of idle moments that had work. */
    rest(): number {
      let moments = 0;
      while (run(idle) > 0) if (++moments > 100_000) throw new Error('never done');
      return moments;
    },
    /** Strokes painted since the last call, once for each theme. */
    painted(): number {
      const count = painted;
      painted = 0;
      return count;
    },
  };
}

/** The copy on this device is read, or pictures are encoded. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('the picture of a board for the home page', () => {
  it('P1: a board of 20,000 strokes is painted in many idle moments, none of them longer than 12 ms', async () => {
    const page = setup({ elements: strokes(20_000) });
    await settled();
    page.pause();
    expect(page.rest()).toBeGreaterThan(5);
    await settled();
    expect(page.told).toHaveLength(1);
    expect(page.painted()).toBe(40_000);
    expect(Math.max(...page.tasks)).toBeLessThan(12);
  });

  it('P1: while a pointer is down nothing is painted, also if it came down halfway through', async () => {
    const page = setup({ elements: strokes(20_000) });
    await settled();
    page.draw(true);
    page.pause();
    page.rest();
    expect(page.painted()).toBe(0);
    page.draw(false);
    page.pause();
    expect(page.rest()).toBeGreaterThan(5);
    await settled();
    expect(page.told).toHaveLength(1);
  });

  it('P1 P4: after a stroke on top only that stroke is painted, and after a removal everything', async () => {
    const all = strokes(2_000);
    const page = setup({ elements: all });
    await settled();
    page.pause();
    page.rest();
    page.painted();
    const [above] = strokes(1, 550);
    if (above === undefined) throw new Error('no stroke');
    page.show([...all, { ...above, id: 'session1new' as ElementId }]);
    page.pause();
    page.rest();
    expect(page.painted()).toBe(2);
    page.show(all.slice(1));
    page.pause();
    page.rest();
    expect(page.painted()).toBe(3_998);
    await settled();
    expect(page.told).toHaveLength(3);
  });

  it('P1: leaving a board of 100,000 strokes gives the picture up within 35 ms; leaving a small one finishes it', async () => {
    const large = setup({ elements: strokes(100_000) });
    await settled();
    large.pause();
    large.stop();
    await settled();
    expect(large.told).toEqual([]);
    expect(large.rest()).toBe(0);
    const small = setup();
    await settled();
    small.stop();
    await settled();
    expect(small.told).toHaveLength(1);
  });

  it('P1: a page that hides finishes the picture of a small board at once, and goes on later with that of a large one', async () => {
    const small = setup();
    await settled();
    small.hide();
    await settled();
    expect(small.told).toHaveLength(1);
    const large = setup({ elements: strokes(100_000) });
    await settled();
    large.hide();
    await settled();
    expect(large.told).toEqual([]);
    expect(Math.max(...large.tasks)).toBeLessThan(35);
    large.pause();
    large.rest();
    await settled();
    expect(large.told).toHaveLength(1);
    expect(large.painted()).toBe(200_000);
  });

  it('no picture is reported before this device’s copy is read, and null when the board is empty', async () => {
    const page = setup({ elements: strokes(2), isLoaded: false });
    page.hide();
    page.pause();
    page.rest();
    await settled();
    expect(page.told).toEqual([]);
    page.show([]);
    page.load();
    await settled();
    page.pause();
    page.rest();
    await settled();
    expect(page.told).toEqual([null]);
  });

  it('T5: after a refused change the empty new document removes no picture until the relay has sent the board', async () => {
    const page = setup();
    await settled();
    page.pause();
    page.rest();
    await settled();
    expect(page.told).toHaveLength(1);
    page.fill(false);
    page.show([]);
    page.pause();
    page.hide();
    await settled();
    expect(page.told).toHaveLength(1);
    page.fill(true);
    page.show(strokes(4));
    page.pause();
    page.rest();
    await settled();
    expect(page.told).toHaveLength(2);
  });

  it('a dense drawing, whose transparent picture is too large to keep, is painted on its paper', async () => {
    const page = setup();
    await settled();
    page.stop();
    await settled();
    expect(page.told[0]?.light.length).toBeLessThan(24_000);
  });
});
