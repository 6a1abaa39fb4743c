/** Opens a board and puts the state modules around it. */
import type { BoardId } from '../core/board-id.ts';
import { changeAccess, readAccess } from '../core/board-access.ts';
import { openSession } from '../session/board-session.ts';
import { createDoor } from '../session/door.ts';
import { createActions } from './actions.ts';
import { BoardState } from './board.svelte.ts';
import { setBoardContext, type BoardContext } from './board-context.ts';
import { startUpkeep } from './board-upkeep.svelte.ts';
import { ChatSlot } from './chat-slot.svelte.ts';
import { CompanySlot } from './company-slot.svelte.ts';
import type { AppContext } from './context.ts';
import { AttachmentsState } from './attachments.svelte.ts';
import { FileActions } from './file-actions.svelte.ts';
import { BoardFiles } from './files.svelte.ts';
import { BoardImagesState } from './board-images.svelte.ts';
import { setSession } from './open-session.ts';
import { PagesState } from './pages.svelte.ts';
import { Panels } from './panels.svelte.ts';
import { PdfPages } from './pdf-pages.svelte.ts';
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
  const [company, chat] = [new CompanySlot(), new ChatSlot()];
  const firstTraces = {
    isMadeHere: app.navigation.isNewBoard || access.mustClaim,
    isListed: app.recent.has(boardId),
    cameByLink: access.linkKey !== null,
  };
  const traces = new Traces(firstTraces, { board, people, room, sharing });
  const [panels, pages] = [new Panels(facts), new PagesState(session)];
  const images = new BoardImagesState(session, door, app);
  const attachments = new AttachmentsState(session, door, app);
  const pdfPages: PdfPages = new PdfPages({
    session,
    view,
    room,
    images,
    toasts: app.toasts,
    bytesOf: (file, signal) => fileActions.bytesOf(file, signal),
  });
  const fileActions = new FileActions({ session, room, attachments, pdfPages });
  const paper = (): BoardState | null => (panels.choices.isOn('hasPaper') ? board : null);
  const files = new BoardFiles({ session, view, room, images, attachments, toasts: app.toasts, paper });
  const context: BoardContext = {
    boardId,
    traces,
    view,
    room,
    sharing,
    board,
    people,
    company,
    chat,
    pages,
    panels,
    files,
    images,
    attachments,
    fileActions,
    pdfPages,
    lacking: {
      get counts() {
        return { pictures: images.counts, files: attachments.counts };
      },
    },
    get wouldLose() {
      return pdfPages.progress !== null || files.isPreparing || images.wouldLose || attachments.wouldLose;
    },
    act: createActions({ session, board: { view, pages, panels, files, room, company }, app }),
    close() {
      pdfPages.close();
      images.close();
      fileActions.close();
      attachments.close();
      chat.current?.close();
      return session.close();
    },
  };
  setSession(session);
  setBoardContext(context);
  startUpkeep(session, context, app);
  return context;
}
