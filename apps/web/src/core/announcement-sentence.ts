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
 * @param before The last status that was not on its way to another: see `isPassing`.
 * @param lacking "Saved" is announced when the server has these, too.
 * @returns The sentence to announce, or '' for none.
 */
export function statusAnnouncement(before: RoomStatus, after: RoomStatus, person: Person, lacking: Lacking = nothingLacking): string {
  if (topicOf(before) === topicOf(after) || isPassing(after)) return '';
  const sentence = statusSentence(after, person);
  return after.kind === 'saved' ? withLacking(sentence, lacking).text : sentence.text;
}

/** Whether a status is on its way to another, which is the one to announce. */
export function isPassing({ kind }: RoomStatus): boolean {
  return kind === 'loading' || kind === 'connecting' || kind === 'sending' || kind === 'sent';
}

/** Statuses with equal topics differ only in counts and times. */
function topicOf(status: RoomStatus): string {
  const now = statusNow(status);
  return [status.kind, now.kind, 'code' in now ? `${now.code} ${now.reason}` : '', refusedOf(status)?.count ?? 0].join('\n');
}
