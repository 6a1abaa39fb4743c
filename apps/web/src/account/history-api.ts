/** Older messages of a board's chat, which left its document. Answers are outcomes and never thrown. */
import { isView, type AttachedFile, type ChatMessage, type ElementId } from '@wetink/board';
import type { OlderFailure } from '../core/chat-sentence.ts';
import { jsonOf, unreachableOf } from './relay-api.ts';

export type OlderAnswer =
  /** Oldest first. `next` goes into the next request; null: there are no older ones. */
  | { readonly kind: 'page'; readonly messages: readonly ChatMessage[]; readonly next: string | null }
  /** The relay does not know the message that the page should come before: it may still be on this device alone. */
  | { readonly kind: 'unknown' }
  | OlderFailure;

export interface HistoryApi {
  /** @param before Id of a message, or `next` of another answer; null: the newest messages. */
  older(request: { token: string; boardId: string; before: string | null }): Promise<OlderAnswer>;
}

const TIMEOUT_MS = 10_000;
const PAGE = 50;

/** @param url `http://…` or `https://…`, without a slash at the end. */
export function createHistoryApi(url: string, fetchFrom: typeof fetch = (...args) => fetch(...args)): HistoryApi {
  return {
    async older({ token, boardId, before }) {
      const query = new URLSearchParams({ limit: String(PAGE), ...(before !== null && { before }) });
      try {
        const response = await fetchFrom(`${url}/v1/boards/${boardId}/messages?${query}`, {
          credentials: 'omit',
          headers: token === '' ? {} : { Authorization: `Bearer ${token}` },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if (response.status === 400) return { kind: 'unknown' };
        return unreachableOf(response) ?? answerOf(response.ok, await jsonOf(response));
      } catch (error) {
        if (error instanceof TypeError || error instanceof DOMException) return { kind: 'unreachable' };
        throw error;
      }
    },
  };
}

function answerOf(isOk: boolean, body: unknown): OlderAnswer {
  if (isOk) return pageOf(body) ?? { kind: 'absent' };
  const { error } = (body ?? {}) as { error?: { code?: unknown } | null };
  return typeof error?.code === 'string' ? { kind: 'refused', code: error.code } : { kind: 'absent' };
}

function pageOf(body: unknown): OlderAnswer | null {
  const { messages, next } = (body ?? {}) as { messages?: unknown; next?: unknown };
  if (!Array.isArray(messages) || !(next === null || typeof next === 'string')) return null;
  return { kind: 'page', messages: messages.flatMap((one) => messageOf(one) ?? []), next };
}

/** A field of a newer relay is ignored, one that an older relay lacks is empty. */
function messageOf(given: unknown): ChatMessage | null {
  const { id, user, text, at, file, about, replyTo, mentions, view, editedAt, deleted } = (given ?? {}) as Partial<Record<string, unknown>>;
  const { id: userId, name } = (user ?? {}) as { id?: unknown; name?: unknown };
  if (typeof id !== 'string' || typeof userId !== 'string' || typeof name !== 'string') return null;
  if (typeof text !== 'string' || typeof at !== 'number') return null;
  return {
    id,
    userId,
    name,
    text,
    at,
    file: isFile(file) ? file : null,
    about: typeof about === 'string' ? (about as ElementId) : null,
    replyTo: typeof replyTo === 'string' ? replyTo : null,
    view: isView(view) ? view : null,
    mentions: Array.isArray(mentions) ? mentions.filter((one): one is string => typeof one === 'string') : [],
    editedAt: typeof editedAt === 'number' ? editedAt : null,
    isDeleted: deleted === true,
  };
}

function isFile(value: unknown): value is AttachedFile {
  const { hash, type, bytes, name } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof hash === 'string' && typeof type === 'string' && typeof bytes === 'number' && typeof name === 'string';
}
