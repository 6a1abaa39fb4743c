/** The conversation beside a board: its history, what is unread, and saying that I am typing. Reads through. */
import { createSubscriber } from 'svelte/reactivity';
import { BoardError, type ChatMessage } from '@wetink/board';
import type { KeyValue } from '../core/key-value.ts';
import { createTyping, type Typing } from '../core/typing.ts';
import { countOthers, countUnread, parseSeen } from '../core/unread.ts';
import type { BoardSession } from '../session/board-session.ts';
import { scheduleTimeout } from '../session/timers.ts';

export class ChatState {
  #session: BoardSession;
  #facts: KeyValue;
  #seenKey: string;
  #seenOthers = $state(0);
  #subscribe: () => void;
  readonly typing: Typing;

  constructor(session: BoardSession, facts: KeyValue) {
    this.#session = session;
    this.#facts = facts;
    this.#seenKey = `wetink.chat-seen.${session.boardId}`;
    this.#seenOthers = parseSeen(facts.read(this.#seenKey));
    this.typing = createTyping((isTyping) => session.announce({ isTyping }), scheduleTimeout);
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
    return countUnread(this.messages, this.#session.me.id, this.#seenOthers);
  }
  /** Everything so far has been looked at. */
  markRead(): void {
    const seen = countOthers(this.messages, this.#session.me.id);
    if (seen === this.#seenOthers) return;
    this.#seenOthers = seen;
    this.#facts.write(this.#seenKey, seen);
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
}
