/** The words about an open conversation: why it may lack something, why it takes no message, and who was added or left. Pure. */
import type { RoomStatus } from '@wetink/sync';
import type { Person } from './board-info.ts';
import { failureWords } from './failure-words.ts';
import { joinNames, nameInSentence } from './sentences.ts';
import { statusNow, type Now } from './status-facts.ts';

/** Nothing that is written reaches the others: the server has ended it for this page, or it was never in it. */
export function takesNoMessage(status: RoomStatus): boolean {
  const { kind } = statusNow(status);
  return kind === 'error' || kind === 'read-only';
}

/** Why it may lack something, or is over; '' when all is well. */
export function conversationSentence(status: RoomStatus): string {
  const now = statusNow(status);
  switch (now.kind) {
    case 'offline':
      return 'Offline: what you write is kept, and sent when the server answers.';
    case 'trouble':
      return 'The server does not answer now. What you write is kept, and sent later.';
    case 'read-only':
      return 'You can read this conversation, but not write in it.';
    case 'error':
      return endSentence(now) + (now.waiting > 0 ? ' What you wrote last has not reached the others.' : '');
    default:
      return '';
  }
}

function endSentence({ code, reason }: Extract<Now, { kind: 'error' }>): string {
  if (reason !== '') {
    const refined = failureWords({ code, reason }, null);
    if (refined.sentence !== failureWords({ code, reason: '' }, null).sentence) return `${refined.sentence} ${refined.advice}`;
  }
  switch (code) {
    case 'FORBIDDEN':
    case 'ROOM_NOT_FOUND':
      return 'You are not in this conversation any more.';
    case 'ROOM_ERASED':
      return 'This conversation has ended: it was erased for everybody.';
    case 'UNAUTHENTICATED':
      return 'Sign in again to go on with this conversation.';
    case 'DOCUMENT_TOO_LARGE':
      return 'This conversation is full. Begin another with the same people.';
    case 'VERSION':
      return 'This version of the app is too old or too new. Reload the page.';
    default:
      return 'The server has ended the connection to this conversation. Reload the page to ask again.';
  }
}

/** People who came into a conversation and who left it since; '' for no change. 'Cleo was added. Ben left.' */
export function peopleChangeSentence(before: readonly Person[], now: readonly Person[]): string {
  const added = namesOf(now, before);
  const gone = namesOf(before, now);
  return [
    added.length === 0 ? '' : `${joinNames(added)} ${added.length === 1 ? 'was' : 'were'} added.`,
    gone.length === 0 ? '' : `${joinNames(gone)} left.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** Names of those who are not among the others. */
function namesOf(people: readonly Person[], others: readonly Person[]): string[] {
  const ids = new Set(others.map(({ id }) => id));
  return people.filter(({ id }) => !ids.has(id)).map(({ name }) => nameInSentence(name) || 'Guest');
}

/** Before the person leaves. @param count People in it, with the person. */
export function leaveQuestion(count: number): string {
  if (count <= 1) return 'Leave it? You are the last person in it, so it is erased for good.';
  return 'Leave it? It goes from your list, and you can’t read it any more. What you wrote stays with the others.';
}
