/**
 * Paints the three layers of the stage.
 *
 *   tiles    paper, committed elements (copied from tiles)
 *   active   elements being drawn or moved, by this person and others, above all committed ones
 *   overlay  selection, handles, eraser trail, cursors
 *
 * A layer is painted again only when something on it has changed.
 */
import type { ElementId, Geometry } from '@wetink/board';
import { visibleBox } from '../camera.ts';
import { shapeDrawable, strokeDrawable } from '../draw/drawable.ts';
import { paintElements } from '../draw/low-detail.ts';
import { paintMoved, type Moved } from '../draw/overrides.ts';
import { paintDrawable, type Context } from '../draw/paint.ts';
import { type PaperSheet, paperColor } from '../painter/paper.ts';
import { paintBoxSelect, paintSelection, paintTrail } from '../overlay.ts';
import type { ShownImages } from '../images/shown-images.ts';
import type { PaintView } from '../painter/paint-view.ts';
import type { Painter } from '../painter/painter.ts';
import { paintCursors } from '../peers/paint-cursors.ts';
import type { FrameContent } from './frame-content.ts';

export type LayerName = 'tiles' | 'active' | 'overlay';
export type Layers = Readonly<Record<LayerName, Context>>;

/** Opacity of the paper over elements that the eraser will remove. */
const FADE = 0.75;

export class FramePainter {
  readonly #layers: Layers;
  readonly #painter: Painter;
  readonly #paper: PaperSheet;
  readonly #images: ShownImages;

  constructor(layers: Layers, painter: Painter, paper: PaperSheet, images: ShownImages) {
    this.#layers = layers;
    this.#painter = painter;
    this.#paper = paper;
    this.#images = images;
  }

  paintTiles(content: FrameContent): void {
    const ctx = this.#layers.tiles;
    const view = viewOf(ctx, content);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.#paper.paint(ctx, view, content.background, content.theme);
    this.#painter.paint(ctx, view);
  }

  paintActive(content: FrameContent): void {
    const ctx = this.#layers.active;
    const { theme, preview } = content;
    clear(ctx);
    const scale = content.camera.zoom * content.pixelRatio;
    ctx.setTransform(scale, 0, 0, scale, -content.camera.x * scale, -content.camera.y * scale);
    const own = preview?.kind === 'move' ? preview.items : [];
    const ownIds = new Set(own.map((item) => item.id));
    const options = { theme, images: this.#images, scale, view: visibleBox(content.camera, content.size) };
    for (const entry of content.wet) {
      if (entry.kind === 'move')
        paintMoved(
          ctx,
          movedElements(
            content,
            [...entry.items].filter(([id]) => !ownIds.has(id)),
          ),
          options,
        );
    }
    paintMoved(
      ctx,
      movedElements(
        content,
        own.map(({ id, geometry }) => [id, geometry]),
      ),
      options,
    );
    for (const entry of content.wet) {
      if (entry.kind === 'stroke') paintDrawable(ctx, strokeDrawable(entry, entry.style), { theme });
      if (entry.kind === 'shape')
        paintDrawable(ctx, shapeDrawable({ kind: entry.shape, geometry: entry.geometry, style: entry.style, text: '' }), { theme });
    }
    if (preview?.kind === 'stroke') paintDrawable(ctx, strokeDrawable(preview, preview.style), { theme });
    if (preview?.kind === 'shape')
      paintDrawable(ctx, shapeDrawable({ kind: preview.shape, geometry: preview.geometry, style: preview.style, text: '' }), { theme });
    if (preview?.kind === 'erase') this.#fade(ctx, content, preview.ids, scale);
  }

  paintOverlay(content: FrameContent): void {
    const ctx = this.#layers.overlay;
    const { camera, theme, preview, pixelRatio } = content;
    clear(ctx);
    ctx.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    paintSelection(ctx, content.selection, camera, theme);
    if (preview?.kind === 'box') paintBoxSelect(ctx, preview.box, camera, theme);
    if (preview?.kind === 'erase') paintTrail(ctx, preview.trail, camera, theme);
    paintCursors(ctx, content.cursors, camera, content.size);
  }

  close(): void {
    this.#paper.close();
    this.#painter.close();
  }

  #fade(ctx: Context, content: FrameContent, ids: ReadonlySet<ElementId>, scale: number): void {
    const tint = { color: paperColor(content.background, content.theme), alpha: FADE, grow: 2 / scale };
    const elements = [...ids].flatMap((id) => content.elementOf(id) ?? []);
    paintElements(ctx, elements, scale, { theme: content.theme, tint });
  }
}

function movedElements(content: FrameContent, items: readonly (readonly [ElementId, Geometry])[]): Moved[] {
  return items.flatMap(([id, geometry]) => {
    const element = id === content.editing ? undefined : content.elementOf(id);
    return element === undefined ? [] : [{ element, geometry }];
  });
}

function viewOf(ctx: Context, content: FrameContent): PaintView {
  return { camera: content.camera, widthPx: ctx.canvas.width, heightPx: ctx.canvas.height, pixelRatio: content.pixelRatio };
}

function clear(ctx: Context): void {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
}
