/** Gestures with real input events, and the frames meanwhile. */

import type { Page } from 'playwright';
import { quantile } from '../figures.ts';
import type { BoardProgram } from './boards.ts';
import { Pointer, type MouseInput } from './pointer.ts';
import type { Act, Scene } from './scenes.ts';

export interface Bench {
  readonly page: Page;
  readonly program: BoardProgram;
  readonly scene: Scene;
}

export type Figures = Record<string, number>;

const MIDDLE = { x: 640, y: 400 };
/** A screen's. */
const FRAME_MS = 1_000 / 60;
/** A pen's. */
const PEN_MS = 1_000 / 120;
const WHEELS = 120;
const WHEEL_PX = 30;
/** The pan goes this far and comes back, again and again, on a small board less far. */
const MOST_PAN_PX = 1_800;
const ZOOM_STEPS = 60;
/** Halves of it. */
const MOST_TURNS = 20;
const PEN_MOVES = 240;
const DRAG_MOVES = 180;

export const acts: Readonly<Record<Act, (bench: Bench) => Promise<Figures>>> = { pan, zoom, pen, drag };

async function pan({ page, scene }: Bench): Promise<Figures> {
  const across = (Math.ceil(Math.sqrt(scene.strokes)) * 220) / scene.density;
  const steps = Math.max(1, Math.floor(Math.min(MOST_PAN_PX, across / 2) / WHEEL_PX));
  const inputs = Array.from({ length: WHEELS }, (_, i): MouseInput => {
    const isBack = Math.floor(i / steps) % 2 === 1;
    const delta = isBack ? -WHEEL_PX : WHEEL_PX;
    return { type: 'mouseWheel', ...MIDDLE, deltaX: delta, deltaY: delta / 2 };
  });
  return framesDuring(page, (pointer) => pointer.sendAll(inputs, FRAME_MS));
}

/** From 100 % to 10 % and back. A board that is late loses wheels and gets more of them. */
async function zoom({ page, program }: Bench): Promise<Figures> {
  const delta = program.zoomDelta(ZOOM_STEPS);
  const turn = async (deltaY: number, isThere: (zoom: number) => boolean): Promise<void> => {
    const pointer = await Pointer.of(page);
    const inputs = Array.from({ length: ZOOM_STEPS / 2 }, (): MouseInput => ({ type: 'mouseWheel', ...MIDDLE, deltaY, isCtrl: true }));
    for (let tries = 0; tries < MOST_TURNS; tries++) {
      await pointer.sendAll(inputs, FRAME_MS);
      if (isThere((await page.evaluate(() => window.bench.camera()))?.zoom ?? NaN)) return;
    }
    throw new Error('the wheel does not zoom that far');
  };
  return framesDuring(page, async () => {
    await turn(delta, (zoomNow) => zoomNow < 0.12);
    await turn(-delta, (zoomNow) => zoomNow > 0.9);
  });
}

/** A stroke with all of the scene on screen. */
async function pen({ page, program }: Bench): Promise<Figures> {
  await fit(page);
  await page.keyboard.press(program.pen);
  await settle(page);
  const along = (i: number): { x: number; y: number } => ({ x: 340 + i * 2.5, y: 400 + 120 * Math.sin(i / 18) });
  const moves = Array.from({ length: PEN_MOVES }, (_, i): MouseInput => ({ type: 'mouseMoved', ...along(i + 1), isDown: true }));
  const before = await page.evaluate(() => window.bench.count());
  const pointer = await Pointer.of(page);
  await pointer.send({ type: 'mouseMoved', ...along(0) });
  await page.evaluate(() => window.bench.startMoves());
  await pointer.send({ type: 'mousePressed', ...along(0), isDown: true });
  await pointer.sendAll(moves, PEN_MS);
  await settle(page);
  const latencies = await page.evaluate(() => window.bench.stopMoves());
  await pointer.send({ type: 'mouseReleased', ...along(PEN_MOVES) });
  await settle(page);
  const drawn = (await page.evaluate(() => window.bench.count())) - before;
  if (drawn !== 1) throw new Error(`the pen drew ${drawn} strokes`);
  return {
    paintP50: quantile(latencies, 0.5),
    paintP95: quantile(latencies, 0.95),
    paintMax: quantile(latencies, 1),
    moves: latencies.length,
  };
}

/** Everything is selected and moved by the mouse. */
async function drag({ page }: Bench): Promise<Figures> {
  await page.keyboard.press('v');
  await fit(page);
  const selectAt = performance.now();
  await page.keyboard.press('Control+a');
  await settle(page);
  const selectMs = performance.now() - selectAt;
  const along = (i: number): { x: number; y: number } => ({ x: MIDDLE.x + i, y: MIDDLE.y + i / 3 });
  const moves = Array.from({ length: DRAG_MOVES }, (_, i): MouseInput => ({ type: 'mouseMoved', ...along(i + 1), isDown: true }));
  const figures = await framesDuring(page, (pointer) =>
    pointer.sendAll(
      [{ type: 'mousePressed', ...along(0), isDown: true }, ...moves, { type: 'mouseReleased', ...along(DRAG_MOVES) }],
      FRAME_MS,
    ),
  );
  return { selectMs, ...figures };
}

async function framesDuring(page: Page, act: (pointer: Pointer) => Promise<void>): Promise<Figures> {
  const pointer = await Pointer.of(page);
  await pointer.send({ type: 'mouseMoved', ...MIDDLE });
  await settle(page);
  await page.evaluate(() => window.bench.startFrames());
  await act(pointer);
  const { frames, leastZoom } = await page.evaluate(() => window.bench.stopFrames());
  const tookMs = frames.reduce((sum, ms) => sum + ms, 0);
  return {
    frameP50: quantile(frames, 0.5),
    frameP95: quantile(frames, 0.95),
    frameMax: quantile(frames, 1),
    perSecond: (frames.length / tookMs) * 1_000,
    leastZoom,
  };
}

async function fit(page: Page): Promise<void> {
  await page.keyboard.press('Shift+Digit1');
  await settle(page);
}

/** Until ten frames in a row came in time: pictures of what was zoomed, animations and the like are over. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const next = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
    let [last, quick] = [await next(), 0];
    for (const until = last + 10_000; quick < 10 && last < until;) {
      const now = await next();
      quick = now - last < 25 ? quick + 1 : 0;
      last = now;
    }
  });
}
