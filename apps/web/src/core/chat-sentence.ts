/** The words of a chat about what it does not show: messages that have yet to be loaded, or that are gone. Pure. */
import * as m from '$words/chat-sentence';
import { CHAT_WINDOW_MS, MAX_CHAT_RATE, type ChatMessage } from '@wetink/board';
import { plainText } from './markdown.ts';
import { againWords, unreachableBy, type Unreachable } from './unreachable.ts';

/** A failure to load older messages. */
export type OlderFailure =
  | Unreachable
  /** The answer is not from this API: the server keeps no history. */
  | { readonly kind: 'absent' }
  /** `code` says why, such as 'board_not_found'. */
  | { readonly kind: 'refused'; readonly code: string };

/** A line among the messages, on this device alone. */
export interface QuietLine {
  readonly id: number;
  readonly sentence: string;
  /** Id of the message that it follows; '' before the first. */
  readonly afterId: string;
}

const QUOTED_MAX = 200;

/**
 * Words that stand above an answer.
 *
 * @param answered Undefined: it is not among the messages that are shown.
 * @param hasMore There are older messages to load.
 */
export function quoteSentence(answered: Pick<ChatMessage, 'text' | 'isDeleted'> | undefined, { hasMore }: { hasMore: boolean }): string {
  if (answered === undefined) return hasMore ? m.anOlderMessage() : m.aMessageThatIsNot();
  // Cut before it is read, which a long message would make slow, and after, because of the marks.
  return answered.isDeleted ? m.messageDeleted() : plainText(answered.text.slice(0, QUOTED_MAX + 100)).slice(0, QUOTED_MAX);
}

/** How many messages have the words. @param isWhole All messages of the chat were searched. */
export function foundSentence(count: number, { isWhole }: { isWhole: boolean }): string {
  if (count === 0) return isWhole ? m.noneFound() : m.noMessageThatIsLoaded();
  return isWhole ? m.found({ count }) : m.foundLoaded({ count });
}

export function emptySentence({ isKnown, hasMore }: { isKnown: boolean; hasMore: boolean }): string {
  if (hasMore) return m.theMessagesHaveMovedTo();
  return isKnown ? m.nothingSaidYet() : m.theMessagesAreOnTheir();
}

/** Why older messages could not be loaded. */
export function olderSentence(failure: OlderFailure): string {
  switch (failure.kind) {
    case 'unreachable':
      return {
        limited: m.tooManyRequests({ failure: againWords(failure) }),
        busy: m.theServerCantGiveOlder({ failure: againWords(failure) }),
        silent: m.theServerCantBeReached(),
      }[unreachableBy(failure)];
    case 'absent':
      return m.thisServerHasNoOlder();
    case 'refused':
      if (failure.code === 'board_not_found') return m.theServerDoesNotLet();
      return failure.code.startsWith('token_') ? m.signInAgainToRead() : m.theServerRefusesToGive();
  }
}

/** A message that a notification, an address or a quotation names was not found. @param failure Null: everything was looked through. */
export function notFoundSentence(failure: OlderFailure | null): string {
  return failure === null ? m.thisMessageIsNotIn() : m.thisMessageWasNotFound({ failure: olderSentence(failure) });
}

/** The search for one message stopped before the beginning of the history. */
export function tooFarSentence(): string {
  return m.thisMessageIsNotAmong();
}

/** In place of the words of an empty field, for a person who could write before. */
export const closedWords = m.youCantWriteHereAny;

/** Above a field that is closed while words are in it. @param reason Without its full stop. */
export function closedDraftSentence(reason: string): string {
  return m.yourWordsWereNotSent({ reason });
}

export function tooManySentence(): string {
  return CHAT_WINDOW_MS === 60_000
    ? m.tooManyInAMinute({ count: MAX_CHAT_RATE })
    : m.tooManyInSeconds({ count: MAX_CHAT_RATE, seconds: CHAT_WINDOW_MS / 1_000 });
}
