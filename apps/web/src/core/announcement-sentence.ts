/** The words of a screen reader about a change of status. Pure. */
import type { RoomStatus } from '@wetink/sync';
import { nothingLacking, type Lacking } from './lacking.ts';
import { withLacking } from './lacking-sentence.ts';
import { refusedOf, statusNow } from './status-facts.ts';
import { statusSentence, type Person } from './status-sentence.ts';

/**
 * The announcement of a change of status to a screen reader: going offline and online, and why; never counts of
 * changes, or times.
 *
 * @param lacking "Saved" is announced when the server has these, too.
 * @returns The sentence to announce, or '' for none.
 */
export function statusAnnouncement(before: RoomStatus, after: RoomStatus, person: Person, lacking: Lacking = nothingLacking): string {
  if (topicOf(before) === topicOf(after)) return '';
  const { kind } = after;
  switch (kind) {
    case 'loading':
    case 'connecting':
    case 'sending':
    case 'sent':
      return '';
    case 'saved':
      return before.kind === 'sending' ? '' : withLacking(statusSentence(after, person), lacking).text;
    default:
      return statusSentence(after, person).text;
  }
}

/** Statuses with equal topics differ only in counts and times. */
function topicOf(status: RoomStatus): string {
  const now = statusNow(status);
  return [status.kind, now.kind, 'code' in now ? `${now.code} ${now.reason}` : '', refusedOf(status)?.count ?? 0].join('\n');
}
