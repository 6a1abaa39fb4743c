/**
 * How far each person has read: read marks by the place of their message in the chat. Computed
 * once for each state of the chat.
 */
import type { Chat, ChatMessage, ReadMark } from '@wetink/board';

export interface Readers {
  /** Ids of the first of them. */
  readonly first: readonly string[];
  readonly count: number;
}

export class ReadPlaces {
  #messages: readonly ChatMessage[] | null = null;
  #marks: ReadonlyMap<string, ReadMark> | null = null;
  #places: ReadonlyMap<string, number> = new Map();
  /** Place of the newest message seen, by user. */
  #seen: readonly { readonly userId: string; readonly place: number; readonly at: number }[] = [];
  #mine: ReadMark | null = null;

  of(chat: Pick<Chat, 'messages' | 'readMarks'>): this {
    const [messages, marks] = [chat.messages(), chat.readMarks()];
    if (messages === this.#messages && marks === this.#marks) return this;
    if (messages !== this.#messages) this.#places = new Map(messages.map(({ id }, place) => [id, place]));
    this.#messages = messages;
    this.#marks = marks;
    // A mark whose message is not here says nothing: it may have been deleted from the document, or not have arrived.
    this.#seen = [...marks].flatMap(([userId, { messageId, at }]) => {
      const place = this.#places.get(messageId);
      return place === undefined ? [] : [{ userId, place, at }];
    });
    return this;
  }

  /**
   * Users who have read as far as the message, without its author and without `except`. One who read it before its author
   * changed it has not seen what it says now.
   *
   * @param atMost Limit of `first`, not of `count`.
   */
  readersOf({ id, userId: author, editedAt }: ChatMessage, { except, atMost }: { except: string; atMost: number }): Readers {
    const place = this.#places.get(id) ?? Infinity;
    const first: string[] = [];
    let count = 0;
    for (const { userId, place: seen, at } of this.#seen) {
      if (seen < place || at < (editedAt ?? 0) || userId === author || userId === except) continue;
      count += 1;
      if (first.length < atMost) first.push(userId);
    }
    return { first, count };
  }

  /** @returns Whether it is another mark than the last time. */
  isNews(mark: ReadMark): boolean {
    if (this.#mine?.at === mark.at && this.#mine.messageId === mark.messageId) return false;
    this.#mine = mark;
    return true;
  }
}
