/** What of an open board a reload of the page would lose or interrupt. Pure. */
import type { RoomStatus } from '@wetink/sync';
import { isSettled, wouldLoseOnLeave, type LeaveFacts } from './status-sentence.ts';
import type { Hold } from './update-sentence.ts';

/** Kinds that do not become "saved" however long one waits: only what leaving would lose counts. */
const lasting: ReadonlySet<RoomStatus['kind']> = new Set(['loading', 'refused', 'error']);

export function boardHolds(status: RoomStatus, board: LeaveFacts & { isDrawing: boolean; isTyping: boolean }): Hold[] {
  const isUnsaved = lasting.has(status.kind) ? wouldLoseOnLeave(status, board) : !isSettled(status);
  return [
    ...(isUnsaved ? (['unsaved'] as const) : []),
    ...(board.isDrawing ? (['gesture'] as const) : []),
    ...(board.isTyping ? (['typing'] as const) : []),
  ];
}
