/** The chat of a board over HTTP. The README of this package describes the calls. */

import { randomBytes } from 'node:crypto';
import { isElementId, MAX_CHAT_LENGTH, movedEdits, movedMessages, postMessage, type ChatMessage } from '@wetink/board';
import { isBoardId, isBotId } from '@wetink/relay/access';
import { ApiFailure, bodyInvalid, type Answer, type Call, type ContentEntry, type Route } from '@wetink/relay/http';
import type * as Y from 'yjs';
import type { ChatHistory } from '../history/chat-history.ts';
import { NEWEST, newestOf, viewOf, type NewestMessages } from '../history/newest-messages.ts';
import { findMessage, readMessages, type MessagePage, type MessageQuery } from '../history/read-messages.ts';
import { boardMistake, keyReused } from './failures.ts';
import { postKey } from './post-key.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 100;
/** A text of 4,000 units takes up to 24,000 bytes with every character as an escape. */
const MAX_BODY_BYTES = 32 * 1024;
const ID_BYTES = 16;
/** UTF-16 units of a message's id. */
const MAX_ID_LENGTH = 64;
const LONE_SURROGATE = /\p{Surrogate}/u;

export interface MessageParts extends Pick<ChatHistory, 'pages' | 'mover'> {
  /** Null, the default: the document answers always. */
  newest?: NewestMessages | null;
}

interface Posted {
  message: ChatMessage;
  isNew: boolean;
  /** Entries of the chat. */
  count: number;
}

export function messageRoutes(
  entry: ContentEntry,
  { pages, mover, newest = null }: MessageParts,
  wallClock: () => number = Date.now,
): Route[] {
  return [
    {
      pattern: '/v1/boards/:/messages',
      methods: {
        async GET(call) {
          const { board } = await entry.enter(call);
          const query = queryOf(call);
          const isNewest = newest !== null && isBoardId(board) && query.before === null && query.limit <= NEWEST;
          const kept = isNewest ? await newest.get(board) : null;
          if (kept !== null) return pageAnswer(newestOf(kept, query.limit));
          const begun = isNewest ? await newest.begin(board) : null;
          const view = await entry.edit(board, (doc) => ({
            ...viewOf(doc),
            hasMovedEdits: movedMessages(doc) > 0 && movedEdits(doc, MAX_PAGE).some(({ isInChat }) => !isInChat),
          }));
          if (mover.isDue(view.messages.length) || view.hasMovedEdits) mover.notice(board);
          const page = await readMessages(pages, board, view, isNewest ? { ...query, limit: NEWEST } : query);
          if (page === null) throw queryInvalid('before must be the id of a message of this board, or next of another page');
          if (isNewest) void newest.put(board, page, begun);
          return pageAnswer(isNewest ? newestOf(page, query.limit) : page);
        },
        async POST(call) {
          const { board, user } = await entry.enterToPost(call);
          const fields = await call.fields(MAX_BODY_BYTES);
          const { text, about, replyTo } = readMessage(fields);
          const key = postKey(call, 'messages', board, user.id);
          await entry.count('messages', user);
          const id = key ?? `k.${randomBytes(ID_BYTES).toString('base64url')}`;
          const post = (doc: Y.Doc): Posted => ({
            ...boardMistake(() => postMessage(doc, { id, userId: user.id, name: user.name ?? '', text, about, replyTo, at: wallClock() })),
            count: doc.getArray('chat').length,
          });
          // The history is long, and needed only for a key whose message may have left the document: it is written before that.
          const isInDocument = (doc: Y.Doc): boolean => key === null || movedMessages(doc) === 0 || hasMessage(doc, key);
          const posted = await entry.edit(board, (doc) => (isInDocument(doc) ? post(doc) : null));
          const moved = posted === null ? await findMessage(pages, board, id) : null;
          const { message, isNew, count } =
            posted ?? (moved === null ? await entry.edit(board, post) : { message: moved, isNew: false, count: 0 });
          if (mover.isDue(count)) mover.notice(board);
          // The caller may ask another relay for the messages next.
          await newest?.settled(board);
          const isSame =
            message.userId === user.id &&
            message.text === text &&
            message.about === (about ?? null) &&
            message.replyTo === (replyTo ?? null);
          if (!isSame) throw keyReused();
          return { status: isNew ? 201 : 200, body: { message: messageToJson(message) } };
        },
      },
    },
  ];
}

function pageAnswer({ messages, total, next }: MessagePage): Answer {
  return { status: 200, body: { messages: messages.map(messageToJson), total, next, hasMore: next !== null } };
}

function hasMessage(doc: Y.Doc, id: string): boolean {
  const chat: unknown[] = doc.getArray('chat').toArray();
  return chat.some((stored) => typeof stored === 'object' && stored !== null && 'i' in stored && stored.i === id);
}

function readMessage({ text: given, about, replyTo, ...others }: Record<string, unknown>): {
  text: string;
  about: (ChatMessage['about'] & string) | undefined;
  replyTo: string | undefined;
} {
  const [unknownField] = Object.keys(others);
  if (unknownField !== undefined) throw bodyInvalid('a message has text, about and replyTo, and nothing else');
  const text = typeof given === 'string' ? given.trim() : '';
  if (text === '' || text.length > MAX_CHAT_LENGTH) throw bodyInvalid(`text must have 1 to ${MAX_CHAT_LENGTH} characters`);
  // Written as U+FFFD: a repeat of the call would not be the same.
  if (LONE_SURROGATE.test(text)) throw bodyInvalid('text must be well-formed Unicode');
  if (about !== undefined && !isElementId(about)) throw bodyInvalid('about must be the id of an element');
  if (replyTo !== undefined && !(typeof replyTo === 'string' && replyTo !== '' && replyTo.length <= MAX_ID_LENGTH))
    throw bodyInvalid('replyTo must be the id of a message');
  return { text, about, replyTo };
}

function queryOf({ query }: Call): MessageQuery {
  const given = query.get('limit');
  const limit = given === null ? DEFAULT_PAGE : /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > MAX_PAGE) throw queryInvalid(`limit must be 1 to ${MAX_PAGE}`);
  return { limit, before: query.get('before') };
}

function queryInvalid(message: string): ApiFailure {
  return new ApiFailure(400, 'query_invalid', message);
}

function messageToJson({ id, userId, name, text, about, file, at, replyTo, mentions, view, editedAt, isDeleted }: ChatMessage): object {
  const user = { id: userId, name, ...(isBotId(userId) && { bot: true }) };
  return { id, user, text, about, file, at, replyTo, mentions, view, editedAt, deleted: isDeleted };
}
