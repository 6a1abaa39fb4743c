/**
 * The messages of a document, in the order of its array, each as its author last made it.
 *
 * A message that is appended costs nothing but itself: it is read once and put behind the others. Every other change makes
 * the list be read again when it is next asked for, and messages that did not change stay the same objects.
 */
import type * as Y from 'yjs';
import { editKey, isTextEdit, readMessage, withEdit } from '../document/message-record.ts';
import { type ChatRoots, openChatRoots } from '../document/roots.ts';
import { MAX_CHAT_MESSAGES } from '../limits.ts';
import type { ChatMessage, UserId } from '../types.ts';

interface Reading {
  /** The key of the author's edits. */
  readonly key: string;
  readonly stored: ChatMessage | null;
  readonly edit: unknown;
  readonly shown: ChatMessage | null;
}

export class MessageList {
  readonly #roots: ChatRoots;
  readonly #onChange: () => void;
  /** By the record in the document, which Yjs hands out as the same object every time. */
  readonly #readings = new WeakMap<object, Reading>();
  readonly #ids = new Set<string>();
  readonly #leftovers = new Map<string, UserId>();
  #list: ChatMessage[] = [];
  /** Must be read again. */
  #isStale = true;
  #shown: readonly ChatMessage[] | null = null;
  #byId: ReadonlyMap<string, ChatMessage> | null = null;

  /** @param onChange Called within the transaction, once or more often. */
  constructor(roots: ChatRoots, onChange: () => void) {
    this.#roots = roots;
    this.#onChange = onChange;
    roots.chat.observe(this.#takeMessages);
    roots.edits.observe(this.#takeEdits);
  }

  all(): readonly ChatMessage[] {
    if (this.#isStale) this.#readAll();
    this.#shown ??= this.#list.slice(-MAX_CHAT_MESSAGES);
    return this.#shown;
  }

  find(id: string): ChatMessage | undefined {
    const all = this.all();
    this.#byId ??= new Map(all.map((message) => [message.id, message]));
    return this.#byId.get(id);
  }

  /** Deleted messages of a user of which the document still has the text of an edit. */
  leftovers(userId: UserId): readonly string[] {
    return this.all().length === 0 ? [] : [...this.#leftovers].flatMap(([id, by]) => (by === userId ? [id] : []));
  }

  close(): void {
    this.#roots.chat.unobserve(this.#takeMessages);
    this.#roots.edits.unobserve(this.#takeEdits);
  }

  readonly #takeMessages = (event: Y.YArrayEvent<unknown>): void => {
    const appended = this.#isStale ? null : appendedOnly(event, this.#roots.chat.length);
    const isNews = appended === null ? this.#forget() : this.#append(appended);
    if (isNews) this.#onChange();
  };

  readonly #takeEdits = (): void => {
    this.#forget();
    this.#onChange();
  };

  #forget(): true {
    this.#isStale = true;
    this.#shown = this.#byId = null;
    return true;
  }

  #readAll(): void {
    this.#isStale = false;
    this.#list = [];
    this.#ids.clear();
    this.#leftovers.clear();
    this.#append(this.#roots.chat.toArray());
  }

  /** @returns Whether any could be read. */
  #append(items: readonly unknown[]): boolean {
    const before = this.#list.length;
    for (const item of items) {
      const message = this.#read(item);
      // Ids are unique; a second message with the same id was forged, or its author deleted it on two devices at once.
      if (message === null || this.#ids.has(message.id)) continue;
      this.#ids.add(message.id);
      this.#list.push(message);
    }
    if (this.#list.length === before) return false;
    this.#shown = this.#byId = null;
    return true;
  }

  #read(item: unknown): ChatMessage | null {
    if (typeof item !== 'object' || item === null) return null;
    const before = this.#readings.get(item);
    const stored = before === undefined ? readMessage(item) : before.stored;
    const key = before === undefined ? (stored === null ? '' : editKey(stored.id, stored.userId)) : before.key;
    const edit = stored === null ? undefined : this.#roots.edits.get(key);
    if (stored?.isDeleted && isTextEdit(edit)) this.#leftovers.set(stored.id, stored.userId);
    if (before !== undefined && before.edit === edit) return before.shown;
    const shown = stored === null ? null : withEdit(stored, edit);
    this.#readings.set(item, { key, stored, edit, shown });
    return shown;
  }
}

/**
 * Messages with what their authors made of them since, as the document has it.
 *
 * @param messages From anywhere: ones that left the document too, since their edits are still written there.
 */
export function withEdits(doc: Y.Doc, messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const { edits } = openChatRoots(doc);
  if (edits.size === 0) return messages;
  return messages.map((message) => withEdit(message, edits.get(editKey(message.id, message.userId))));
}

/** Items that an event appended at the very end, or null when it changed anything else. */
function appendedOnly(event: Y.YArrayEvent<unknown>, length: number): unknown[] | null {
  const [first, second, ...rest] = event.changes.delta;
  if (rest.length > 0) return null;
  const insert = second === undefined ? first?.insert : first?.retain === undefined ? undefined : second.insert;
  if (!Array.isArray(insert)) return null;
  const at = second === undefined ? 0 : (first?.retain ?? 0);
  return at + insert.length === length ? insert : null;
}
