/** The deleted elements of the open board, read in slices, and bringing them back. For the list of them, while it is being made. */
import * as m from '$words/trash';
import type { Deleted, ElementId } from '@wetink/board';
import { inSlices } from '../browser/in-slices.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import { restoredSentence } from '../core/trash-sentence.ts';
import { SmallPictures } from '../session/small-pictures.ts';
import { offerUndo } from '../session/undo-offer.ts';
import { getBoardContext } from './board-context.ts';
import { getApp } from './context.ts';
import { getSession } from './open-session.ts';

/** The list follows changes of the board this much later. */
const AGAIN_AFTER_MS = 500;
/** As in TrashDialog.svelte. */
const PICTURE_PX = { width: 72, height: 54 };

export interface Trash {
  /** Null while it is being read. */
  readonly list: readonly Deleted[] | null;
  nameOf(userId: string): string | null;
  isMe(userId: string): boolean;
  restore(ids: readonly ElementId[]): void;
  /** An attachment for the canvas of an element's picture. */
  picture(id: ElementId): (canvas: HTMLCanvasElement) => () => void;
}

export function createTrash(): Trash {
  const session = getSession();
  const { view, act } = getBoardContext();
  const { toasts, theme } = getApp();
  let list = $state.raw<readonly Deleted[] | null>(null);
  let pictures: SmallPictures | null = null;
  let isOver = false;
  let cancel: (() => void) | null = null;

  const read = async (): Promise<void> => {
    cancel = null;
    const found = await inSlices(session.board.deletedInSteps());
    if (!isOver) list = found;
  };
  const soon = (): void => {
    cancel ??= scheduleTimeout(() => void read(), AGAIN_AFTER_MS);
  };
  $effect(() => {
    void read();
    const stop = session.onChange(soon);
    return () => {
      isOver = true;
      stop();
      cancel?.();
      pictures?.close();
    };
  });
  return {
    get list() {
      return list;
    },
    nameOf: (userId) => session.board.nameOf(userId),
    isMe: (userId) => userId === session.me.id,
    restore(ids) {
      session.board.run((edit) => edit.restore(ids));
      void read();
      const said = toasts.say(restoredSentence(ids.length), { label: m.undo(), run: () => act('undo') });
      offerUndo(session, () => toasts.dismiss(said));
    },
    picture: (id) => (canvas) => {
      pictures ??= new SmallPictures(session, () => theme.shown, view.stage?.images);
      return pictures.keep(canvas, PICTURE_PX, () => [session.board.deleted(id)].filter((element) => element !== null));
    },
  };
}
