/**
 * People, conversations, bots and webhooks without guards, as services have them that check who a caller is, and not what the
 * caller may do: a bot's token is a user's, the members of a conversation are not asked, the answers tell what exists, an
 * address is compared with a list of words, and whatever there is of something is sent. For tests only.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { inboxRoom } from '@wetink/board';
import type * as Y from 'yjs';

export interface ReferencePeople {
  isMember(board: string, userId: string): boolean;
  /** @param userId Null: no valid token. @returns False when there is nothing at this address. */
  answer(request: IncomingMessage, response: ServerResponse, body: Buffer, userId: string | null): Promise<boolean>;
}

export interface ReferencePeoplePorts {
  docOf(room: string): Y.Doc;
  tokenFor(userId: string): string;
}

interface Message {
  id: string;
  userId: string;
  text: string;
}

interface Answer {
  status: number;
  body: object;
}
/** By method and pattern; `id` is the part of the path in place of the first colon, and `item` in the body that of the second. */
type Handlers = Record<string, (userId: string, id: string, body: Record<string, unknown>) => Answer | Promise<Answer>>;

const NOT_ALLOWED = /\/\/(localhost|127\.0\.0\.1)[:/]/;

export function createReferencePeople(ports: ReferencePeoplePorts): ReferencePeople {
  const members = new Map<string, Set<string>>();
  const handlers = handlersOf(ports, members);
  return {
    isMember: (board, userId) => members.get(board)?.has(userId) === true,
    async answer({ method = '', url = '/', headers }, response, bytes, userId) {
      const path = url.split('?')[0] ?? '/';
      const [, , kind = '', id = '', , item = ''] = path.split('/');
      const isAbout = ['boards', 'conversations', 'blocked'].includes(kind) && id !== '';
      const pattern = path.split('/').map((part, i) => ((i === 3 && isAbout) || i === 5 ? ':' : part));
      const handler = handlers[`${method} ${pattern.join('/')}`];
      if (handler === undefined) return false;
      if (userId === null) {
        response.writeHead(401).end();
        return true;
      }
      const fields = headers['content-type'] === 'application/json' ? (JSON.parse(bytes.toString()) as object) : {};
      const { status, body } = await handler(userId, decodeURIComponent(id), { ...fields, item: decodeURIComponent(item) });
      const isStream = kind === 'notifications' && headers.accept === 'text/event-stream';
      response.writeHead(status, { 'Content-Type': isStream ? 'text/event-stream' : 'application/json' });
      if (isStream) response.write(`data: ${JSON.stringify(body)}\n\n`);
      else response.end(status === 204 ? '' : JSON.stringify(body));
      return true;
    },
  };
}

function handlersOf({ docOf, tokenFor }: ReferencePeoplePorts, members: Map<string, Set<string>>): Handlers {
  const known = new Set<string>();
  const messages: Message[] = [];
  const webhooks: string[] = [];
  const inboxOf = (userId: string): Y.Array<unknown> => docOf(inboxRoom(userId)).getArray('inbox');
  const notify = (userId: string, fromId: string, text: string): void => inboxOf(userId).push([{ from: { id: fromId }, text }]);

  return {
    'PUT /v1/boards/:/members/:': (_, id, body) => {
      members.set(id, (members.get(id) ?? new Set()).add(String(body['item'])));
      return { status: 200, body: {} };
    },
    'GET /v1/boards/:/messages': () => ({ status: 200, body: { messages } }),
    'POST /v1/boards/:/messages': (userId, _, { text, replyTo }) => {
      const message = { id: `message-${messages.length}`, userId, text: String(text) };
      messages.push(message);
      const answered = messages.find(({ id }) => id === replyTo);
      if (answered !== undefined) notify(answered.userId, userId, message.text);
      return { status: 201, body: { message } };
    },
    'POST /v1/boards/:/bots': (_, __, { name }) => ({ status: 201, body: { bot: {}, token: tokenFor(`bot-${String(name)}`) } }),
    'POST /v1/boards/:/webhooks': (_, __, { url }) => {
      if (NOT_ALLOWED.test(String(url))) return { status: 400, body: {} };
      return { status: 201, body: { webhook: { id: String(webhooks.push(String(url)) - 1) } } };
    },
    'POST /v1/boards/:/webhooks/:/test': async (_, __, { item }) => {
      try {
        const { status } = await fetch(webhooks[Number(item)] ?? '', { method: 'POST', body: '{}' });
        return { status: 200, body: { status } };
      } catch (error) {
        return { status: 200, body: { reason: String(error) } };
      }
    },
    'GET /v1/people/online': () => ({ status: 200, body: { people: [...known].map((id) => ({ id })) } }),
    'POST /v1/conversations': (userId, _, { people }) => {
      const id = `conversation-${members.size}`;
      members.set(id, new Set([userId, ...(people as string[])]));
      return { status: 201, body: { conversation: { id } } };
    },
    'GET /v1/conversations/:': (userId, id) => {
      const people = members.get(id);
      if (people === undefined) return { status: 404, body: {} };
      return { status: people.has(userId) ? 200 : 403, body: {} };
    },
    'GET /v1/notifications': (userId) => ({ status: 200, body: { notifications: inboxOf(userId).toJSON() as unknown[] } }),
    'PUT /v1/blocked/:': () => ({ status: 204, body: {} }),
    'GET /v1/me': (userId) => {
      known.add(userId);
      return { status: 200, body: {} };
    },
  };
}
