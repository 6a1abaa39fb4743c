/**
 * Makes the stage in the element that it paints in, and connects it to the session, to the facts of this device and to the
 * page's view of it, for as long as the element lives.
 */
import { untrack } from 'svelte';
import { createStage } from '@wetink/canvas';
import { createKeyValue } from '../core/key-value.ts';
import { keepPenMode } from '../session/keep-pen-mode.ts';
import { keepStyle } from '../session/keep-style.ts';
import { keepPicture } from '../session/opening-picture.ts';
import { pictureStore } from '../session/picture-store.ts';
import { startView } from '../session/start-view.ts';
import { feedStage, stageOutlets } from '../session/wire-stage.ts';
import { getBoardContext } from './board-context.ts';
import { getApp } from './context.ts';
import { getSession } from './open-session.ts';

/**
 * For a component of the board page, while it is being made.
 *
 * @param onFirstPen A pen has touched this device for the first time.
 * @returns An attachment for the element.
 */
export function createStageHost(onFirstPen: () => void): (host: HTMLElement) => () => void {
  const session = getSession();
  const { view, room, images } = getBoardContext();
  const { facts, theme } = getApp();

  const mount = (host: HTMLElement): (() => void) => {
    const stage = createStage({
      host,
      // The board's whole page: a pinch over a panel or an open text also zooms the board.
      surroundings: host.parentElement ?? host,
      board: session.board,
      theme: theme.shown,
      isReadOnly: room.isReadOnly,
      images: images.source,
      ...stageOutlets(session),
      onEditText: (request) => (view.editing = request?.id ?? null),
    });
    const stopFeeding = feedStage(session, stage, (run) => void requestAnimationFrame(run));
    const picture = keepPicture({ session, stage, store: pictureStore(session.boardId, facts), theme: () => theme.shown });
    const views = createKeyValue(() => sessionStorage);
    const stopView = startView(session, stage, host, views, picture.drawn);
    const stopPenMode = keepPenMode(stage, facts, onFirstPen);
    const stopStyle = keepStyle(stage, facts, session.me.id);
    const stopPageZoom = withoutPinchZoom(document.documentElement);
    view.set(stage, host);
    return () => {
      view.editing = null;
      stopPageZoom();
      stopPenMode();
      stopStyle();
      stopView();
      picture.stop();
      view.set(null, null);
      stopFeeding();
      stage.close();
    };
  };
  // Made once: changes of theme and role reach the stage later, without making another.
  return (host) => untrack(() => mount(host));
}

/** Two fingers over a panel or a dialog would zoom the browser's page, and no gesture on the board could zoom it back. */
function withoutPinchZoom({ style }: HTMLElement): () => void {
  style.touchAction = 'pan-x pan-y';
  return () => void style.removeProperty('touch-action');
}
