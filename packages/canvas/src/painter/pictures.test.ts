import { describe, expect, it } from 'vitest';
import type { BoardElement } from '@wetink/board';
import { countCalls, createRecorder, createRecording } from '../fixtures/recording-context.ts';
import { seeded, stroke } from '../fixtures/elements.ts';
import { Scene } from '../scene.ts';
import type { Picture } from './backdrop.ts';
import { TilePainter } from './tile-painter.ts';

const view = { camera: { x: 0, y: 0, zoom: 1 }, widthPx: 800, heightPx: 400, pixelRatio: 1 };
const picture = (minX: number, maxX: number): Picture => ({ image: {} as CanvasImageSource, box: { minX, minY: 0, maxX, maxY: 400 } });

function setup(count: number, side = 700) {
  const random = seeded(5);
  const elements: BoardElement[] = Array.from({ length: count }, () => {
    const [x, y] = [random() * side, random() * side];
    return stroke([x, y, x + 10, y + 20, x + 30, y + 10]);
  });
  const scene = new Scene({ elements: () => elements, placeOf: (id) => id }, (element) => element);
  let now = 0;
  const { createSurface, made } = createRecorder();
  const painter = new TilePainter({ createSurface, now: () => now, budgetBytes: 1e9 });
  painter.reset(scene, 'light');
  const finish = (): void => {
    for (let again = painter.work(1); again !== null; again = painter.work(1)) now += again;
  };
  const show = () => {
    const target = createRecording(view.widthPx, view.heightPx);
    painter.paint(target.context, view);
    return target.calls;
  };
  return { painter, elements, made, finish, show };
}

describe('pictures of a board that is being read', () => {
  it('[P9] while a board is being read, its pictures are shown, the finer one on top, and its elements are not painted', () => {
    const { painter, finish, show } = setup(50);
    const [coarse, fine] = [picture(-1_000, 2_000), picture(0, 400)];
    painter.showPictures([coarse, fine]);
    const calls = show();
    finish();
    expect(painter.stats().elementsRastered).toBe(0);
    const images = calls.filter(({ name }) => name === 'drawImage').map(({ args }) => args);
    expect(images).toEqual([
      [coarse.image, -1_000, 0, 3_000, 400],
      [fine.image, 0, 0, 400, 400],
    ]);
    // The coarse picture leaves out the part that the fine one covers.
    const rects = calls.filter(({ name }) => name === 'rect').map(({ args }) => args);
    expect(rects).toContainEqual([0, 0, 400, 400]);
    expect(calls.filter(({ name }) => name === 'clip').every(({ args }) => args[0] === 'evenodd')).toBe(true);
  });

  it('[P9] elements drawn while a board is being read are shown over its pictures', () => {
    const { painter, elements, show } = setup(50);
    painter.showPictures([picture(0, 800)]);
    show();
    const [mine] = elements;
    if (mine === undefined) throw new Error('no element');
    painter.keepShown([mine]);
    expect(countCalls(show(), 'fill')).toBe(1);
    expect(countCalls(show(), 'fill')).toBe(1);
  });

  it('[P9] once the board has been read, tiles replace its pictures one by one until the whole view is painted', () => {
    const { painter, finish, show } = setup(400);
    const given = picture(0, 800);
    painter.showPictures([given]);
    show();
    painter.boardIsThere();
    const isShown = (): boolean => show().some(({ name, args }) => name === 'drawImage' && args[0] === given.image);
    expect(isShown()).toBe(true);
    finish();
    expect(isShown()).toBe(false);
    expect(painter.stats().pendingTiles).toBe(0);
    painter.invalidate([{ minX: 0, minY: 0, maxX: 800, maxY: 400 }]);
    expect(isShown()).toBe(false);
  });

  it('[P9] pictures of the whole board and of the view are copied from tiles, without painting', () => {
    const { painter, finish, show, made } = setup(2_000, 3_000);
    expect(painter.takePictures()).toBeNull();
    show();
    finish();
    show();
    const { elementsRastered } = painter.stats();
    const before = made.length;
    const taken = painter.takePictures();
    expect(painter.stats().elementsRastered).toBe(elementsRastered);
    expect(made.length).toBe(before + 2);
    expect(taken).toHaveLength(2);
    const [whole, seen] = taken ?? [];
    expect(whole?.box.maxX).toBeGreaterThan(3_000);
    expect(whole?.box.minX).toBeLessThan(0);
    expect(seen?.box).toEqual({ minX: 0, minY: 0, maxX: 800, maxY: 400 });
    expect(countCalls(made[before + 1]?.calls ?? [], 'drawImage')).toBeGreaterThan(0);
    painter.invalidate([{ minX: 0, minY: 0, maxX: 800, maxY: 400 }]);
    expect(painter.takePictures()).toHaveLength(2); // The whole is a little out of date, and better than nothing.
  });
});
