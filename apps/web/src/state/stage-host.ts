/**
 * Makes the stage in the element that it paints in, and connects it to the session, to the facts of this device and to the
 * page's view of it, for as long as the element lives.
 */
import * as m from '$words/stage-host';
import { untrack } from 'svelte';
import { createStage, fetchEditing, type Editing } from '@wetink/canvas';
import type { FetchSigns } from '../browser/fetch-part.ts';
import { createKeyValue } from '../core/key-value.ts';
import { keepPenMode } from '../session/keep-pen-mode.ts';
import { keepStyle } from '../session/keep-style.ts';
import { keepPicture } from '../session/opening-picture.ts';
import { pictureStore, readAhead } from '../session/picture-store.ts';
import { startView } from '../session/start-view.ts';
import { lastPageKey, turnPages } from '../session/turn-pages.ts';
import { feedStage, stageOutlets } from '../session/wire-stage.ts';
import { getBoardContext } from './board-context.ts';
import { getApp } from './context.ts';
import { LateWork } from './late-work.ts';
import { getSession } from './open-session.ts';

export interface StageHostOptions {
  /** A pen has touched this device for the first time. */
  onFirstPen: () => void;
  /** Fetches the text box, which a tool opens at once. */
  fetchTyping: () => Promise<unknown>;
}

/**
 * For a component of the board page, while it is being made.
 *
 * @returns An attachment for the element.
 */
export function createStageHost({ onFirstPen, fetchTyping }: StageHostOptions): (host: HTMLElement) => () => void {
  const session = getSession();
  const { view, room, people, images, attachments, fileActions, act } = getBoardContext();
  const { facts, theme, toasts } = getApp();
  // Now: behind the rows of a large board the picture would come too late.
  const store = readAhead(pictureStore(session.boardId, facts));

  const mount = (host: HTMLElement): (() => void) => {
    const editing = lateEditing(fetchTyping, toasts);
    // Now, so that the first press with another tool than the pen finds it there.
    void editing.inTime();
    const stage = createStage({
      host,
      editing,
      // The board's whole page: a pinch over a panel or an open text also zooms the board.
      surroundings: host.parentElement ?? host,
      board: session.board,
      theme: theme.shown,
      isReadOnly: room.isReadOnly,
      images: images.source,
      files: attachments.shown,
      onOpenFile: (id) => fileActions.open(id),
      ...stageOutlets(session),
      // Two fingers take the last step back, three bring it again, as in drawing programs.
      onTap: (fingers) => void (room.isReadOnly || act(fingers === 2 ? 'undo' : 'redo')),
      onEditText: (request) => (view.editing = request?.id ?? null),
    });
    const stopFeeding = feedStage(session, stage);
    const stopPeers = people.begin(({ feedPeers }) => feedPeers(session, stage, (run) => void requestAnimationFrame(run)));
    const picture = keepPicture({ session, stage, store, theme: () => theme.shown });
    const page = facts.read(lastPageKey(session.boardId));
    const views = { tab: createKeyValue(() => sessionStorage), device: facts, page: typeof page === 'string' ? page : '' };
    const stopPages = turnPages({
      session,
      stage,
      facts,
      onGone: () => toasts.say(m.thePageYouWereOn()),
      onKept: () => toasts.say(m.thePageStays()),
    });
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
      stopPages();
      picture.stop();
      view.set(null, null);
      stopPeers();
      stopFeeding();
      stage.close();
      editing.close();
    };
  };
  // Made once: changes of theme and role reach the stage later, without making another.
  return (host) => untrack(() => mount(host));
}

/** The code for all but the pen and the view. A person who needs it while it can't be fetched reads that. */
function lateEditing(fetchTyping: () => Promise<unknown>, signs: FetchSigns): LateWork<Editing, Editing & { close(): void }> {
  return new LateWork({
    fetchCode: async () => (await Promise.all([fetchEditing(), fetchTyping()]))[0],
    open: (code) => ({ ...code, close: () => undefined }),
    start: () => () => undefined,
    signs,
  });
}

/** Two fingers over a panel or a dialog would zoom the browser's page, and no gesture on the board could zoom it back. */
function withoutPinchZoom({ style }: HTMLElement): () => void {
  style.touchAction = 'pan-x pan-y';
  return () => void style.removeProperty('touch-action');
}
