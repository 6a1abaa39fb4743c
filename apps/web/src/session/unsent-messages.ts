/**
 * Messages of a document that was given up which the server does not have. The server has those of the document in its
 * place, and those that moved to its history: which these are, the history alone can say.
 */
import { chatMessages, movedMessages, type ChatMessage } from '@wetink/board';
import type { Doc } from 'yjs';

/** Messages that the server has, by id. */
export type SentMessages = ReadonlyMap<string, ChatMessage>;

/** The page of the history before a message, or why there is none. `unknown`: the server has no such message. */
export type AskHistory = (
  before: string,
) => Promise<{ readonly kind: 'page'; readonly messages: readonly ChatMessage[] } | { readonly kind: string; readonly messages?: never }>;

/** Answers of the history for one copy: of ten thousand messages, each page has fifty. */
const MAX_ANSWERS = 200;

export function messagesIn(doc: Doc): Map<string, ChatMessage> {
  return new Map(chatMessages(doc).map((message) => [message.id, message]));
}

/**
 * Messages that the server has: those of `current`, and those of `kept` that moved to the history since.
 *
 * @param current Synced.
 * @returns Null while the history cannot be asked.
 */
export async function sentAmong(current: Doc, kept: Doc, ask: AskHistory): Promise<SentMessages | null> {
  const sent = messagesIn(current);
  if (movedMessages(current) === 0) return sent;
  const all = chatMessages(kept);
  const missing = new Set<string>();
  let left = MAX_ANSWERS;
  for (const [at, message] of [...all.entries()].reverse()) {
    const after = all[at + 1];
    // The page before the next message has this one as it is there. The page before this one says only that it is there.
    for (const before of after === undefined || missing.has(after.id) ? [message] : [after, message]) {
      if (message.isDeleted || sent.has(message.id)) break;
      const answer = left-- === 0 ? null : await ask(before.id);
      if (answer?.kind === 'page') {
        for (const one of answer.messages ?? []) if (!sent.has(one.id)) sent.set(one.id, one);
        // Its words there are not known: an edit of it counts as one that the server lacks.
        if (before === message) sent.set(message.id, { ...message, text: '', editedAt: null });
      } else if (answer?.kind !== 'unknown') return null;
      else if (before === message) missing.add(message.id);
    }
  }
  return sent;
}

/** Chat messages of `kept` that the server lacks. */
export function unsentMessages(sent: SentMessages, kept: Doc): ChatMessage[] {
  const all = chatMessages(kept);
  const ids = new Set(all.map(({ id }) => id));
  // A message that was sent again has another id. Each stands for one message, though others may have the same words.
  const later = [...sent.values()].filter(({ id }) => !ids.has(id));
  const wasRepeated = (message: ChatMessage): boolean => {
    const at = later.findIndex((other) => isRepetition(other, message));
    if (at >= 0) later.splice(at, 1);
    return at >= 0;
  };
  return all.filter((message) => !message.isDeleted && !sent.has(message.id) && !wasRepeated(message));
}

/** The same with messages that were changed, as their authors left them. */
export function unsentWords(sent: SentMessages, kept: Doc): ChatMessage[] {
  const isNewer = ({ id, text, editedAt }: ChatMessage): boolean => {
    const other = sent.get(id);
    return other !== undefined && !other.isDeleted && editedAt !== null && editedAt > (other.editedAt ?? -1) && text !== other.text;
  };
  return [...chatMessages(kept).filter(isNewer), ...unsentMessages(sent, kept)];
}

function isRepetition(later: ChatMessage, message: ChatMessage): boolean {
  const isSame = (['userId', 'text', 'about', 'replyTo'] as const).every((key) => later[key] === message[key]);
  return isSame && later.file?.hash === message.file?.hash && later.at >= message.at;
}
