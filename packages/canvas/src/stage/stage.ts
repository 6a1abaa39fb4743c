/**
 * The stage on a page: three canvases in a host element, its listeners, and the frame loop around an editor.
 */
import type { BoardElement } from '@wetink/board';
import { toBoard as viewToBoard, toView as boardToView } from '../camera.ts';
import { forgetShown } from '../draw/ink-points.ts';
import { followFiles } from '../files/follow-files.ts';
import { LateImages } from './late-images.ts';
import type { Box, Point } from '../geometry.ts';
import { createMeasureLine } from '../draw/text-layout.ts';
import { attachInput } from '../input/dom-input.ts';
import { TilePainter } from '../painter/tile-painter.ts';
import { PeerCursors } from '../peers/peer-cursors.ts';
import { Editor } from '../editor/editor.ts';
import { latePart, type LatePart } from '../editor/late-part.ts';
import { browserEnvironment, type StageEnvironment } from './environment.ts';
import { fetchEditing } from './fetch-editing.ts';
import { movingNow, shownElements } from './frame-content.ts';
import { FrameLoop } from './frame-loop.ts';
import { FramePainter } from './frame-painter.ts';
import { createLateActions } from './late-actions.ts';
import { createLayers } from './layers.ts';
import type { Editing, Stage, StageOptions } from './stage-types.ts';
import { createViewActions } from './view-actions.ts';

/**
 * Puts a stage into an element of the page.
 *
 * @throws {Error} When the browser gives no 2D canvas context.
 */
export function createStage(options: StageOptions): Stage {
  const { host, files, editing = latePart(fetchEditing) } = options;
  const window = host.ownerDocument.defaultView;
  if (window === null) throw new Error('the stage needs a host on a page');
  const environment = { ...browserEnvironment(window), ...options.environment };
  const { now, schedule, requestFrame, createSurface } = environment;

  const repaint = (elements: readonly BoardElement[]): void => {
    frames.repaint(elements);
    loop.request({ tiles: true, active: true });
  };
  const images = imagesOf(options, environment, repaint);
  const painter = new TilePainter({ createSurface, now, images, files, budgetBytes: environment.tileBudgetBytes });
  const layers = createLayers(host, (size) => {
    editor.setSize(size);
    // A canvas is empty after its size is set; waiting for the next frame would flash.
    loop.paint();
  });
  const frames = new FramePainter(layers.contexts, painter, { createSurface, now, images, files, overlay: editing });
  const peers = new PeerCursors();
  const listeners = new Set<() => void>();
  let isClosed = false;
  const editor = new Editor({
    board: options.board,
    painter,
    theme: options.theme,
    isReadOnly: options.isReadOnly ?? false,
    editing,
    measure: createMeasureLine(createSurface(1, 1).context),
    now,
    schedule,
    onWet: options.onWet,
    onEditText: options.onEditText,
    onOpenFile: options.onOpenFile ?? (() => undefined),
    onTap: options.onTap ?? (() => undefined),
    onState: () => listeners.forEach((listener) => listener()),
    onLook: (changed) => loop.request(changed),
  });
  const loop = new FrameLoop({ environment, editor, painter, frames, images, peers, pixelRatio: layers.pixelRatio });
  const stops = [
    attachInput({ host, surroundings: options.surroundings ?? host, window, editor, onCursor: options.onCursor, requestFrame }),
    followFiles(files, { elements: () => editor.scene.elements(), repaint }),
    onFontsLoaded(host.ownerDocument, () => editor.refit()),
  ];
  layers.measure();

  return {
    get state() {
      return editor.state;
    },
    get size() {
      return editor.size;
    },
    onState(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    onFrame: (callback) => loop.onFrame(callback),
    ...calls(editor, editing),
    setPeers(list) {
      editor.followPeers(peers.set(list, now()));
      loop.request({ overlay: true });
    },
    ...pictureCalls(editor, painter, () => loop.request({ tiles: true })),
    images,
    stats: () => ({ ...painter.stats(), ...loop.stats(), imageBytes: images.bytes }),
    close() {
      if (isClosed) return;
      isClosed = true;
      loop.close();
      for (const stop of stops) stop();
      editor.close();
      frames.close();
      images.close();
      layers.close();
      forgetShown();
      listeners.clear();
    },
  };
}

function imagesOf(
  { images }: Pick<StageOptions, 'images'>,
  { imageBudgetBytes, schedule, now }: StageEnvironment,
  onImages: (elements: readonly BoardElement[]) => void,
): LateImages {
  return new LateImages({ source: images ?? null, budgetBytes: imageBudgetBytes, schedule, now, onImages });
}

/** Pictures in place of a board that is being read. */
function pictureCalls(
  editor: Editor,
  painter: TilePainter,
  onChange: () => void,
): Pick<Stage, 'showPictures' | 'boardIsThere' | 'takePictures'> {
  return {
    showPictures(pictures) {
      painter.showPictures(pictures);
      onChange();
    },
    boardIsThere() {
      painter.boardIsThere();
      onChange();
    },
    takePictures: () => (editor.state.isBusy || editor.editing !== null ? null : painter.takePictures()),
  };
}

/** Calls of the page and of a person's actions. */
const calls = (editor: Editor, editing: LatePart<Editing>) => ({
  ...createViewActions(editor),
  ...createLateActions(editor, editing),
  ...hostCalls(editor),
  placeFor: async (box: Box, at?: Point) => (await editing.get())?.placeFor(editor, box, at) ?? null,
});

type HostCalls = 'shown' | 'toView' | 'toBoard' | 'setTheme' | 'setReadOnly' | 'setEditing' | 'setPenMode' | 'receiveWet' | 'setBoard';

/** Calls of the page to the editor; the actions of a person are in `createViewActions` and `createLateActions`. */
function hostCalls(editor: Editor): Pick<Stage, HostCalls> {
  return {
    shown(ids) {
      const find = shownElements(movingNow(editor));
      return ids.flatMap((id) => find(id) ?? []);
    },
    toView: (p) => boardToView(editor.state.camera, p),
    toBoard: (p) => viewToBoard(editor.state.camera, p),
    setTheme: (theme) => editor.setTheme(theme),
    setReadOnly: (isReadOnly) => editor.setReadOnly(isReadOnly),
    setEditing: (id) => editor.setEditing(id),
    setPenMode: (mode) => editor.pointers.setPenMode(mode),
    receiveWet: (message) => editor.receiveWet(message),
    setBoard: (board) => editor.setBoard(board),
  };
}

/** Calls back whenever fonts have loaded, until the returned function is called. */
function onFontsLoaded(document: Document, callback: () => void): () => void {
  // Not every document has a font set.
  const fonts = document.fonts as FontFaceSet | undefined;
  fonts?.addEventListener('loadingdone', callback);
  return () => fonts?.removeEventListener('loadingdone', callback);
}
