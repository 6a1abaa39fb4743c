/** Effects of a status on leaving the page, the list of boards, a new version, and a screen reader. Pure. */
import type { RoomStatus } from '@wetink/sync';
import { noPictures, withImages, type PictureCounts } from './board-pictures.ts';
import { refusedOf, statusNow, statusSentence, type Person } from './status-sentence.ts';

/**
 * The announcement of a change of status to a screen reader: going offline and online, and why; never counts of
 * changes, or times.
 *
 * @param pictures "Saved" is announced when the server has these, too.
 * @returns The sentence to announce, or '' for none.
 */
export function statusAnnouncement(before: RoomStatus, after: RoomStatus, person: Person, pictures: PictureCounts = noPictures): string {
  if (topicOf(before) === topicOf(after)) return '';
  const { kind } = after;
  switch (kind) {
    case 'loading':
    case 'connecting':
    case 'sending':
    case 'sent':
      return '';
    case 'saved':
      return before.kind === 'sending' ? '' : withImages(statusSentence(after, person), pictures).text;
    default:
      return statusSentence(after, person).text;
  }
}

/** Statuses with equal topics differ only in counts and times. */
function topicOf(status: RoomStatus): string {
  const now = statusNow(status);
  return [status.kind, now.kind, 'code' in now ? `${now.code} ${now.reason}` : '', refusedOf(status)?.count ?? 0].join('\n');
}

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
