/** The parts of the list of pages that need the session: its pictures and its actions. For the list, while it is being made. */
import { PageView, type PageId } from '@wetink/board';
import { SmallPictures } from '../session/small-pictures.ts';
import { getBoardContext } from './board-context.ts';
import { getApp } from './context.ts';
import { getSession } from './open-session.ts';
import { PageWork } from './page-work.ts';

/** As in PageList.svelte. */
const PICTURE_PX = { width: 80, height: 50 };

export interface PageList {
  readonly work: PageWork;
  /** An attachment for the canvas of a page's picture. */
  picture(page: PageId): (canvas: HTMLCanvasElement) => () => void;
}

export function createPageList(): PageList {
  const session = getSession();
  const { view, act } = getBoardContext();
  const { toasts, theme } = getApp();
  let pictures: SmallPictures | null = null;
  $effect(() => () => pictures?.close());
  return {
    work: new PageWork({ session, toasts, act }),
    picture: (page) => (canvas) => {
      pictures ??= new SmallPictures(session, () => theme.shown, view.stage?.images);
      return pictures.keep(canvas, PICTURE_PX, () => new PageView(session.board.whole, page).elements());
    },
  };
}
