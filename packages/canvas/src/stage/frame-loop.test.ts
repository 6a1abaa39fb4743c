import { expect, it } from 'vitest';
import type { ImageContent } from '@wetink/board';
import { estimateLine } from '../draw/text-layout.ts';
import { createImages } from '../editor/commit.ts';
import { Editor } from '../editor/editor.ts';
import { emptyBoard } from '../fixtures/elements.ts';
import { createRecorder, createRecording } from '../fixtures/recording-context.ts';
import { PaperSheet } from '../painter/paper.ts';
import { TilePainter } from '../painter/tile-painter.ts';
import { PeerCursors } from '../peers/peer-cursors.ts';
import { FrameLoop } from './frame-loop.ts';
import { FramePainter } from './frame-painter.ts';
import { ImagesInView } from './images-in-view.ts';

/** A stage without a page: frames and timers run when a test says so. */
function stage() {
  const board = emptyBoard();
  const { createSurface } = createRecorder();
  const frames: (() => void)[] = [];
  const tasks: (() => void)[] = [];
  const plan = (list: (() => void)[], run: () => void): (() => void) => {
    list.push(run);
    return () => void list.splice(list.indexOf(run), list.includes(run) ? 1 : 0);
  };
  const schedule = (task: () => void): (() => void) => plan(tasks, task);
  const painter = new TilePainter({ createSurface, now: () => 0, budgetBytes: 1e9 });
  const outlets = { onWet: () => undefined, onEditText: () => undefined, onState: () => undefined };
  const editor = new Editor({
    board,
    painter,
    theme: 'light',
    isReadOnly: false,
    measure: estimateLine,
    now: () => 0,
    schedule,
    ...outlets,
    onLook: (layers) => loop.request(layers),
  });
  const images = new ImagesInView({ source: null, budgetBytes: 1e9, schedule, onImages: () => undefined });
  const [tiles, active, overlay] = [1, 2, 3].map(() => createRecording(1_000, 800).context) as never as [never, never, never];
  const loop: FrameLoop = new FrameLoop({
    environment: { now: () => 0, requestFrame: (callback) => plan(frames, callback), schedule, isStill: () => true },
    editor,
    painter,
    frames: new FramePainter({ tiles, active, overlay }, painter, new PaperSheet(createSurface), images),
    images,
    peers: new PeerCursors(),
    pixelRatio: () => 1,
  });
  editor.setSize({ width: 1_000, height: 800 });
  /** Frames and timers until none is left. @returns The painter's count when the last frame was painted. */
  const settle = (): number => {
    let shown = 0;
    for (let i = 0; frames.length + tasks.length > 0 && i < 1_000; i++) {
      tasks.shift()?.();
      const frame = frames.shift();
      if (frame === undefined) continue;
      frame();
      shown = painter.stats().paintedOnTop;
    }
    return shown;
  };
  return { board, painter, settle };
}

it('[P3] elements that are painted on top after their frame are shown by another frame', () => {
  const { board, painter, settle } = stage();
  settle();
  const image: ImageContent = { hash: 'a'.repeat(64), type: 'image/png', width: 90, height: 60, bytes: 9, name: '' };
  const geometry = { x: 10, y: 10, w: 90, h: 60, rotation: 0 };
  createImages(board, [{ image, geometry }]);
  settle();
  // More than one frame paints on top: the rest follows between frames.
  createImages(
    board,
    Array.from({ length: 8 }, (_, i) => ({ image, geometry: { ...geometry, x: 10 + i * 40 } })),
  );
  expect(settle()).toBe(painter.stats().paintedOnTop);
  expect(painter.stats().paintedOnTop).toBeGreaterThan(0);
});
