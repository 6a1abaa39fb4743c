import type { BoardElement } from '@wetink/board';
import type { Camera } from '@wetink/canvas';
import { describe, expect, it } from 'vitest';
import type { MapContent } from '../core/board-map.ts';
import { BoardMap, type BoardMapOptions } from './board-map.ts';
import { costlySurface, strokes } from './fixtures/many-strokes.ts';

const size = { width: 1000, height: 500 };

/** A page whose clock moves with painting and with waits, and whose idle moments the test triggers. */
function open(elements: BoardElement[]) {
  let now = 0;
  let board = elements;
  let state = { camera: { x: 0, y: 0, zoom: 1 }, isBusy: false };
  const people = new Map<number, unknown>();
  const listeners = { change: new Set<() => void>(), presence: new Set<() => void>(), state: new Set<() => void>() };
  const waiting = new Map<() => void, number>();
  const idle = new Set<() => void>();
  const shown: MapContent[] = [];
  /** Milliseconds of each task. */
  const tasks: number[] = [];
  const listen = (set: Set<() => void>) => (run: () => void) => {
    set.add(run);
    return () => set.delete(run);
  };
  const perform = (task: () => void): void => {
    const start = now;
    task();
    tasks.push(now - start);
  };
  const stage = {
    get state() {
      return state;
    },
    size,
    setCamera(camera: Camera) {
      state = { ...state, camera };
      for (const callback of listeners.state) callback();
    },
    onState: listen(listeners.state),
    images: undefined,
  };
  const map = new BoardMap({
    session: {
      board: { elements: () => board },
      room: { awareness: { clientID: 1, getStates: () => people } },
      onChange: listen(listeners.change),
      onPresence: listen(listeners.presence),
      onReplaced: () => () => undefined,
    } as unknown as BoardMapOptions['session'],
    stage: stage as unknown as BoardMapOptions['stage'],
    theme: 'light',
    size: { width: 200, height: 100 },
    pixelRatio: 1,
    show: (content) => shown.push(content),
    environment: {
      now: () => now,
      schedule(run, delayMs) {
        waiting.set(run, now + delayMs);
        return () => waiting.delete(run);
      },
      whenIdle: listen(idle) as BoardMapOptions['environment']['whenIdle'],
      createSurface: (width, height) => costlySurface(width, height, (_, ms) => (now += ms)),
      measure: (line) => line.length,
    },
  });
  return {
    map,
    stage,
    shown,
    tasks,
    people,
    hold: (isBusy: boolean) => void (state = { ...state, isBusy }),
    change(next: BoardElement[]) {
      board = next;
      for (const callback of listeners.change) callback();
    },
    tellPresence: () => listeners.presence.forEach((callback) => callback()),
    /** Lets time pass; everything due runs in idle moments. */
    pass(ms: number) {
      const until = now + ms;
      for (;;) {
        const due = [...waiting].filter(([, at]) => at <= until).sort((a, b) => a[1] - b[1])[0];
        if (due !== undefined && idle.size === 0) {
          waiting.delete(due[0]);
          now = Math.max(now, due[1]);
          perform(due[0]);
        } else if (idle.size > 0) {
          const [task] = idle as unknown as [() => void];
          idle.delete(task);
          perform(task);
        } else break;
        if (now > until) break;
      }
      now = Math.max(now, until);
    },
    get picture() {
      return shown.at(-1)?.picture ?? null;
    },
    get isPlanned() {
      return waiting.size + idle.size > 0;
    },
  };
}

describe('the map of the open board', () => {
  it('paints a large board in slices of a few milliseconds, and again only after twenty times as long', () => {
    const all = strokes(60_000);
    const page = open(all);
    page.pass(60_000);
    const first = page.picture;
    expect(first).not.toBeNull();
    expect(Math.max(...page.tasks)).toBeLessThan(8);
    const cost = page.tasks.reduce((sum, ms) => sum + ms, 0);
    expect(cost).toBeGreaterThan(30);
    // Not one on top: all is painted again.
    page.change(all.slice(1));
    page.pass(2 * cost + 500);
    const second = page.picture;
    expect(second).not.toBe(first);
    page.change(all.slice(2));
    page.pass(10 * cost);
    expect(page.picture).toBe(second);
    page.pass(30 * cost);
    expect(page.picture).not.toBe(second);
  });

  it('shows the first picture of a large board while it is being painted, and a later one once it is done', () => {
    const all = strokes(60_000);
    const page = open(all);
    const slices = (): number => page.tasks.filter((ms) => ms > 1).length;
    while (page.picture === null && page.isPlanned) page.pass(10);
    expect(page.picture).not.toBeNull();
    const begun = slices();
    page.pass(60_000);
    expect(slices()).toBeGreaterThan(2 * begun);
    const first = page.picture?.surface;
    page.change(all.slice(1));
    for (let i = 0; i < 40; i++) {
      page.pass(2);
      expect(page.picture?.surface).toBe(first);
    }
  });

  it('finishes a picture that was begun, also where others change something all the time', () => {
    const all = strokes(10_000);
    const page = open(all);
    for (let i = 1; i < 100 && page.picture === null; i++) {
      page.pass(2);
      page.change(all.slice(i));
    }
    expect(page.picture).not.toBeNull();
  });

  it('waits while a pointer is down', () => {
    const page = open(strokes(3));
    page.hold(true);
    page.pass(5_000);
    expect(page.picture).toBeNull();
    page.hold(false);
    page.pass(5_000);
    expect(page.picture).not.toBeNull();
  });

  it('follows the view and the others a few times a second, never while the view is being moved', () => {
    const page = open(strokes(3));
    page.pass(5_000);
    const before = page.shown.length;
    for (let x = 1; x <= 60; x++) page.stage.setCamera({ x, y: 0, zoom: 1 });
    expect(page.shown.length).toBe(before);
    page.pass(1_000);
    expect(page.shown.length).toBe(before + 1);
    expect(page.shown.at(-1)?.view.minX).toBe(60);
    page.people.set(2, { user: { id: 'bo', name: 'Bo' }, cursor: { x: 7, y: 8 }, view: { x: 1, y: 2, w: 30, h: 40 } });
    page.people.set(1, { user: { id: 'me', name: 'Me' }, cursor: { x: 1, y: 1 } });
    page.tellPresence();
    page.pass(1_000);
    expect(page.shown.at(-1)?.people).toEqual([
      expect.objectContaining({ cursor: { x: 7, y: 8 }, view: { minX: 1, minY: 2, maxX: 31, maxY: 42 } }),
    ]);
    expect(page.isPlanned).toBe(false); // A board at rest costs nothing.
  });

  it('a drag takes the view along, and the map under it stays where it is', () => {
    const page = open(strokes(200));
    page.pass(5_000);
    const { fit, view } = page.shown.at(-1) as MapContent;
    const middle = { x: ((view.minX + view.maxX) / 2 - fit.x) * fit.scale, y: ((view.minY + view.maxY) / 2 - fit.y) * fit.scale };
    page.map.press(middle);
    expect(page.stage.state.camera.x).toBeCloseTo(0);
    page.map.drag({ x: middle.x + 500, y: middle.y });
    expect(page.stage.state.camera.x).toBeCloseTo(500 / fit.scale);
    expect(page.shown.at(-1)?.fit).toEqual(fit);
    page.map.release();
    page.pass(1_000);
    expect(page.shown.at(-1)?.fit).not.toEqual(fit);
    page.map.drag({ x: 0, y: 0 });
    expect(page.stage.state.camera.x).toBeCloseTo(500 / fit.scale); // Nothing is held.
    page.map.close();
    page.change(strokes(1));
    expect(page.isPlanned).toBe(false);
  });
});
