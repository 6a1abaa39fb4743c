/**
 * A person's inbox: the notifications that a relay wrote there, and what the person has read, muted and blocked. Any device of
 * the person may change it, also offline.
 */
import type * as Y from 'yjs';
import { Emitter } from '../emitter.ts';
import {
  block,
  blockedPeople,
  isBlocked,
  isMinute,
  isMuted,
  isQuietAt,
  levelOf,
  mute,
  mutedRooms,
  quietHoursOf,
  unblock,
  type BlockedPerson,
  type NotificationLevel,
  type QuietHours,
} from './inbox-rules.ts';
import { openInboxRoots, readInbox, readMarks, type InboxRoots } from './inbox-roots.ts';
import type { Notification, NotificationKind } from './notification-record.ts';

export interface InboxEntry extends Notification {
  readonly isRead: boolean;
}

export interface Inbox {
  /** Newest first, at most 500. The same array until something changes. */
  list(): readonly InboxEntry[];
  unread(): number;
  /** Ids that are not in the list are ignored. */
  markRead(ids: readonly string[]): void;
  markAllRead(): void;
  isMuted(room: string): boolean;
  /** Ids of the muted rooms, also of those that this device has never opened. */
  muted(): readonly string[];
  /** Mentions, replies and messages of a muted room make no notification. @returns False when 1,000 rooms are muted. */
  setMuted(room: string, isMuted: boolean): boolean;
  level(kind: NotificationKind): NotificationLevel;
  setLevel(kind: NotificationKind, level: NotificationLevel): void;
  quietHours(): QuietHours | null;
  /** @throws {RangeError} Not minutes of a day, or the same minute twice. */
  setQuietHours(hours: QuietHours | null): void;
  /** Whether the quiet hours include this minute of the person's day. Nothing is pushed then; the list goes on. */
  isQuietAt(minute: number): boolean;
  blocked(): readonly BlockedPerson[];
  isBlocked(userId: string): boolean;
  /** Nothing that this person does makes a notification from now on. @returns False when 1,000 people are blocked. */
  block(person: BlockedPerson): boolean;
  unblock(userId: string): void;
  onChange(callback: () => void): () => void;
  /** Stops listening. The document stays. */
  close(): void;
}

/** @param doc The document of the room that `inboxRoom` names. */
export function openInbox(doc: Y.Doc): Inbox {
  return new DocumentInbox(doc);
}

class DocumentInbox implements Inbox {
  readonly #doc: Y.Doc;
  readonly #roots: InboxRoots;
  readonly #emitter = new Emitter<[]>();
  #entries: readonly InboxEntry[] | null = null;
  readonly #observer = (): void => {
    this.#entries = null;
    this.#emitter.emit();
  };

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#roots = openInboxRoots(doc);
    for (const root of Object.values(this.#roots)) root.observe(this.#observer);
  }

  list(): readonly InboxEntry[] {
    if (this.#entries === null) {
      const marks = readMarks(this.#roots.read);
      this.#entries = readInbox(this.#roots.inbox)
        .map((notification) => ({ ...notification, isRead: marks.has(notification.id) }))
        .reverse();
    }
    return this.#entries;
  }

  unread(): number {
    return this.list().reduce((count, { isRead }) => (isRead ? count : count + 1), 0);
  }

  markRead(ids: readonly string[]): void {
    const wanted = new Set(ids);
    const unread = this.list().flatMap(({ id, isRead }) => (!isRead && wanted.has(id) ? [id] : []));
    if (unread.length === 0) return;
    this.#roots.read.push(unread);
    // Within a transaction of the caller's, the observer has not been called yet.
    this.#entries = null;
  }

  markAllRead(): void {
    this.markRead(this.list().map(({ id }) => id));
  }

  muted(): readonly string[] {
    return mutedRooms(this.#roots.prefs);
  }
  isMuted(room: string): boolean {
    return isMuted(this.#roots.prefs, room);
  }

  setMuted(room: string, isToBeMuted: boolean): boolean {
    if (isToBeMuted) return mute(this.#roots.prefs, room);
    if (this.#roots.prefs.has(`mute/${room}`)) this.#roots.prefs.delete(`mute/${room}`);
    return true;
  }

  level(kind: NotificationKind): NotificationLevel {
    return levelOf(this.#roots.prefs, kind);
  }

  setLevel(kind: NotificationKind, level: NotificationLevel): void {
    if (level !== this.level(kind)) this.#roots.prefs.set(`kind/${kind}`, level);
  }

  quietHours(): QuietHours | null {
    return quietHoursOf(this.#roots.prefs);
  }

  setQuietHours(hours: QuietHours | null): void {
    const { prefs } = this.#roots;
    if (hours === null) {
      if (prefs.has('quiet')) prefs.delete('quiet');
      return;
    }
    if (!isMinute(hours.from) || !isMinute(hours.to) || hours.from === hours.to)
      throw new RangeError('quiet hours are two different minutes of a day');
    prefs.set('quiet', [hours.from, hours.to]);
  }

  isQuietAt(minute: number): boolean {
    return isQuietAt(this.quietHours(), minute);
  }

  blocked(): readonly BlockedPerson[] {
    return blockedPeople(this.#roots.prefs);
  }

  isBlocked(userId: string): boolean {
    return isBlocked(this.#roots.prefs, userId);
  }

  block(person: BlockedPerson): boolean {
    return block(this.#roots.prefs, person);
  }

  unblock(userId: string): void {
    unblock(this.#roots.prefs, userId);
  }

  onChange(callback: () => void): () => void {
    return this.#emitter.on(callback);
  }

  close(): void {
    for (const root of Object.values(this.#roots)) root.unobserve(this.#observer);
    this.#emitter.clear();
  }
}
