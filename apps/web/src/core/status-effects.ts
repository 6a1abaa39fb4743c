/** Effects of a status on leaving the page, the list of boards, and a new version. Pure. */
import type { RoomStatus } from '@wetink/sync';
import { refusedOf, statusNow } from './status-facts.ts';

/** True when leaving the page now would lose something, so the browser should ask first. Only a completed write is safe. */
export function wouldLoseOnLeave(status: RoomStatus): boolean {
  const { waiting, copy } = statusNow(status);
  const refused = refusedOf(status);
  return (waiting > 0 && copy !== 'kept') || (refused !== null && refused.where !== 'kept');
}

/**
 * Number of changes that wait on this device, for the list of boards; null when not known. Changes that are only in a tab
 * do not count: they end with the tab.
 */
export function waitingOnDevice(status: RoomStatus): number | null {
  const { kind, waiting, copy, hasUnread } = statusNow(status);
  const refused = refusedOf(status);
  if (kind === 'loading' || hasUnread) return null;
  return (copy === 'none' ? 0 : waiting) + (refused === null || refused.where === 'none' ? 0 : refused.count);
}

/** True when the page may reload into a new version of the app: nothing waits for the server, and nothing would be lost. */
export function isSettled(status: RoomStatus): boolean {
  return status.kind !== 'loading' && statusNow(status).waiting === 0 && !wouldLoseOnLeave(status);
}
