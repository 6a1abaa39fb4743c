/** Opens a board and puts the state modules around it. */
import type { BoardId } from '../core/board-id.ts';
import { changeAccess, readAccess } from '../core/board-access.ts';
import { openSession } from '../session/board-session.ts';
import { createDoor } from '../session/door.ts';
import { startLater } from '../browser/start-later.ts';
import { BoardState } from './board.svelte.ts';
import type { BoardContext } from './board-context.ts';
import { ChatState } from './chat.svelte.ts';
import type { AppContext } from './context.ts';
import { BoardFiles } from './files.svelte.ts';
import { Panels } from './panels.svelte.ts';
import { People } from './people.svelte.ts';
import { RoomState } from './room.svelte.ts';
import { Sharing } from './sharing.svelte.ts';
import { StageView } from './stage.svelte.ts';
import { Traces } from './traces.svelte.ts';

export type OpenBoard = Omit<BoardContext, 'act'> & {
  /** Takes small pictures of the board for the home page; returns how to stop. */
  keepPreview(): () => void;
};

export function openBoardContext(boardId: BoardId, app: AppContext): OpenBoard {
  const { facts, relayUrl } = app;
  const { api, account } = app.account;
  const linkKey = app.navigation.takeLinkKey();
  if (linkKey !== null) changeAccess(facts, boardId, { linkKey });
  if (app.navigation.isNewBoard && !app.recent.has(boardId)) changeAccess(facts, boardId, { mustClaim: true });
  const door = createDoor({ boardId, facts, api, account });
  const session = openSession({
    boardId,
    relayUrl,
    me: { id: app.me.id, name: app.me.name },
    getToken: (request) => door.getToken(request),
  });
  const view = new StageView(session);
  const access = readAccess(facts, boardId);
  const room = new RoomState(session, access);
  const sharing = new Sharing(boardId, api, account);
  const board = new BoardState(session);
  const people = new People(session, app.me);
  return {
    boardId,
    traces: new Traces(
      {
        isMadeHere: app.navigation.isNewBoard || access.mustClaim,
        isListed: app.recent.has(boardId),
        cameByLink: access.linkKey !== null,
      },
      { board, people, room, sharing },
    ),
    session,
    view,
    room,
    door,
    sharing,
    board,
    people,
    chat: new ChatState(session, facts),
    panels: new Panels(facts),
    files: new BoardFiles(session, view, app.toasts),
    keepPreview: () =>
      startLater(async () => {
        const { keepPreview } = await import('../session/preview.ts');
        return () =>
          keepPreview({
            session,
            isDrawing: () => view.isBusy,
            onPreview: (preview) => app.recent.changed(boardId, { preview }),
          });
      }),
  };
}
