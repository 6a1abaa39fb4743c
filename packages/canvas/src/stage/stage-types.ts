/** The public interface of the stage. */
import type {
  AttachedFile,
  Board,
  BoardElement,
  Crop,
  ElementId,
  ElementKind,
  ImageContent,
  ReorderTarget,
  Style,
  Theme,
} from '@wetink/board';
import type { Arrangement } from '../arrange/arrangement.ts';
import type { Camera, ViewSize } from '../camera.ts';
import type { Box, Point } from '../geometry.ts';
import type { LookPatch } from '../editor/commit.ts';
import type { EditingTools } from '../editor/editing-tools.ts';
import type { Editor } from '../editor/editor.ts';
import type { LatePart } from '../editor/late-part.ts';
import type { Grouping } from '../grouping.ts';
import type { StageState } from '../editor/stage-state.ts';
import type { ShownFiles } from '../files/shown-files.ts';
import type { ImageSource } from '../images/image-cache.ts';
import type { ShownImages } from '../images/shown-images.ts';
import type { WheelUse } from '../pointers/wheel-use.ts';
import type { PenMode } from '../pointers/pointers.ts';
import type { Picture } from '../painter/backdrop.ts';
import type { PainterStats, TakenPicture } from '../painter/painter.ts';
import type { Peer } from '../peers/peer-cursors.ts';
import type { ReadFrom } from '../reading-order.ts';
import type { SnapChoice } from '../snap/snapping.ts';
import type { PenChoice, SelectChoice, ToolName } from '../tools/tool.ts';
import type { WetMessage } from '../wet/wet-sender.ts';
import type { StageEnvironment } from './environment.ts';
import type { Stop } from './element-order.ts';
import type { OverlayCode } from './frame-painter.ts';

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
  /** How far the bytes of files are; without it, cards show their size. */
  readonly files?: ShownFiles;
  /** A file was asked for, by a double click or Enter. Default: nothing. */
  readonly onOpenFile?: (id: ElementId) => void;
  /** Fingers have tapped the board together: two or more. Default: nothing. */
  readonly onTap?: (fingers: number) => void;
  /** Show a text area over this text, or a field over the title of this frame, or close the one that is open. */
  readonly onEditText: (request: { id: ElementId } | null) => void;
  /**
   * The code for all but drawing with the pen and moving the view. Presses and actions that need it before it is there wait,
   * and then run in their order. Default: fetched by `fetchEditing` with the first of them.
   */
  readonly editing?: LatePart<Editing>;
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
  /** Size of the host. */
  readonly size: ViewSize;
  /** Called after the state has changed; `state` is then a new object. Returns its own unsubscribe. */
  onState(callback: () => void): () => void;
  /** Called after a frame that may show elements otherwise than the frame before it. Returns its own unsubscribe. */
  onFrame(callback: () => void): () => void;
  /** The elements as they are shown now: in live looks and crops, and where this or another person moves them. */
  shown(ids: readonly ElementId[]): BoardElement[];
  setTool(tool: ToolName): void;
  setToolKept(isKept: boolean): void;
  /** Box or lasso, and whether it selects all that it touches (the default) or only what it contains. */
  /** How the pen draws, beside its style. Default: as the hand does; held still, a stroke of a pen or a finger becomes a shape. */
  setPen(choice: PenChoice): void;
  setSelecting(choice: SelectChoice): void;
  /** Sets what the wheel does without a key. At first it moves the view. With Ctrl or Command, and by a pinch, it always zooms. */
  setWheel(use: WheelUse): void;
  /** Sets whether drags snap to objects and to the grid, with the snapper of `createSnapper`. At first they do not. */
  setSnapping(choice: SnapChoice): void;
  /**
   * Shows the selection in a style that is still being chosen, on this screen only and without a step. Null or `setStyle`
   * ends it.
   */
  previewStyle(patch: Partial<Style> | null): void;
  /** Sets the style of the next element drawn, and as one step that of the selection, as far as each element has it. */
  setStyle(patch: Partial<Style>): void;
  /**
   * Shows the selected images in a look that is still being chosen, without a step: its sliders on everybody's screen, unless
   * `isSent` is false, its crop on this one. Null takes it back, `setLook` ends it.
   */
  previewLook(patch: LookPatch | null, how?: { readonly isSent: boolean }): void;
  /** Shows others the crop that is being set, while `previewLook` shows all of the image here. `setLook` or null ends it. */
  sendCrop(crop: Crop): void;
  /** Sets parts of the look and the crop of the selected images, as one step. */
  setLook(patch: LookPatch): void;
  select(ids: readonly ElementId[]): void;
  selectAll(): void;
  /**
   * Selects the next element or group in reading order (Tab) and brings it into view.
   *
   * @param options.after The element to go on from while nothing is selected; by default the walk begins at either end.
   * @param options.from The side on which lines are read from; by default the left.
   * @returns The stop. False past the last or first: the selection stays. True while the code for it is being fetched.
   */
  selectNext(direction: 1 | -1, options?: { after?: ElementId | null; from?: ReadFrom }): Stop | boolean;
  deleteSelection(): void;
  /** Copies the selection. A copy that the person has moved is copied as far again, any other one to the next free place. */
  duplicateSelection(): void;
  /** Moves the selection by board units, or by as many steps of the grid while there is one. */
  nudge(dx: number, dy: number): void;
  /** Puts the selection where an arrangement (`align`, `distribute`, `stack`, `tidyUp`, `flip`, `resize`) says, as one step. */
  rearrange(arrangement: Arrangement): void;
  reorderSelection(to: ReorderTarget): void;
  /** Locks the selection in place as one step; unlocks it if all of it is locked. */
  lockSelection(): void;
  /** Puts the selected elements and groups into one group, as one step, if there are two or more. */
  groupSelection(): void;
  /** Dissolves the selected groups, as one step. */
  ungroupSelection(): void;
  /** Takes the selected frames away, as one step, and selects what was in them. `deleteSelection` deletes that with them. */
  removeFrames(): void;
  /** Selects what lies in the selected frames instead of them, without what is locked. */
  selectInFrames(): void;
  /** Whether the selection can be grouped and ungrouped. Neither before the code for it is there. */
  grouping(): Grouping;
  /** Enters the selected group, or opens the selected text or file (Enter). False when none of these is all that is selected. */
  editSelection(): boolean;
  /** Ends one thing: the gesture, the open text, the selection, or else the tool. */
  escape(): void;
  /** Ends a line that is drawn point by point. @returns False when none is. */
  finishGesture(): boolean;
  zoomIn(): void;
  zoomOut(): void;
  /** Zooms about the middle of the view. */
  zoomTo(zoom: number): void;
  /** The box around everything as painted, board units; null for an empty board. */
  bounds(): Box | null;
  /** @param box Board units. Default: everything. */
  zoomToFit(box?: Box): void;
  /** How far bars over the board reach into the view, CSS pixels: what is fitted into the view lies between them. */
  setBars(bars: { top: number; bottom: number }): void;
  zoomToSelection(): void;
  /** Presses zoom until a key comes up: a click closer (with Alt farther), a drag to the box that it draws. */
  holdZoom(): void;
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
  /**
   * Adds and selects cards of files, as one step.
   *
   * @param at CSS pixels from the host's top-left, the middle of the cards. Default: the middle of the view.
   */
  putFiles(files: readonly AttachedFile[], at?: Point): void;
  /**
   * The topmost element at a point, CSS pixels from the host's top-left, with all of the group that a press selects there.
   * Empty for none, or while the code for it is on its way.
   */
  elementsAt(at: Point): readonly ElementId[];
  /**
   * How far to move content of the page's own, such as copied elements, before it is put on the board. Board units, whole.
   *
   * @param box Around the content, board units.
   * @param at Its new middle, CSS pixels from the host's top-left. Default: the middle of the view, beside what lies there.
   * @returns Null when the code for it can't be fetched now.
   */
  placeFor(box: Box, at?: Point): Promise<Point | null>;
  /** Images as far as they are loaded, for other pictures of the board. */
  readonly images: ShownImages;
  stats(): StageStats;
  /** Removes its canvases and listeners from the page. Final, idempotent. */
  close(): void;
}

/** The actions whose code comes late. */
export type EditingActions = Pick<
  Stage,
  | 'selectAll'
  | 'selectNext'
  | 'deleteSelection'
  | 'duplicateSelection'
  | 'nudge'
  | 'rearrange'
  | 'reorderSelection'
  | 'lockSelection'
  | 'groupSelection'
  | 'ungroupSelection'
  | 'removeFrames'
  | 'selectInFrames'
  | 'editSelection'
  | 'placeAtCentre'
  | 'putText'
  | 'putImages'
  | 'putFiles'
>;

/** The code of editing.ts. */
export interface Editing extends EditingTools, OverlayCode {
  readonly createActions: (editor: Editor) => EditingActions;
  readonly placeFor: (editor: Editor, box: Box, at?: Point) => Point;
}
