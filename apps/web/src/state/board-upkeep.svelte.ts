/** Work that goes on while a board is open and has no place on its page: the list at home, traces, names, pictures, reloads. */
import { onDestroy } from 'svelte';
import { whenIdle } from '../browser/timers.ts';
import { startLater } from '../browser/start-later.ts';
import type { ShownImages } from '@wetink/canvas';
import { boardHolds } from '../core/board-holds.ts';
import { waitingOnDevice } from '../core/status-effects.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { BoardContext } from './board-context.ts';
import type { AppContext } from './context.ts';
import { watchRole } from './role-watch.ts';

/** For the board page, while it is being made. */
export function startUpkeep(session: BoardSession, context: BoardContext, app: AppContext): void {
  const { boardId, view, files, images, attachments, people, sharing, traces } = context;

  onDestroy(() => void context.close());
  $effect(() =>
    app.updates.holdWhile(() =>
      boardHolds(session.room.status, {
        isDrawing: view.isBusy,
        isTyping: view.editing !== null,
        wouldLosePictures: context.wouldLose,
      }),
    ),
  );
  keepListed(context, app);
  $effect(() => whenIdle(() => images.resume()));
  $effect(() => whenIdle(() => attachments.resume()));
  $effect(() => traces.watch());
  $effect(() => people.announceMyName());
  $effect(() => watchRole(session, sharing, app));
  $effect(() =>
    startLater(async () => {
      const { keepPreview } = await import('../session/preview.ts');
      const isDrawing = (): boolean => view.isBusy;
      const shownImages: ShownImages = {
        find: (image, filter) => view.stage?.images.find(image, filter) ?? { kind: 'loading', progress: null },
      };
      return () =>
        keepPreview({ session, isDrawing, images: shownImages, onPreview: (preview) => app.recent.changed(boardId, { preview }) });
    }),
  );
  $effect(() => {
    const { pendingFile } = app;
    if (pendingFile === null || view.stage === null) return;
    app.pendingFile = null;
    void session.room.whenLoaded.then(() => files.openFile(pendingFile));
  });
  $effect(() => {
    if (app.navigation.isDebug && view.stage !== null) return exposeToTests(session, view.stage);
  });
}

/** Keeps the list on the home page up to date: opened now, with this title, and this many changes that wait. */
function keepListed({ boardId, board, room, traces }: BoardContext, { recent }: AppContext): void {
  let isListed = false;
  $effect(() => {
    const { title } = board;
    if (room.status.kind === 'loading' || room.status.kind === 'error' || !room.isWhole) return;
    // An address that leads nowhere and an untouched sheet are not worth listing.
    if (!isListed && !traces.isWorthListing) return;
    if (isListed) recent.changed(boardId, { title });
    else recent.opened(boardId, title);
    isListed = true;
  });
  $effect(() => {
    const waiting = waitingOnDevice(room.status);
    if (waiting !== null) recent.setWaiting(boardId, waiting);
  });
}

/** `#debug` in the address: tests read and drive the page by `window.wetink`. */
function exposeToTests(session: BoardSession, stage: BoardContext['view']['stage']): () => void {
  Object.assign(window, {
    wetink: {
      get board() {
        return session.board;
      },
      room: session.room,
      stage,
    },
  });
  return () => void Reflect.deleteProperty(window, 'wetink');
}
