/**
 * What paints the committed elements. The stage knows only this, so another painter (WebGL, workers) can take
 * the place of the tiles without a change outside this folder.
 */
import type { BoardElement, ElementId } from '@wetink/board';
import type { Context, Theme } from '../draw/paint.ts';
import type { Box } from '../geometry.ts';
import type { Scene } from '../scene.ts';
import type { Picture } from './backdrop.ts';
import type { PaintView } from './paint-view.ts';
import type { Surface } from './tile-store.ts';

/** On a canvas that is the caller's: setting its size to 0 gives its memory back at once. */
export interface TakenPicture extends Picture {
  readonly image: Surface['canvas'];
}

export interface PainterStats {
  readonly tiles: number;
  readonly tileBytes: number;
  /** Tiles in view still to be rastered at the zoom shown. */
  readonly pendingTiles: number;
  /** Elements rastered since the start. */
  readonly elementsRastered: number;
  /** Milliseconds of the last `work` slice. */
  readonly lastWorkMs: number;
}

export interface Painter {
  /** Another board, another theme, fonts that arrived: everything painted so far is void. */
  reset(scene: Scene, theme: Theme): void;
  /**
   * The scene has changed inside these boxes; call after the scene follows.
   *
   * @param shown Elements that are new there or look different: they must not be missing from any later frame.
   */
  invalidate(boxes: Iterable<Box>, shown?: Iterable<BoardElement>): void;
  /** These were added above everything else, bottom to top; call after the scene follows. */
  addOnTop(elements: readonly BoardElement[]): void;
  /**
   * The board is being read: these stand for it until `boardIsThere`, and after that wherever something in view is not
   * painted yet.
   */
  showPictures(pictures: readonly Picture[]): void;
  boardIsThere(): void;
  /** While pictures stand for the board, these are painted over them: the person's own, made meanwhile. */
  keepShown(elements: readonly BoardElement[]): void;
  /** What `showPictures` takes, coarse before fine, on canvases of their own; null while something in view is not painted. */
  takePictures(): readonly TakenPicture[] | null;
  /** Elements lifted off this layer (being moved or edited): they are painted by someone else. */
  setHidden(ids: ReadonlySet<ElementId>): void;
  /**
   * Composes one frame onto `target` (not cleared here). Copies what is there; what is missing shows coarser or
   * not at all until `work` has caught up.
   */
  paint(target: Context, view: PaintView): void;
  /**
   * Rasters for at most about `budgetMs`.
   *
   * @returns Milliseconds after which to call again: 0 when more is waiting, null when all is done.
   */
  work(budgetMs: number): number | null;
  stats(): PainterStats;
  close(): void;
}
