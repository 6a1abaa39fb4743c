/**
 * The three layers of the stage and what is painted on each.
 *
 *   tiles    paper, committed elements (copied from tiles)
 *   active   what is being drawn or moved, one's own and others'; over it nothing committed
 *   overlay  selection, handles, eraser trail, cursors
 *
 * A layer is only painted again when something on it changed.
 */
import type { BoardElement, Color, ElementId, Geometry, Theme } from '@wetink/board';
import { visibleBox, type Camera, type ViewSize } from '../camera.ts';
import { shapeDrawable, strokeDrawable } from '../draw/drawable.ts';
import { paintElements } from '../draw/low-detail.ts';
import { paintMoved, type Moved } from '../draw/overrides.ts';
import { paintDrawable, type Context } from '../draw/paint.ts';
import { type PaperSheet, paperColor } from '../draw/paper.ts';
import { paintBoxSelect, paintSelection, paintTrail, type SelectionLook } from '../overlay.ts';
import type { PaintView } from '../painter/paint-view.ts';
import type { Painter } from '../painter/painter.ts';
import { paintCursors } from '../peers/paint-cursors.ts';
import type { ShownCursor } from '../peers/peer-cursors.ts';
import type { Preview } from '../tools/tool.ts';
import type { WetEntry } from '../wet/wet-ink.ts';

export type LayerName = 'tiles' | 'active' | 'overlay';
export type Layers = Readonly<Record<LayerName, Context>>;

/** Everything a frame shows. */
export interface FrameScene {
  readonly camera: Camera;
  readonly size: ViewSize;
  readonly pixelRatio: number;
  readonly theme: Theme;
  readonly background: Color;
  readonly preview: Preview | null;
  readonly wet: Iterable<WetEntry>;
  readonly selection: SelectionLook;
  readonly cursors: readonly ShownCursor[];
  /** Not painted: its text area is open. */
  readonly editing: ElementId | null;
  /** The element as it is now, or as it was when the gesture began if a peer has removed it since. */
  readonly elementOf: (id: ElementId) => BoardElement | undefined;
}

/** How strongly the paper covers what the eraser will take. */
const FADE = 0.75;

export class FramePainter {
  readonly #layers: Layers;
  readonly #painter: Painter;
  readonly #paper: PaperSheet;

  constructor(layers: Layers, painter: Painter, paper: PaperSheet) {
    this.#layers = layers;
    this.#painter = painter;
    this.#paper = paper;
  }

  paintTiles(scene: FrameScene): void {
    const ctx = this.#layers.tiles;
    const view = viewOf(ctx, scene);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.#paper.paint(ctx, view, scene.background, scene.theme);
    this.#painter.paint(ctx, view);
  }

  paintActive(scene: FrameScene): void {
    const ctx = this.#layers.active;
    const { theme, preview } = scene;
    clear(ctx);
    const scale = scene.camera.zoom * scene.pixelRatio;
    ctx.setTransform(scale, 0, 0, scale, -scene.camera.x * scale, -scene.camera.y * scale);
    const own = preview?.kind === 'move' ? preview.items : [];
    const ownIds = new Set(own.map((item) => item.id));
    const options = { theme, scale, view: visibleBox(scene.camera, scene.size) };
    for (const entry of scene.wet) {
      if (entry.kind === 'move')
        paintMoved(
          ctx,
          movedElements(
            scene,
            [...entry.items].filter(([id]) => !ownIds.has(id)),
          ),
          options,
        );
    }
    paintMoved(
      ctx,
      movedElements(
        scene,
        own.map(({ id, geometry }) => [id, geometry]),
      ),
      options,
    );
    for (const entry of scene.wet) {
      if (entry.kind === 'stroke') paintDrawable(ctx, strokeDrawable(entry, entry.style), { theme });
      if (entry.kind === 'shape')
        paintDrawable(ctx, shapeDrawable({ kind: entry.shape, geometry: entry.geometry, style: entry.style, text: '' }), { theme });
    }
    if (preview?.kind === 'stroke') paintDrawable(ctx, strokeDrawable(preview, preview.style), { theme });
    if (preview?.kind === 'shape')
      paintDrawable(ctx, shapeDrawable({ kind: preview.shape, geometry: preview.geometry, style: preview.style, text: '' }), { theme });
    if (preview?.kind === 'erase') this.#fade(ctx, scene, preview.ids, scale);
  }

  paintOverlay(scene: FrameScene): void {
    const ctx = this.#layers.overlay;
    const { camera, theme, preview, pixelRatio } = scene;
    clear(ctx);
    ctx.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    paintSelection(ctx, scene.selection, camera, theme);
    if (preview?.kind === 'box') paintBoxSelect(ctx, preview.box, camera, theme);
    if (preview?.kind === 'erase') paintTrail(ctx, preview.trail, camera, theme);
    paintCursors(ctx, scene.cursors, camera, scene.size);
  }

  close(): void {
    this.#paper.close();
    this.#painter.close();
  }

  #fade(ctx: Context, scene: FrameScene, ids: ReadonlySet<ElementId>, scale: number): void {
    const tint = { color: paperColor(scene.background, scene.theme), alpha: FADE, grow: 2 / scale };
    const elements = [...ids].flatMap((id) => scene.elementOf(id) ?? []);
    paintElements(ctx, elements, scale, { theme: scene.theme, tint });
  }
}

/** The elements that others are moving, where they show them. */
export function* movedByOthers(wet: Iterable<WetEntry>): Generator<[ElementId, Geometry]> {
  for (const entry of wet) if (entry.kind === 'move') yield* entry.items;
}

function movedElements(scene: FrameScene, items: readonly (readonly [ElementId, Geometry])[]): Moved[] {
  return items.flatMap(([id, geometry]) => {
    const element = id === scene.editing ? undefined : scene.elementOf(id);
    return element === undefined ? [] : [{ element, geometry }];
  });
}

function viewOf(ctx: Context, scene: FrameScene): PaintView {
  return { camera: scene.camera, widthPx: ctx.canvas.width, heightPx: ctx.canvas.height, pixelRatio: scene.pixelRatio };
}

function clear(ctx: Context): void {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
}
