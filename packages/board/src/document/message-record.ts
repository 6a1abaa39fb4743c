/**
 * Messages of the chat as the document has them.
 *
 *     { i: id, u: user id, n: name, t: text, d: ms, f?: file, e?: element id,
 *       r?: id of the message it answers, v?: [x, y, w, h], m?: [user id, …] }
 *     { i, u, n, t, d, e?, x: 1 }    deleted by its author: `t` is a sentence for readers of before
 *
 * and in the root `edits`, under the message's id and its author's, what the author made of it since:
 *
 *     { t: text, d: ms, m?: [user id, …] }    another text
 *     { x: 1, d: ms }                         deleted
 */
import {
  MAX_CHAT_LENGTH,
  MAX_CHAT_MESSAGES,
  MAX_COORDINATE,
  MAX_DATE_MS,
  MAX_MENTIONS,
  MAX_MESSAGE_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_USER_ID_LENGTH,
} from '../limits.ts';
import { readFile, writeFile } from './file-record.ts';
import { isElementId } from './keys.ts';
import { keyPart } from './mark-record.ts';
import { isPlainObject } from './records.ts';
import { shownLine } from '../text/shown-line.ts';
import { clipText, wellFormed } from '../text/surrogates.ts';
import type { ChatMessage, ChatView, MessageParts, UserId } from '../types.ts';

/** Shown by readers of before in place of a deleted message. */
const DELETED_TEXT = 'Message deleted';

export interface NewMessage extends MessageParts {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** Not empty, and within `MAX_CHAT_LENGTH`. */
  readonly text: string;
  readonly at: number;
}

/** An edit or a deletion of a message by its author, as in the root `edits`. */
export interface EditRecord {
  readonly t?: string;
  readonly d: number;
  readonly m?: readonly UserId[];
  readonly x?: 1;
}

export function writeMessage({ id, userId, name, text, at, file, about, replyTo, view, mentions = [] }: NewMessage): object {
  return {
    i: id,
    u: userId,
    n: wellFormed(clipText(name, MAX_NAME_LENGTH)),
    t: wellFormed(text),
    d: at,
    ...(file !== undefined && { f: writeFile(file) }),
    ...(about !== undefined && { e: about }),
    ...(replyTo !== undefined && { r: replyTo }),
    ...(view !== undefined && { v: [view.x, view.y, view.w, view.h] }),
    ...(mentions.length > 0 && { m: [...new Set(mentions)].slice(0, MAX_MENTIONS) }),
  };
}

/** The record that takes the place of a message once its author has deleted it. */
export function writeDeleted({ id, userId, name, at, about }: ChatMessage): object {
  return { i: id, u: userId, n: name, t: DELETED_TEXT, d: at, ...(about !== null && { e: about }), x: 1 };
}

/** `before` followed by the readable messages of `stored`; the same array when there are none. */
export function readMessages(stored: readonly unknown[], before: readonly ChatMessage[]): readonly ChatMessage[] {
  const known = new Set(before.map((message) => message.id));
  const added: ChatMessage[] = [];
  for (const item of stored) {
    const message = readMessage(item);
    // Ids are unique; a second message with the same id was forged, or its author deleted it on two devices at once.
    if (message === null || known.has(message.id)) continue;
    known.add(message.id);
    added.push(message);
  }
  return added.length === 0 && before.length > 0 ? before : [...before, ...added].slice(-MAX_CHAT_MESSAGES);
}

/** A message without what its author made of it since (`withEdit`); null when it can't be read. */
export function readMessage(stored: unknown): ChatMessage | null {
  if (!isPlainObject(stored)) return null;
  const { i: id, u: userId, n: name, t: text, d: at, f: file, e: element, r: replyTo, v: view, m: mentions, x: deleted } = stored;
  if (!isMessageId(id) || !isText(userId, 0, MAX_USER_ID_LENGTH) || !isText(name, 0, MAX_NAME_LENGTH)) return null;
  if (!isText(text, 1, MAX_CHAT_LENGTH) || !isDate(at)) return null;
  const message: ChatMessage = {
    id,
    userId,
    name: shownLine(name),
    text,
    file: readFile(file),
    about: isElementId(element) ? element : null,
    at,
    replyTo: isMessageId(replyTo) ? replyTo : null,
    view: readView(view),
    mentions: readMentions(mentions),
    editedAt: null,
    isDeleted: false,
  };
  return deleted === 1 ? emptied(message) : message;
}

/** The key of an author's edits of a message in the root `edits`. */
export function editKey(messageId: string, userId: UserId): string {
  return `${keyPart(messageId)}/${userId}`;
}

/** Null for a key of another shape, also for a second spelling of a key. */
export function readEditKey(key: string): { messageId: string; userId: UserId } | null {
  const at = key.indexOf('/');
  const part = key.slice(0, Math.max(0, at));
  const messageId = part.replaceAll('%2F', '/').replaceAll('%25', '%');
  const userId = key.slice(at + 1) as UserId;
  return isMessageId(messageId) && keyPart(messageId) === part && isText(userId, 0, MAX_USER_ID_LENGTH) ? { messageId, userId } : null;
}

export function writeEdit(text: string, at: number, mentions: readonly UserId[]): object {
  return { t: wellFormed(text), d: at, ...(mentions.length > 0 && { m: [...new Set(mentions)].slice(0, MAX_MENTIONS) }) };
}

/**
 * An entry of the root `edits` as JSON: what a reader takes from it, in one order. Without text nor `x`, as of a malformed
 * text, it changes no message. Null: readers pass over it.
 */
export function readEdit(stored: unknown): EditRecord | null {
  if (!isPlainObject(stored) || !isDate(stored.d)) return null;
  const { t: text, d } = stored;
  if (stored.x === 1) return { x: 1, d };
  if (!isText(text, 1, MAX_CHAT_LENGTH)) return { d };
  const mentions = readMentions(stored.m);
  return { t: text, d, ...(mentions.length > 0 && { m: mentions }) };
}

export function isTextEdit(stored: unknown): boolean {
  return isPlainObject(stored) && stored.t !== undefined;
}

/** @param stored The entry of the message's author. A message stays deleted whatever else its author's devices wrote. */
export function withEdit(message: ChatMessage, stored: unknown): ChatMessage {
  const edit = message.isDeleted ? null : readEdit(stored);
  if (edit?.x === 1) return emptied(message);
  return edit?.t === undefined ? message : { ...message, text: edit.t, mentions: edit.m ?? [], editedAt: edit.d };
}

export function isView(value: unknown): value is ChatView {
  if (!isPlainObject(value)) return false;
  return readView([value.x, value.y, value.w, value.h]) !== null;
}

export function isMessageId(value: unknown): value is string {
  return isText(value, 1, MAX_MESSAGE_ID_LENGTH);
}

export function isDate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_DATE_MS;
}

function emptied(message: ChatMessage): ChatMessage {
  return { ...message, text: '', file: null, replyTo: null, view: null, mentions: [], isDeleted: true };
}

function readView(stored: unknown): ChatView | null {
  if (!Array.isArray(stored) || stored.length !== 4) return null;
  const [x, y, w, h]: unknown[] = stored;
  const isPlace = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= MAX_COORDINATE;
  if (!isPlace(x) || !isPlace(y) || !isPlace(w) || !isPlace(h)) return null;
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}

function readMentions(stored: unknown): readonly UserId[] {
  if (!Array.isArray(stored)) return [];
  const ids = stored.slice(0, MAX_MENTIONS).filter((id): id is UserId => isText(id, 1, MAX_USER_ID_LENGTH));
  return [...new Set(ids)];
}

function isText(value: unknown, shortest: number, longest: number): value is string {
  return typeof value === 'string' && value.length >= shortest && value.length <= longest;
}
