/** Conversations as the relay describes them, and their names. What comes from the server is checked here. */
import * as m from '$words/conversation-info';
import { isBoardId, type BoardId } from './board-id.ts';
import { pictureOf, type Person } from './board-info.ts';
import { cleanName } from './identity.ts';
import { joinNames, nameInSentence } from './sentences.ts';
import { againWords, unreachableBy, type Unreachable } from './unreachable.ts';

export interface ConversationInfo {
  /** Its room. */
  readonly id: BoardId;
  /** Between two people, who find it again instead of beginning another. */
  readonly isDirect: boolean;
  /** Me included. */
  readonly people: readonly Person[];
  /** Milliseconds since 1970 of the last message, to the minute. */
  readonly at: number;
}

const PEOPLE_MAX = 100;
const CONVERSATIONS_MAX = 100;

/** Null for what is none. */
export function parseConversation(value: unknown): ConversationInfo | null {
  const { id, isDirect, people, at } = (value ?? {}) as Partial<Record<keyof ConversationInfo, unknown>>;
  if (typeof id !== 'string' || !isBoardId(id) || typeof at !== 'number' || !(at >= 0)) return null;
  return { id, isDirect: isDirect === true, people: parsePeople(people), at };
}

/** The newest first; those that are malformed are left out. */
export function parseConversations(value: unknown): readonly ConversationInfo[] {
  const list = Array.isArray(value) ? value.slice(0, CONVERSATIONS_MAX) : [];
  return list.flatMap((one) => parseConversation(one) ?? []).sort((a, b) => b.at - a.at);
}

export function parsePeople(value: unknown): readonly Person[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, PEOPLE_MAX).flatMap((one: unknown) => {
    const { id, name, picture } = (one ?? {}) as Partial<Record<keyof Person, unknown>>;
    if (typeof id !== 'string' || id === '') return [];
    return [{ id, name: typeof name === 'string' ? cleanName(name) : '', ...pictureOf(picture) }];
  });
}

/** 'Ana', 'Ana and Ben', 'Ana, Ben and 2 others'. */
export function conversationTitle({ people }: Pick<ConversationInfo, 'people'>, myId: string): string {
  const others = people.filter(({ id }) => id !== myId).map(({ name }) => nameInSentence(name) || m.guest());
  return others.length === 0 ? m.onlyYou() : joinNames(others);
}

const failures: Readonly<Record<string, string>> = {
  person_not_found: m.youCanWriteToPeople(),
  too_many_people: m.aConversationHasAtMost(),
  too_many_conversations: m.youAreInAsMany(),
  conversation_direct: m.thisIsAConversationOf(),
  conversation_not_found: m.youAreNotInThis(),
  suspended: m.theOperatorOfThisServer(),
};

type Failure = { readonly kind: string; readonly code?: string } & Pick<Unreachable, 'status' | 'afterS'>;

/** Why the people who are online are not listed. @param failure An answer that is not what was asked for. */
export function directoryFailure(failure: Failure): string {
  if (failure.kind === 'unreachable')
    return {
      limited: m.tooManyRequestsSoThose({ failure: againWords(failure) }),
      busy: m.theServerDoesNotList({ failure: againWords(failure) }),
      silent: m.theServerCantSayNow(),
    }[unreachableBy(failure)];
  if (failure.kind === 'absent' || failure.code === 'directory_off') return m.thisServerDoesNotList();
  if (isSignedOut(failure)) return m.signInAgainToSee();
  return failures[failure.code ?? ''] ?? m.theServerRefusesToSay();
}

/** @param failure An answer that is not what was asked for. */
export function conversationFailure(failure: Failure): string {
  if (failure.kind === 'unreachable')
    return {
      limited: m.tooManyRequests({ failure: againWords(failure) }),
      busy: m.theServerCantOpenConversations({ failure: againWords(failure) }),
      silent: m.theServerDoesNotAnswer(),
    }[unreachableBy(failure)];
  if (failure.kind === 'absent') return m.thisServerHasNoConversations();
  if (isSignedOut(failure)) return m.signInAgainToUse();
  return failures[failure.code ?? ''] ?? m.theServerRefusedThis();
}

/** The token is missing, has ended or is not accepted. */
function isSignedOut({ code = '' }: { code?: string }): boolean {
  return code.startsWith('token_');
}
