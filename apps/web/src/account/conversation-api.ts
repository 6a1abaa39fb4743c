/** Conversations of the relay's HTTP API. A refusal is an outcome and never thrown; the sentences are in core/conversation-info.ts. */
import type { Person } from '../core/board-info.ts';
import { parseConversation, parseConversations, parsePeople, type ConversationInfo } from '../core/conversation-info.ts';
import { createApiCall, type ApiAnswer } from './relay-api.ts';

export interface ConversationApi {
  /** The newest first. */
  list(token: string): Promise<ApiAnswer<readonly ConversationInfo[]>>;
  /** With one other person, an earlier conversation of the two is found again. */
  open(token: string, people: readonly string[]): Promise<ApiAnswer<ConversationInfo>>;
  /** The conversation as it is now, for people who are in it. */
  view(token: string, id: string): Promise<ApiAnswer<ConversationInfo>>;
  /** Adds a person; not to a conversation of two. */
  add(token: string, id: string, person: string): Promise<ApiAnswer<ConversationInfo>>;
  leave(token: string, id: string): Promise<ApiAnswer<true>>;
  /** People who are online and may be written to. */
  online(token: string): Promise<ApiAnswer<readonly Person[]>>;
}

const PAGE = 100;

/** @param url `http://…` or `https://…`, without a slash at the end. */
export function createConversationApi(url: string, fetchFrom?: typeof fetch): ConversationApi {
  const call = createApiCall(url, fetchFrom);
  return {
    list: (token) =>
      call(
        `/v1/conversations?limit=${PAGE}`,
        (body) => {
          const { conversations } = (body ?? {}) as { conversations?: unknown };
          return Array.isArray(conversations) ? parseConversations(conversations) : null;
        },
        { token },
      ),
    open: (token, people) => call('/v1/conversations', conversationOf, { method: 'POST', token, body: { people } }),
    view: (token, id) => call(`/v1/conversations/${id}`, conversationOf, { token }),
    add: (token, id, person) => call(`/v1/conversations/${id}/people`, conversationOf, { method: 'POST', token, body: { id: person } }),
    leave: (token, id) => call(`/v1/conversations/${id}`, () => true as const, { method: 'DELETE', token }),
    online: (token) =>
      call(
        '/v1/people/online',
        (body) => {
          const { people, users = people } = (body ?? {}) as { people?: unknown; users?: unknown };
          return Array.isArray(users) ? parsePeople(users) : null;
        },
        { token },
      ),
  };
}

function conversationOf(body: unknown): ConversationInfo | null {
  return parseConversation((body as { conversation?: unknown } | null)?.conversation);
}
