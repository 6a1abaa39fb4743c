/** The public face of the stage. */
import type { Board, ElementId, ElementKind, ReorderTarget, Style, Theme } from '@wetink/board';
import type { Camera } from '../camera.ts';
import type { Box, Point } from '../geometry.ts';
import type { PenMode } from '../input/pointers.ts';
import type { Picture } from '../painter/backdrop.ts';
import type { PainterStats, TakenPicture } from '../painter/painter.ts';
import type { Peer } from '../peers/peer-cursors.ts';
import type { ToolName } from '../tools/tool.ts';
import type { WetMessage } from '../wet/wet-sender.ts';
import type { StageEnvironment } from './environment.ts';

export interface StageOptions {
  /** The stage fills it and follows its size. Should be positioned; gets three canvases as children. */
  readonly host: HTMLElement;
  /**
   * Holds the host and the panels over it: Ctrl and the wheel, or a trackpad's pinch, zoom the board over them too. Over
   * the rest of the page they do nothing, and never zoom the browser's page. The host alone, unless told.
   */
  readonly surroundings?: HTMLElement;
  readonly board: Board;
  readonly theme: Theme;
  /** Look, pan and zoom only. */
  readonly isReadOnly?: boolean;
  /** One's own wet ink, at most 30 messages a second. */
  readonly onWet: (message: WetMessage) => void;
  /** One's own cursor in board units, at most once a frame; null when it leaves the board. */
  readonly onCursor: (cursor: Point | null) => void;
  /** Show a text area over this element, or close the one that is open. */
  readonly onEditText: (request: { id: ElementId } | null) => void;
  readonly environment?: Partial<StageEnvironment>;
}

export interface StageState {
  readonly tool: ToolName;
  readonly camera: Camera;
  readonly selection: readonly ElementId[];
  /** Style of the next element drawn. */
  readonly style: Style;
  /** What of the selection's style is being chosen; null when nothing is. */
  readonly stylePreview: Partial<Style> | null;
  /** A pointer is down on the board. */
  readonly isBusy: boolean;
  /** The tool stays after drawing a shape instead of going back to `select`. */
  readonly isToolKept: boolean;
  /** There is a drawing, and none of it is in view. */
  readonly isFarFromDrawing: boolean;
  /** `on`: a pen has been seen, so fingers move the board. `off`: the person wants fingers to draw beside the pen. */
  readonly penMode: PenMode;
}

export interface StageStats extends PainterStats {
  /** Frames painted since the start. */
  readonly frames: number;
  /** Milliseconds the last frame took on this thread. */
  readonly paintMs: number;
  /** The same for up to the last 600 frames, oldest first. */
  readonly recentPaintMs: readonly number[];
}

export interface Stage {
  readonly state: StageState;
  /** Called after the state has changed; `state` is then a new object. Returns its own unsubscribe. */
  onState(callback: () => void): () => void;
  setTool(tool: ToolName): void;
  setToolKept(isKept: boolean): void;
  /**
   * Shows the selection in a style that is still being chosen: on this screen alone, in no step. Null takes it back, and so
   * does `setStyle`.
   */
  previewStyle(patch: Partial<Style> | null): void;
  /** Style of what is drawn next, and of the selection where it has such a thing, as one step. */
  setStyle(patch: Partial<Style>): void;
  select(ids: readonly ElementId[]): void;
  selectAll(): void;
  /** The next element in paint order (Tab), brought into view. False past the last or first: the selection stays. */
  selectNext(direction: 1 | -1): boolean;
  deleteSelection(): void;
  duplicateSelection(): void;
  /** Moves the selection by board units. */
  nudge(dx: number, dy: number): void;
  reorderSelection(to: ReorderTarget): void;
  /** Opens the selected text (Enter). False when no single text is selected. */
  editSelection(): boolean;
  /** One step up: the gesture, the open text, the selection, then the tool. */
  escape(): void;
  zoomIn(): void;
  zoomOut(): void;
  /** About the middle of the view. */
  zoomTo(zoom: number): void;
  /** Around everything as it is painted, board units; null when nothing is there. */
  bounds(): Box | null;
  /** @param box Board units; everything unless told. */
  zoomToFit(box?: Box): void;
  zoomToSelection(): void;
  /** CSS pixels. */
  panBy(dx: number, dy: number): void;
  setCamera(camera: Camera): void;
  /** Board point to CSS pixels from the host's top-left. */
  toView(p: Point): Point;
  toBoard(p: Point): Point;
  setTheme(theme: Theme): void;
  setReadOnly(isReadOnly: boolean): void;
  /** The element being edited in the page is not painted; leaving it gives the text the box it needs. */
  setEditing(id: ElementId | null): void;
  setPenMode(mode: PenMode): void;
  setPeers(peers: readonly Peer[]): void;
  receiveWet(message: WetMessage & { clientId: number }): void;
  /** Another board in the place of this one; tool, style and camera stay. */
  setBoard(board: Board): void;
  /**
   * The board is being read: these pictures of it, taken of this board in this theme, stand for it until `boardIsThere`
   * and are replaced tile by tile then. Drawing goes on over them.
   */
  showPictures(pictures: readonly Picture[]): void;
  boardIsThere(): void;
  /** The whole board, coarse, and what is in view, both without paper; null while something in view is not painted. */
  takePictures(): readonly TakenPicture[] | null;
  /** Creates an element in the middle of the view, for people without a pointer. A stroke can't be placed. */
  placeAtCentre(kind: ElementKind): void;
  /**
   * A text that was pasted or dropped, selected, as one step.
   *
   * @param at CSS pixels from the host's top-left, where its first line begins; in the middle of the view unless told.
   * @throws {BoardError} `TOO_LARGE`
   */
  putText(text: string, at?: Point): void;
  stats(): StageStats;
  /** Takes its canvases and listeners off the page. Final, idempotent. */
  close(): void;
}
