/**
 * The stage on a page: three canvases in a host element, its listeners, and the frame loop around an editor.
 */
import type { BoardElement } from '@wetink/board';
import { toBoard as viewToBoard, toView as boardToView } from '../camera.ts';
import { paintBox } from '../bounds.ts';
import { forgetShown } from '../draw/ink-points.ts';
import { ImagesInView } from './images-in-view.ts';
import { PaperSheet } from '../painter/paper.ts';
import { createMeasureLine } from '../draw/text-layout.ts';
import { attachInput } from '../input/dom-input.ts';
import { TilePainter } from '../painter/tile-painter.ts';
import { PeerCursors } from '../peers/peer-cursors.ts';
import { createActions } from './actions.ts';
import { Editor } from '../editor/editor.ts';
import { browserEnvironment, type StageEnvironment } from './environment.ts';
import { FrameLoop } from './frame-loop.ts';
import { FramePainter } from './frame-painter.ts';
import { createLayers } from './layers.ts';
import type { Stage, StageOptions } from './stage-types.ts';

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
  const { now, schedule, requestFrame, createSurface } = environment;

  const images = imagesOf(options, environment, (elements) => {
    painter.invalidate(elements.map(paintBox), elements);
    loop.request({ tiles: true, active: true });
  });
  const painter = new TilePainter({ createSurface, now, images, budgetBytes: environment.tileBudgetBytes });
  const layers = createLayers(host, (size) => {
    editor.setSize(size);
    // A canvas is empty after its size is set; waiting for the next frame would flash.
    loop.paint();
  });
  const frames = new FramePainter(layers.contexts, painter, new PaperSheet(createSurface), images);
  const peers = new PeerCursors();
  const listeners = new Set<() => void>();
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
    onLook: (changed) => loop.request(changed),
  });
  const loop = new FrameLoop({ environment, editor, painter, frames, images, peers, pixelRatio: layers.pixelRatio });
  const detachInput = attachInput({
    host,
    surroundings: options.surroundings ?? host,
    window,
    editor,
    onCursor: options.onCursor,
    requestFrame,
  });
  const stopFonts = onFontsLoaded(host.ownerDocument, () => editor.refit());
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
    ...hostCalls(editor),
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
      stopFonts();
      detachInput();
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
  { imageBudgetBytes, schedule }: StageEnvironment,
  onImages: (elements: readonly BoardElement[]) => void,
): ImagesInView {
  return new ImagesInView({ source: images ?? null, budgetBytes: imageBudgetBytes, schedule, onImages });
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

type HostCalls = 'toView' | 'toBoard' | 'setTheme' | 'setReadOnly' | 'setEditing' | 'setPenMode' | 'receiveWet' | 'setBoard';

/** Calls of the page to the editor; the actions of a person are in `createActions`. */
function hostCalls(editor: Editor): Pick<Stage, HostCalls> {
  return {
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
