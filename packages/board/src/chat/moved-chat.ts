/**
 * Chat that leaves the document: a server keeps the oldest messages as rows of its history, then drops them here.
 *
 *     history   row 0 … row m-1 │ row m … row T-1
 *     chat                      │ maybe some of these, then newer ones         m = meta.moved
 *
 * The server writes a row first and drops its message afterwards. So a message is always in one of the two, and only rows
 * from m on may be in both: a reader leaves those out of the document. m rises in the transaction that drops messages, and
 * only over rows whose messages this replica had and drops: a replica that has heard of a row, but not yet of its message,
 * might get the message later. Each value of m overwrites the one before, so Yjs applies none without those before it.
 */
import type * as Y from 'yjs';
import { requiresNewer } from '../core.ts';
import { isFile, writeFile } from '../document/file-record.ts';
import {
  editKey,
  isDate,
  readEdit,
  readEditKey,
  readMessage,
  withEdit,
  writeDeleted,
  writeMessage,
  type EditRecord,
} from '../document/message-record.ts';
import { isPlainObject } from '../document/records.ts';
import { openChatRoots } from '../document/roots.ts';
import type { AttachedFile, ChatMessage, UserId } from '../types.ts';

/** A message as JSON: the record of the document, with the hash of its file in hex, and `ed`: ms of its last edit. */
export type ChatRow = Readonly<Record<string, unknown>>;

/** Bytes of a row as JSON, for fields of a newer version. A row of this version has fewer, even with every unit escaped. */
export const MAX_ROW_BYTES = 30_000;

export interface OldMessage {
  readonly id: string;
  readonly row: ChatRow;
  /** For a deleted message: the deletion, in case its first record moved before it was deleted. */
  readonly edit: MovedEdit | null;
}

export interface OldestChat {
  /** Messages of the document. */
  readonly count: number;
  /** Rows of the history that the document is known to lack; a peer may have written any number. */
  readonly moved: number;
  /** Oldest first. */
  readonly oldest: readonly OldMessage[];
}

/** Rows of the history that the document is known to lack: as many messages are older than the chat. */
export function movedMessages(doc: Y.Doc): number {
  const moved = openChatRoots(doc).meta.get('moved');
  return Number.isSafeInteger(moved) && (moved as number) > 0 ? (moved as number) : 0;
}

/**
 * The oldest messages that are more than `keep`. Null for a document of a newer version, which may keep its chat elsewhere.
 *
 * @param without Ids that count as dropped.
 * @param atMost Limit of `oldest`.
 */
export function oldestChat(doc: Y.Doc, without: ReadonlySet<string>, keep: number, atMost: number): OldestChat | null {
  const roots = openChatRoots(doc);
  if (requiresNewer(roots)) return null;
  const stored = new Map<string, unknown>();
  for (const item of roots.chat.toArray()) {
    const message = readMessage(item);
    if (message !== null && !stored.has(message.id) && !without.has(message.id)) stored.set(message.id, item);
  }
  const oldest: OldMessage[] = [];
  for (const [id, item] of stored) {
    if (oldest.length >= Math.min(atMost, stored.size - keep)) break;
    oldest.push({ id, row: rowOf(item), edit: deletionOf(readMessage(item) as ChatMessage) });
  }
  return { count: stored.size, moved: movedMessages(doc), oldest };
}

export interface MovedRow {
  readonly id: string;
  /** It was written long ago: every replica of a server has heard of its message. */
  readonly isSettled: boolean;
}

/**
 * Drops messages of which the history has rows. To be called in one transaction of a server.
 *
 * @param from Number of the first of `rows`.
 * @param rows All rows of the history from there on.
 */
export function dropMoved(doc: Y.Doc, from: number, rows: readonly MovedRow[]): void {
  const { chat, meta } = openChatRoots(doc);
  const dropped = dropIds(chat, new Set(rows.map(({ id }) => id)));
  const before = movedMessages(doc);
  const end = from + rows.length;
  let moved = Math.min(before, end);
  while (moved >= from && moved < end) {
    const row = rows[moved - from] as MovedRow;
    if (!row.isSettled && !dropped.has(row.id)) break;
    moved += 1;
  }
  if (moved !== before) meta.set('moved', moved);
}

/** @returns The ids that were there. */
function dropIds(chat: Y.Array<unknown>, ids: ReadonlySet<string>): Set<string> {
  const dropped = new Set<string>();
  if (ids.size === 0) return dropped;
  const places = chat.toArray().map((item) => {
    const id = readMessage(item)?.id;
    if (id === undefined || !ids.has(id)) return false;
    dropped.add(id);
    return true;
  });
  // From the end, so that the places before it stay, and a run at a time.
  for (let end = places.length; end > 0; end--) {
    let start = end;
    while (start > 0 && places[start - 1] === true) start--;
    if (start < end) chat.delete(start, end - start);
    if (start < end) end = start;
  }
  return dropped;
}

/** An author's edit of a message that is no longer in the document, or whose first record is not. */
export interface MovedEdit {
  readonly messageId: string;
  readonly userId: UserId;
  readonly entry: EditRecord;
  /** It is a deleted message in the chat, which may have been moved before. */
  readonly isInChat: boolean;
}

/**
 * @param atMost Limit of the answer.
 * @param isVain Edits to pass over, so that they do not stand in front of others.
 */
export function movedEdits(doc: Y.Doc, atMost: number, isVain: (edit: MovedEdit) => boolean = () => false): MovedEdit[] {
  const { chat, edits } = openChatRoots(doc);
  const found: MovedEdit[] = [];
  const ids = new Set<string>();
  for (const item of chat.toArray()) {
    const message = readMessage(item);
    if (message === null) continue;
    ids.add(message.id);
    const deletion = deletionOf(message);
    if (deletion !== null && found.length < atMost && !isVain(deletion)) found.push(deletion);
  }
  for (const [key, stored] of edits.entries()) {
    if (found.length >= atMost) break;
    const [target, entry] = [readEditKey(key), readEdit(stored)];
    if (target === null || ids.has(target.messageId) || entry === null) continue;
    const edit: MovedEdit = { ...target, entry, isInChat: false };
    if (!isVain(edit)) found.push(edit);
  }
  return found;
}

/** A device that had not heard of a move may have deleted the message afterwards. */
function deletionOf({ id, userId, at, isDeleted }: ChatMessage): MovedEdit | null {
  return isDeleted ? { messageId: id, userId, entry: { x: 1, d: at }, isInChat: true } : null;
}

/** The row as its author left it; the same row when the edit changes nothing. */
export function editRow(row: ChatRow, { userId, entry }: MovedEdit): ChatRow {
  const message = messageOfRow(row);
  if (message === null || message.userId !== userId || message.isDeleted) return row;
  if (entry.x === 1) return { ...writeDeleted(message) };
  if (message.editedAt !== null && message.editedAt >= entry.d) return row;
  const { text, mentions, editedAt } = withEdit(message, entry);
  if (editedAt === message.editedAt) return row;
  const { m: _mentions, ...rest } = row;
  return { ...rest, t: text, ...(mentions.length > 0 && { m: [...mentions] }), ed: editedAt };
}

/** Drops edits that rows have, unless their authors wrote others meanwhile. To be called in one transaction of a server. */
export function dropEdits(doc: Y.Doc, written: readonly MovedEdit[]): void {
  const { chat, edits } = openChatRoots(doc);
  dropIds(chat, new Set(written.filter(({ isInChat }) => isInChat).map(({ messageId }) => messageId)));
  for (const { messageId, userId, entry } of written) {
    const key = editKey(messageId, userId);
    const now = readEdit(edits.get(key));
    if (entry.x === 1 || (now !== null && JSON.stringify(now) === JSON.stringify(entry))) edits.delete(key);
  }
}

/** The edits of a document at this moment, for messages from anywhere. */
export function editsOf(doc: Y.Doc): (messages: readonly ChatMessage[]) => readonly ChatMessage[] {
  const entries = new Map(openChatRoots(doc).edits.entries());
  return (messages) => messages.map((message) => withEdit(message, entries.get(editKey(message.id, message.userId))));
}

/** The message of a row; null when a reader cannot show it. */
export function messageOfRow(row: unknown): ChatMessage | null {
  if (!isPlainObject(row)) return null;
  const { f: file, ed: editedAt, ...rest } = row;
  const message = readMessage(
    isPlainObject(file) && isFile(file as never) ? { ...rest, f: writeFile(file as unknown as AttachedFile) } : rest,
  );
  return message !== null && isDate(editedAt) && !message.isDeleted ? { ...message, editedAt } : message;
}

function rowOf(item: unknown): ChatRow {
  const message = readMessage(item) as ChatMessage;
  const { f: _file, ...rest } = item as Record<string, unknown>;
  const { file, about, replyTo, view } = message;
  const written = message.isDeleted
    ? writeDeleted(message)
    : writeMessage({ ...message, file: undefined, about: about ?? undefined, replyTo: replyTo ?? undefined, view: view ?? undefined });
  // Fields of a newer version are kept. Those that are no JSON, or large, were not written by one.
  const row = plain(rest) ?? plain(written, Infinity) ?? {};
  return file === null ? row : { ...row, f: { ...file } };
}

function plain(record: object, maxBytes = MAX_ROW_BYTES): Record<string, unknown> | null {
  try {
    const text = JSON.stringify(record, (_key, value: unknown) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlainObject(value)) throw new TypeError('no JSON');
      return value;
    });
    if (new TextEncoder().encode(text).length > maxBytes) return null;
    const row = JSON.parse(text) as Record<string, unknown>;
    return readMessage(row) === null ? null : row;
  } catch {
    return null; // a peer wrote a value that JSON has no form for
  }
}
