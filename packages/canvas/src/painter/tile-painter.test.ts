import { describe, expect, it } from 'vitest';
import type { BoardChange, BoardElement, ElementId } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { countCalls, createRecorder, createRecording, type Recording } from '../fixtures/recording-context.ts';
import { plain, seeded, shape, stroke } from '../fixtures/elements.ts';
import { Scene } from '../scene.ts';
import type { PaintView } from './paint-view.ts';
import { centreFirst, snapCamera, tileRect, tilesInView, TILE_PX } from './tile-grid.ts';
import { TilePainter } from './tile-painter.ts';

const view = (x: number, y: number, zoom = 1): PaintView => ({ camera: { x, y, zoom }, widthPx: 1000, heightPx: 800, pixelRatio: 1 });
const change = (more: Partial<BoardChange>): BoardChange => ({
  added: [],
  changed: [],
  removed: [],
  isReordered: false,
  isLocal: true,
  ...more,
});

interface World {
  painter: TilePainter;
  scene: Scene;
  elements: BoardElement[];
  surfaces: Recording[];
  target: Recording;
  pass(ms: number): void;
  finish(): void;
  show(at: PaintView): Recording;
}

/** @param elements Bottom to top; may change. */
function sceneOf(elements: readonly BoardElement[]): Scene {
  const placeOf = (id: ElementId): string => String(elements.findIndex((element) => element.id === id)).padStart(8, '0');
  return new Scene({ elements: () => elements, placeOf }, (element) => element);
}

function world(elements: BoardElement[], budgetBytes = 256 * 1024 * 1024): World {
  let now = 0;
  const { createSurface, made } = createRecorder();
  const painter = new TilePainter({ createSurface, now: () => now, budgetBytes });
  const scene = sceneOf(elements);
  painter.reset(scene, 'light');
  const target = createRecording(1000, 800);
  return {
    painter,
    scene,
    elements,
    surfaces: made,
    target,
    pass: (ms) => void (now += ms),
    finish() {
      for (let i = 0; i < 1000; i++) {
        const again = painter.work(1);
        if (again === null) return;
        now += again;
      }
      throw new Error('the painter never finishes');
    },
    show(at) {
      target.calls.length = 0;
      painter.paint(target.context, at);
      return target;
    },
  };
}

/** Strokes of 30 by 20 units with their corners in a square of `side` from (20, 20) on. */
function scatter(count: number, side: number): BoardElement[] {
  const random = seeded(7);
  return Array.from({ length: count }, () => {
    const x = 20 + random() * side;
    const y = 20 + random() * side;
    return stroke([x, y, x + 10, y + 20, x + 30, y + 10]);
  });
}

describe('tiles', () => {
  it('[P12] a view of everything, before its own tiles are there, shows the tiles of the part that was in view', () => {
    const w = world(scatter(300, 900));
    w.show(view(0, 0));
    w.finish();
    const copies = w.show(view(-5_000, -4_000, 0.08)).calls.filter(({ name }) => name === 'drawImage');
    expect(copies.length).toBeGreaterThan(0);
    for (const { args } of copies) expect(args.at(-1)).toBeLessThan(50);
  });

  it('[P4] the painter rasters everything in view, then reports that nothing is left', () => {
    const w = world(scatter(300, 900));
    expect(countCalls(w.show(view(0, 0)).calls, 'drawImage')).toBe(0);
    w.finish();
    expect(w.painter.stats().pendingTiles).toBe(0);
    expect(countCalls(w.show(view(0, 0)).calls, 'drawImage')).toBe(4);
  });

  it('[P1] a pan within the painted area rasters nothing', () => {
    const w = world(scatter(300, 900));
    w.show(view(0, 0));
    w.finish();
    const { elementsRastered } = w.painter.stats();
    for (let i = 0; i < 60; i++) w.show(view(i * 3, i * 2));
    expect(w.painter.stats().elementsRastered).toBe(elementsRastered);
  });

  it('[P4] a slice of work stops at its time budget, and the next one continues there', () => {
    let now = 0;
    const elements = scatter(500, 400);
    const { createSurface } = createRecorder();
    // Every reading of the clock advances it by a millisecond, so a slice of 3 ms holds about three batches.
    const painter = new TilePainter({ createSurface, now: () => now++, budgetBytes: 1e9 });
    painter.reset(sceneOf(elements), 'light');
    painter.paint(createRecording(500, 500).context, { ...view(0, 0), widthPx: 500, heightPx: 500 });
    expect(painter.work(3)).toBe(0);
    const first = painter.stats().elementsRastered;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(500);
    for (let i = 0; i < 500 && painter.stats().pendingTiles > 0; i++) painter.work(3);
    expect(painter.stats().elementsRastered).toBe(500);
  });

  it('[P2] a new stroke on top rasters only itself and is in the very next frame', () => {
    const w = world(scatter(300, 900));
    w.show(view(0, 0));
    w.finish();
    const before = w.painter.stats().elementsRastered;
    const added = stroke([100, 100, 140, 140]);
    w.elements.push(added);
    const { spoiled, onTop } = w.scene.apply(change({ added: [added] }));
    expect(spoiled).toEqual([]);
    w.painter.addOnTop(onTop);
    expect(w.painter.stats().elementsRastered).toBe(before + 1);
    expect(w.painter.stats().pendingTiles).toBe(0);
  });

  it('[P2] P3: hundreds of new elements on top are painted in slices, each once per tile, and the old ones stay visible', () => {
    const w = world(scatter(300, 400));
    w.show(view(0, 0));
    w.finish();
    const { elementsRastered, tiles } = w.painter.stats();
    const added = scatter(300, 400);
    w.elements.push(...added);
    w.painter.addOnTop(w.scene.apply(change({ added })).onTop);
    const atOnce = w.painter.stats().elementsRastered - elementsRastered;
    expect(atOnce).toBeGreaterThan(10);
    expect(atOnce).toBeLessThan(299);
    w.painter.work(1);
    expect(countCalls(w.show(view(0, 0)).calls, 'drawImage')).toBeGreaterThan(0);
    w.finish();
    expect(w.painter.stats().tiles).toBe(tiles);
    expect(w.painter.stats().elementsRastered - elementsRastered).toBe(300);
  });

  it('[P4] P3: a tile is finished even if something in it keeps changing while it is painted', () => {
    const w = world(scatter(3_000, 400));
    let now = 0;
    const painter = new TilePainter({ createSurface: createRecorder().createSurface, now: () => now++, budgetBytes: 1e9 });
    painter.reset(w.scene, 'light');
    const target = createRecording(500, 500).context;
    const at = { ...view(0, 0), widthPx: 500, heightPx: 500 };
    painter.paint(target, at);
    for (let i = 0; i < 2_000 && painter.stats().tiles === 0; i++) {
      painter.work(3);
      painter.invalidate([{ minX: 100, minY: 100, maxX: 110, maxY: 110 }]);
    }
    expect(painter.stats().tiles).toBe(1);
    expect(painter.stats().pendingTiles).toBe(1); // And painted anew after that.
  });

  it('[P3] a removal repaints only the neighbourhood of the removed element', () => {
    const w = world(scatter(300, 900));
    w.show(view(0, 0));
    w.finish();
    const before = w.painter.stats().elementsRastered;
    const [gone] = w.elements.splice(10, 1);
    if (gone === undefined) throw new Error('no element');
    w.painter.invalidate(w.scene.apply(change({ removed: [gone] })).spoiled);
    w.show(view(0, 0));
    expect(w.painter.stats().elementsRastered - before).toBeLessThan(40);
    expect(w.painter.stats().pendingTiles).toBe(0);
  });

  it('[P3] where a changed box holds too much for one frame, the changed element is painted over the old tile until the new one is ready', () => {
    const w = world(scatter(2000, 400));
    w.show(view(0, 0));
    w.finish();
    w.show(view(0, 0));
    const before = w.elements[5];
    if (before === undefined) throw new Error('no element');
    const after: BoardElement = {
      ...before,
      style: { ...before.style, color: 'red', width: 12 },
      geometry: { ...before.geometry, x: 0, y: 0, w: 400, h: 400 },
    };
    w.elements[5] = after;
    const { spoiled, shown } = w.scene.apply(change({ changed: [{ before, after }] }));
    w.painter.invalidate(spoiled, shown);
    const frame = w.show(view(0, 0));
    expect(w.painter.stats().pendingTiles).toBe(1);
    expect(countCalls(frame.calls, 'fill')).toBe(1);
    expect(countCalls(frame.calls, 'drawImage')).toBeGreaterThan(0);
    w.finish();
    expect(countCalls(w.show(view(0, 0)).calls, 'fill')).toBe(0);
  });

  it('[P6] hidden elements are on no tile, and return when they are shown again', () => {
    const element = stroke([100, 100, 140, 140]);
    const w = world([element]);
    w.show(view(0, 0));
    w.finish();
    w.painter.setHidden(new Set([element.id]));
    const tile = w.surfaces[0];
    if (tile === undefined) throw new Error('no tile');
    tile.calls.length = 0;
    w.show(view(0, 0));
    expect(countCalls(tile.calls, 'clearRect')).toBe(1);
    expect(countCalls(tile.calls, 'fill')).toBe(0);
    w.painter.setHidden(new Set<ElementId>());
    w.show(view(0, 0));
    expect(countCalls(tile.calls, 'fill')).toBe(1);
  });

  it('[P5] tiles stay within their byte budget, and those in view are kept', () => {
    const w = world(scatter(3000, 6000), 12 * TILE_PX * TILE_PX * 4);
    for (let x = 0; x < 5000; x += 500) {
      w.show(view(x, x));
      w.finish();
      w.show(view(x, x));
      expect(w.painter.stats().tileBytes).toBeLessThanOrEqual(12 * TILE_PX * TILE_PX * 4);
      expect(w.painter.stats().pendingTiles).toBe(0);
    }
  });

  it('[P5] a window keeps the tiles of six views, though the host allows more', () => {
    const w = world(scatter(3000, 6000), 1e9);
    let most = 0;
    for (const y of [0, 2000, 4000]) {
      for (let x = 0; x < 5000; x += 900) {
        w.show(view(x, y));
        w.finish();
        w.show(view(x, y));
        most = Math.max(most, w.painter.stats().tileBytes);
      }
    }
    // A view of 1,000 by 800 touches at most nine.
    const sixViews = 6 * 9 * TILE_PX * TILE_PX * 4;
    expect([most > sixViews / 2, most <= sixViews]).toEqual([true, true]);
  });

  it('during a zoom the old tiles are shown scaled; once it rests, tiles of the new zoom replace them', () => {
    const w = world(scatter(300, 900));
    w.show(view(0, 0));
    w.finish();
    const zooming = w.show(view(0, 0, 1.3));
    expect(zooming.calls.some((call) => call.name === 'drawImage' && call.args.length === 5)).toBe(true);
    w.pass(500);
    w.show(view(0, 0, 1.3));
    w.finish();
    const rested = w.show(view(0, 0, 1.3));
    expect(rested.calls.some((call) => call.name === 'drawImage')).toBe(true);
    expect(rested.calls.every((call) => call.name !== 'drawImage' || call.args.length === 3)).toBe(true);
  });

  it('[P7] ink that does not decode is painted as a dashed box', () => {
    const w = world([
      shape('stroke', { x: 10, y: 10, w: 80, h: 80 }, { ink: Uint8Array.of(7) }),
      shape('unknown', { x: 200, y: 100, w: 50, h: 50 }),
    ]);
    w.show(view(0, 0));
    w.finish();
    const dashes = w.surfaces
      .flatMap((surface) => surface.calls)
      .filter((call) => call.name === 'setLineDash' && (call.args[0] as number[]).length === 2);
    expect(dashes).toHaveLength(2);
  });
});

describe('tile grid', () => {
  it('with a snapped camera tiles lie 1:1 on whole pixels', () => {
    const camera = snapCamera({ x: 12.3456, y: -7.89, zoom: 1.37 }, 2);
    const at = { camera, widthPx: 1000, heightPx: 800, pixelRatio: 2 };
    const range = tilesInView(at, 2.74);
    for (const [i, j] of centreFirst(range)) {
      const rect = tileRect(at, 2.74, i, j);
      expect([rect.w, rect.h]).toEqual([TILE_PX, TILE_PX]);
      expect(Number.isInteger(rect.x) && Number.isInteger(rect.y)).toBe(true);
    }
  });

  it('tiles scaled to another zoom cover the view without seams or overlaps', () => {
    const at = view(33.3, 44.4, 1.7);
    const range = tilesInView(at, 1);
    for (let i = range.minI; i < range.maxI; i++) {
      const a = tileRect(at, 1, i, range.minJ);
      const b = tileRect(at, 1, i + 1, range.minJ);
      expect(a.x + a.w).toBe(b.x);
    }
    expect(tileRect(at, 1, range.minI, range.minJ).x).toBeLessThanOrEqual(0);
    const last = tileRect(at, 1, range.maxI, range.maxJ);
    expect(last.x + last.w).toBeGreaterThanOrEqual(1000);
  });

  it('an element paints nothing outside its painted box', () => {
    const arrow = shape('arrow', { w: 100, h: 0 }, { style: { ...plain, width: 20 } });
    expect(paintBox(arrow).minY).toBeLessThan(-20);
  });
});
