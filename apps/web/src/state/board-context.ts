/** The typed context of the components on the board page: state modules only. */
import { createContext } from 'svelte';
import type { Lacking } from '../core/lacking.ts';
import type { Action } from '../core/shortcuts.ts';
import type { BoardId } from '../core/board-id.ts';
import type { AttachmentsState } from './attachments.svelte.ts';
import type { FileActions } from './file-actions.svelte.ts';
import type { BoardFiles } from './files.svelte.ts';
import type { BoardImagesState } from './board-images.svelte.ts';
import type { BoardState } from './board.svelte.ts';
import type { ChatSlot } from './chat-slot.svelte.ts';
import type { CompanySlot } from './company-slot.svelte.ts';
import type { PagesState } from './pages.svelte.ts';
import type { Panels } from './panels.svelte.ts';
import type { PdfPages } from './pdf-pages.svelte.ts';
import type { People } from './people.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { Sharing } from './sharing.svelte.ts';
import type { StageView } from './stage.svelte.ts';
import type { Traces } from './traces.svelte.ts';

export interface BoardContext {
  boardId: BoardId;
  room: RoomState;
  board: BoardState;
  people: People;
  /** Following, presenting, raised hands. */
  company: CompanySlot;
  /** Access of people to this board. */
  sharing: Sharing;
  chat: ChatSlot;
  view: StageView;
  /** The pages of the board, and the one in view. */
  pages: PagesState;
  panels: Panels;
  /** Evidence that the board exists: a link that was cut short also leads to an empty sheet. */
  traces: Traces;
  files: BoardFiles;
  images: BoardImagesState;
  attachments: AttachmentsState;
  fileActions: FileActions;
  pdfPages: PdfPages;
  /** Pictures and files of this person that the server lacks. */
  lacking: { readonly counts: Lacking };
  /** Leaving the board now would lose pictures, files or pages: some are being prepared, or are only in this tab. */
  readonly wouldLose: boolean;
  /** Runs the action of a shortcut, a button or a menu item. False: nothing was done, and the key is left to the page. */
  act(action: Action): boolean;
  /** Ends the session of this page: nothing is synced any more. Idempotent. */
  close(): Promise<void>;
}

export const [getBoardContext, setBoardContext] = createContext<BoardContext>();
