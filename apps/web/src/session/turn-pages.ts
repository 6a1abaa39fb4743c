/**
 * Turns the pages of a board on its stage: each page has a view of its own, this device remembers the page that was seen
 * last, and others learn which page this person sees.
 *
 * A page that somebody deletes stays in view while a pointer is down on it: what is drawn then keeps the page.
 */
import type { PageId } from '@wetink/board';
import type { Camera, Stage } from '@wetink/canvas';
import type { KeyValue } from '../core/key-value.ts';
import { firstView, showsAll } from '../core/start-view.ts';
import type { BoardSession } from './board-session.ts';

export interface TurnPagesOptions {
  readonly session: BoardSession;
  readonly stage: Stage;
  readonly facts: KeyValue;
  /** The page in view was deleted, and another one is shown. */
  readonly onGone: () => void;
  /** The page in view was deleted, and is still shown because of what was drawn on it meanwhile. */
  readonly onKept: () => void;
}

export function lastPageKey(boardId: string): string {
  return `wetink.page.${boardId}`;
}

/** @returns How to stop. */
export function turnPages({ session, stage, facts, onGone, onKept }: TurnPagesOptions): () => void {
  const key = lastPageKey(session.boardId);
  const cameras = new Map<PageId, Camera>();
  const remembered = facts.read(key);
  let isOver = false;
  let hasTurned = false;
  let place = 0;
  /** The page in view, and whether it was deleted when it was last looked at. */
  let seen: { readonly page: PageId; readonly isKept: boolean } | null = null;

  const turn = (from: PageId): void => {
    const { page } = session.board;
    cameras.set(from, stage.state.camera);
    stage.setBoard(session.board);
    const camera = cameras.get(page);
    stage.setCamera(camera ?? firstView);
    const drawn = camera === undefined ? stage.bounds() : null;
    if (drawn !== null && !showsAll(firstView, stage.size, drawn)) stage.zoomToFit(drawn);
    session.announce({ page: page === '' ? undefined : page, cursor: null, selection: undefined });
    hasTurned = true;
    facts.write(key, page === '' ? null : page);
  };
  /** Goes to the page that was seen last, once it is there, unless the person has gone somewhere else. */
  const goBack = (): void => {
    if (isOver || hasTurned || typeof remembered !== 'string') return;
    const page = session.board.pages().find(({ id }) => id === remembered);
    if (page === undefined) return;
    // The remembered view is of this page.
    cameras.set(page.id, stage.state.camera);
    session.showPage(page.id);
  };
  const look = (): void => {
    if (isOver || !session.isWhole || stage.state.isBusy) return;
    const pages = session.board.pages();
    const at = pages.findIndex(({ id }) => id === session.board.page);
    const here = pages[at];
    if (here !== undefined) {
      place = at;
      const isKept = here.isKept === true;
      if (isKept && seen?.page === here.id && !seen.isKept) onKept();
      seen = { page: here.id, isKept };
      return;
    }
    const next = pages[Math.min(place, pages.length - 1)];
    if (next === undefined) return;
    const wasSeen = hasTurned || session.board.page !== '';
    session.showPage(next.id);
    if (wasSeen) onGone();
  };
  const stops = [session.onPage(turn), session.onChange(look), stage.onState(look)];
  for (const read of [session.room.whenLoaded, session.room.whenSynced]) {
    void read.then(() => {
      goBack();
      look();
    });
  }
  return () => {
    isOver = true;
    for (const stop of stops) stop();
  };
}
