/** The public interface of the stage. */
import type { Board, ElementId, ElementKind, ImageContent, ReorderTarget, Style, Theme } from '@wetink/board';
import type { Camera } from '../camera.ts';
import type { Box, Point } from '../geometry.ts';
import type { StageState } from '../editor/stage-state.ts';
import type { ImageSource } from '../images/image-cache.ts';
import type { ShownImages } from '../images/shown-images.ts';
import type { PenMode } from '../pointers/pointers.ts';
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
   * Holds the host and the panels over it: Ctrl and the wheel, or a pinch on a trackpad, zoom the board over them too. Over
   * the rest of the page they do nothing, and they never zoom the browser's page. Default: the host alone.
   */
  readonly surroundings?: HTMLElement;
  readonly board: Board;
  readonly theme: Theme;
  /** Look, pan and zoom only. */
  readonly isReadOnly?: boolean;
  /** Sends this person's wet ink to the others, at most 30 messages a second. */
  readonly onWet: (message: WetMessage) => void;
  /** Sends this person's cursor to the others: board units, at most once a frame; null when it leaves the board. */
  readonly onCursor: (cursor: Point | null) => void;
  /** The way to the bytes of images; without it, they are placeholders. */
  readonly images?: ImageSource;
  /** Show a text area over this element, or close the one that is open. */
  readonly onEditText: (request: { id: ElementId } | null) => void;
  readonly environment?: Partial<StageEnvironment>;
}

export interface StageStats extends PainterStats {
  /** Memory of decoded images. */
  readonly imageBytes: number;
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
   * Shows the selection in a style that is still being chosen, on this screen only and without a step. Null or `setStyle`
   * ends it.
   */
  previewStyle(patch: Partial<Style> | null): void;
  /** Sets the style of the next element drawn, and as one step that of the selection, as far as each element has it. */
  setStyle(patch: Partial<Style>): void;
  select(ids: readonly ElementId[]): void;
  selectAll(): void;
  /** Selects the next element in paint order (Tab) and brings it into view. False past the last or first: the selection stays. */
  selectNext(direction: 1 | -1): boolean;
  deleteSelection(): void;
  duplicateSelection(): void;
  /** Moves the selection by board units. */
  nudge(dx: number, dy: number): void;
  reorderSelection(to: ReorderTarget): void;
  /** Opens the selected text (Enter). False when no single text is selected. */
  editSelection(): boolean;
  /** Ends one thing: the gesture, the open text, the selection, or else the tool. */
  escape(): void;
  zoomIn(): void;
  zoomOut(): void;
  /** Zooms about the middle of the view. */
  zoomTo(zoom: number): void;
  /** The box around everything as painted, board units; null for an empty board. */
  bounds(): Box | null;
  /** @param box Board units. Default: everything. */
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
  /** Shows another board instead; tool, style and camera stay. */
  setBoard(board: Board): void;
  /**
   * Shows pictures, taken of this board in this theme, while the board is being read. After `boardIsThere` tiles replace
   * them one by one. The person can draw over them.
   */
  showPictures(pictures: readonly Picture[]): void;
  boardIsThere(): void;
  /** Pictures of the whole board, coarse, and of the view, both without paper; null while something in view is not painted. */
  takePictures(): readonly TakenPicture[] | null;
  /** Creates an element in the middle of the view, for people without a pointer. A stroke can't be placed. */
  placeAtCentre(kind: ElementKind): void;
  /**
   * Adds and selects a pasted or dropped text, as one step.
   *
   * @param at CSS pixels from the host's top-left, where its first line begins. Default: in the middle of the view.
   * @throws {BoardError} `TOO_LARGE`
   */
  putText(text: string, at?: Point): void;
  /**
   * Adds and selects images, as one step: beside each other, none larger than most of the view.
   *
   * @param at CSS pixels from the host's top-left, the middle of the images. Default: the middle of the view.
   */
  putImages(images: readonly ImageContent[], at?: Point): void;
  /** Images as far as they are loaded, for other pictures of the board. */
  readonly images: ShownImages;
  stats(): StageStats;
  /** Removes its canvases and listeners from the page. Final, idempotent. */
  close(): void;
}
