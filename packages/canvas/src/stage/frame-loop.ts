/**
 * The frame loop: decides when layers are painted again, and rasters tiles in between.
 *
 * A frame is requested only when a layer has changed. A frame copies tiles and paints what is wet; rastering runs between
 * frames, in slices that leave room for the next frame.
 */
import { personHue, type ElementId } from '@wetink/board';
import { isFading, OWN } from '../wet/laser.ts';
import type { TilePainter } from '../painter/tile-painter.ts';
import type { LateImages } from './late-images.ts';
import type { PeerCursors } from '../peers/peer-cursors.ts';
import type { Editor } from '../editor/editor.ts';
import type { StageEnvironment } from './environment.ts';
import { frameContent, liftedElements } from './frame-content.ts';
import type { FramePainter, LayerName } from './frame-painter.ts';
import type { StageStats } from './stage-types.ts';

/** Milliseconds of rastering between two frames; a frame at 60 Hz has 16.7. */
const WORK_MS = 8;
/** While a pointer is down the pen comes first. */
const BUSY_WORK_MS = 3;
/** Interval at which silent wet ink is dropped. */
const EXPIRE_EVERY_MS = 1000;
/** The code of the overlay has yet to come, or a trail gets shorter without motion: the overlay is painted again after this time. */
const OVERLAY_AGAIN_MS = 100;
const KEPT_FRAMES = 600;

export interface FrameLoopOptions {
  readonly environment: Pick<StageEnvironment, 'now' | 'requestFrame' | 'schedule' | 'isStill'>;
  readonly editor: Editor;
  readonly painter: TilePainter;
  readonly frames: FramePainter;
  readonly images: Pick<LateImages, 'look'>;
  readonly peers: PeerCursors;
  readonly pixelRatio: () => number;
}

/** Cancels a task, or null while none is planned. */
type Planned = (() => void) | null;

export class FrameLoop {
  readonly #options: FrameLoopOptions;
  readonly #due: Record<LayerName, boolean> = { tiles: true, active: true, overlay: true };
  readonly #recentPaintMs: number[] = [];
  readonly #listeners = new Set<() => void>();
  #frameCount = 0;
  #lifted: ReadonlySet<ElementId> = new Set();
  #frame: Planned = null;
  #work: Planned = null;
  #workAt = 0;
  /** Tiles wait for pictures of what is being moved. */
  #hasTilesWaiting = false;
  #expiry: Planned = null;
  #overlayWake: Planned = null;
  /** False while the overlay has something to show and its code has yet to come. */
  #isOverlayWhole = true;
  #isClosed = false;

  constructor(options: FrameLoopOptions) {
    this.#options = options;
  }

  /** Paints these layers again in the next frame. */
  request(layers: { tiles?: boolean; active?: boolean; overlay?: boolean }): void {
    if (layers.tiles === true) this.#due.tiles = true;
    if (layers.active === true) this.#due.active = true;
    if (layers.overlay === true) this.#due.overlay = true;
    if (!this.#isClosed) this.#frame ??= this.#options.environment.requestFrame(() => this.paint());
  }

  /** Paints the layers that are due now instead of in the next frame. */
  paint(): void {
    const { editor, environment, frames, peers } = this.#options;
    this.#frame?.();
    this.#frame = null;
    if (this.#isClosed || editor.size.width === 0 || editor.size.height === 0) return;
    const start = environment.now();
    // While a page is hidden it gets neither frames nor timers: wet ink may have expired long ago.
    editor.wet.expire();
    const isStill = environment.isStill();
    const { cursors, isMoving, nextChangeMs } = peers.sample(start, { isStill });
    const { selecting } = peers;
    const lasers = editor.wet.lasers().map((laser) => ({ ...laser, hue: this.#hueOf(laser.clientId) }));
    const content = frameContent(editor, this.#options.pixelRatio(), { cursors, selecting, lasers, now: start, isStill });
    const hasLaser = lasers.some((laser) => isFading(laser, start));
    const { camera, size, pixelRatio } = content;
    this.#options.images.look({ camera, size, pixelRatio, scene: editor.scene, revision: editor.revision });
    const { tiles, active, overlay } = this.#due;
    if (tiles) {
      this.#hideLifted();
      frames.paintTiles(content);
    }
    if (active) frames.paintActive(content);
    if (overlay) this.#isOverlayWhole = frames.paintOverlay(content);
    this.#due.tiles = this.#due.active = this.#due.overlay = false;
    this.#count(environment.now() - start);
    if (isMoving || (hasLaser && !isStill)) this.request({ overlay: true });
    else this.#wakeOverlay(this.#isOverlayWhole && !hasLaser ? nextChangeMs : OVERLAY_AGAIN_MS);
    const movedInMs = frames.workInMs();
    if (tiles || this.#hasTilesWaiting) this.#planWork(0);
    else if (active && movedInMs !== null) this.#planWork(movedInMs);
    this.#planExpiry();
    if (tiles || active) for (const listener of this.#listeners) listener();
  }

  /** Calls back after each frame that painted elements. Returns the unsubscribe. */
  onFrame(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  stats(): Pick<StageStats, 'frames' | 'paintMs' | 'recentPaintMs'> {
    const recentPaintMs = [...this.#recentPaintMs];
    return { frames: this.#frameCount, paintMs: recentPaintMs.at(-1) ?? 0, recentPaintMs };
  }

  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    for (const cancel of [this.#frame, this.#work, this.#expiry, this.#overlayWake]) cancel?.();
  }

  #count(paintMs: number): void {
    this.#frameCount++;
    this.#recentPaintMs.push(paintMs);
    if (this.#recentPaintMs.length > KEPT_FRAMES) this.#recentPaintMs.shift();
  }

  #hueOf(clientId: number): number {
    const { editor, peers } = this.#options;
    return clientId === OWN ? personHue(editor.board.userId) : peers.hueOf(clientId);
  }

  #hideLifted(): void {
    const lifted = liftedElements(this.#options.editor);
    if (lifted.size === this.#lifted.size && [...lifted].every((id) => this.#lifted.has(id))) return;
    this.#lifted = lifted;
    this.#options.painter.setHidden(lifted);
  }

  /** The name of a cursor at rest begins to fade later: no frames until then. */
  #wakeOverlay(inMs: number | null): void {
    this.#overlayWake?.();
    this.#overlayWake = inMs === null ? null : this.#options.environment.schedule(() => this.request({ overlay: true }), inMs + 1);
  }

  /** The sooner of this and what is planned. */
  #planWork(inMs: number): void {
    const at = this.#options.environment.now() + inMs;
    if (this.#work !== null && this.#workAt <= at) return;
    this.#work?.();
    this.#workAt = at;
    this.#work = this.#options.environment.schedule(() => this.#rasterTiles(), inMs);
  }

  #rasterTiles(): void {
    const { painter, editor, frames } = this.#options;
    this.#work = null;
    // The hand waits for this, and for the places that its elements have left only then.
    this.#hasTilesWaiting = frames.work(WORK_MS);
    if (this.#hasTilesWaiting) return this.request({ active: true });
    const before = painter.stats();
    const again = painter.work(editor.state.isBusy ? BUSY_WORK_MS : WORK_MS);
    const after = painter.stats();
    const isWaiting = again !== null && again > 0;
    if (isWaiting) this.#planWork(again);
    const hasNewTiles = after.tiles !== before.tiles || after.pendingTiles !== before.pendingTiles;
    if (isWaiting || hasNewTiles || after.paintedOnTop !== before.paintedOnTop) this.#due.tiles = true;
    if (this.#due.tiles) this.request({});
    else if (again !== null) this.#planWork(again);
  }

  #planExpiry(): void {
    const { editor, environment } = this.#options;
    if (editor.wet.isEmpty) return;
    this.#expiry ??= environment.schedule(() => {
      this.#expiry = null;
      editor.wet.expire();
      this.#planExpiry();
    }, EXPIRE_EVERY_MS);
  }
}
