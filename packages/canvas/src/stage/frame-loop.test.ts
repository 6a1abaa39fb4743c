import { noFrames } from '../fixtures/scene-of.ts';
import { describe, expect, it } from 'vitest';
import { encodeWet, type ElementId, type Geometry, type ImageContent } from '@wetink/board';
import { estimateLine } from '../draw/text-layout.ts';
import { createImages } from '../editor/commit.ts';
import { Editor } from '../editor/editor.ts';
import type { LatePart } from '../editor/late-part.ts';
import { editing } from '../fixtures/desk.ts';
import { emptyBoard, plain } from '../fixtures/elements.ts';
import { countCalls, createRecorder, createRecording, type Call } from '../fixtures/recording-context.ts';
import { TilePainter } from '../painter/tile-painter.ts';
import { PeerCursors } from '../peers/peer-cursors.ts';
import { movingNow, shownElements } from './frame-content.ts';
import { FrameLoop } from './frame-loop.ts';
import { FramePainter } from './frame-painter.ts';
import { ImagesInView } from './images-in-view.ts';
import type { Editing } from './stage-types.ts';

/** A stage without a page: frames and timers run when a test says so. */
function stage(code: LatePart<Editing> = editing) {
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
  const outlets = {
    onWet: () => undefined,
    onEditText: () => undefined,
    onTap: () => undefined,
    onOpenFile: () => undefined,
    onState: () => undefined,
  };
  const editor = new Editor({
    board,
    painter,
    theme: 'light',
    isReadOnly: false,
    editing: code,
    measure: estimateLine,
    now: () => 0,
    schedule,
    ...outlets,
    onLook: (layers) => loop.request(layers),
  });
  const images = new ImagesInView({ source: null, budgetBytes: 1e9, schedule, now: () => 0, onImages: () => undefined });
  const recordings = [1, 2, 3].map(() => createRecording(1_000, 800));
  const [tiles, active, overlay] = recordings.map(({ context }) => context) as never as [never, never, never];
  const loop: FrameLoop = new FrameLoop({
    environment: { now: () => 0, requestFrame: (callback) => plan(frames, callback), schedule, isStill: () => true },
    editor,
    painter,
    frames: new FramePainter({ tiles, active, overlay }, painter, {
      images,
      files: undefined,
      overlay: code,
      createSurface,
      now: () => 0,
    }),
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
  const callsOf = (layer: number): Call[] => recordings[layer]?.calls ?? [];
  return { board, painter, editor, loop, settle, frames, tasks, callsOf, overlayCalls: callsOf(2) };
}

it('[P3] elements that are painted on top after their frame are shown by another frame', () => {
  const { board, painter, settle } = stage();
  settle();
  const image: ImageContent = { hash: 'a'.repeat(64), type: 'image/png', width: 90, height: 60, bytes: 9, name: '' };
  const geometry = { x: 10, y: 10, w: 90, h: 60, rotation: 0 };
  createImages(board, noFrames, [{ image, geometry }]);
  settle();
  // More than one frame paints on top: the rest follows between frames.
  createImages(
    board,
    noFrames,
    Array.from({ length: 8 }, (_, i) => ({ image, geometry: { ...geometry, x: 10 + i * 40 } })),
  );
  expect(settle()).toBe(painter.stats().paintedOnTop);
  expect(painter.stats().paintedOnTop).toBeGreaterThan(0);
});

it('a frame that may show elements elsewhere calls its listeners, a frame of cursors alone does not', () => {
  const { board, editor, loop, settle } = stage();
  settle();
  let frames = 0;
  const stop = loop.onFrame(() => (frames += 1));
  loop.request({ overlay: true });
  settle();
  expect(frames).toBe(0);
  const image: ImageContent = { hash: 'a'.repeat(64), type: 'image/png', width: 90, height: 60, bytes: 9, name: '' };
  const geometry = { x: 10, y: 10, w: 90, h: 60, rotation: 0 };
  const [id] = createImages(board, noFrames, [{ image, geometry }]) as [ElementId];
  settle();
  const before = frames;
  expect(before).toBeGreaterThan(0);
  const payload = encodeWet({ kind: 'move', items: [{ id, geometry: { ...geometry, x: 300 } }] }, 1);
  editor.receiveWet({ gesture: 'g', index: 0, isEnd: false, payload, clientId: 7 });
  settle();
  expect(frames).toBeGreaterThan(before);
  expect(shownElements(movingNow(editor))(id)?.geometry.x).toBe(300);
  stop();
  editor.setCamera({ x: 5, y: 5, zoom: 1 });
  const after = frames;
  settle();
  expect(frames).toBe(after);
});

it('[T14] a selection is outlined as soon as the code of the overlay is there, without another change', () => {
  let part: Editing | null = null;
  const { board, editor, settle, frames, tasks, overlayCalls } = stage({ opened: () => part, get: () => Promise.resolve(part) });
  const image: ImageContent = { hash: 'a'.repeat(64), type: 'image/png', width: 90, height: 60, bytes: 9, name: '' };
  const [id] = createImages(board, noFrames, [{ image, geometry: { x: 10, y: 10, w: 90, h: 60, rotation: 0 } }]) as [ElementId];
  settle();
  editor.select([id]);
  /** One round of frames and timers. */
  const turn = (): void => [...frames.splice(0), ...tasks.splice(0)].forEach((run) => run());
  const isOutlined = (): boolean => overlayCalls.some(({ name }) => name === 'stroke');
  for (let i = 0; i < 4; i++) turn();
  expect(isOutlined()).toBe(false);
  part = editing.opened();
  for (let i = 0; i < 4; i++) turn();
  expect(isOutlined()).toBe(true);
  // And then nothing is painted any more.
  for (let i = 0; i < 4; i++) turn();
  expect([frames.length, tasks.length]).toEqual([0, 0]);
});

describe('[P10] a drag of many elements', () => {
  const box = (i: number): Geometry => ({ x: (i % 40) * 20, y: Math.floor(i / 40) * 20, w: 12, h: 12, rotation: 0 });
  const keys = { shift: false, alt: false, mod: false };

  /** 800 boxes, more than a frame repairs, all of them selected. */
  function dragging() {
    const world = stage();
    const { board, editor } = world;
    board.run((edit) => {
      for (let i = 0; i < 800; i++) edit.create({ kind: 'rectangle', geometry: box(i), style: { ...plain, fill: 'blue' } });
    });
    world.settle();
    editor.setTool('select');
    editor.select(board.elements().map(({ id }) => id));
    let time = 0;
    const feed = (type: 'down' | 'move' | 'up', x: number, y: number): void => {
      const at = { x, y };
      editor.pointers.take(
        { type, pointerId: 1, pointerType: 'mouse', button: 0, at, time: (time += 40) },
        [{ ...at, pressure: 0.5 }],
        keys,
      );
    };
    feed('down', 206, 206);
    feed('move', 260, 240);
    world.settle();
    return { ...world, feed, active: world.callsOf(1), tiles: world.callsOf(0) };
  }
  const paintedIn = (calls: readonly Call[]): number => countCalls(calls, 'fill') + countCalls(calls, 'stroke');

  it('paints no element in a frame, and copies one picture', () => {
    const { feed, active, frames } = dragging();
    active.length = 0;
    for (let i = 0; i < 20; i++) {
      feed('move', 260 + i, 240);
      frames.shift()?.();
    }
    expect([paintedIn(active), countCalls(active, 'drawImage')]).toEqual([0, 20]);
  });

  it('leaves their picture over the tiles that wait for them, and takes it away with the last', () => {
    const { feed, active, tiles, frames, settle, painter } = dragging();
    feed('up', 260, 240);
    active.length = tiles.length = 0;
    frames.shift()?.();
    expect(countCalls(active, 'drawImage')).toBe(0);
    expect(painter.stats().pendingTiles).toBeGreaterThan(0);
    expect(countCalls(tiles, 'clip')).toBe(1);
    const picture = tiles.findLast(({ name }) => name === 'drawImage')?.args[0] as HTMLCanvasElement;
    expect(picture.width).toBeGreaterThan(700);
    settle();
    expect([painter.stats().pendingTiles, picture.width]).toEqual([0, 0]);
  });

  it('that is given up shows them where they were at once', () => {
    const { editor, active, tiles, frames } = dragging();
    editor.cancelGesture();
    active.length = tiles.length = 0;
    frames.shift()?.();
    expect(countCalls(active, 'drawImage')).toBe(0);
    const at = tiles.findLast(({ name }) => name === 'drawImage')?.args.slice(1) as number[];
    expect(at.every((px) => px < 10)).toBe(true);
  });

  it('of another person is shown the same way', () => {
    const { board, editor, settle, callsOf } = stage();
    board.run((edit) => {
      for (let i = 0; i < 800; i++) edit.create({ kind: 'rectangle', geometry: box(i), style: plain });
    });
    settle();
    const items = board.elements().map(({ id, geometry }) => ({ id, geometry: { ...geometry, x: geometry.x + 50 } }));
    const send = (by: number): void => {
      const moved = items.map(({ id, geometry }) => ({ id, geometry: { ...geometry, y: geometry.y + by } }));
      editor.receiveWet({ gesture: 'g', index: by, isEnd: false, payload: encodeWet({ kind: 'move', items: moved }, 1), clientId: 7 });
      settle();
    };
    send(1);
    const active = callsOf(1);
    active.length = 0;
    for (let by = 2; by < 10; by++) send(by);
    expect([paintedIn(active), countCalls(active, 'drawImage')]).toEqual([0, 8]);
  });
});
