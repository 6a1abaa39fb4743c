/** The code and the open board that work on pictures and files needs; nobody needs that code for the first stroke. */
import type { BoardSession } from '../session/board-session.ts';
import type { PictureSheet } from '../session/board-picture.ts';
import type { AttachmentsState } from './attachments.svelte.ts';
import type { BoardImagesState } from './board-images.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { StageView } from './stage.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export const pictures = () => import('../session/board-picture.ts');
export const boardFiles = () => import('../session/board-file.ts');

/** Puts files and text on the open board. */
export interface FilesOnBoard {
  /** The person may not leave the page meanwhile without a question. @param sentence Shown when it takes long; null for none. */
  whilePreparing<Result>(sentence: string | null, run: () => Promise<Result>): Promise<Result>;
  openAll(files: readonly File[], at?: { x: number; y: number }): Promise<void>;
  putText(text: string, at?: { x: number; y: number }, way?: 'paste' | 'drop'): Promise<void>;
}

export interface BoardFilesPorts {
  readonly session: BoardSession;
  readonly view: StageView;
  readonly room: Pick<RoomState, 'isReadOnly'>;
  readonly images: BoardImagesState;
  readonly attachments: Pick<AttachmentsState, 'get'>;
  readonly toasts: Toasts;
  /** The board whose paper pictures show; null for none. */
  paper(): PictureSheet | null;
}
