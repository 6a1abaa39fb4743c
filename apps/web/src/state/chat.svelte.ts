/**
 * A chat: its history, reactions, whether messages are saved and seen, and announcing that I am typing. Reads through. The
 * chat of the open board, or a conversation without a board: a `ChatPlace` says which.
 */
import * as m from '$words/chat';
import { createSubscriber } from 'svelte/reactivity';
import {
  BoardError,
  type AttachedFile,
  type Chat,
  type ChatMessage,
  type ChatView,
  type ElementId,
  type MessageParts,
  type Reaction,
} from '@wetink/board';
import { deliverySentence, NAMED_READERS, UnsavedMessages, type Delivery, type Progress } from '../core/delivery.ts';
import type { KeyValue } from '../core/key-value.ts';
import type { Mentioned } from '../core/markdown.ts';
import { mentionedIn, type Nameable } from '../core/mentions.ts';
import { ReadPlaces } from '../core/read-places.ts';
import { createTyping, type Typing } from '../core/typing.ts';
import { countUnread, firstUnread, parseSeen, seenOf, seenThrough, type Seen } from '../core/unread.ts';
import { Listeners } from '../session/listeners.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import { Draft } from './draft.svelte.ts';

/** Read marks of one page are this far apart: each is a change of the document, and goes to everybody. Milliseconds. */
const MARK_EVERY_MS = 2_000;

/** Where a chat is. */
export interface ChatPlace {
  /** Unique on this device, for what is kept there. */
  readonly key: string;
  readonly me: { readonly id: string; readonly name: string };
  /** Opens the chat of the current document. Called again after `onReplaced`. */
  open(): Chat;
  onReplaced(callback: () => void): () => void;
  /** The first sync. */
  readonly whenSynced: Promise<void>;
  announce(change: { isTyping: boolean }): void;
  /** Whether others may learn how far I have read: I can write here, and all of it has arrived. */
  mayMark(): boolean;
  progress(): Progress;
  onProgress(callback: () => void): () => void;
  /** People who can be mentioned, those who are here first. */
  people(): readonly Nameable[];
  nameOf(userId: string): string | null;
  /** The person as the server has them, with their picture; only where it tells that. */
  find?(userId: string): Nameable | undefined;
  /** Parts of a board, which messages can show the way to; null for a conversation without one. */
  readonly views: { current(): ChatView | null; show(view: ChatView): void } | null;
}

export class ChatState {
  readonly #place: ChatPlace;
  readonly #facts: KeyValue;
  readonly #seenKey: string;
  readonly #changed = new Listeners<[]>();
  readonly #stops: readonly (() => void)[];
  readonly #unsaved: UnsavedMessages;
  readonly #readPlaces = new ReadPlaces();
  #chat: Chat;
  #seen = $state.raw<Seen | null>(null);
  #markedAtMs = -Infinity;
  #cancelMark: (() => void) | null = null;
  /** Facts of the progress that components show, as of the last time that listeners heard of it. */
  #progress: string;
  #willLook = false;
  #isClosed = false;
  /** Changes of the chat so far. */
  #changes = 0;
  #subscribe: () => void;
  readonly typing: Typing;
  /** Id of a message that the list shows as soon as it can; null for none. */
  wanted = $state<string | null>(null);
  /** My unsent text: kept on this device, for this chat and for me only. */
  readonly draft: Draft;

  constructor(place: ChatPlace, facts: KeyValue) {
    this.#place = place;
    this.#facts = facts;
    this.#seenKey = `wetink.chat-seen.${place.key}`;
    this.draft = new Draft(facts, `chat.${place.key}.${place.me.id}`);
    this.#unsaved = new UnsavedMessages(facts, `wetink.chat-unsaved.${place.key}`);
    this.#seen = parseSeen(facts.read(this.#seenKey));
    // A first visit: earlier messages are history, and only later ones are news.
    void place.whenSynced.then(() => this.#seen ?? this.#remember());
    this.#progress = this.#shownProgress();
    this.typing = createTyping((change) => place.announce(change), scheduleTimeout);
    this.#chat = this.#open();
    this.#stops = [
      place.onReplaced(() => {
        this.#unsaved.refuse();
        this.#chat.close();
        this.#chat = this.#open();
        this.#changed.tell();
      }),
      place.onProgress(() => this.#lookSoon()),
    ];
    this.#subscribe = createSubscriber((update) => this.#changed.add(update));
  }
  get me(): ChatPlace['me'] {
    return this.#place.me;
  }
  /** Oldest first. */
  get messages(): readonly ChatMessage[] {
    this.#subscribe();
    return this.#chat.messages();
  }
  find(id: string): ChatMessage | undefined {
    this.#subscribe();
    return this.#chat.find(id);
  }
  get unread(): number {
    return countUnread(this.messages, this.me.id, this.#seen);
  }
  /** The oldest message that I have not seen; null for none. */
  get firstUnread(): string | null {
    return firstUnread(this.messages, this.me.id, this.#seen);
  }
  /** All messages so far have been seen. */
  markRead(): void {
    if (this.#seen === null || this.unread > 0) this.#remember();
    if (this.#cancelMark !== null) return;
    const waitMs = this.#markedAtMs + MARK_EVERY_MS - performance.now();
    if (waitMs <= 0) this.#mark();
    else this.#cancelMark = scheduleTimeout(() => this.#mark(), waitMs);
  }
  /** The conversation about one element. */
  about(id: ElementId): readonly ChatMessage[] {
    return this.messages.filter(({ about }) => about === id);
  }
  isMine(message: ChatMessage): boolean {
    return message.userId === this.me.id;
  }
  reactions(id: string): readonly Reaction[] {
    this.#subscribe();
    return this.#chat.reactions(id);
  }
  /** People, for a list of names: me as "you". */
  nameOf(userId: string): string {
    return userId === this.me.id ? 'you' : (this.#place.nameOf(userId) ?? m.guest());
  }
  get people(): readonly Nameable[] {
    return this.#place.people().filter(({ id }) => id !== this.me.id);
  }
  /** The author of a message, as far as the place knows them. */
  personOf({ userId, name }: Pick<ChatMessage, 'userId' | 'name'>): Nameable {
    return this.#place.find?.(userId) ?? { id: userId, name };
  }
  mentionsOf({ mentions }: ChatMessage): readonly Mentioned[] {
    return mentions.flatMap((id) => {
      const name = id === this.me.id ? this.me.name : this.#place.nameOf(id);
      return name === null ? [] : { name, isMe: id === this.me.id };
    });
  }
  /** Whether one of my messages is saved. */
  deliveryOf({ id }: ChatMessage): Delivery {
    this.#subscribe();
    return this.#unsaved.stateOf(id, this.#place.progress());
  }
  /** The same in words, with those who have seen it: for a line that is shown, since it looks through all readers. */
  deliveryLine(message: ChatMessage): { sentence: string; isSeen: boolean } {
    const delivery = this.deliveryOf(message);
    const readers = this.#readPlaces.of(this.#chat).readersOf(message, { except: this.me.id, atMost: NAMED_READERS });
    const names = readers.first.map((id) => this.nameOf(id));
    return { sentence: deliverySentence(delivery, { count: readers.count, names }), isSeen: readers.count > 0 };
  }
  /** Files of messages can be shown: they lie beside a board. */
  get hasFiles(): boolean {
    return this.#place.views !== null;
  }
  get views(): ChatPlace['views'] {
    return this.#place.views;
  }
  /** Milliseconds until I may send again; 0 for now. */
  waitMs(): number {
    return this.#chat.waitMs();
  }
  /** @param picked Ids of people who were picked from the list of names. @returns A sentence when it could not be sent, else null. */
  send(text: string, parts: MessageParts = {}, picked: readonly string[] = []): string | null {
    this.typing.stop();
    return this.#send(text, { ...parts, mentions: mentionedIn(text, this.people, picked) });
  }
  /** A message that is a file. Its bytes must be on this device. @returns A sentence when it could not be sent, else null. */
  sendFile(file: AttachedFile): string | null {
    return this.#send('', { file });
  }
  /** @returns A sentence when it could not be changed, else null. */
  edit(id: string, text: string, picked: readonly string[]): string | null {
    return this.#try(() => this.#edit(id, text, mentionedIn(text, this.people, picked)));
  }
  /** Messages of mine that the server refused; those that are here are changed as I had. @returns As `send`. */
  sendAgain(messages: readonly ChatMessage[]): string | null {
    return this.#try(() => {
      for (const message of messages) {
        if (this.#chat.find(message.id) !== undefined) this.#edit(message.id, message.text, message.mentions);
        else this.#sendAgain(message);
      }
    });
  }
  remove(id: string): string | null {
    return this.#try(() => this.#chat.remove(id));
  }
  toggleReaction(id: string, emoji: string): string | null {
    return this.#try(() => this.#chat.toggleReaction(id, emoji));
  }
  /** Another tab has written to the device. Null: it may have, while nobody listened. */
  follow(event: StorageEvent | null): void {
    if (event !== null) this.draft.follow(event);
    if (this.#unsaved.follow(event)) this.#changed.tell();
  }
  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#cancelMark?.();
    this.typing.stop();
    this.#chat.close();
  }

  #open(): Chat {
    const chat = this.#place.open();
    chat.onChange(() => {
      this.#changes += 1;
      this.#unsaved.arrived((id) => chat.find(id) !== undefined);
      this.#followMyDevices(chat);
      this.#changed.tell();
    });
    this.#followMyDevices(chat);
    return chat;
  }
  /** In a microtask: a room whose document was refused counts its changes as settled, and says so before `onReplaced`. */
  #lookSoon(): void {
    if (this.#willLook) return;
    this.#willLook = true;
    queueMicrotask(() => {
      this.#willLook = false;
      if (!this.#isClosed) this.#lookAtProgress();
    });
  }
  /** The status of a room changes with every change of anybody: listeners hear of what is shown alone. */
  #lookAtProgress(): void {
    const hasSettled = this.#unsaved.settle(this.#place.progress());
    const shown = this.#shownProgress();
    if (shown === this.#progress && !hasSettled) return;
    this.#progress = shown;
    this.#changed.tell();
  }
  /** With `mayMark`: messages that were read before are marked then. */
  #shownProgress(): string {
    const { isOpen, hasAcks } = this.#place.progress();
    return [isOpen, hasAcks, this.#place.mayMark()].join();
  }
  #send(text: string, parts: MessageParts): string | null {
    return this.#try(() => {
      const progress = this.#place.progress();
      this.#unsaved.sent(this.#chat.send(text, this.me.name, parts), progress);
    });
  }
  #sendAgain(message: ChatMessage): void {
    const progress = this.#place.progress();
    this.#chat.sendAgain(message, this.me.name);
    const sent = this.#chat.messages().at(-1);
    if (sent !== undefined) this.#unsaved.sent(sent.id, progress);
  }
  /** A change that says the same as before writes nothing, and waits for nothing. */
  #edit(id: string, text: string, mentions: readonly string[]): void {
    const [before, progress] = [this.#changes, this.#place.progress()];
    this.#chat.edit(id, text, mentions);
    if (this.#changes !== before) this.#unsaved.sent(id, progress);
  }
  #try(act: () => void): string | null {
    try {
      act();
      return null;
    } catch (error) {
      if (error instanceof BoardError) return error.message;
      throw error;
    }
  }

  #remember(): void {
    this.#seen = seenOf(this.#chat.messages(), this.me.id);
    this.#facts.write(this.#seenKey, this.#seen);
  }
  #mark(): void {
    this.#cancelMark = null;
    if (!this.#place.mayMark()) return;
    this.#markedAtMs = performance.now();
    this.#try(() => this.#chat.markRead());
  }
  /** Messages that I have read on another device are not unread here. */
  #followMyDevices(chat: Chat): void {
    const mark = chat.readMarks().get(this.me.id);
    if (mark === undefined || this.#seen === null || !this.#readPlaces.isNews(mark)) return;
    const seen = seenThrough(chat.messages(), this.me.id, { seen: this.#seen, lastId: mark.messageId });
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#facts.write(this.#seenKey, seen);
  }
}
