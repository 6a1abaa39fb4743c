/**
 * The stage on a page: three canvases in a host element, its listeners, and the frame loop around an editor.
 *
 * Frames are asked for, never run idle. A frame copies tiles and paints what is wet; rastering tiles happens between
 * frames in slices that leave room for the next one.
 */
import { toBoard as viewToBoard, toView as boardToView } from '../camera.ts';
import { forgetShown } from '../draw/ink-points.ts';
import { createMeasureLine } from '../draw/text-layout.ts';
import { PaperSheet } from '../draw/paper.ts';
import { attachInput } from '../input/dom-input.ts';
import { snapCamera } from '../painter/tile-grid.ts';
import { TilePainter } from '../painter/tile-painter.ts';
import { PeerCursors } from '../peers/peer-cursors.ts';
import { frameOf } from '../transform.ts';
import { withGeometry } from '../draw/overrides.ts';
import { createActions } from './actions.ts';
import { Editor } from './editor.ts';
import { browserEnvironment } from './environment.ts';
import { FramePainter, movedByOthers, type FrameScene, type LayerName } from './frame-painter.ts';
import { createLayers } from './layers.ts';
import type { SelectionLook } from '../overlay.ts';
import type { Stage, StageOptions } from './stage-types.ts';
import type { ElementId } from '@wetink/board';

/** Milliseconds of rastering between two frames; a frame at 60 Hz has 16.7. */
const WORK_MS = 8;
/** While a pointer is down the pen comes first. */
const BUSY_WORK_MS = 3;
/** How often silent wet ink is looked for. */
const EXPIRE_EVERY_MS = 1000;
const KEPT_FRAMES = 600;
/** Selections above this are not outlined one by one while they move. */
const MAX_FOLLOWED = 300;

/**
 * Puts a stage into an element of the page.
 *
 * @throws {Error} When the browser gives no 2D canvas context.
 */
export function createStage(options: StageOptions): Stage {
  const { host } = options;
  const window = host.ownerDocument.defaultView;
  if (window === null) throw new Error('the stage needs a host on a page');
  const environment = { ...browserEnvironment(window), ...options.environment };
  const { now, requestFrame, schedule, createSurface } = environment;

  const painter = new TilePainter({ createSurface, now, budgetBytes: environment.tileBudgetBytes });
  const layers = createLayers(host, (size) => {
    editor.setSize(size);
    // A canvas is empty after its size is set; waiting for the next frame would flash.
    paintFrame();
  });
  const frames = new FramePainter(layers.contexts, painter, new PaperSheet(createSurface));
  const peers = new PeerCursors();
  const listeners = new Set<() => void>();

  const due: Record<LayerName, boolean> = { tiles: true, active: true, overlay: true };
  const recentPaintMs: number[] = [];
  let frameCount = 0;
  let hiddenKey: ReadonlySet<ElementId> = new Set();
  let cancelFrame: (() => void) | null = null;
  let cancelWork: (() => void) | null = null;
  let cancelExpiry: (() => void) | null = null;
  let cancelRest: (() => void) | null = null;
  let isClosed = false;

  const editor = new Editor({
    board: options.board,
    painter,
    theme: options.theme,
    isReadOnly: options.isReadOnly ?? false,
    measure: createMeasureLine(createSurface(1, 1).context),
    now,
    schedule,
    onWet: options.onWet,
    onEditText: options.onEditText,
    onState: () => listeners.forEach((listener) => listener()),
    onLook(changed) {
      if (changed.tiles === true) due.tiles = true;
      if (changed.active === true) due.active = true;
      if (changed.overlay === true) due.overlay = true;
      askFrame();
    },
  });

  function askFrame(): void {
    if (isClosed) return;
    cancelFrame ??= requestFrame(paintFrame);
  }

  function paintFrame(): void {
    cancelFrame?.();
    cancelFrame = null;
    if (isClosed || editor.size.width === 0 || editor.size.height === 0) return;
    const start = now();
    // A page that comes back into view has had no frame, nor a look at the clock, for as long as it was hidden.
    editor.expireWet();
    const { cursors, isMoving, nextChangeMs } = peers.sample(start, { isStill: environment.isStill() });
    const scene = frameScene(cursors);
    if (due.tiles) hideLifted();
    if (due.tiles) frames.paintTiles(scene);
    if (due.active) frames.paintActive(scene);
    if (due.overlay) frames.paintOverlay(scene);
    const hadTiles = due.tiles;
    due.tiles = due.active = due.overlay = false;
    frameCount++;
    recentPaintMs.push(now() - start);
    if (recentPaintMs.length > KEPT_FRAMES) recentPaintMs.shift();
    if (isMoving) animateOverlay();
    else wakeOverlay(nextChangeMs);
    if (hadTiles) planWork(0);
    if (!editor.wet.isEmpty) cancelExpiry ??= schedule(expire, EXPIRE_EVERY_MS);
  }

  function frameScene(cursors: FrameScene['cursors']): FrameScene {
    const pixelRatio = layers.pixelRatio();
    return {
      camera: snapCamera(editor.state.camera, pixelRatio),
      size: editor.size,
      pixelRatio,
      theme: editor.theme,
      background: editor.board.background,
      preview: editor.preview(),
      wet: [...editor.wet.entries()],
      selection: selectionLook(),
      cursors,
      editing: editor.editing,
      elementOf: (id) => editor.elementOf(id),
    };
  }

  function selectionLook(): SelectionLook {
    if (editor.editing !== null) return { elements: [], frame: null, hasHandles: false };
    const preview = editor.preview();
    if (preview?.kind === 'move') {
      if (preview.items.length > MAX_FOLLOWED) return { elements: [], frame: null, hasHandles: false };
      const elements = preview.items.flatMap(({ id, geometry }) => {
        const element = editor.elementOf(id);
        return element === undefined ? [] : [withGeometry(element, geometry)];
      });
      return { elements, frame: frameOf(elements), hasHandles: false };
    }
    const { elements, frame, isFree } = editor.selected();
    return { elements, frame, hasHandles: isFree && !editor.isReadOnly && preview === null };
  }

  /** Keeps what is moved or edited off the tiles: it is painted on the active layer, or shown by the page. */
  function hideLifted(): void {
    const hidden = new Set<ElementId>();
    const preview = editor.preview();
    if (preview?.kind === 'move') for (const { id } of preview.items) hidden.add(id);
    for (const [id] of movedByOthers(editor.wet.entries())) hidden.add(id);
    if (editor.editing !== null) hidden.add(editor.editing);
    if (hidden.size === hiddenKey.size && [...hidden].every((id) => hiddenKey.has(id))) return;
    hiddenKey = hidden;
    painter.setHidden(hidden);
  }

  function animateOverlay(): void {
    due.overlay = true;
    askFrame();
  }

  /** A name at rest begins to fade later: no frames until then. */
  function wakeOverlay(inMs: number | null): void {
    cancelRest?.();
    cancelRest = inMs === null ? null : schedule(animateOverlay, inMs + 1);
  }

  function planWork(inMs: number): void {
    cancelWork?.();
    cancelWork = schedule(work, inMs);
  }

  function work(): void {
    cancelWork = null;
    const before = painter.stats();
    const again = painter.work(editor.state.isBusy ? BUSY_WORK_MS : WORK_MS);
    const after = painter.stats();
    if (after.tiles !== before.tiles || after.pendingTiles !== before.pendingTiles || (again !== null && again > 0)) {
      due.tiles = true;
      if (again !== null && again > 0) planWork(again);
    }
    if (due.tiles) askFrame();
    else if (again !== null) planWork(again);
  }

  function expire(): void {
    cancelExpiry = null;
    editor.expireWet();
    if (!editor.wet.isEmpty) cancelExpiry = schedule(expire, EXPIRE_EVERY_MS);
  }

  const detachInput = attachInput({
    host,
    surroundings: options.surroundings ?? host,
    window,
    editor,
    onCursor: options.onCursor,
    requestFrame,
  });
  const fonts = host.ownerDocument.fonts as FontFaceSet | undefined;
  const onFonts = (): void => editor.refit();
  fonts?.addEventListener('loadingdone', onFonts);
  layers.measure();

  return {
    get state() {
      return editor.state;
    },
    onState(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    ...createActions(editor),
    toView: (p) => boardToView(editor.state.camera, p),
    toBoard: (p) => viewToBoard(editor.state.camera, p),
    setTheme: (theme) => editor.setTheme(theme),
    setReadOnly: (isReadOnly) => editor.setReadOnly(isReadOnly),
    setEditing: (id) => editor.setEditing(id),
    setPenMode: (mode) => editor.pointers.setPenMode(mode),
    setPeers(list) {
      editor.followPeers(peers.set(list, now()));
      animateOverlay();
    },
    receiveWet: (message) => editor.receiveWet(message),
    setBoard: (board) => editor.setBoard(board),
    showPictures(pictures) {
      painter.showPictures(pictures);
      due.tiles = true;
      askFrame();
    },
    boardIsThere() {
      painter.boardIsThere();
      due.tiles = true;
      askFrame();
    },
    takePictures: () => (editor.state.isBusy || editor.editing !== null ? null : painter.takePictures()),
    stats: () => ({
      ...painter.stats(),
      frames: frameCount,
      paintMs: recentPaintMs[recentPaintMs.length - 1] ?? 0,
      recentPaintMs: [...recentPaintMs],
    }),
    close() {
      if (isClosed) return;
      isClosed = true;
      for (const cancel of [cancelFrame, cancelWork, cancelExpiry, cancelRest]) cancel?.();
      fonts?.removeEventListener('loadingdone', onFonts);
      detachInput();
      editor.close();
      frames.close();
      layers.close();
      forgetShown();
      listeners.clear();
    },
  };
}
