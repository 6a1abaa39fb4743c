/** Opens the chat of the open board for the first component that needs it; it ends with the page. */
import { knownPeople, openChat, type ChatView } from '@wetink/board';
import { pageGlide } from '../browser/page-glide.ts';
import type { Nameable } from '../core/mentions.ts';
import { cameraFor, viewOf } from '../core/view-camera.ts';
import type { BoardSession } from '../session/board-session.ts';
import { progressOf } from '../session/room-progress.ts';
import { CameraGlide } from '../session/camera-glide.ts';
import { getBoardContext, type BoardContext } from './board-context.ts';
import { ChatState, type ChatPlace } from './chat.svelte.ts';
import { getApp } from './context.ts';
import { getSession } from './open-session.ts';

/** While a component is being made. */
export function keepChat(): ChatState {
  const context = getBoardContext();
  const { facts } = getApp();
  context.chat.current ??= new ChatState(boardPlace(getSession(), context), facts);
  return context.chat.current;
}

type Around = Pick<BoardContext, 'people' | 'room' | 'view' | 'company'>;

function boardPlace(session: BoardSession, around: Around): ChatPlace {
  const { people, room } = around;
  return {
    key: session.boardId,
    get me() {
      return session.me;
    },
    open: () => openChat(session.board),
    onReplaced: (callback) => session.onReplaced(callback),
    whenSynced: session.room.whenSynced,
    announce: (change) => session.announce(change),
    mayMark: () => session.isWhole && session.room.isSynced && !room.isReadOnly,
    progress: () => progressOf(session.room),
    onProgress: (callback) => session.room.onStatus(callback),
    people(): readonly Nameable[] {
      const here = people.list.map(({ userId, name }) => ({ id: userId, name }));
      const ids = new Set(here.map(({ id }) => id));
      return [...here, ...knownPeople(session.board.doc).filter(({ id }) => !ids.has(id))];
    },
    nameOf: (userId) => session.board.nameOf(userId) ?? people.nameOf(userId),
    views: viewsOf(around),
  };
}

/** The camera goes there smoothly, unless the person takes hold of it on the way. */
function viewsOf({ view, company }: Around): ChatPlace['views'] {
  return {
    current: () => (view.stage === null ? null : viewOf(view.stage.state.camera, view.stage.size)),
    show(target: ChatView) {
      const { stage } = view;
      if (stage === null) return;
      company.current?.stopFollowing();
      new CameraGlide(stage, pageGlide).to(cameraFor(target, stage.size));
    },
  };
}
