/**
 * The interface through which the stage has committed elements painted. Another painter (WebGL, workers) can replace the
 * tiles without a change outside this folder.
 */
import type { BoardElement, ElementId } from '@wetink/board';
import type { Context, Theme } from '../draw/paint.ts';
import type { Box } from '../geometry.ts';
import type { Scene } from '../scene.ts';
import type { Picture } from './backdrop.ts';
import type { PaintView } from './paint-view.ts';
import type { Surface } from './tile-store.ts';

/** Its canvas belongs to the caller: setting its size to 0 frees its memory at once. */
export interface TakenPicture extends Picture {
  readonly image: Surface['canvas'];
}

/** Something painted in place of elements that tiles do not show yet. */
export interface Cover {
  readonly ids: readonly ElementId[];
  /**
   * Paints on a context whose transform maps board units to device pixels.
   *
   * @returns False when it no longer shows what the elements look like.
   */
  paint(target: Context, view: { readonly scale: number; readonly view: Box }): boolean;
  close(): void;
}

export interface PainterStats {
  readonly tiles: number;
  readonly tileBytes: number;
  /** Tiles in view that are not yet rastered at the shown zoom. */
  readonly pendingTiles: number;
  /** Times that `work` has painted waiting elements on top of tiles which are shown. */
  readonly paintedOnTop: number;
  /** Elements rastered since the start. */
  readonly elementsRastered: number;
  /** Milliseconds of the last `work` slice. */
  readonly lastWorkMs: number;
}

export interface Painter {
  /** Discards everything painted so far: for another board, another theme, or fonts that have loaded. */
  reset(scene: Scene, theme: Theme): void;
  /**
   * The scene has changed inside these boxes; call after the scene follows.
   *
   * @param shown Elements in them that are new or look different: every later frame must show them.
   */
  invalidate(boxes: Iterable<Box>, shown?: Iterable<BoardElement>): void;
  /** Elements were added above all others, here bottom to top; call after the scene follows. */
  addOnTop(elements: readonly BoardElement[]): void;
  /**
   * Shows these pictures in place of a board that is being read, until `boardIsThere`, and after that where something in
   * view is not painted yet.
   */
  showPictures(pictures: readonly Picture[]): void;
  boardIsThere(): void;
  /** While pictures are shown in place of the board, paints these over them: elements that this person has drawn since. */
  keepShown(elements: readonly BoardElement[]): void;
  /** Pictures for a later `showPictures`, coarse before fine, on new canvases; null while something in view is not painted. */
  takePictures(): readonly TakenPicture[] | null;
  /** Leaves these elements out: they are being moved or edited, and are painted elsewhere. */
  setHidden(ids: ReadonlySet<ElementId>): void;
  /** Shows the cover, which belongs to the painter from now on, over places that `work` has yet to catch up with. */
  coverWaiting(cover: Cover): void;
  /**
   * Composes one frame onto `target`, which it does not clear. Copies painted tiles; until `work` has caught up, a place
   * without one shows a coarser tile or nothing.
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
