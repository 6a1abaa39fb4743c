/** Images on the canvas: which size is decoded, what stays in memory, and what is painted until the bytes are there. */
import { noFrames } from '../fixtures/scene-of.ts';
import { describe, expect, it } from 'vitest';
import type { BoardElement, ImageContent } from '@wetink/board';
import { drawableOf } from '../draw/drawable.ts';
import { paintElements } from '../draw/low-detail.ts';
import { paintDrawable } from '../draw/paint.ts';
import { createImages, duplicate } from '../editor/commit.ts';
import { copyGroups } from '../grouping.ts';
import { styleFieldsOf } from '../editor/style-fields.ts';
import { renderSvg } from '../export/svg.ts';
import { emptyBoard, plain, shape } from '../fixtures/elements.ts';
import { createRecording, type Call } from '../fixtures/recording-context.ts';
import { isCrossed, isHit, isInBox } from '../hit-test.ts';
import { Scene } from '../scene.ts';
import { frameOf } from '../frame.ts';
import { arrangeImages } from './arrange-images.ts';
import { ImageCache, type LoadOptions } from './image-cache.ts';
import { levelBytes, levelFor, levelSize, planImages } from './image-levels.ts';
import { ImagesInView } from '../stage/images-in-view.ts';

const MIB = 1024 * 1024;

function photo(digit: string, width = 4_000, height = 3_000): ImageContent {
  return { hash: digit.repeat(64), type: 'image/jpeg', width, height, bytes: 1_000, name: `${digit}.jpg` };
}

function element(image: ImageContent, x = 0, w = 400): BoardElement {
  return shape('image', { x, y: 0, w, h: (w * image.height) / image.width }, { image });
}

/** Loads that a test ends itself. */
function sourceOf() {
  const loads: { image: ImageContent; options: LoadOptions; end(): void; fail(): void }[] = [];
  const closed: string[] = [];
  const load = (image: ImageContent, options: LoadOptions): Promise<ImageBitmap> =>
    new Promise((resolve, reject) => {
      const name = `${image.name} ${options.width}`;
      const bitmap = { name, close: () => closed.push(name) } as unknown as ImageBitmap;
      loads.push({ image, options, end: () => resolve(bitmap), fail: () => reject(new Error('no image')) });
    });
  return { source: { load }, loads, closed };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('sizes of decoded images', () => {
  it('[IM1] an image is decoded at the smallest level that is at least as large as it is shown', () => {
    const image = photo('a');
    expect([8_000, 4_000, 3_999, 2_000, 1_999, 500, 3, 0].map((side) => levelFor(image, side))).toEqual([0, 0, 0, 1, 1, 3, 10, 12]);
    for (const side of [1, 7, 300, 3_000]) expect(levelSize(image, levelFor(image, side)).width).toBeGreaterThanOrEqual(side);
    expect(levelSize(photo('a', 5, 3), 1)).toEqual({ width: 3, height: 2 });
    expect(levelSize(photo('a', 5, 3), 9)).toEqual({ width: 1, height: 1 });
  });

  it('[IM1] an image shown twice counts once, at the larger of its places', () => {
    const plan = planImages(
      [
        { image: photo('a'), sidePx: 100, isInView: true },
        { image: photo('a'), sidePx: 900, isInView: true },
      ],
      100 * MIB,
    );
    expect([...plan.values()]).toEqual([{ image: photo('a'), level: 2 }]);
  });

  it('[IM2] where images in view would take more than the budget, all are softer and none is missing', () => {
    const wanted = Array.from({ length: 500 }, (_, i) => ({ image: { ...photo('a'), hash: String(i) }, sidePx: 900, isInView: true }));
    const plan = planImages(wanted, 64 * MIB);
    const bytes = [...plan.values()].reduce((sum, { image, level }) => sum + levelBytes(image, level), 0);
    expect([plan.size, bytes <= 64 * MIB, bytes > 16 * MIB]).toEqual([500, true, true]);
    // A size that no image has costs its claim nothing: it is planned down too.
    expect(
      planImages([{ image: photo('a', 1_000_000, 1_000_000), sidePx: 1e9, isInView: true }], 64 * MIB).get(photo('a').hash)?.level,
    ).toBeGreaterThan(7);
  });

  it('[IM2] where memory is short, images beside the view are softer before one in view is', () => {
    const seen = { image: photo('a'), sidePx: 2_000, isInView: true };
    const beside = ['b', 'c'].map((digit) => ({ image: photo(digit), sidePx: 2_000, isInView: false }));
    const one = levelBytes(photo('a'), 1);
    const levels = (budget: number): number[] => [...planImages([...beside, seen], budget).values()].map(({ level }) => level);
    expect([levels(3 * one), levels(1.5 * one), levels(one / 2)]).toEqual([
      [1, 1, 1],
      [2, 2, 1],
      [12, 12, 2],
    ]);
    // Shown in view and beside it, it is in view.
    expect(planImages([seen, { ...seen, isInView: false }], one).get(seen.image.hash)?.level).toBe(1);
  });
});

describe('decoded images', () => {
  it('[IM3] an image is a placeholder with its progress until it is there, and its last bitmap stays until the next has come', async () => {
    const { source, loads, closed } = sourceOf();
    const changes: string[] = [];
    const cache = new ImageCache({ source, onChange: (hash) => changes.push(hash[0] ?? '') });
    const image = photo('a');
    expect(cache.find(image)).toEqual({ kind: 'loading', progress: null });
    cache.want(planImages([{ image, sidePx: 400, isInView: true }], 100 * MIB), 100 * MIB);
    cache.want(planImages([{ image, sidePx: 400, isInView: true }], 100 * MIB), 100 * MIB);
    expect(loads.map(({ options }) => options.width)).toEqual([500]);
    loads[0]?.options.onProgress(0.4);
    expect(cache.find(image)).toEqual({ kind: 'loading', progress: 0.4 });
    loads[0]?.end();
    await settle();
    expect(cache.find(image)).toMatchObject({ kind: 'there', bitmap: { name: 'a.jpg 500' } });
    cache.want(planImages([{ image, sidePx: 1_500, isInView: true }], 100 * MIB), 100 * MIB);
    expect(cache.find(image)).toMatchObject({ bitmap: { name: 'a.jpg 500' } });
    loads[1]?.end();
    await settle();
    expect(cache.find(image)).toMatchObject({ bitmap: { name: 'a.jpg 2000' } });
    // One that is no longer needed larger is given up while it loads.
    cache.want(planImages([{ image, sidePx: 3_900, isInView: true }], 100 * MIB), 100 * MIB);
    cache.want(planImages([{ image, sidePx: 1_500, isInView: true }], 100 * MIB), 100 * MIB);
    expect(loads.pop()?.options.signal.aborted).toBe(true);
    // Larger than needed is good enough.
    cache.want(planImages([{ image, sidePx: 400, isInView: true }], 100 * MIB), 100 * MIB);
    expect([loads.length, closed, changes]).toEqual([2, ['a.jpg 500'], ['a', 'a', 'a']]);
    cache.close();
    expect([closed.length, cache.bytes]).toEqual([2, 0]);
  });

  it('[IM4] images out of view are given up while they load, and dropped when memory is short, the oldest first', async () => {
    const { source, loads, closed } = sourceOf();
    const one = levelBytes(photo('a'), 1);
    const cache = new ImageCache({ source, onChange: () => undefined });
    const look = async (...digits: string[]): Promise<void> => {
      cache.want(
        planImages(
          digits.map((digit) => ({ image: photo(digit), sidePx: 2_000, isInView: true })),
          2.5 * one,
        ),
        2.5 * one,
      );
      for (const { end, options } of loads) if (!options.signal.aborted) end();
      await settle();
    };
    for (const digit of ['a', 'b', 'c']) await look(digit);
    expect([closed, cache.bytes]).toEqual([['a.jpg 2000'], 2 * one]);
    const before = loads.length;
    cache.want(planImages([{ image: photo('d'), sidePx: 2_000, isInView: true }], 2.5 * one), 2.5 * one);
    cache.want(new Map(), 2.5 * one);
    expect(loads.at(before)?.options.signal.aborted).toBe(true);
    // A bitmap that comes too late is closed at once.
    loads.at(before)?.end();
    await settle();
    expect(closed).toContain('d.jpg 2000');
    expect(cache.find(photo('d'))).toEqual({ kind: 'loading', progress: null });
  });

  it('[IM4] a bitmap that was larger than needed is decoded smaller when memory is short', async () => {
    const { source, loads } = sourceOf();
    const budget = levelBytes(photo('a'), 0) + 1_000;
    const cache = new ImageCache({ source, onChange: () => undefined });
    cache.want(planImages([{ image: photo('a'), sidePx: 4_000, isInView: true }], budget), budget);
    loads[0]?.end();
    await settle();
    const far = planImages(
      [photo('a'), photo('b')].map((image) => ({ image, sidePx: 900, isInView: true })),
      budget,
    );
    cache.want(far, budget);
    loads[1]?.end();
    await settle();
    cache.want(far, budget);
    loads.at(-1)?.end();
    await settle();
    expect(loads.map(({ image, options }) => `${image.name} ${options.width}`)).toEqual(['a.jpg 4000', 'b.jpg 1000', 'a.jpg 1000']);
    expect(cache.bytes).toBe(2 * levelBytes(photo('a'), 2));
  });

  it('[IM3] bytes that are no image stay a placeholder and are not asked for again', async () => {
    const { source, loads } = sourceOf();
    const cache = new ImageCache({ source, onChange: () => undefined });
    const plan = planImages([{ image: photo('a'), sidePx: 10, isInView: true }], MIB);
    cache.want(plan, MIB);
    loads[0]?.options.onProgress(0.9);
    loads[0]?.fail();
    await settle();
    cache.want(plan, MIB);
    expect([loads.length, cache.find(photo('a'))]).toEqual([1, { kind: 'loading', progress: null }]);
  });
});

describe('images in view', () => {
  /** A board of these elements, seen through a window of 1000 by 800. */
  function desk(elements: BoardElement[]) {
    const { source, loads } = sourceOf();
    const tasks: (() => void)[] = [];
    const painted: BoardElement[][] = [];
    const images = new ImagesInView({
      source,
      budgetBytes: 100 * MIB,
      schedule: (task) => (tasks.push(task), () => undefined),
      now: () => 0,
      onImages: (shown) => painted.push([...shown]),
    });
    const scene = new Scene({ elements: () => elements, placeOf: (id) => id }, (one) => one);
    const look = (x = 0, zoom = 1): void => {
      images.look({ camera: { x, y: 0, zoom }, size: { width: 1_000, height: 800 }, pixelRatio: 1, scene, revision: 0 });
      for (const task of tasks.splice(0)) task();
    };
    const run = (): void => tasks.splice(0).forEach((task) => task());
    return { images, loads, painted, look, run };
  }

  it('[IM5] only images in view and the ring of tiles around it are loaded, when they come into view', () => {
    const { loads, look } = desk([element(photo('a')), element(photo('b'), 1_300), element(photo('c'), 5_000)]);
    look();
    expect(loads.map(({ image }) => image.name).sort()).toEqual(['a.jpg', 'b.jpg']);
    look();
    expect(loads).toHaveLength(2);
    look(4_800);
    expect(loads.at(-1)?.image.name).toBe('c.jpg');
    expect(loads[0]?.options.signal.aborted).toBe(true);
  });

  it('[IM5] an image that has come is painted again wherever the board shows it', async () => {
    const far = element(photo('a'), 9_000);
    const near = element(photo('a'));
    const { images, loads, painted, look, run } = desk([near, element(photo('b'), 100), far]);
    look();
    loads.find(({ image }) => image.name === 'a.jpg')?.end();
    await settle();
    run();
    expect(painted).toEqual([[near, far]]);
    expect(images.find(photo('a'), null).kind).toBe('there');
  });

  it('[IM2] a small window has less memory for images than a large screen may have', () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((digit, i) => element(photo(digit, 4_000, 4_000), i * 10, 1_900));
    const { loads, look } = desk(six);
    look();
    // 59 MB for 2,024 by 1,824 pixels: six at 2,000 by 2,000 would take 96.
    expect(loads.map(({ options }) => options.width)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
  });

  it('[IM5] a board without images is never searched for them', () => {
    const { loads, look } = desk([shape('rectangle', { w: 50, h: 50 })]);
    look();
    expect(loads).toEqual([]);
  });
});

describe('painting images', () => {
  const named = (calls: readonly Call[], name: string): (readonly unknown[])[] =>
    calls.filter((call) => call.name === name).map(({ args }) => args);

  it('[IM3] an image is painted in its box, turned and mirrored; without its bytes a frame is, in every theme', () => {
    const bitmap = {} as ImageBitmap;
    const there = createRecording(100, 100);
    const turned = shape('image', { x: 10, y: 20, w: -40, h: 30, rotation: 1 }, { image: photo('a'), style: { ...plain, opacity: 0.5 } });
    paintDrawable(there.context, drawableOf(turned), { theme: 'light', images: { find: () => ({ kind: 'there', bitmap }) } });
    expect(named(there.calls, 'drawImage')).toEqual([[bitmap, -20, -15, 40, 30]]);
    expect([named(there.calls, 'translate'), named(there.calls, 'rotate'), named(there.calls, 'scale')]).toEqual([
      [[-10, 35]],
      [[1]],
      [[-1, 1]],
    ]);
    expect(named(there.calls, 'globalAlpha=')[0]).toEqual([0.5]);
    const looks = (['light', 'dark'] as const).map((theme) => {
      const frame = createRecording(100, 100);
      paintDrawable(frame.context, drawableOf(turned), { theme, images: { find: () => ({ kind: 'loading', progress: 0.5 }) } });
      expect(named(frame.calls, 'fillRect')).toEqual([[-20, -15, 40, 30]]);
      return JSON.stringify(named(frame.calls, 'fillStyle='));
    });
    expect(looks[0]).not.toBe(looks[1]);
  });

  it('[IM3] the progress of an image is a bar in its frame', () => {
    const lines = (progress: number | null): number => {
      const { context, calls } = createRecording(100, 100);
      paintElements(context, [element(photo('a'))], 1, { theme: 'light', images: { find: () => ({ kind: 'loading', progress }) } });
      return named(calls, 'stroke').length;
    };
    expect(lines(0.5)).toBe(lines(null) + 2);
  });

  it('[IM3] the eraser’s preview covers an image with one colour', () => {
    const { context, calls } = createRecording(100, 100);
    const tint = { color: '#ffffff', alpha: 0.75, grow: 2 };
    paintElements(context, [element(photo('a'))], 1, {
      theme: 'light',
      tint,
      images: { find: () => ({ kind: 'there', bitmap: {} as ImageBitmap }) },
    });
    expect([named(calls, 'drawImage'), named(calls, 'fillRect')]).toEqual([[], [[-201, -151, 402, 302]]]);
  });
});

describe('images as elements', () => {
  const cat = element(photo('a'));

  it('[IM6] an image is hit, erased and boxed anywhere inside, and not beside it', () => {
    const inside = { x: 200, y: 150 };
    expect([isHit(cat, inside, 0), isHit(cat, { x: 401, y: 150 }, 0), isHit(cat, { x: 401, y: 150 }, 2)]).toEqual([true, false, true]);
    expect(isCrossed(cat, inside, { x: 210, y: 160 }, 1)).toBe(true);
    expect(isInBox(cat, { minX: 190, minY: 140, maxX: 200, maxY: 150 })).toBe(true);
  });

  it('[T8] an image keeps its ratio, alone and with others; its style is its opacity', () => {
    expect(frameOf([cat])?.keepsRatio).toBe(true);
    expect(frameOf([cat, shape('rectangle', { w: 5, h: 5 })])?.keepsRatio).toBe(true);
    expect(styleFieldsOf('image')).toEqual(['opacity']);
  });

  it('[IM6] images that are added together are one step, and a copy shows the same image with its description', () => {
    const board = emptyBoard();
    const geometry = { x: 0, y: 0, w: 40, h: 30, rotation: 0 };
    const ids = createImages(board, noFrames, [
      { image: photo('a'), geometry },
      { image: photo('b'), geometry },
    ]);
    board.run((edit) => edit.setAlt(ids[0] as (typeof ids)[0], 'A cat'));
    const [copy] = duplicate(
      board,
      [board.get(ids[0] as (typeof ids)[0]) as BoardElement],
      { x: 5, y: 6 },
      { regroup: copyGroups, scene: noFrames },
    );
    expect(board.get(copy as (typeof ids)[0])).toMatchObject({ image: photo('a'), alt: 'A cat', geometry: { x: 5, y: 6, w: 40 } });
    for (let presses = 0; presses < 3; presses++) board.undo();
    expect(board.count).toBe(0);
  });

  it('[IM6] one image is at most as large as its pixels and the room; several lie in rows, not over each other', () => {
    const room = { w: 1_000, h: 600 };
    const centre = { x: 500, y: 300 };
    expect(arrangeImages([photo('a', 200, 100)], { room, zoom: 1, centre })).toEqual([{ x: 400, y: 250, w: 200, h: 100, rotation: 0 }]);
    expect(arrangeImages([photo('a', 200, 100)], { room, zoom: 2, centre })[0]).toMatchObject({ w: 100, h: 50 });
    expect(arrangeImages([photo('a')], { room, zoom: 1, centre })[0]).toMatchObject({ w: 800, h: 600 });
    const many = arrangeImages([photo('a'), photo('b', 300, 900), photo('c', 1_600, 200), photo('d', 20, 20), photo('e')], {
      room,
      zoom: 1,
      centre,
    });
    for (const [i, one] of many.entries()) {
      expect([one.w > 0, one.h > 0, one.x >= 0, one.y >= -1, one.x + one.w <= 1_001, one.y + one.h <= 601]).toEqual(Array(6).fill(true));
      for (const other of many.slice(i + 1)) {
        const isApart = one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y || other.y + other.h <= one.y;
        expect(isApart).toBe(true);
      }
    }
  });

  it('[E1] an SVG embeds the bytes of an image as data and nothing else; without them it has a tinted box', () => {
    const bytes = Buffer.from('bytes of an image').toString('base64');
    const images = (data: string): string => renderSvg([cat], { theme: 'light', images: new Map([[photo('a').hash, data]]) });
    expect(images(bytes)).toContain(`href="data:image/jpeg;base64,${bytes}"`);
    for (const svg of [images('"><script>alert(1)</script>'), images(''), renderSvg([cat], { theme: 'light' })]) {
      expect(svg).not.toMatch(/<script|href|<image/);
      expect(svg).toContain('<rect ');
    }
  });
});
