/** The words about an open conversation: why it may lack something, why it takes no message, and who was added or left. Pure. */
import * as m from '$words/conversation-sentence';
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
      return m.offlineWhatYouWriteIs();
    case 'trouble':
      return m.theServerDoesNotAnswer();
    case 'read-only':
      return m.youCanReadThisConversation();
    case 'error':
      return endSentence(now) + (now.waiting > 0 ? m.whatYouWroteLastHas() : '');
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
      return m.youAreNotInThis();
    case 'ROOM_ERASED':
      return m.thisConversationHasEndedIt();
    case 'UNAUTHENTICATED':
      return m.signInAgainToGo();
    case 'DOCUMENT_TOO_LARGE':
      return m.thisConversationIsFullBegin();
    case 'VERSION':
      return m.thisVersionOfTheApp();
    default:
      return m.theServerHasEndedThe();
  }
}

/** People who came into a conversation and who left it since; '' for no change. 'Cleo was added. Ben left.' */
export function peopleChangeSentence(before: readonly Person[], now: readonly Person[]): string {
  const added = namesOf(now, before);
  const gone = namesOf(before, now);
  return [
    added.length === 0 ? '' : m.added({ names: joinNames(added), count: added.length }),
    gone.length === 0 ? '' : m.left({ names: joinNames(gone), count: gone.length }),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** Names of those who are not among the others. */
function namesOf(people: readonly Person[], others: readonly Person[]): string[] {
  const ids = new Set(others.map(({ id }) => id));
  return people.filter(({ id }) => !ids.has(id)).map(({ name }) => nameInSentence(name) || m.guest());
}

/** Before the person leaves. @param count People in it, with the person. */
export function leaveQuestion(count: number): string {
  if (count <= 1) return m.leaveItYouAreThe();
  return m.leaveItItGoesFrom();
}
