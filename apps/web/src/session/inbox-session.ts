/**
 * A person's inbox over the room that syncs it, for as long as the page is in use.
 *
 *     open ── hidden for a while ──> resting: no room, the last list stays ── shown ──> open
 *
 * Writes go through `change`. One made while the room is being opened again goes into the list on the screen at once, and
 * into the room's document as soon as the device's copy is in it.
 */
import { inboxRoom, openInbox, type Inbox, type InboxEntry } from '@wetink/board';
import { openRoom, type Room, type RoomOptions, type RoomStatus } from '@wetink/sync';
import * as Y from 'yjs';
import type { scheduleTimeout } from '../browser/timers.ts';
import { Listeners } from './listeners.ts';

/** Long enough to look something up in another tab; a page that is forgotten holds no connection. */
export const REST_AFTER_MS = 10 * 60_000;
/**
 * The same where pushes come to this device: the relay sends none while a connection is there, to no device of the person,
 * so a tab that is forgotten on a desk must not keep the phone silent. Long enough to change between tabs.
 */
export const REST_PUSHED_AFTER_MS = 60_000;

export interface InboxSessionOptions {
  userId: string;
  relayUrl: string;
  getToken: NonNullable<RoomOptions['getToken']>;
  page: Document;
  /** True while a hidden page must hear of what arrives. */
  staysOpen(): boolean;
  /** Pushes come to this device while no page is open. */
  isPushed(): boolean;
  schedule: typeof scheduleTimeout;
  /** For tests; the real thing by default. */
  open?: typeof openRoom;
}

export class InboxSession {
  readonly #options: InboxSessionOptions;
  readonly #changed = new Listeners<[]>();
  readonly #arrived = new Listeners<[entries: readonly InboxEntry[]]>();
  readonly #over = new AbortController();
  #room: Room | null = null;
  #inbox: Inbox | null = null;
  /** The room whose document `#inbox` shows. */
  #shown: Room | null = null;
  /** Ids that were here before, so that only what comes later arrives. */
  #known = new Set<string>();
  /** The server's list was here once: before, what is new on this device may be old. */
  #hasSynced = false;
  /** Writes for the document of a room that is being opened. */
  #late: ((inbox: Inbox) => void)[] = [];
  #stops: (() => void)[] = [];
  #cancelRest = (): void => undefined;

  constructor(options: InboxSessionOptions) {
    this.#options = options;
    options.page.addEventListener('visibilitychange', () => this.#look(), { signal: this.#over.signal });
    this.#open();
    this.#look();
  }
  /** Null until the device's copy is read. Another one after a while: ask again after `onChange`. */
  get inbox(): Inbox | null {
    return this.#inbox;
  }
  /** Null while it rests. */
  get status(): RoomStatus | null {
    return this.#room?.status ?? null;
  }
  change(write: (inbox: Inbox) => void): void {
    if (this.#inbox !== null) write(this.#inbox);
    if (this.#room === null || this.#shown !== this.#room) this.#late.push(write);
  }
  onChange(callback: () => void): () => void {
    return this.#changed.add(callback);
  }
  /** Unread entries that came while this page was open. */
  onArrival(callback: (entries: readonly InboxEntry[]) => void): () => void {
    return this.#arrived.add(callback);
  }
  /** Idempotent. */
  async close(): Promise<void> {
    this.#over.abort();
    this.#cancelRest();
    await this.#rest();
    this.#inbox?.close();
    this.#inbox = null;
  }

  #look(): void {
    this.#cancelRest();
    const { page, schedule, staysOpen, isPushed } = this.#options;
    if (page.visibilityState === 'hidden') {
      // Asked when the time has come: whether pushes come is known only a while after the page is opened.
      this.#cancelRest = schedule(() => {
        if (isPushed()) return void this.#rest();
        this.#cancelRest = schedule(() => {
          if (staysOpen()) this.#look();
          else void this.#rest();
        }, REST_AFTER_MS - REST_PUSHED_AFTER_MS);
      }, REST_PUSHED_AFTER_MS);
    } else if (this.#room === null) this.#open();
  }
  #open(): void {
    const { userId, relayUrl, getToken, open = openRoom } = this.#options;
    const room = open({ url: relayUrl, room: inboxRoom(userId), createDoc: () => new Y.Doc(), getToken });
    this.#room = room;
    this.#hasSynced = false;
    const tell = (): void => this.#changed.tell();
    // Nobody else is in this room, and nobody is to be seen in it.
    const hide = (): void => room.awareness.setLocalState(null);
    hide();
    this.#stops = [
      room.onStatus(tell),
      room.onSynced(() => {
        this.#noteArrivals();
        this.#hasSynced = true;
      }),
      room.onReplaced(({ kept }) => {
        // The relay took my marks for something else: they are of no use beside the list that it has.
        void kept.discard();
        hide();
        this.#hasSynced = false;
        this.#enter(room);
      }),
    ];
    void room.whenLoaded.then(() => {
      if (this.#room === room) this.#enter(room);
    });
    tell();
  }
  #enter(room: Room): void {
    this.#inbox?.close();
    const inbox = openInbox(room.doc);
    this.#inbox = inbox;
    this.#shown = room;
    inbox.onChange(() => {
      this.#noteArrivals();
      this.#changed.tell();
    });
    for (const write of this.#late.splice(0)) write(inbox);
    this.#noteArrivals();
    this.#changed.tell();
  }
  #noteArrivals(): void {
    const list = this.#inbox?.list() ?? [];
    const arrived = this.#hasSynced ? list.filter(({ id, isRead }) => !isRead && !this.#known.has(id)) : [];
    this.#known = new Set(list.map(({ id }) => id));
    if (arrived.length > 0) this.#arrived.tell(arrived);
  }
  async #rest(): Promise<void> {
    const room = this.#room;
    this.#room = null;
    for (const stop of this.#stops.splice(0)) stop();
    await room?.close();
  }
}
