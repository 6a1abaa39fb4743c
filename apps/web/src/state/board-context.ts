/** What components of the board page find around them, typed. */
import { createContext } from 'svelte';
import type { Action } from '../core/shortcuts.ts';
import type { BoardId } from '../core/board-id.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { Door } from '../session/door.ts';
import type { BoardFiles } from './files.svelte.ts';
import type { BoardState } from './board.svelte.ts';
import type { ChatState } from './chat.svelte.ts';
import type { Panels } from './panels.svelte.ts';
import type { People } from './people.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { Sharing } from './sharing.svelte.ts';
import type { StageView } from './stage.svelte.ts';
import type { Traces } from './traces.svelte.ts';

export interface BoardContext {
  boardId: BoardId;
  session: BoardSession;
  room: RoomState;
  board: BoardState;
  people: People;
  /** Who may open this board. */
  sharing: Sharing;
  /** How it was entered. */
  door: Door;
  chat: ChatState;
  view: StageView;
  panels: Panels;
  /** What speaks for there being a board: a link that was cut short leads to an empty sheet, too. */
  traces: Traces;
  files: BoardFiles;
  /** Does what a shortcut, a button or a menu item asks for. False: there was nothing to do, the key is the page's. */
  act(action: Action): boolean;
}

export const [getBoardContext, setBoardContext] = createContext<BoardContext>();
