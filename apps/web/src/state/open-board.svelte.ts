/** Opens a board and puts the state modules around it. */
import type { BoardId } from '../core/board-id.ts';
import { changeAccess, readAccess } from '../core/board-access.ts';
import { openSession } from '../session/board-session.ts';
import { createDoor } from '../session/door.ts';
import { createActions } from './actions.ts';
import { BoardState } from './board.svelte.ts';
import { setBoardContext, type BoardContext } from './board-context.ts';
import { startUpkeep } from './board-upkeep.svelte.ts';
import { ChatState } from './chat.svelte.ts';
import type { AppContext } from './context.ts';
import { BoardFiles } from './files.svelte.ts';
import { BoardImagesState } from './board-images.svelte.ts';
import { setSession } from './open-session.ts';
import { Panels } from './panels.svelte.ts';
import { People } from './people.svelte.ts';
import { RoomState } from './room.svelte.ts';
import { Sharing } from './sharing.svelte.ts';
import { StageView } from './stage.svelte.ts';
import { Traces } from './traces.svelte.ts';

/** For the board page, while it is being made: the board is open for as long as that page is there. */
export function openBoard(boardId: BoardId, app: AppContext): BoardContext {
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
  const room = new RoomState(session, door, access);
  const sharing = new Sharing(boardId, api, account);
  const board = new BoardState(session);
  const people = new People(session, app.me);
  const firstTraces = {
    isMadeHere: app.navigation.isNewBoard || access.mustClaim,
    isListed: app.recent.has(boardId),
    cameByLink: access.linkKey !== null,
  };
  const traces = new Traces(firstTraces, { board, people, room, sharing });
  const panels = new Panels(facts);
  const images = new BoardImagesState(session, door, app);
  const files = new BoardFiles({ session, view, room, images, toasts: app.toasts });
  const context: BoardContext = {
    boardId,
    traces,
    view,
    room,
    sharing,
    board,
    people,
    chat: new ChatState(session, facts),
    panels,
    files,
    images,
    act: createActions({ session, board: { view, panels, files, room }, app }),
    close() {
      images.close();
      return session.close();
    },
  };
  setSession(session);
  setBoardContext(context);
  startUpkeep(session, context, app);
  return context;
}
