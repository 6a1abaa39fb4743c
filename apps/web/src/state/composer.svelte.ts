/** The field of a chat: a new message, an answer, or a message of mine that I change; with the names that can be mentioned. */
import { MAX_CHAT_LENGTH, type ChatMessage, type ChatView } from '@wetink/board';
import { tooManySentence } from '../core/chat-sentence.ts';
import { completeMention, mentionQuery, offered, type Nameable } from '../core/mentions.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import type { ChatState } from './chat.svelte.ts';

export class Composer {
  readonly #chat: ChatState;
  #edited = $state.raw<{ readonly id: string; readonly text: string } | null>(null);
  /** People picked from the list, for names that several have. */
  #picked: string[] = [];
  #query = $state.raw<string | null>(null);
  #stopCount: (() => void) | null = null;
  /** The message that the next one answers. */
  replyTo = $state.raw<ChatMessage | null>(null);
  /** The part of the board that the next message shows the way to. */
  view = $state.raw<ChatView | null>(null);
  /** Seconds until I may send again; 0 for now. */
  waitS = $state(0);
  /** Why the last message was not sent, or ''. */
  problem = $state('');
  /** Which of the offered people the keys choose. */
  chosen = $state(0);

  constructor(chat: ChatState) {
    this.#chat = chat;
  }

  get text(): string {
    return this.#edited?.text ?? this.#chat.draft.text;
  }
  set text(text: string) {
    if (this.#edited !== null) this.#edited = { ...this.#edited, text };
    else this.#chat.draft.text = text;
    if (this.waitS === 0) this.problem = '';
  }
  /** The message that I change; null for a new one. */
  get editedId(): string | null {
    return this.#edited?.id ?? null;
  }
  get canSend(): boolean {
    const length = this.text.trim().length;
    return length > 0 && length <= MAX_CHAT_LENGTH && this.waitS === 0;
  }
  /** People whose name may be the one being typed. */
  get offered(): readonly Nameable[] {
    return this.#query === null ? [] : offered(this.#query, this.#chat.people);
  }

  reply(message: ChatMessage): void {
    this.#edited = null;
    this.replyTo = message;
  }
  edit({ id, text }: ChatMessage): void {
    this.replyTo = null;
    this.#edited = { id, text };
  }
  /** @returns Whether there was one. */
  editLast(): boolean {
    const own = this.#chat.messages.findLast((message) => this.#chat.isMine(message) && !message.isDeleted && message.file === null);
    if (own !== undefined) this.edit(own);
    return own !== undefined;
  }
  addView(): void {
    this.view = this.#chat.views?.current() ?? null;
  }
  /** Leaves the list of names, the change of a message, or the answer. @returns Whether there was anything to leave. */
  cancel(): boolean {
    if (this.#query !== null && this.offered.length > 0) this.#query = null;
    else if (this.#edited !== null) this.#edited = null;
    else if (this.replyTo !== null) this.replyTo = null;
    else return false;
    return true;
  }

  /** The caret or the text has moved. */
  look(caret: number): void {
    const query = mentionQuery(this.text, caret);
    if (query !== this.#query) this.chosen = 0;
    this.#query = query;
  }
  /** @returns Where the caret is then, or null when nobody was offered. */
  pick(person: Nameable | undefined, caret: number): number | null {
    if (person === undefined || this.#query === null) return null;
    const done = completeMention(this.text, caret, this.#query, person.name);
    this.text = done.text;
    this.#picked.push(person.id);
    this.#query = null;
    return done.caret;
  }

  submit(): void {
    const text = this.text.trim();
    if (!this.canSend) return;
    if (this.#edited === null && this.#mustWait()) return;
    const edited = this.#edited;
    const parts = { replyTo: this.replyTo?.id, view: this.view ?? undefined };
    const problem = edited === null ? this.#chat.send(text, parts, this.#picked) : this.#chat.edit(edited.id, text, this.#picked);
    this.problem = problem ?? '';
    if (problem !== null) return;
    if (edited === null) this.#chat.draft.text = '';
    this.#edited = null;
    this.replyTo = this.view = null;
    this.#picked = [];
    this.#query = null;
  }
  /** Ends the count of seconds. */
  close(): void {
    this.#stopCount?.();
    this.#stopCount = null;
  }

  /** Nothing is lost meanwhile: the words stay in the field. */
  #mustWait(): boolean {
    this.waitS = Math.ceil(this.#chat.waitMs() / 1_000);
    this.problem = this.waitS === 0 ? '' : tooManySentence();
    this.#stopCount = this.waitS === 0 ? null : scheduleTimeout(() => this.#mustWait(), 1_000);
    return this.waitS > 0;
  }
}
