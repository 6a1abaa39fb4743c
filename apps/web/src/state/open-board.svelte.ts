/** Opens a board and puts the state modules around it. */
import type { BoardId } from '../core/board-id.ts';
import { openSession } from '../session/board-session.ts';
import { keepPreview } from '../session/preview.ts';
import { BoardState } from './board.svelte.ts';
import type { BoardContext } from './board-context.ts';
import { ChatState } from './chat.svelte.ts';
import type { AppContext } from './context.ts';
import { BoardFiles } from './files.svelte.ts';
import { Panels } from './panels.svelte.ts';
import { People } from './people.svelte.ts';
import { RoomState } from './room.svelte.ts';
import { StageView } from './stage.svelte.ts';

export type OpenBoard = Omit<BoardContext, 'act'> & {
  /** Takes small pictures of the board for the home page; returns how to stop. */
  keepPreview(): () => void;
};

export function openBoardContext(boardId: BoardId, relayUrl: string, app: AppContext): OpenBoard {
  const session = openSession({ boardId, relayUrl, me: { id: app.me.id, name: app.me.name } });
  const view = new StageView(session);
  return {
    boardId,
    isStranger: !app.navigation.isNewBoard && !app.recent.has(boardId),
    session,
    view,
    room: new RoomState(session),
    board: new BoardState(session),
    people: new People(session, app.me),
    chat: new ChatState(session, app.facts),
    panels: new Panels(app.facts),
    files: new BoardFiles(session, view, app.toasts),
    keepPreview: () => keepPreview(session, (preview) => app.recent.changed(boardId, { preview })),
  };
}
