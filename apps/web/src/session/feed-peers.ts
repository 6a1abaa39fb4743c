/** Other people's cursors and selections for the stage, read from their presence. Nothing here passes through runes. */
import type { Stage } from '@wetink/canvas';
import { cursorsOf } from '../core/participants.ts';
import type { BoardSession } from './board-session.ts';

type Session = Pick<BoardSession, 'room' | 'me' | 'onPresence' | 'board' | 'onPage'>;

/** @returns How to stop. */
export function feedPeers(session: Session, stage: Pick<Stage, 'setPeers'>, requestFrame: (run: () => void) => void): () => void {
  let isAsked = false;
  let isOver = false;

  // The stage gets at most one update per frame, however many people move.
  const tell = (): void => {
    isAsked = false;
    const { awareness } = session.room;
    if (!isOver) stage.setPeers(cursorsOf(awareness.getStates(), awareness.clientID, session.me.id, session.board.page));
  };
  const ask = (): void => {
    if (isAsked) return;
    isAsked = true;
    requestFrame(tell);
  };
  const stops = [session.onPresence(ask), session.onPage(ask)];
  ask();
  return () => {
    isOver = true;
    for (const stop of stops) stop();
  };
}
