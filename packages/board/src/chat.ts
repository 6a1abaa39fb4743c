/**
 * The chat beside a board: an array that is only ever appended to, so messages sent at the same time all stay.
 *
 *     { i: id, u: user id, n: name, t: text, d: ms }
 *
 * Sending is not a step: undo never removes a message.
 */
import type * as Y from 'yjs';
import { type Core, introduce } from './core.ts';
import { Emitter } from './emitter.ts';
import { BoardError } from './errors.ts';
import { MAX_CHAT_LENGTH, MAX_CHAT_MESSAGES, MAX_NAME_LENGTH, MAX_USER_ID_LENGTH } from './limits.ts';
import { isPlainObject } from './document/records.ts';
import { shownLine } from './text/shown-line.ts';
import { clipText, wellFormed } from './text/surrogates.ts';
import type { Chat, ChatMessage } from './types.ts';

/** The latest time a JavaScript date can show. */
const MAX_DATE_MS = 8.64e15;

export class BoardChat implements Chat {
  readonly #core: Core;
  readonly #requireWritable: () => void;
  readonly #emitter = new Emitter<[]>();
  readonly #observer: (event: Y.YArrayEvent<unknown>) => void;
  #messages: readonly ChatMessage[];

  constructor(core: Core, requireWritable: () => void) {
    this.#core = core;
    this.#requireWritable = requireWritable;
    this.#messages = readMessages(core.roots.chat.toArray(), []);
    this.#observer = (event) => this.#takeIn(event);
    core.roots.chat.observe(this.#observer);
  }

  messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  send(text: string, name: string): void {
    this.#requireWritable();
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.length > MAX_CHAT_LENGTH) throw new BoardError('BAD_TEXT', `${trimmed.length} units`);
    const core = this.#core;
    core.doc.transact(() => {
      introduce(core);
      core.roots.chat.push([
        {
          i: core.session.nextMessage(),
          u: core.userId,
          n: wellFormed(clipText(name, MAX_NAME_LENGTH)),
          t: wellFormed(trimmed),
          d: core.history.clock.wall(),
        },
      ]);
    }, core.origin);
  }

  onChange(callback: () => void): () => void {
    return this.#emitter.on(callback);
  }

  close(): void {
    this.#core.roots.chat.unobserve(this.#observer);
    this.#emitter.clear();
  }

  #takeIn(event: Y.YArrayEvent<unknown>): void {
    const appended = appendedOnly(event, this.#core.roots.chat.length);
    const before = this.#messages;
    this.#messages = appended === null ? readMessages(this.#core.roots.chat.toArray(), []) : readMessages(appended, before);
    if (this.#messages !== before) this.#emitter.emit();
  }
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

/** `before` followed by the readable messages of `stored`; the same array when there are none. */
function readMessages(stored: readonly unknown[], before: readonly ChatMessage[]): readonly ChatMessage[] {
  const known = new Set(before.map((message) => message.id));
  const added: ChatMessage[] = [];
  for (const item of stored) {
    const message = readMessage(item);
    // Ids are unique; a second message with the same id was forged.
    if (message === null || known.has(message.id)) continue;
    known.add(message.id);
    added.push(message);
  }
  return added.length === 0 && before.length > 0 ? before : [...before, ...added].slice(-MAX_CHAT_MESSAGES);
}

function readMessage(stored: unknown): ChatMessage | null {
  if (!isPlainObject(stored)) return null;
  const { i: id, u: userId, n: name, t: text, d: at } = stored;
  if (!isText(id, 1, 64) || !isText(userId, 0, MAX_USER_ID_LENGTH) || !isText(name, 0, MAX_NAME_LENGTH)) return null;
  if (!isText(text, 1, MAX_CHAT_LENGTH) || typeof at !== 'number' || !(at >= 0 && at <= MAX_DATE_MS)) return null;
  return { id, userId, name: shownLine(name), text, at };
}

function isText(value: unknown, shortest: number, longest: number): value is string {
  return typeof value === 'string' && value.length >= shortest && value.length <= longest;
}
