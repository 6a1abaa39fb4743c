/**
 * The chat of a document: of a board, or of a conversation without one. Messages lie in an array, so that ones sent at the
 * same time all stay; what their authors made of them since, and other people's marks on them, lie beside it under keys of
 * one person each. `document/message-record.ts` and `document/mark-record.ts` have the shapes.
 *
 * Nothing here is a step: undo never touches a message.
 */
import type * as Y from 'yjs';
import { nameSchema, requiresNewer } from '../core.ts';
import { Emitter } from '../emitter.ts';
import { BoardError } from '../errors.ts';
import { CHAT_WINDOW_MS, MAX_CHAT_LENGTH, MAX_CHAT_RATE, MAX_DATE_MS } from '../limits.ts';
import { isFile } from '../document/file-record.ts';
import { mintSession } from '../document/keys.ts';
import { isEmoji, reactionKey, seenKey } from '../document/mark-record.ts';
import { editKey, isMessageId, isView, writeDeleted, writeEdit, writeMessage } from '../document/message-record.ts';
import { isPlainObject } from '../document/records.ts';
import { type ChatRoots, openChatRoots } from '../document/roots.ts';
import { cleanFileName } from '../text/file-name.ts';
import type { Board, Chat, ChatHost, ChatMessage, MessageParts, Reaction, ReadMark, UserId } from '../types.ts';
import { Marks } from './marks.ts';
import { MessageList } from './message-list.ts';

export interface ChatOptions {
  readonly doc: Y.Doc;
  readonly userId: UserId;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** 0 <= n < 1. Decides the ids of messages, so it must not repeat across instances. */
  readonly random?: () => number;
}

/**
 * Opens the chat of a board, or of a document that is no board, such as a conversation between two people. It reads the
 * document once, and does not end with the board: close it.
 */
export function openChat(where: Board | ChatOptions): Chat {
  return new DocumentChat('chatHost' in where ? where.chatHost() : hostOf(where));
}

/** A document that holds nothing but a chat. */
function hostOf({ doc, userId, now = Date.now, random = Math.random }: ChatOptions): ChatHost {
  const session = mintSession(random);
  const origin = { chat: session };
  let messages = 0;
  return {
    doc,
    userId,
    origin,
    now,
    requireWritable() {
      if (requiresNewer(openChatRoots(doc))) throw new BoardError('TOO_NEW');
    },
    introduce: () => nameSchema(openChatRoots(doc)),
    nextMessage: () => `${session}.${messages++}`,
  };
}

class DocumentChat implements Chat {
  readonly #host: ChatHost;
  readonly #roots: ChatRoots;
  readonly #list: MessageList;
  readonly #marks: Marks;
  readonly #emitter = new Emitter<[]>();
  #hasChanged = false;
  #isClosed = false;
  /** Id of the message that this instance marked as read last. */
  #marked: string | null = null;

  constructor(host: ChatHost) {
    this.#host = host;
    this.#roots = openChatRoots(host.doc);
    const changed = (): void => {
      this.#hasChanged = true;
    };
    this.#list = new MessageList(this.#roots, changed);
    this.#list.all(); // From now on an appended message costs only itself.
    this.#marks = new Marks(this.#roots.marks, { me: host.userId, onChange: changed });
    host.doc.on('afterTransaction', this.#afterTransaction);
  }

  get userId(): UserId {
    return this.#host.userId;
  }

  messages(): readonly ChatMessage[] {
    return this.#list.all();
  }

  find(id: string): ChatMessage | undefined {
    return this.#list.find(id);
  }

  send(text: string, name: string, parts: MessageParts = {}): string {
    this.#requireWritable();
    const { file, view } = parts;
    if (file !== undefined && !isFile(file)) throw new BoardError('BAD_ELEMENT', 'file');
    if (view !== undefined && !isView(view)) throw new BoardError('BAD_ELEMENT', 'view');
    if (parts.replyTo !== undefined && !isMessageId(parts.replyTo)) throw new BoardError('BAD_TEXT', 'id of the message it answers');
    const whole = checked(text.trim() === '' && file !== undefined ? cleanFileName(file.name) || 'A file' : text);
    if (this.waitMs() > 0) throw new BoardError('TOO_MANY_MESSAGES');
    return this.#push(whole, name, parts);
  }

  sendAgain(message: ChatMessage, name: string): void {
    this.#requireWritable();
    const { text, file, about, replyTo, view, mentions, isDeleted } = message;
    if (isDeleted) return;
    const parts = { file: file ?? undefined, about: about ?? undefined, replyTo: replyTo ?? undefined, view: view ?? undefined };
    this.#push(checked(text), name, { ...parts, mentions });
  }

  edit(id: string, text: string, mentions: readonly UserId[] = []): void {
    this.#requireWritable();
    const message = this.#own(id);
    const whole = checked(text);
    if (message?.isDeleted || message?.text === whole) return;
    const { userId, now } = this.#host;
    this.#write(() => this.#roots.edits.set(editKey(id, userId), writeEdit(whole, now(), mentions)));
  }

  remove(id: string): void {
    this.#requireWritable();
    if (this.#own(id)?.isDeleted) return;
    const { userId, now } = this.#host;
    this.#write(() => {
      this.#roots.edits.set(editKey(id, userId), { x: 1, d: now() });
      this.#replaceByDeleted(id);
      for (const { emoji, userId: by } of [...this.#marks.on(id)])
        this.#roots.marks.delete(reactionKey({ messageId: id, emoji, userId: by }));
    });
  }

  waitMs(): number {
    const now = this.#host.now();
    const all = this.#list.all();
    const recent: number[] = [];
    // From the newest: what others sent within the window lies between one's own, and far more than that does not.
    for (let n = all.length - 1; n >= Math.max(0, all.length - 1_000); n--) {
      const { userId, at } = all[n] as ChatMessage;
      if (userId === this.userId && at > now - CHAT_WINDOW_MS && at <= now) recent.push(at);
    }
    if (recent.length < MAX_CHAT_RATE) return 0;
    const freeing = recent.sort((a, b) => b - a)[MAX_CHAT_RATE - 1] as number;
    return freeing + CHAT_WINDOW_MS - now;
  }

  reactions(messageId: string): readonly Reaction[] {
    return this.#marks.reactions(messageId);
  }

  toggleReaction(messageId: string, emoji: string): void {
    this.#requireWritable();
    if (!isEmoji(emoji) || !isMessageId(messageId)) throw new BoardError('BAD_TEXT', 'emoji');
    const { userId, now } = this.#host;
    const key = reactionKey({ messageId, emoji, userId });
    const isGiven = this.#marks.has(messageId, emoji, userId);
    this.#write(() => (isGiven ? this.#roots.marks.delete(key) : this.#roots.marks.set(key, now())));
  }

  readMarks(): ReadonlyMap<UserId, ReadMark> {
    return this.#marks.seen();
  }

  markRead(): void {
    this.#requireWritable();
    const { userId, now } = this.#host;
    const newest = this.messages().at(-1);
    const before = this.#marks.seen().get(userId);
    if (newest === undefined || newest.id === this.#marked || before?.messageId === newest.id || !this.#hasNews(before)) return;
    // Once for a message, also when a mark that somebody else wrote under this user keeps this one from counting.
    this.#marked = newest.id;
    // Later than the mark of another device whose clock is ahead: readers go by the time.
    const at = Math.min(Math.max(now(), (before?.at ?? -1) + 1), MAX_DATE_MS);
    this.#write(() => this.#roots.marks.set(seenKey(userId), [at, newest.id]));
  }

  onChange(callback: () => void): () => void {
    return this.#emitter.on(callback);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#host.doc.off('afterTransaction', this.#afterTransaction);
    this.#list.close();
    this.#marks.close();
    this.#emitter.clear();
  }

  readonly #afterTransaction = (): void => {
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    this.#emitter.emit();
  };

  #requireWritable(): void {
    if (this.#isClosed) throw new BoardError('CLOSED');
    this.#host.requireWritable();
  }

  /** @returns The message if it is in the document. */
  #own(id: string): ChatMessage | undefined {
    const message = this.find(id);
    if (!isMessageId(id) || (message !== undefined && message.userId !== this.userId)) throw new BoardError('NOT_YOURS');
    return message;
  }

  #hasNews(mark: ReadMark | undefined): boolean {
    const all = this.messages();
    for (let n = all.length - 1; n >= 0; n--) {
      const { id, userId } = all[n] as ChatMessage;
      if (id === mark?.messageId) return false;
      if (userId !== this.userId) return true;
    }
    return false;
  }

  #push(text: string, name: string, parts: MessageParts): string {
    const { userId, now, introduce, nextMessage } = this.#host;
    return this.#write(() => {
      introduce();
      const id = nextMessage();
      this.#roots.chat.push([writeMessage({ ...parts, id, userId, name, text, at: now() })]);
      return id;
    });
  }

  /** In the same place, so that replies and days around it stay as they are. The text leaves the document. */
  #replaceByDeleted(id: string): void {
    const { chat } = this.#roots;
    const message = this.find(id);
    const places = chat.toArray().flatMap((item, at) => (isPlainObject(item) && item.i === id && item.u === this.userId ? [at] : []));
    for (const at of places.reverse()) chat.delete(at, 1);
    const [first] = places.slice(-1);
    if (first !== undefined && message !== undefined) chat.insert(first, [writeDeleted(message)]);
  }

  #write<Result>(write: () => Result): Result {
    const { doc, origin } = this.#host;
    return doc.transact(() => {
      this.#forgetEditsOfDeleted();
      return write();
    }, origin);
  }

  /** The text of an edit that another device of this user made while this one deleted the message. */
  #forgetEditsOfDeleted(): void {
    const { userId, now } = this.#host;
    for (const id of this.#list.leftovers(userId)) this.#roots.edits.set(editKey(id, userId), { x: 1, d: now() });
  }
}

function checked(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_CHAT_LENGTH) throw new BoardError('BAD_TEXT', `${trimmed.length} units`);
  return trimmed;
}
