/**
 * People's marks on messages: reactions, and how far each has read. Read once, then kept up with one key at a time.
 *
 * Bounded, since every peer can write keys: beyond the bounds further marks are not read, except how far I have read.
 */
import type * as Y from 'yjs';
import { readReaction, readReactionKey, readSeen, readSeenKey } from '../document/mark-record.ts';
import { MAX_REACTION_USERS, MAX_REACTIONS, MAX_REACTIONS_READ, MAX_READ_MARKS } from '../limits.ts';
import type { Reaction, ReadMark, UserId } from '../types.ts';

const none: readonly Reaction[] = [];

export class Marks {
  readonly #root: Y.Map<unknown>;
  readonly #onChange: () => void;
  readonly #me: UserId;
  /** Message, emoji, user, time of the reaction. */
  readonly #reactions = new Map<string, Map<string, Map<UserId, number>>>();
  readonly #shown = new Map<string, readonly Reaction[]>();
  #count = 0;
  #seen: ReadonlyMap<UserId, ReadMark> = new Map();

  /** @param options.onChange Called within the transaction, at most once. */
  constructor(root: Y.Map<unknown>, { me, onChange }: { me: UserId; onChange: () => void }) {
    this.#root = root;
    this.#me = me;
    this.#onChange = onChange;
    this.#take(root.keys());
    root.observe(this.#observer);
  }

  reactions(messageId: string): readonly Reaction[] {
    const byEmoji = this.#reactions.get(messageId);
    if (byEmoji === undefined) return none;
    let shown = this.#shown.get(messageId);
    if (shown === undefined) this.#shown.set(messageId, (shown = inOrder(byEmoji)));
    return shown;
  }

  has(messageId: string, emoji: string, userId: UserId): boolean {
    return this.#reactions.get(messageId)?.get(emoji)?.has(userId) ?? false;
  }

  /** Keys of all reactions to a message, as emoji and user. */
  *on(messageId: string): Iterable<{ emoji: string; userId: UserId }> {
    for (const [emoji, users] of this.#reactions.get(messageId) ?? []) for (const userId of users.keys()) yield { emoji, userId };
  }

  seen(): ReadonlyMap<UserId, ReadMark> {
    return this.#seen;
  }

  close(): void {
    this.#root.unobserve(this.#observer);
  }

  readonly #observer = (event: Y.YMapEvent<unknown>): void => {
    if (this.#take(event.keysChanged as Set<string | null>)) this.#onChange();
  };

  /** @returns Whether anything changed. */
  #take(keys: Iterable<string | null>): boolean {
    const seen = new Map<UserId, ReadMark>();
    let hasReacted = false;
    for (const key of keys) {
      // List content that a peer wrote into the map.
      if (key === null) continue;
      const userId = readSeenKey(key);
      if (userId === null) hasReacted = this.#takeReaction(key) || hasReacted;
      else this.#takeSeen(userId, readSeen(this.#root.get(key)), seen);
    }
    if (seen.size > 0) this.#seen = new Map([...this.#seen, ...seen]);
    return hasReacted || seen.size > 0;
  }

  /** A mark that arrives late, or that another device of the user wrote with an older one before it, moves nothing back. */
  #takeSeen(userId: UserId, mark: ReadMark | null, taken: Map<UserId, ReadMark>): void {
    const before = this.#seen.get(userId);
    if (mark === null || (before !== undefined && !isLater(mark, before))) return;
    if (before === undefined && userId !== this.#me && this.#seen.size + taken.size >= MAX_READ_MARKS) return;
    taken.set(userId, mark);
  }

  #takeReaction(key: string): boolean {
    const reaction = readReactionKey(key);
    if (reaction === null) return false;
    const { messageId, emoji, userId } = reaction;
    const at = readReaction(this.#root.get(key));
    const had = this.has(messageId, emoji, userId);
    if (at === null) {
      if (!had) return false;
      this.#forget(reaction);
    } else {
      if (!had && this.#count >= MAX_REACTIONS_READ) return false;
      const byEmoji = entry(this.#reactions, messageId, () => new Map<string, Map<UserId, number>>());
      entry(byEmoji, emoji, () => new Map<UserId, number>()).set(userId, at);
      if (!had) this.#count++;
    }
    this.#shown.delete(messageId);
    return true;
  }

  #forget({ messageId, emoji, userId }: { messageId: string; emoji: string; userId: UserId }): void {
    const byEmoji = this.#reactions.get(messageId);
    const users = byEmoji?.get(emoji);
    if (users?.delete(userId)) this.#count--;
    if (users?.size === 0) byEmoji?.delete(emoji);
    if (byEmoji?.size === 0) this.#reactions.delete(messageId);
  }
}

/** True also for another mark of the same time: then the one that is in the document now counts. */
function isLater(mark: ReadMark, before: ReadMark): boolean {
  return mark.at > before.at || (mark.at === before.at && mark.messageId !== before.messageId);
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** The same on every device: by time, then by text. */
function inOrder(byEmoji: ReadonlyMap<string, ReadonlyMap<UserId, number>>): readonly Reaction[] {
  const sorted = [...byEmoji].map(([emoji, users]) => {
    const inTime = [...users].sort(([a, at], [b, bt]) => at - bt || (a < b ? -1 : 1));
    return { emoji, first: inTime[0]?.[1] ?? 0, count: users.size, userIds: inTime.slice(0, MAX_REACTION_USERS).map(([id]) => id) };
  });
  sorted.sort((a, b) => a.first - b.first || (a.emoji < b.emoji ? -1 : 1));
  return sorted.slice(0, MAX_REACTIONS).map(({ emoji, userIds, count }) => ({ emoji, userIds, count }));
}
