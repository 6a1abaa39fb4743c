/** The chat beside a board: its history, the unread messages, and announcing that I am typing. Reads through. */
import { createSubscriber } from 'svelte/reactivity';
import { BoardError, type ChatMessage } from '@wetink/board';
import type { KeyValue } from '../core/key-value.ts';
import { createTyping, type Typing } from '../core/typing.ts';
import { countUnread, parseSeen, seenOf, type Seen } from '../core/unread.ts';
import type { BoardSession } from '../session/board-session.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import { Draft } from './draft.svelte.ts';

export class ChatState {
  #session: BoardSession;
  #facts: KeyValue;
  #seenKey: string;
  #seen = $state.raw<Seen | null>(null);
  #subscribe: () => void;
  readonly typing: Typing;
  /** My unsent text: kept on this device, for this board and for me only. */
  readonly draft: Draft;

  constructor(session: BoardSession, facts: KeyValue) {
    this.#session = session;
    this.#facts = facts;
    this.#seenKey = `wetink.chat-seen.${session.boardId}`;
    this.draft = new Draft(facts, `chat.${session.boardId}.${session.me.id}`);
    this.#seen = parseSeen(facts.read(this.#seenKey));
    // A first visit: earlier messages are history, and only later ones are news.
    void session.room.whenSynced.then(() => this.#seen ?? this.#remember());
    this.typing = createTyping((change) => session.announce(change), scheduleTimeout);
    this.#subscribe = createSubscriber((update) => {
      let stop = session.board.chat.onChange(update);
      const stopReplaced = session.onReplaced(() => {
        stop();
        stop = session.board.chat.onChange(update);
        update();
      });
      return () => {
        stop();
        stopReplaced();
      };
    });
  }
  /** Oldest first. */
  get messages(): readonly ChatMessage[] {
    this.#subscribe();
    return this.#session.board.chat.messages();
  }
  get unread(): number {
    return countUnread(this.messages, this.#session.me.id, this.#seen);
  }
  /** All messages so far have been seen. */
  markRead(): void {
    if (this.#seen === null || this.unread > 0) this.#remember();
  }
  isMine(message: ChatMessage): boolean {
    return message.userId === this.#session.me.id;
  }
  /** @returns A sentence when it could not be sent, else null. */
  send(text: string): string | null {
    this.typing.stop();
    try {
      this.#session.send(text);
      return null;
    } catch (error) {
      if (error instanceof BoardError) return error.message;
      throw error;
    }
  }

  #remember(): void {
    this.#seen = seenOf(this.#session.board.chat.messages(), this.#session.me.id);
    this.#facts.write(this.#seenKey, this.#seen);
  }
}
