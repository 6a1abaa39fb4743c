/** Facts of a status, without words: the open board needs them before its chip, whose sentences are in status-sentence.ts. Pure. */
import type { Refused, RoomStatus } from '@wetink/sync';

/** The state of the board as it is now, whatever was refused before. */
export type Now = Exclude<RoomStatus, { kind: 'refused' }>;

export function statusNow(status: RoomStatus): Now {
  return status.kind === 'refused' ? status.since : status;
}

/** Changes that the server did not take, or null. */
export function refusedOf(status: RoomStatus): Refused | null {
  if (status.kind === 'refused') return status;
  return status.kind === 'error' ? status.refused : null;
}

/** The person may not enter this board, and trying again does not help. */
export function isShutCode(code: string): boolean {
  return code === 'FORBIDDEN' || code === 'ROOM_NOT_FOUND' || code === 'ROOM_ERASED';
}
