/** Things on an open board that a reload of the page would lose or interrupt. Pure. */
import type { RoomStatus } from '@wetink/sync';
import { isSettled, wouldLoseOnLeave } from './status-effects.ts';
import type { Hold } from './update-sentence.ts';

export function boardHolds(status: RoomStatus, board: { isDrawing: boolean; isTyping: boolean; wouldLosePictures: boolean }): Hold[] {
  // A status that never becomes "saved" holds the reload only while leaving would lose something.
  const isLasting = status.kind === 'loading' || status.kind === 'error';
  const isUnsaved = isLasting ? wouldLoseOnLeave(status) : !isSettled(status);
  return [
    // Pictures that are being prepared, or that the device could not keep, are in no copy.
    ...(isUnsaved || board.wouldLosePictures ? (['unsaved'] as const) : []),
    ...(board.isDrawing ? (['gesture'] as const) : []),
    ...(board.isTyping ? (['typing'] as const) : []),
  ];
}
