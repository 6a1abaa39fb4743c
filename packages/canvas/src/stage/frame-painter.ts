/**
 * Paints the three layers of the stage.
 *
 *   tiles    paper, committed elements (copied from tiles)
 *   active   elements being drawn or moved, by this person and others, above all committed ones
 *   overlay  selections, handles, eraser trail, cursors
 *
 * A layer is painted again only when something on it has changed.
 */
import type { BoardElement, ElementId, Geometry } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { visibleBox } from '../camera.ts';
import { shapeDrawable, strokeDrawable } from '../draw/drawable.ts';
import { paintElements } from '../draw/low-detail.ts';
import { paintTitles } from '../draw/frame-look.ts';
import { paintMoved, withGeometry, type Moved } from '../draw/overrides.ts';
import { paintDrawable, type Context } from '../draw/paint.ts';
import { PaperSheet, paperColor } from '../painter/paper.ts';
import type { ShownFiles } from '../files/shown-files.ts';
import type { ShownImages } from '../images/shown-images.ts';
import type { PaintView } from '../painter/paint-view.ts';
import type { Painter } from '../painter/painter.ts';
import type { CreateSurface } from '../painter/tile-store.ts';
import type { LatePart } from '../editor/late-part.ts';
import { isBare, type FrameContent } from './frame-content.ts';
import type { MovedPictures } from './moved-pictures.ts';
import type { paintOverlay } from './paint-overlay.ts';

export type LayerName = 'tiles' | 'active' | 'overlay';
export type Layers = Readonly<Record<LayerName, Context>>;

/** Images and files as far as their bytes are there. */
export interface ShownBytes {
  readonly images: ShownImages;
  readonly files: ShownFiles | undefined;
}

/** It comes late, see editing.ts. */
export interface OverlayCode {
  readonly paintOverlay: typeof paintOverlay;
  readonly MovedPictures: typeof MovedPictures;
}

export interface FramePainterOptions extends ShownBytes {
  readonly overlay: LatePart<OverlayCode>;
  readonly createSurface: CreateSurface;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Names this person's own gesture among those of others. */
const OWN_GESTURE = '';

/** Opacity of the paper over elements that the eraser will remove. */
const FADE = 0.75;

export class FramePainter {
  readonly #layers: Layers;
  readonly #painter: Painter;
  readonly #paper: PaperSheet;
  readonly #shown: ShownBytes;
  readonly #options: FramePainterOptions;
  /** Pictures of what gestures move; null before there was one. */
  #moved: MovedPictures | null = null;

  constructor(layers: Layers, painter: Painter, options: FramePainterOptions) {
    this.#layers = layers;
    this.#painter = painter;
    this.#paper = new PaperSheet(options.createSurface);
    this.#shown = { images: options.images, files: options.files };
    this.#options = options;
  }

  paintTiles(content: FrameContent): void {
    const ctx = this.#layers.tiles;
    const view = viewOf(ctx, content);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.#paper.paint(ctx, view, { ...content, hasGrid: content.snap.hasGrid });
    this.#coverDropped(content);
    this.#painter.paint(ctx, view);
    paintTitlesOf(ctx, content, content.frames);
  }

  paintActive(content: FrameContent): void {
    const ctx = this.#layers.active;
    const { theme, preview } = content;
    clear(ctx);
    const scale = content.camera.zoom * content.pixelRatio;
    ctx.setTransform(scale, 0, 0, scale, -content.camera.x * scale, -content.camera.y * scale);
    const own = preview?.kind === 'move' || preview?.kind === 'copy' ? preview.items : [];
    const ownIds = new Set(preview?.kind === 'move' ? own.map((item) => item.id) : []);
    const options = { theme, ...this.#shown, scale, view: visibleBox(content.camera, content.size) };
    for (const entry of content.wet) {
      if (entry.kind === 'move' || entry.kind === 'copy')
        this.#paintMoved(ctx, content, options, {
          gesture: entry.gesture,
          items: entry.kind === 'copy' ? [...entry.items] : [...entry.items].filter(([id]) => !ownIds.has(id)),
        });
    }
    this.#paintMoved(ctx, content, options, {
      gesture: OWN_GESTURE,
      items: own.map(({ id, geometry, points }) => [id, geometry, points]),
    });
    for (const entry of content.wet) {
      if (entry.kind === 'stroke') paintDrawable(ctx, strokeDrawable(entry, entry.style), { theme });
      if (entry.kind === 'shape') paintDrawable(ctx, shapeDrawable({ ...entry, kind: entry.shape, text: '' }), { theme });
    }
    if (preview?.kind === 'stroke') paintDrawable(ctx, strokeDrawable(preview, preview.style), { theme });
    if (preview?.kind === 'shape') paintDrawable(ctx, shapeDrawable({ ...preview, kind: preview.shape, text: '' }), { theme });
    if (preview?.kind === 'erase') this.#fade(ctx, content, preview.ids, scale);
  }

  /** @returns False when there is something to show and its code has yet to come. */
  paintOverlay(content: FrameContent): boolean {
    const ctx = this.#layers.overlay;
    const { pixelRatio } = content;
    clear(ctx);
    if (isBare(content)) return true;
    ctx.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    const code = this.#options.overlay.opened();
    code?.paintOverlay(ctx, content);
    return code !== null;
  }

  /**
   * Paints on at pictures of what is being moved.
   *
   * @returns Whether the active layer has something new to show.
   */
  work(budgetMs: number): boolean {
    return this.#moved?.work(budgetMs) ?? false;
  }

  /** Milliseconds until `work` has something to do, 0 for now; null for nothing. */
  workInMs(): number | null {
    return this.#moved?.workInMs() ?? null;
  }

  /** Paints elements again that have not changed, but look different: an image has come, say. */
  repaint(elements: readonly BoardElement[]): void {
    this.#painter.invalidate(elements.map(paintBox), elements);
    this.#moved?.spoil();
  }

  close(): void {
    this.#paper.close();
    this.#painter.close();
    this.#moved?.close();
  }

  #paintMoved(ctx: Context, content: FrameContent, options: MovedLook, { gesture, items }: MovedBy): void {
    if (items.length === 0) return;
    const moved = movedElements(content, items);
    this.#moved ??= this.#pictures();
    if (this.#moved === null) paintMoved(ctx, moved, options);
    else this.#moved.paint(gesture, ctx, moved, options);
    const frames = moved.filter(({ element }) => element.kind === 'frame').map(({ element, geometry }) => withGeometry(element, geometry));
    paintTitlesOf(ctx, content, frames);
  }

  #pictures(): MovedPictures | null {
    const code = this.#options.overlay.opened();
    return code === null ? null : new code.MovedPictures(this.#options);
  }

  /** Elements that were dropped are shown by their picture until tiles have them. */
  #coverDropped(content: FrameContent): void {
    if (this.#moved === null) return;
    const gestures = new Set<string>();
    if (content.preview?.kind === 'move' || content.preview?.kind === 'copy') gestures.add(OWN_GESTURE);
    for (const { gesture } of content.wet) gestures.add(gesture);
    const scale = content.camera.zoom * content.pixelRatio;
    for (const cover of this.#moved.ended(gestures, content.elementOf, { scale })) this.#painter.coverWaiting(cover);
  }

  #fade(ctx: Context, content: FrameContent, ids: ReadonlySet<ElementId>, scale: number): void {
    const tint = { color: paperColor(content), alpha: FADE, grow: 2 / scale };
    const elements = [...ids].flatMap((id) => content.elementOf(id) ?? []);
    paintElements(ctx, elements, scale, { theme: content.theme, tint });
  }
}

type MovedTo = readonly [id: ElementId, geometry: Geometry, points?: readonly number[] | null | undefined];

type MovedLook = Parameters<typeof paintMoved>[2];

interface MovedBy {
  readonly gesture: string;
  readonly items: readonly MovedTo[];
}

function paintTitlesOf(ctx: Context, content: FrameContent, frames: readonly BoardElement[]): void {
  if (frames.length === 0) return;
  ctx.save();
  ctx.setTransform(content.pixelRatio, 0, 0, content.pixelRatio, 0, 0);
  // The title whose field is open is shown by the page.
  paintTitles(
    ctx,
    frames.filter(({ id }) => id !== content.editing),
    content,
  );
  ctx.restore();
}

function movedElements(content: FrameContent, items: readonly MovedTo[]): Moved[] {
  return items.flatMap(([id, geometry, points]) => {
    const element = id === content.editing ? undefined : content.elementOf(id);
    return element === undefined ? [] : [{ element, geometry, points }];
  });
}

function viewOf(ctx: Context, content: FrameContent): PaintView {
  return { camera: content.camera, widthPx: ctx.canvas.width, heightPx: ctx.canvas.height, pixelRatio: content.pixelRatio };
}

function clear(ctx: Context): void {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
}
