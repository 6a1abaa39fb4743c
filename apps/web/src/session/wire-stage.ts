/**
 * Connects the stage (painting and the pointer) with the session (other people).
 *
 * Nothing here passes through runes: wet ink and cursors go straight from socket to canvas and back.
 */
import type { Board, ElementId } from '@wetink/board';
import { boundsOf, type PeerSelection, type Stage, type StageOptions } from '@wetink/canvas';
import { SELECTION_MAX } from '../core/own-presence.ts';
import type { BoardSession } from './board-session.ts';

/** Output of the stage: sends wet ink and my cursor to the others. */
export function stageOutlets(session: BoardSession): Pick<StageOptions, 'onWet' | 'onCursor'> {
  return {
    onWet: (message) => session.room.sendWet(message),
    onCursor: (cursor) => session.announce({ cursor }),
  };
}

/** Input of the stage: others' wet ink, and a new board after a refusal; their cursors come with feed-peers.ts. Returns how to disconnect. */
export function feedStage(session: BoardSession, stage: Stage): () => void {
  let { tool, selection } = stage.state;
  session.announce({ tool });

  const stops = [
    session.room.onWet((message) => {
      if (pageOf(session, message.clientId) === session.board.page) stage.receiveWet(message);
    }),
    session.onReplaced(() => stage.setBoard(session.board)),
    stage.onState(() => {
      if (stage.state.tool !== tool) session.announce({ tool: (tool = stage.state.tool) });
      if (stage.state.selection === selection) return;
      selection = stage.state.selection;
      session.announce({ selection: selectionOf(session.board, selection) });
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

/** The page that a client sees, as it says; '' for the first one. */
function pageOf({ room }: BoardSession, clientId: number): unknown {
  const state = room.awareness.getStates().get(clientId) as { page?: unknown } | undefined;
  return state?.page ?? '';
}

/** My selection as others see it: its elements, or the box around them where they are many. */
export function selectionOf(board: Pick<Board, 'get'>, ids: readonly ElementId[]): PeerSelection | undefined {
  if (ids.length === 0) return undefined;
  if (ids.length <= SELECTION_MAX) return { ids };
  const box = boundsOf(ids.flatMap((id) => board.get(id) ?? []));
  return box === null ? undefined : { box };
}
