/**
 * The newest 50 messages of each board in Redis, so that a list of them need not open the board. Made again a second after a
 * change by the relay that took it, and by any relay that is asked and finds none; dropped by every relay that hears of a change.
 *
 *     member's change -> drop -> 1 s -> make from the open document -> put
 *     other relay's   -> drop
 *     asked, none     -> make from the document, opened for it -> put
 *
 * Without Redis, or a text in it, the document answers. A relay that dies before it drops leaves a text for at most its lifetime.
 */

import { chatMessages, editsOf, movedMessages, type ChatMessage } from '@wetink/board';
import type { ArrayChange, Environment } from '@wetink/relay';
import type { GuardedCache } from '@wetink/relay/redis';
import type { Doc } from 'yjs';
import type { ChatPages } from './chat-pages.ts';
import { readMessages, type ChatView, type MessagePage } from './read-messages.ts';

export const NEWEST = 50;
/** A list that is five minutes old is the worst that a relay which dies can leave. */
export const NEWEST_TTL_MS = 5 * 60_000;
/** The roots beside the array whose changes change messages: edits and deletions, and the count of moved ones. */
export const newestRoots: readonly string[] = ['edits', 'meta'];

export interface NewestMessages {
  /** Null: the document has to be read. Never rejects. */
  get(board: string): Promise<MessagePage | null>;
  /** Before the document is read. Never rejects. */
  begin(board: string): Promise<string | null>;
  /** @param page The newest `NEWEST`, from a document that was read after `begun`. Never rejects. */
  put(board: string, page: MessagePage, begun: string | null): Promise<void>;
  /** Resolves when Redis has heard of this relay's changes of the board, or is away. */
  settled(board: string): Promise<void>;
  /** Results of `get`, since the start. */
  readonly counts: { hits: number; misses: number };
  /** Once the board is erased: Redis keeps nothing of its messages. Resolves as `settled` does. */
  forget(board: string): Promise<void>;
  /** For the watch of chats. */
  onChange(change: ArrayChange): void;
  /** Final. */
  close(): void;
}

export interface NewestMessagesPorts {
  cache: GuardedCache;
  pages: ChatPages;
  environment: Pick<Environment, 'schedule'>;
  onError(error: unknown): void;
}

/** A busy chat is read this often. */
const MAKE_MS = 1_000;
/** Fifty messages of some length; longer pages are left to the document. */
const MAX_TEXT = 256 * 1024;

export function viewOf(doc: Doc): ChatView {
  return { messages: chatMessages(doc), moved: movedMessages(doc), edited: editsOf(doc) };
}

export function createNewestMessages({ cache, pages, environment, onError }: NewestMessagesPorts): NewestMessages {
  const drops = new Map<string, Promise<void>>();
  const due = new Map<string, () => void>();
  let isClosed = false;
  const put = async (board: string, page: MessagePage, begun: string | null): Promise<void> => {
    const text = JSON.stringify(page);
    if (begun !== null && text.length <= MAX_TEXT) await cache.put(board, text, begun);
  };
  const make = async (board: string, read: ArrayChange['read']): Promise<void> => {
    const begun = await cache.begin(board);
    const view = begun === null || isClosed ? null : read(viewOf);
    const page = view === null ? null : await readMessages(pages, board, view, { limit: NEWEST, before: null });
    if (page !== null) await put(board, page, begun);
  };
  const drop = (board: string): Promise<void> => {
    const dropped = cache.drop(board).finally(() => {
      if (drops.get(board) === dropped) drops.delete(board);
    });
    drops.set(board, dropped);
    return dropped;
  };
  return {
    async get(board) {
      const text = await cache.get(board);
      return text === null ? null : pageIn(text);
    },
    begin: (board) => cache.begin(board),
    put,
    counts: cache.counts,
    settled: (board) => drops.get(board) ?? Promise.resolve(),
    forget: drop,
    onChange({ room, cause, read }) {
      if (cause === 'loaded' || isClosed) return;
      void drop(room);
      if (cause !== 'member' || due.has(room)) return;
      const cancel = environment.schedule(() => {
        due.delete(room);
        void make(room, read).catch(onError);
      }, MAKE_MS);
      due.set(room, cancel);
    },
    close() {
      isClosed = true;
      for (const cancel of due.values()) cancel();
      due.clear();
      cache.close();
    },
  };
}

/** The newest `limit` of a page. Pure. */
export function newestOf({ messages, total, next }: MessagePage, limit: number): MessagePage {
  const newest = messages.slice(-limit);
  return { messages: newest, total, next: newest.length < messages.length ? (newest[0]?.id ?? null) : next };
}

/** Null for a text of another version of this relay. */
function pageIn(text: string): MessagePage | null {
  try {
    const page = JSON.parse(text) as Partial<MessagePage> | null;
    const { messages, total, next } = page ?? {};
    const isPage = Array.isArray(messages) && typeof total === 'number' && (next === null || typeof next === 'string');
    return isPage ? { messages: messages as ChatMessage[], total, next } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
