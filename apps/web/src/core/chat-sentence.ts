/** The words of a chat about what it does not show: messages that have yet to be loaded, or that are gone. Pure. */
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
  if (answered === undefined) return hasMore ? 'An older message' : 'A message that is not here';
  // Cut before it is read, which a long message would make slow, and after, because of the marks.
  return answered.isDeleted ? 'Message deleted' : plainText(answered.text.slice(0, QUOTED_MAX + 100)).slice(0, QUOTED_MAX);
}

/** How many messages have the words. @param isWhole All messages of the chat were searched. */
export function foundSentence(count: number, { isWhole }: { isWhole: boolean }): string {
  const found = count === 0 ? 'No message' : count === 1 ? '1 message' : `${count} messages`;
  if (isWhole) return count === 0 ? `${found} has these words.` : found;
  return count === 0 ? 'No message that is loaded has these words.' : `${found} among those that are loaded`;
}

export function emptySentence({ isKnown, hasMore }: { isKnown: boolean; hasMore: boolean }): string {
  if (hasMore) return 'The messages have moved to the history. Load older messages to see them.';
  return isKnown ? 'Nothing said yet.' : 'The messages are on their way.';
}

/** Why older messages could not be loaded. */
export function olderSentence(failure: OlderFailure): string {
  switch (failure.kind) {
    case 'unreachable':
      return {
        limited: `Too many requests. ${againWords(failure)}.`,
        busy: `The server can’t give older messages now. ${againWords(failure)}.`,
        silent: 'The server can’t be reached. Try again.',
      }[unreachableBy(failure)];
    case 'absent':
      return 'This server has no older messages.';
    case 'refused':
      if (failure.code === 'board_not_found') return 'The server does not let you read older messages here.';
      return failure.code.startsWith('token_') ? 'Sign in again to read older messages.' : 'The server refuses to give older messages.';
  }
}

/** A message that a notification, an address or a quotation names was not found. @param failure Null: everything was looked through. */
export function notFoundSentence(failure: OlderFailure | null): string {
  return failure === null ? 'This message is not in the chat any more.' : `This message was not found. ${olderSentence(failure)}`;
}

/** The search for one message stopped before the beginning of the history. */
export function tooFarSentence(): string {
  return 'This message is not among the newest ones. It is older still, or not in the chat any more. “Show older messages” looks further.';
}

/** In place of the words of an empty field, for a person who could write before. */
export const CLOSED_FIELD = 'You can’t write here any more';

/** Above a field that is closed while words are in it. @param reason Without its full stop. */
export function closedDraftSentence(reason: string): string {
  return `${reason}. Your words were not sent; they stay in this field.`;
}

export function tooManySentence(): string {
  const time = CHAT_WINDOW_MS === 60_000 ? 'a minute' : `${CHAT_WINDOW_MS / 1_000} seconds`;
  return `You have sent ${MAX_CHAT_RATE} messages within ${time}.`;
}
