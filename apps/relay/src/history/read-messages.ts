/**
 * A page of a chat, across the document and the history (chat-pages.ts).
 *
 * The document is read first: a message that it has no longer was written to the history before. Rows that the document may
 * still have as messages are left out of the document. So nothing is missing and nothing twice, also while chat moves.
 */

import { messageOfRow, type ChatMessage } from '@wetink/board';
import { endOf, type ChatPage, type ChatPages } from './chat-pages.ts';

export interface ChatView {
  /** Oldest first. */
  messages: readonly ChatMessage[];
  /** Rows of the history that the document is known to lack. */
  moved: number;
  /** Puts what authors made of messages since into those of the history. */
  edited(messages: readonly ChatMessage[]): readonly ChatMessage[];
}

export interface MessageQuery {
  limit: number;
  /** Id of a message, or the `next` of another page; null: the newest. */
  before: string | null;
}

export interface MessagePage {
  /** Oldest first. */
  messages: ChatMessage[];
  /** Messages of the chat. */
  total: number;
  /** For the page before this one; null on the last. */
  next: string | null;
}

/** A place in the history: in front of a row. */
interface Place {
  page: ChatPage;
  index: number;
}

/** Pages that are searched for a message by its id alone: some thousands of messages. A `next` needs no search. */
const SEARCHED_PAGES = 32;
const DELETED_PAGES = 4;
/** Begins the `next` of a page of the history; no device and no caller mints an id with it. */
const CURSOR = /^~(\d{1,8})\.(\d{1,5})$/;

/** @param view Read before this call. @returns Null when `before` names no message. */
export async function readMessages(pages: ChatPages, board: string, view: ChatView, query: MessageQuery): Promise<MessagePage | null> {
  const newest = await pages.newest(board);
  const rows = newest === null ? 0 : endOf(newest);
  const twice = newest === null ? new Set<string>() : await idsTwice(pages, board, newest, view);
  const inDocument = twice.size === 0 ? view.messages : view.messages.filter(({ id }) => !twice.has(id));
  const total = rows + inDocument.length;
  const at = query.before === null ? inDocument.length : inDocument.findIndex(({ id }) => id === query.before);
  const messages = at < 0 ? [] : inDocument.slice(Math.max(0, at - query.limit), at);
  const hasMoreInDocument = at > messages.length;
  if (messages.length === query.limit || hasMoreInDocument)
    return { messages, total, next: hasMoreInDocument || rows > 0 ? (messages[0]?.id ?? null) : null };
  const place = at >= 0 ? newest && { page: newest, index: newest.rows.length } : await find(pages, board, newest, query.before ?? '');
  if (place === null) return at >= 0 ? { messages, total, next: null } : null;
  const older = await before(pages, board, place, query.limit - messages.length);
  return { messages: [...view.edited(older.messages), ...messages], total, next: older.next };
}

/** A message of the history by its id, among the newest some thousands; null when it is not there. */
export async function findMessage(pages: ChatPages, board: string, id: string): Promise<ChatMessage | null> {
  const place = await search(pages, board, await pages.newest(board), id);
  return place === null ? null : messageOfRow(place.page.rows[place.index]);
}

/** Ids of messages of the document that rows have. */
async function idsTwice(pages: ChatPages, board: string, newest: ChatPage, { messages, moved }: ChatView): Promise<Set<string>> {
  const ids = moved >= endOf(newest) ? new Set<string>() : await idsFrom(pages, board, newest, moved);
  // Deleted on a device that had not heard of the move. Such a device was not away for long, or the next move has it.
  const deleted = new Set(messages.filter(({ isDeleted }) => isDeleted).map(({ id }) => id));
  let left = DELETED_PAGES;
  if (deleted.size === 0) return ids;
  for await (const { rows } of pages.backwards(board, newest)) {
    for (const { i } of rows) if (deleted.has(String(i))) ids.add(String(i));
    if ((left -= 1) === 0) break;
  }
  return ids;
}

async function idsFrom(pages: ChatPages, board: string, newest: ChatPage, from: number): Promise<Set<string>> {
  const ids = new Set<string>();
  let left = SEARCHED_PAGES;
  for await (const page of pages.backwards(board, newest)) {
    for (const row of page.rows.slice(Math.max(0, from - page.from))) ids.add(String(row['i']));
    if (page.from <= from || (left -= 1) === 0) break;
  }
  return ids;
}

async function before(
  pages: ChatPages,
  board: string,
  { page, index }: Place,
  count: number,
): Promise<{ messages: ChatMessage[]; next: string | null }> {
  const messages: ChatMessage[] = [];
  let end = index;
  for await (const one of pages.backwards(board, page)) {
    let start = one === page ? end : one.rows.length;
    while (start > 0 && messages.length < count) {
      start -= 1;
      const message = messageOfRow(one.rows[start]);
      if (message !== null) messages.push(message);
    }
    end = start;
    if (messages.length === count)
      return { messages: messages.reverse(), next: end > 0 || one.number > 0 ? `~${one.number}.${end}` : null };
  }
  return { messages: messages.reverse(), next: null };
}

async function find(pages: ChatPages, board: string, newest: ChatPage | null, text: string): Promise<Place | null> {
  const [, number, index] = CURSOR.exec(text) ?? [];
  if (number === undefined || newest === null) return search(pages, board, newest, text);
  const page = Number(number) > newest.number ? null : await pages.page(board, Number(number));
  return page === null || Number(index) > page.rows.length ? null : { page, index: Number(index) };
}

async function search(pages: ChatPages, board: string, newest: ChatPage | null, id: string): Promise<Place | null> {
  let left = SEARCHED_PAGES;
  if (newest === null) return null;
  for await (const page of pages.backwards(board, newest)) {
    const index = page.rows.findIndex((row) => row['i'] === id);
    if (index >= 0) return { page, index };
    if ((left -= 1) === 0) return null;
  }
  return null;
}
