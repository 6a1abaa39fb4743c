/**
 * Sets the view of a board when it opens, and remembers the view for as long as the tab lives, so a reload keeps it. Never
 * moves a sheet that the person has moved or drawn on.
 */
import type { Stage } from '@wetink/canvas';
import type { PictureBox } from '../core/opening-picture.ts';
import type { KeyValue } from '../core/key-value.ts';
import { firstView, isSameView, parseView, showsAll } from '../core/start-view.ts';
import type { BoardSession } from './board-session.ts';

/**
 * @param views Kept by the tab.
 * @param drawnBefore Bounds of the drawing when this device last saw the board, known before the board itself is read.
 * @returns How to stop; stopping remembers the view, and so does leaving the page.
 */
export function startView(
  session: BoardSession,
  stage: Stage,
  host: HTMLElement,
  views: KeyValue,
  drawnBefore: Promise<PictureBox | null>,
): () => void {
  const key = `wetink.view.${session.boardId}`;
  let isOver = false;
  const remembered = parseView(views.read(key));
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
    if (!isSameView(stage.state.camera, firstView) || remembered !== null) views.write(key, stage.state.camera);
  };
  window.addEventListener('pagehide', keep);
  return () => {
    isOver = true;
    window.removeEventListener('pagehide', keep);
    keep();
  };
}
