/**
 * Paints committed elements from tiles.
 *
 * A frame only copies tiles (`paint`). Rastering happens between frames in slices (`work`), and a half-rastered tile is
 * never shown. Small changes don't wait for that: a new element on top is painted straight onto the existing tiles, and
 * a small change repaints its box inside a tile. Where a box is too full to repaint, the changed elements are painted over
 * the old tile until the new one is ready. So no committed element is ever missing from the screen.
 *
 * During a zoom the existing tiles are shown scaled; tiles of the new zoom are made once it rests.
 */
import { paintCost, paintElements } from '../draw/low-detail.ts';
import type { Context, PaintOptions, Theme } from '../draw/paint.ts';
import type { ShownFiles } from '../files/shown-files.ts';
import type { ShownImages } from '../images/shown-images.ts';
import { paintBox } from '../bounds.ts';
import { boxesTouch, uniteAll, uniteBoxes, type Box } from '../geometry.ts';
import type { BoardElement, ElementId } from '@wetink/board';
import type { Scene } from '../scene.ts';
import { paintBackdrop, type Picture } from './backdrop.ts';
import { paintCovers } from './covers.ts';
import { copyTile, copyTilesInto, tilesInPlaceOf, type Frame } from './copy-tiles.ts';
import { Lingering } from './lingering.ts';
import { missingAround, missingInView, missingOf } from './missing-tiles.ts';
import type { PaintView } from './paint-view.ts';
import type { Cover, Painter, PainterStats, TakenPicture } from './painter.ts';
import { pixelRegion, type PixelRegion } from './pixel-region.ts';
import { cellsOf, overviewScale, tileBox, tileBudget, tileRect, tilesInView, TILE_PX, viewScale } from './tile-grid.ts';
import { takeOverview, takeView } from './take-pictures.ts';
import { TileElements } from './tile-elements.ts';
import { TileStore, type CreateSurface, type Surface, type Tile } from './tile-store.ts';
import { ZoomLevel } from './zoom-level.ts';

export interface TilePainterOptions {
  readonly createSurface: CreateSurface;
  readonly images?: ShownImages;
  readonly files?: ShownFiles | undefined;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** 256 MB suits a desktop, 96 MB a phone (Safari gives all canvases of a page 384 MB). */
  readonly budgetBytes: number;
}

/** Most elements repainted inside a frame; 300 take about 5 ms in software. More are left to `work`. */
const SYNC_ELEMENTS = 300;
/** Beyond this many changes only the box around all of them is followed. */
const BULK = 400;
/** Largest `paintCost` painted on top at once, to be in the very next frame: about 5 ms. The rest is left to `work`. */
const SYNC_COST = 128 * 1024;
/** `paintCost` rastered between two readings of the clock: about 1 ms. */
const COST_AT_ONCE = 32 * 1024;
/** Only boards that raster slowly need an overview. It is as large as four tiles. */
const OVERVIEW_MIN_ELEMENTS = 1500;
const OVERVIEW_PX = 2 * TILE_PX;
/** The overview is updated once nothing has changed for this long. */
const OVERVIEW_IDLE_MS = 1500;

const EVERYWHERE: Box = { minX: -Infinity, minY: -Infinity, maxX: Infinity, maxY: Infinity };

interface Job {
  readonly tile: Tile;
  readonly surface: Surface;
  readonly elements: TileElements;
  /** A slice has worked on it: if every change began it anew, a full tile would never be finished. */
  isBegun: boolean;
}

export class TilePainter implements Painter {
  readonly #options: TilePainterOptions;
  readonly #store: TileStore;
  #scene: Scene | null = null;
  #theme: Theme = 'light';
  #hidden: ReadonlySet<ElementId> = new Set();
  readonly #lingering = new Lingering();
  #covers: readonly Cover[] = [];
  #pictures: readonly Picture[] = [];
  /** The pictures are shown in place of the board. */
  #isReading = false;
  #view: PaintView | null = null;
  readonly #zoom = new ZoomLevel();
  #changedAt = 0;
  #job: Job | null = null;
  #frame = 0;
  #elementsRastered = 0;
  #paintedOnTop = 0;
  #lastWorkMs = 0;

  constructor(options: TilePainterOptions) {
    this.#options = options;
    this.#store = new TileStore(options.createSurface);
  }

  reset(scene: Scene, theme: Theme): void {
    this.#dropJob();
    this.#store.clear();
    this.#lingering.clear();
    this.#uncover(() => true);
    this.#pictures = [];
    this.#isReading = false;
    this.#scene = scene;
    this.#theme = theme;
    this.#zoom.reset();
  }

  invalidate(boxes: Iterable<Box>, shown: Iterable<BoardElement> = []): void {
    this.#changedAt = this.#options.now();
    let list = [...boxes];
    const all = uniteAll(list);
    if (all === null) return;
    if (list.length > BULK) list = [all];
    this.#lingering.add(shown, this.#zoom.level);
    for (const tile of [...this.#store.all()]) {
      const area = tileBox(tile.i, tile.j, tile.scale);
      if (!boxesTouch(area, all)) continue;
      for (const box of list) if (boxesTouch(area, box)) this.#spoil(tile, box);
    }
    const job = this.#job;
    if (job === null) return;
    const area = tileBox(job.tile.i, job.tile.j, job.tile.scale);
    if (!list.some((box) => boxesTouch(area, box))) return;
    if (job.isBegun) job.tile.isStale = true;
    else this.#dropJob();
  }

  addOnTop(elements: readonly BoardElement[]): void {
    if (elements.length > BULK) return this.invalidate(elements.map(paintBox), elements);
    this.#changedAt = this.#options.now();
    const shown = elements.filter((element) => !this.#hidden.has(element.id));
    const boxes = shown.map(paintBox);
    const all = uniteAll(boxes);
    if (all === null) return;
    const putOn = (tile: Tile, put: (element: BoardElement) => void): void => {
      const area = tileBox(tile.i, tile.j, tile.scale);
      if (!boxesTouch(area, all)) return;
      for (const [i, element] of shown.entries()) if (boxesTouch(area, boxes[i] as Box)) put(element);
    };
    for (const tile of this.#store.all()) putOn(tile, (element) => tile.above.push(element));
    const job = this.#job;
    if (job !== null) putOn(job.tile, (element) => job.elements.push(element));
    let left = SYNC_COST;
    for (const tile of this.#store.withAbove(this.#zoom.level)) if (left > 0) left -= this.#paintAbove(tile, left);
  }

  showPictures(pictures: readonly Picture[]): void {
    this.#dropJob();
    this.#store.clear();
    this.#pictures = pictures;
    this.#isReading = true;
  }

  boardIsThere(): void {
    this.#isReading = false;
  }

  keepShown(elements: readonly BoardElement[]): void {
    if (this.#isReading) this.#lingering.add(elements, this.#zoom.level);
  }

  takePictures(): readonly TakenPicture[] | null {
    const view = this.#view;
    if (view === null || this.#scene === null || this.#isReading || viewScale(view) !== this.#zoom.level) return null;
    if (missingInView(this.#store, view, this.#zoom.level, 0).length > 0 || this.#store.withAbove(this.#zoom.level).length > 0) return null;
    const bounds = this.#scene.bounds();
    const { createSurface } = this.#options;
    const overview = bounds === null ? null : takeOverview(this.#store, bounds, OVERVIEW_PX, createSurface);
    return [...(overview === null ? [] : [overview]), takeView(view, createSurface, (target) => this.paint(target, view))];
  }

  setHidden(ids: ReadonlySet<ElementId>): void {
    const before = this.#hidden;
    this.#hidden = ids;
    this.#uncover((cover) => cover.ids.some((id) => ids.has(id)));
    const boxes: Box[] = [];
    const shown: BoardElement[] = [];
    for (const id of before) {
      const element = ids.has(id) ? undefined : this.#scene?.get(id);
      if (element === undefined) continue;
      boxes.push(paintBox(element));
      shown.push(element);
    }
    for (const id of ids) {
      const element = before.has(id) ? undefined : this.#scene?.get(id);
      if (element !== undefined) boxes.push(paintBox(element));
      this.#lingering.remove(id);
    }
    if (boxes.length > 0) this.invalidate(boxes, shown);
  }

  coverWaiting(cover: Cover): void {
    this.#covers = [...this.#covers, cover];
    for (const id of cover.ids) this.#lingering.remove(id);
  }

  paint(target: Context, view: PaintView): void {
    this.#view = view;
    this.#frame++;
    this.#chooseLevel(viewScale(view));
    const range = tilesInView(view, this.#zoom.level);
    if (this.#isReading) return this.#paintPictures(target, view);
    this.#repairInView(range);
    target.imageSmoothingEnabled = true;
    const frame: Frame = { target, view, number: this.#frame };
    let isMissing = false;
    for (const [i, j] of cellsOf(range)) {
      const tile = this.#store.get(this.#zoom.level, i, j);
      isMissing ||= tile === undefined;
      if (tile === undefined) this.#paintFallback(frame, i, j);
      else copyTile(frame, tile);
    }
    if (!isMissing) this.#pictures = [];
    this.#paintLingering(target, view, range);
    this.#store.trim(tileBudget(view, this.#options.budgetBytes), this.#frame);
  }

  work(budgetMs: number): number | null {
    const start = this.#options.now();
    // Elements that are not in the index yet are found too, but more slowly.
    const isIndexing = this.#scene?.work(budgetMs, this.#options.now);
    if (this.#isReading) return isIndexing === true ? 0 : null;
    let hasMore = true;
    while (this.#options.now() - start < budgetMs) {
      hasMore = this.#workOnce();
      if (!hasMore) break;
    }
    if (this.#job !== null) this.#job.isBegun = true;
    const end = this.#options.now();
    this.#lastWorkMs = end - start;
    if (hasMore) return 0;
    if (this.#view === null || this.#scene === null) return null;
    // Never 0: then a frame is needed, which chooses the level, and not more work.
    if (viewScale(this.#view) !== this.#zoom.level) return Math.max(1, this.#zoom.restsInMs(end));
    const overviewInMs = this.#changedAt + OVERVIEW_IDLE_MS - end;
    return this.#scene.size >= OVERVIEW_MIN_ELEMENTS && overviewInMs >= 0 ? overviewInMs + 1 : null;
  }

  stats(): PainterStats {
    return {
      tiles: this.#store.count,
      tileBytes: this.#store.bytes,
      pendingTiles: this.#view === null ? 0 : missingInView(this.#store, this.#view, this.#zoom.level, 0).length,
      paintedOnTop: this.#paintedOnTop,
      elementsRastered: this.#elementsRastered,
      lastWorkMs: this.#lastWorkMs,
    };
  }

  close(): void {
    this.#dropJob();
    this.#uncover(() => true);
    this.#store.clear();
    this.#scene = null;
    this.#view = null;
  }

  get #look(): PaintOptions {
    const { images, files } = this.#options;
    const scene = this.#scene;
    const frameOf = scene === null || scene.frames.length === 0 ? undefined : (id: ElementId) => scene.get(id);
    return { theme: this.#theme, images, files, frameOf };
  }

  /** @returns Whether there was something to do. */
  #workOnce(): boolean {
    for (const tile of this.#store.withAbove(this.#zoom.level)) {
      this.#paintAbove(tile, COST_AT_ONCE);
      this.#paintedOnTop++;
      return true;
    }
    this.#job ??= this.#nextJob();
    if (this.#job === null) return false;
    this.#advance(this.#job);
    return true;
  }

  #chooseLevel(scale: number): void {
    if (!this.#zoom.choose(scale, this.#options.now())) return;
    // Boxes that changed are only followed on the level in use; elsewhere the whole tile counts as old.
    for (const tile of this.#store.all()) {
      if (tile.dirty === null) continue;
      tile.dirty = null;
      tile.isStale = true;
    }
    this.#dropJob();
  }

  #spoil(tile: Tile, box: Box): void {
    // Repairing only the box would paint the waiting elements on top twice: the whole tile is painted instead.
    if (tile.above.length > 0) tile.isStale = true;
    if (tile.scale !== this.#zoom.level || tile.isStale) tile.isStale = true;
    else if (tile.surface === null) this.#store.remove(tile);
    else tile.dirty = tile.dirty === null ? box : uniteBoxes(tile.dirty, box);
  }

  /** Repaints small changed boxes inside tiles now; a tile whose box is too full becomes stale and is left to `work`. */
  #repairInView(range: ReturnType<typeof tilesInView>): void {
    const scene = this.#scene;
    if (scene === null) return;
    let spent = 0;
    for (const tile of this.#store.all()) {
      if (tile.dirty === null || tile.scale !== this.#zoom.level) continue;
      const isInView = tile.i >= range.minI && tile.i <= range.maxI && tile.j >= range.minJ && tile.j <= range.maxJ;
      if (!isInView) continue;
      const region = pixelRegion(tile, tile.dirty);
      tile.dirty = null;
      const elements = this.#shownIn(scene, region.box);
      spent += elements.length;
      // Elements still to be painted on top would be painted twice.
      if (spent > SYNC_ELEMENTS || tile.surface === null || tile.above.length > 0) tile.isStale = true;
      else this.#repaintRegion(tile, tile.surface, region, elements);
    }
  }

  #repaintRegion(tile: Tile, surface: Surface, region: PixelRegion, elements: readonly BoardElement[]): void {
    const { context } = surface;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(region.x, region.y, region.w, region.h);
    context.clip();
    context.clearRect(region.x, region.y, region.w, region.h);
    this.#rasterOn(surface, tile, elements);
    context.restore();
  }

  #paintFallback(frame: Frame, i: number, j: number): void {
    const rect = tileRect(frame.view, this.#zoom.level, i, j);
    const tiles = tilesInPlaceOf(this.#store, this.#zoom.level, i, j);
    if (tiles.length === 0) paintBackdrop(frame.target, frame.view, this.#pictures, rect);
    else copyTilesInto(frame, rect, tiles);
  }

  #paintLingering(target: Context, view: PaintView, range: ReturnType<typeof tilesInView>): void {
    if (this.#lingering.isEmpty && this.#covers.length === 0) return;
    const waiting = cellsOf(range).filter(([i, j]) => this.#store.get(this.#zoom.level, i, j)?.isStale !== false);
    const areas = waiting.map(([i, j]) => tileBox(i, j, this.#zoom.level));
    const places = waiting.map(([i, j]) => tileRect(view, this.#zoom.level, i, j));
    if (this.#covers.length > 0) this.#covers = paintCovers(target, view, places, this.#covers);
    this.#lingering.paint(target, view, areas, this.#scene, this.#look);
  }

  /** Paints the pictures, and over them what the person has drawn since. */
  #paintPictures(target: Context, view: PaintView): void {
    paintBackdrop(target, view, this.#pictures, { x: 0, y: 0, w: view.widthPx, h: view.heightPx });
    this.#lingering.paint(target, view, [EVERYWHERE], this.#scene, this.#look);
  }

  #nextJob(): Job | null {
    const { now } = this.#options;
    const view = this.#view;
    if (view === null || this.#scene === null || this.#zoom.level === 0) return null;
    // While the zoom moves, tiles of a level that will soon be replaced are not worth making.
    if (viewScale(view) !== this.#zoom.level) return null;
    const budgetBytes = tileBudget(view, this.#options.budgetBytes);
    for (const [i, j] of missingAround(this.#store, view, this.#zoom.level, budgetBytes)) {
      const job = this.#startJob(this.#zoom.level, i, j);
      if (job !== null) return job;
    }
    if (this.#scene.size < OVERVIEW_MIN_ELEMENTS || now() - this.#changedAt < OVERVIEW_IDLE_MS) return null;
    return this.#overviewJob(this.#scene);
  }

  #overviewJob(scene: Scene): Job | null {
    const bounds = scene.bounds();
    if (bounds === null) return null;
    const scale = overviewScale(bounds, OVERVIEW_PX);
    if (scale === this.#zoom.level) return null;
    for (const [i, j] of missingOf(this.#store, bounds, scale)) {
      const job = this.#startJob(scale, i, j);
      if (job !== null) return job;
    }
    return null;
  }

  /** Begins a tile; an empty one is finished at once. */
  #startJob(scale: number, i: number, j: number): Job | null {
    const tile: Tile = { scale, i, j, surface: null, above: [], dirty: null, isStale: false, shownAt: this.#frame };
    const elements = this.#scene === null ? null : new TileElements(this.#scene, tileBox(i, j, scale), this.#hidden);
    if (elements !== null && !elements.isEmpty) return { tile, surface: this.#store.take(TILE_PX), elements, isBegun: false };
    this.#store.put(tile);
    return null;
  }

  #advance(job: Job): void {
    this.#rasterOn(job.surface, job.tile, job.elements.take(job.tile.scale, COST_AT_ONCE));
    if (!job.elements.isDone) return;
    job.tile.surface = job.surface;
    this.#store.put(job.tile);
    this.#job = null;
  }

  /** @returns The `paintCost` spent, at most about `cost`. */
  #paintAbove(tile: Tile, cost: number): number {
    const batch: BoardElement[] = [];
    let spent = 0;
    let taken = 0;
    for (; spent < cost && taken < tile.above.length; taken++) {
      const element = tile.above[taken] as BoardElement;
      if (this.#hidden.has(element.id) || this.#scene?.get(element.id) !== element) continue;
      batch.push(element);
      spent += paintCost(element, tile.scale);
    }
    tile.above = tile.above.slice(taken);
    if (batch.length === 0) return spent;
    tile.surface ??= this.#store.take(TILE_PX);
    this.#rasterOn(tile.surface, tile, batch);
    return spent;
  }

  #uncover(isOver: (cover: Cover) => boolean): void {
    const over = this.#covers.filter(isOver);
    if (over.length === 0) return;
    for (const cover of over) cover.close();
    this.#covers = this.#covers.filter((cover) => !over.includes(cover));
  }

  #dropJob(): void {
    if (this.#job !== null) this.#store.release(this.#job.surface);
    this.#job = null;
  }

  #shownIn(scene: Scene, box: Box): BoardElement[] {
    const elements = scene.query(box);
    return this.#hidden.size === 0 ? elements : elements.filter((element) => !this.#hidden.has(element.id));
  }

  #rasterOn(surface: Surface, tile: Tile, elements: readonly BoardElement[]): void {
    this.#elementsRastered += elements.length;
    surface.context.setTransform(tile.scale, 0, 0, tile.scale, -tile.i * TILE_PX, -tile.j * TILE_PX);
    paintElements(surface.context, elements, tile.scale, this.#look);
  }
}
