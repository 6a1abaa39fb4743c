/**
 * Connects the stage (painting and the pointer) with the session (other people).
 *
 * Nothing here passes through runes: wet ink and cursors go straight from socket to canvas and back.
 */
import type { Stage, StageOptions } from '@wetink/canvas';
import { cursorsOf } from '../core/participants.ts';
import type { BoardSession } from './board-session.ts';

/** Output of the stage: sends wet ink and my cursor to the others. */
export function stageOutlets(session: BoardSession): Pick<StageOptions, 'onWet' | 'onCursor'> {
  return {
    onWet: (message) => session.room.sendWet(message),
    onCursor: (cursor) => session.announce({ cursor }),
  };
}

/** Input of the stage: others' wet ink, their cursors, and a new board after a refusal. Returns how to disconnect. */
export function feedStage(session: BoardSession, stage: Stage, requestFrame: (run: () => void) => void): () => void {
  let isAsked = false;
  let isOver = false;
  let { tool } = stage.state;
  session.announce({ tool });

  // The stage gets at most one update per frame, however many people move.
  const tellPeers = (): void => {
    isAsked = false;
    if (!isOver) stage.setPeers(cursorsOf(session.room.awareness.getStates(), session.room.awareness.clientID, session.me.id));
  };
  const askPeers = (): void => {
    if (isAsked) return;
    isAsked = true;
    requestFrame(tellPeers);
  };
  const stops = [
    session.room.onWet((message) => stage.receiveWet(message)),
    session.onPresence(askPeers),
    session.onReplaced(() => stage.setBoard(session.board)),
    stage.onState(() => {
      if (stage.state.tool === tool) return;
      tool = stage.state.tool;
      session.announce({ tool });
    }),
  ];
  askPeers();
  return () => {
    isOver = true;
    stops.forEach((stop) => stop());
  };
}
