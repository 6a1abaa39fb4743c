/** A person's notifications and the rules by which they get them, for components. Reads through; holds no copy. */
import { createSubscriber } from 'svelte/reactivity';
import type { BlockedPerson, Inbox, InboxEntry, NotificationKind, NotificationLevel, QuietHours } from '@wetink/board';
import { arrivalSentence, inboxSentence } from '../core/notification-sentence.ts';
import type { InboxSession } from '../session/inbox-session.ts';
import type { Conversations } from './conversations.svelte.ts';
import type { InboxAlerts } from './inbox-alerts.svelte.ts';

export class InboxState {
  readonly alerts: InboxAlerts;
  readonly conversations: Conversations;
  readonly #session: InboxSession;
  readonly #subscribe: () => void;
  #arrival = $state('');

  /** @param conversations Makes them over this inbox. */
  constructor(session: InboxSession, alerts: InboxAlerts, conversations: (inbox: InboxState) => Conversations) {
    this.#session = session;
    this.alerts = alerts;
    this.conversations = conversations(this);
    this.#subscribe = createSubscriber((update) => session.onChange(update));
    session.onArrival((entries) => {
      this.#arrival = arrivalSentence(entries);
      this.lookForTalks();
    });
  }
  /** This device's copy was read: before, an empty list proves nothing. */
  get isLoaded(): boolean {
    return this.#inbox !== null;
  }
  /** Newest first. */
  get entries(): readonly InboxEntry[] {
    return this.#inbox?.list() ?? [];
  }
  get unread(): number {
    return this.#inbox?.unread() ?? 0;
  }
  /** Why the list may lack something, or ''. */
  get sentence(): string {
    this.#subscribe();
    return inboxSentence(this.#session.status);
  }
  /** For screen readers: the newest arrival, or ''. */
  get arrival(): string {
    return this.#arrival;
  }
  get quietHours(): QuietHours | null {
    return this.#inbox?.quietHours() ?? null;
  }
  get blocked(): readonly BlockedPerson[] {
    return this.#inbox?.blocked() ?? [];
  }
  /** Rooms, also those that this device has never opened. */
  get muted(): readonly string[] {
    return this.#inbox?.muted() ?? [];
  }
  isMuted(room: string): boolean {
    return this.#inbox?.isMuted(room) ?? false;
  }
  isBlocked(userId: string): boolean {
    return this.#inbox?.isBlocked(userId) ?? false;
  }
  level(kind: NotificationKind): NotificationLevel {
    return this.#inbox?.level(kind) ?? 'push';
  }
  /** It is about a conversation, which has no page of its own. */
  isTalk({ kind, room }: InboxEntry): boolean {
    return kind === 'message' || this.conversations.has(room);
  }
  /** An invitation may be one to a conversation that this device has not heard of, and leads there instead of to a board. */
  lookForTalks(): void {
    if (this.entries.some(({ kind, room, isRead }) => kind === 'invitation' && !isRead && !this.conversations.has(room)))
      void this.conversations.refresh();
  }
  markRead(...ids: string[]): void {
    this.#change((inbox) => inbox.markRead(ids));
  }
  markAllRead(): void {
    const ids = this.entries.map(({ id }) => id);
    this.#change((inbox) => inbox.markRead(ids));
  }
  /** @returns False when too many boards are muted. */
  setMuted(room: string, isMuted: boolean): boolean {
    let isDone = true;
    this.#change((inbox) => (isDone = inbox.setMuted(room, isMuted)));
    return isDone;
  }
  setLevel(kind: NotificationKind, level: NotificationLevel): void {
    this.#change((inbox) => inbox.setLevel(kind, level));
  }
  setQuietHours(hours: QuietHours | null): void {
    this.#change((inbox) => inbox.setQuietHours(hours));
  }
  /** @returns False when too many people are blocked. */
  block(person: { id: string; name: string }): boolean {
    let isDone = true;
    const at = Date.now();
    this.#change((inbox) => (isDone = inbox.block({ ...person, at })));
    return isDone;
  }
  unblock(userId: string): void {
    this.#change((inbox) => inbox.unblock(userId));
  }
  /** Final. */
  close(): Promise<void> {
    this.alerts.close();
    this.conversations.close();
    return this.#session.close();
  }

  #change(write: (inbox: Inbox) => void): void {
    this.#session.change(write);
  }
  get #inbox(): Inbox | null {
    this.#subscribe();
    return this.#session.inbox;
  }
}
