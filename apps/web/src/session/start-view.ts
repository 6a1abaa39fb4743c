/**
 * Sets the view of a board when it opens, and remembers it: in the tab, so a reload keeps it, and on the device, so the board opens
 * where it was left. Never moves a sheet that the person has moved or drawn on.
 */
import type { Stage } from '@wetink/canvas';
import { whenHidden } from '../browser/timers.ts';
import type { PictureBox } from '../core/opening-picture.ts';
import type { KeyValue } from '../core/key-value.ts';
import { firstView, isSameView, keptView, parseView, showsAll, VIEWS_KEY, withView } from '../core/start-view.ts';
import type { BoardSession } from './board-session.ts';

export interface RememberedViews {
  readonly tab: KeyValue;
  readonly device: KeyValue;
  /** The page that this device saw last. */
  readonly page: string;
}

/**
 * @param drawnBefore Bounds of the drawing when this device last saw the board, known before the board itself is read.
 * @returns How to stop; stopping remembers the view, and so does leaving the page.
 */
export function startView(
  session: BoardSession,
  stage: Stage,
  host: HTMLElement,
  { tab, device, page }: RememberedViews,
  drawnBefore: Promise<PictureBox | null>,
): () => void {
  const key = `wetink.view.${session.boardId}`;
  let isOver = false;
  const remembered = parseView(tab.read(key)) ?? keptView(device.read(VIEWS_KEY), { board: session.boardId, page });
  if (remembered !== null) stage.setCamera(remembered);

  const showAll = (drawn: PictureBox | null): void => {
    if (isOver || remembered !== null || session.hasUnsavedEdits || !isSameView(stage.state.camera, firstView)) return;
    if (drawn !== null && !showsAll(firstView, { width: host.clientWidth, height: host.clientHeight }, drawn)) stage.zoomToFit(drawn);
  };
  // This device's copy shows first; on a first visit everything comes from the server.
  void drawnBefore.then(showAll);
  void session.room.whenLoaded.then(() => showAll(stage.bounds()));
  void session.room.whenSynced.then(() => showAll(stage.bounds()));

  const keep = (): void => {
    const { camera } = stage.state;
    if (isSameView(camera, firstView) && remembered === null) return;
    tab.write(key, camera);
    device.write(VIEWS_KEY, withView(device.read(VIEWS_KEY), { board: session.boardId, page: session.board.page }, camera));
  };
  window.addEventListener('pagehide', keep);
  // A phone may end a page that it has hidden.
  const stopHidden = whenHidden(keep);
  return () => {
    isOver = true;
    window.removeEventListener('pagehide', keep);
    stopHidden();
    keep();
  };
}
