/** The person's conversations: the list, kept on this device, and the one that is open. */
import { createSubscriber } from 'svelte/reactivity';
import type { InboxEntry } from '@wetink/board';
import type { ConversationApi } from '../account/conversation-api.ts';
import type { Account } from '../account/account.ts';
import type { ApiAnswer } from '../account/relay-api.ts';
import type { Person } from '../core/board-info.ts';
import type { QuietLine } from '../core/chat-sentence.ts';
import { conversationFailure, directoryFailure, parseConversations, type ConversationInfo } from '../core/conversation-info.ts';
import { conversationSentence, peopleChangeSentence, takesNoMessage } from '../core/conversation-sentence.ts';
import type { KeyValue } from '../core/key-value.ts';
import type { AskHistory } from '../session/unsent-messages.ts';
import type { ConversationPlace } from '../session/conversation-place.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import { ChatState } from './chat.svelte.ts';
import { RefusedWords } from './refused-words.svelte.ts';

export interface ConversationsPorts {
  api: ConversationApi;
  account: Pick<Account, 'token'>;
  facts: KeyValue;
  me: { readonly id: string };
  inbox: { readonly entries: readonly InboxEntry[]; markRead(...ids: string[]): void };
  openPlace(conversation: ConversationInfo): ConversationPlace;
  /** Asks the history of one of them. */
  history(id: string): AskHistory;
}

/** Signs that somebody was added are gathered for this long; anybody in the conversation can write them. Milliseconds. */
const LOOK_AFTER_MS = 1_000;
const LINES_MAX = 100;

export class OpenConversation {
  readonly chat: ChatState;
  readonly refused: RefusedWords;
  readonly #place: ConversationPlace;
  readonly #subscribe: () => void;
  readonly #stops: readonly (() => void)[];
  #info = $state.raw<ConversationInfo>() as ConversationInfo;
  #lines = $state.raw<readonly QuietLine[]>([]);
  /** Signs after which the server was asked. */
  #asked = '';
  #cancelLook: (() => void) | null = null;

  /** @param onSigns Somebody here knows of other people than this device. */
  constructor(info: ConversationInfo, { openPlace, facts, history }: ConversationsPorts, onSigns: () => void) {
    const place = openPlace(info);
    this.#info = info;
    this.#place = place;
    this.chat = new ChatState(place, facts);
    this.refused = new RefusedWords({ place, chat: this.chat, history: history(info.id) });
    this.#subscribe = createSubscriber((update) => {
      const stops = [place.onWriters(update), place.onStatus(update)];
      return () => stops.forEach((stop) => stop());
    });
    this.#stops = [place.onWriters(() => this.#look(onSigns))];
  }
  get info(): ConversationInfo {
    return this.#info;
  }
  /** People who were added and who left, oldest first. */
  get lines(): readonly QuietLine[] {
    return this.#lines;
  }
  /** Names of the people who are writing now. */
  get typing(): readonly string[] {
    this.#subscribe();
    return this.#place.writers();
  }
  /** The document with its messages, another one after `onReplaced`. */
  readonly doc = (): ReturnType<ConversationPlace['doc']> => this.#place.doc();
  readonly onReplaced = (callback: () => void): (() => void) => this.#place.onReplaced(callback);
  /** Why it may lack something or is over, or ''. */
  get sentence(): string {
    this.#subscribe();
    return conversationSentence(this.#place.status);
  }
  /** Nothing that is written now would reach the others. */
  get isReadOnly(): boolean {
    this.#subscribe();
    return takesNoMessage(this.#place.status);
  }
  /** The server's messages are here, or none can come now: before, an empty list proves nothing. */
  get isKnown(): boolean {
    this.#subscribe();
    return this.#place.isKnown();
  }
  /** As the server says now. */
  learn(info: ConversationInfo): void {
    const sentence = peopleChangeSentence(this.#info.people, info.people);
    this.#info = info;
    this.#place.setPeople(info.people);
    if (sentence === '') return;
    const line = { id: (this.#lines.at(-1)?.id ?? 0) + 1, sentence, afterId: this.chat.messages.at(-1)?.id ?? '' };
    this.#lines = [...this.#lines, line].slice(-LINES_MAX);
  }
  close(): void {
    for (const stop of this.#stops) stop();
    this.#cancelLook?.();
    this.refused.close();
    this.chat.close();
    void this.#place.close();
  }

  #look(onSigns: () => void): void {
    const signs = this.#place.strangers();
    if (signs === this.#asked) return;
    this.#asked = signs;
    if (signs === '') return;
    this.#cancelLook ??= scheduleTimeout(() => {
      this.#cancelLook = null;
      onSigns();
    }, LOOK_AFTER_MS);
  }
}

export class Conversations {
  readonly #ports: ConversationsPorts;
  readonly #key: string;
  #list = $state.raw<readonly ConversationInfo[]>([]);
  /** Everyone in them by user id, as the newest has them. */
  readonly #people = $derived(new Map(this.#list.toReversed().flatMap(({ people }) => people.map((person) => [person.id, person]))));
  #open = $state.raw<OpenConversation | null>(null);
  #failure = $state('');
  #hasAnswer = $state(false);
  /** Counts what the person asked to see: an answer that comes after another wish opens nothing. */
  #wish = 0;
  #isClosed = false;

  constructor(ports: ConversationsPorts) {
    this.#ports = ports;
    this.#key = `wetink.conversations.${ports.me.id}`;
    this.#list = parseConversations(ports.facts.read(this.#key));
  }
  /** The newest first. */
  get list(): readonly ConversationInfo[] {
    return this.#list;
  }
  get current(): OpenConversation | null {
    return this.#open;
  }
  /** Why the list may be old, or ''. */
  get failure(): string {
    return this.#failure;
  }
  /** The server has told the list to this page: before, an empty one proves nothing. */
  get hasAnswer(): boolean {
    return this.#hasAnswer;
  }
  has(id: string): boolean {
    return this.#list.some((one) => one.id === id);
  }
  unreadOf(id: string): number {
    return this.#unread(id).length;
  }
  /** The newest message of another person that this device has heard of; null for none. */
  lastOf(id: string): InboxEntry | null {
    return this.#ports.inbox.entries.find(({ room, message }) => room === id && message !== '') ?? null;
  }
  /** The person as a conversation of mine has them, with their picture. */
  personOf(person: Person): Person {
    return this.#people.get(person.id) ?? person;
  }
  async refresh(): Promise<void> {
    const answer = await this.#ask((token) => this.#ports.api.list(token));
    this.#failure = answer.ok ? '' : conversationFailure(answer);
    if (!answer.ok) return;
    this.#hasAnswer = true;
    this.#keep(answer.value);
  }
  /** Others who are online, or a sentence that says why they are not known. */
  async online(): Promise<{ people: readonly Person[]; failure: string }> {
    const answer = await this.#ask((token) => this.#ports.api.online(token));
    if (!answer.ok) return { people: [], failure: directoryFailure(answer) };
    return { people: answer.value.filter(({ id }) => id !== this.#ports.me.id), failure: '' };
  }
  /** Opens the conversation with these people, a new one if need be. @returns A sentence when that is not possible, else null. */
  async start(people: readonly string[]): Promise<string | null> {
    const wish = ++this.#wish;
    const answer = await this.#ask((token) => this.#ports.api.open(token, people));
    if (!answer.ok) return conversationFailure(answer);
    this.#keep([answer.value, ...this.#list.filter(({ id }) => id !== answer.value.id)]);
    if (wish === this.#wish && !this.#isClosed) this.#show(answer.value, null);
    return null;
  }
  /** @returns A sentence when one of them could not be added, else null. */
  async add(id: string, people: readonly string[]): Promise<string | null> {
    for (const person of people) {
      const answer = await this.#ask((token) => this.#ports.api.add(token, id, person));
      if (!answer.ok) return conversationFailure(answer);
      this.#learn(answer.value);
    }
    return null;
  }
  /** @returns A sentence when it can't be opened, else null. */
  async show(id: string, messageId: string | null = null): Promise<string | null> {
    const wish = ++this.#wish;
    if (!this.has(id)) await this.refresh();
    if (wish !== this.#wish || this.#isClosed) return null;
    const info = this.#list.find((one) => one.id === id);
    if (info === undefined) return this.#failure || conversationFailure({ kind: 'refused', code: 'conversation_not_found' });
    this.#show(info, messageId);
    void this.#lookUp(id);
    return null;
  }
  /** @returns A sentence when it could not be left, else null. */
  async leave(id: string): Promise<string | null> {
    const answer = await this.#ask((token) => this.#ports.api.leave(token, id));
    const isGone = answer.ok || (answer.kind === 'refused' && answer.code === 'conversation_not_found');
    if (!isGone) return conversationFailure(answer);
    if (this.#open?.info.id === id) this.hide();
    this.#keep(this.#list.filter((one) => one.id !== id));
    return null;
  }
  /** Marks the notifications of the open conversation as read. */
  markRead(): void {
    const ids = this.#open === null ? [] : this.#unread(this.#open.info.id).map(({ id }) => id);
    if (ids.length > 0) this.#ports.inbox.markRead(...ids);
  }
  hide(): void {
    this.#wish++;
    this.#open?.close();
    this.#open = null;
  }
  /** Final: answers that are still under way open nothing. */
  close(): void {
    this.#isClosed = true;
    this.hide();
  }

  #show(info: ConversationInfo, messageId: string | null): void {
    if (this.#open?.info.id !== info.id) {
      this.hide();
      this.#open = new OpenConversation(info, this.#ports, () => void this.#lookUp(info.id));
    } else this.#open.learn(info);
    if (this.#open !== null) this.#open.chat.wanted = messageId;
  }
  /** Asks the server who is in it now. */
  async #lookUp(id: string): Promise<void> {
    const answer = await this.#ask((token) => this.#ports.api.view(token, id));
    if (answer.ok) this.#learn(answer.value);
    // Left on another device: the room says so itself, and the list on this device is old.
    else if (answer.kind === 'refused' && answer.code === 'conversation_not_found') this.#keep(this.#list.filter((one) => one.id !== id));
  }
  #learn(info: ConversationInfo): void {
    if (this.#isClosed) return;
    this.#keep(this.#list.map((one) => (one.id === info.id ? info : one)));
    if (this.#open?.info.id === info.id) this.#open.learn(info);
  }
  #unread(id: string): InboxEntry[] {
    return this.#ports.inbox.entries.filter(({ room, isRead }) => room === id && !isRead);
  }
  #keep(list: readonly ConversationInfo[]): void {
    this.#list = list;
    this.#ports.facts.write(this.#key, list);
  }
  async #ask<Value>(ask: (token: string) => Promise<ApiAnswer<Value>>): Promise<ApiAnswer<Value>> {
    let token: string;
    try {
      token = await this.#ports.account.token({ mustBeFresh: false });
    } catch {
      return { ok: false, kind: 'unreachable' }; // No token is to be had now.
    }
    return ask(token);
  }
}
