/**
 * Notifies people of messages that concern them, however the messages came: from a page or by HTTP. Off the path of changes, in
 * passes (room-passes.ts):
 *
 *     the room's messages -> those not handled yet -> people with a role -> inboxes
 *                                                  -> the record of what was handled
 *
 * An inbox that cannot be written holds up no other: its messages are tried again, a few times, and then given up.
 */

import { chatNews, titleOf, type ChatNews, type NewNotification, type RecentMessage } from '@wetink/board';
import type { ArrayChange, Environment, KeyWindow } from '@wetink/relay';
import { isBotId, type Boards, type Conversations } from '@wetink/relay/access';
import type { HandledMessages } from './handled-messages.ts';
import { isOfConcern, noticesOf, type TalkRoom } from './message-notices.ts';
import type { Notifier } from './notifier.ts';
import { RoomPasses, type Attempt } from './room-passes.ts';

/** Notifications of one room. */
export interface MessageLimits {
  /** Those of one author: fewer than of the room, so that a busy author leaves room for the mentions of others. */
  ofAuthor: KeyWindow;
  toPerson: KeyWindow;
  ofRoom: KeyWindow;
}

export interface MessageWatchPorts {
  boards: Pick<Boards, 'accessOf'>;
  conversations: Pick<Conversations, 'listenersOf' | 'touched'>;
  /** The relay has seen a user of this id: nobody else has an inbox. */
  isUser(userId: string): Promise<boolean>;
  /** The owner who made a bot; null: this board has no such bot. */
  makerOf(board: string, bot: string): Promise<string | null>;
  /** @throws The person's inbox cannot be read now. */
  hasBlocked(person: string, userId: string): Promise<boolean>;
  notifier: Notifier;
  handled: Pick<HandledMessages, 'of' | 'add'>;
  limits: MessageLimits;
  environment: Environment;
  /** ms since 1970. */
  wallClock(): number;
  /** Notifications could not be written, and will be tried again. */
  onError(error: unknown): void;
  /** Messages of which somebody was not notified after all attempts. */
  onGivenUp(count: number): void;
  /** Notifications were left out, because a room made too many. */
  onLimited(count: number): void;
}

/** Work that a room's failed passes leave for the next. */
interface Left {
  /** Messages of which somebody could not be notified. */
  messages: Set<string>;
  /** Notifications of these that are written already: USER ID. */
  written: Set<string>;
}

/** Older ones, and ones from a clock that is this far ahead, are not news. */
const NEWS_MS = 7 * 24 * 60 * 60_000;
const INBOXES_AT_ONCE = 10;
/** Rooms whose messages are remembered here, so that a busy chat costs no read of the record, and how many in all: about 40 MB. */
const MAX_REMEMBERED_ROOMS = 2_000;
const MAX_REMEMBERED_IDS = 500_000;

export class MessageWatch {
  readonly #ports: MessageWatchPorts;
  readonly #passes: RoomPasses;
  /** By room. */
  readonly #left = new Map<string, Left>();
  /** Ids of messages that this relay has handled, or that concern nobody; oldest room first. */
  readonly #remembered = new Map<string, ReadonlySet<string>>();
  #rememberedIds = 0;

  constructor(ports: MessageWatchPorts) {
    this.#ports = ports;
    this.#passes = new RoomPasses({ ...ports, pass: (...pass) => this.#pass(...pass) });
  }

  onChange(change: ArrayChange): void {
    this.#passes.onChange(change);
  }

  /** Begins nothing any more, and waits for nothing: messages that are left are found when their room is loaded again. Final. */
  stop(): void {
    void this.#passes.stop();
  }

  async #pass(room: string, read: ArrayChange['read'], attempt: Attempt): Promise<'done' | 'failed'> {
    const left = this.#left.get(room) ?? { messages: new Set(), written: new Set() };
    this.#left.set(room, left);
    let outcome: 'done' | 'failed' = 'failed';
    try {
      outcome = await this.#look(room, read, left, attempt);
    } finally {
      if (outcome === 'done' || attempt.isLast) this.#left.delete(room);
    }
    return outcome;
  }

  /** Early, messages of which somebody could not be notified are left for later. */
  async #look(room: string, read: ArrayChange['read'], before: Left, { time, isLast }: Attempt): Promise<'done' | 'failed'> {
    const known = this.#remembered.get(room);
    const found = read((doc) => ({ news: chatNews(doc, (id) => known?.has(id) === true), title: titleOf(doc) }));
    // A room that was unloaded is looked at when it is loaded again.
    if (found === null) return 'done';
    const { news, title } = found;
    const messages = news.messages.filter(({ at }) => this.#isNews(at));
    const failed = new Set<string>();
    if (messages.length > 0) {
      const talk = { room, title, members: await this.#ports.conversations.listenersOf(room) };
      const ofConcern = messages.filter((message) => isOfConcern(message, talk));
      const left = ofConcern.length === 0 ? [] : await this.#notHandled(room, ofConcern, known === undefined ? 'first' : 'later');
      const due = left.filter(({ id }) => time === 'due' || !before.messages.has(id));
      for (const { id } of left) if (!due.some((one) => one.id === id)) failed.add(id);
      if (due.length > 0) {
        const late = await this.#notifyOf(due, news.answered, talk, before);
        if (talk.members !== null) await this.#ports.conversations.touched(room);
        if (isLast && late.size > 0) this.#ports.onGivenUp(late.size);
        if (!isLast) for (const id of late) failed.add(id);
        await this.#ports.handled.add(
          room,
          due.flatMap(({ id }) => (failed.has(id) ? [] : [id])),
        );
      }
    }
    this.#remember(room, failed.size === 0 ? news.ids : new Set([...news.ids].filter((id) => !failed.has(id))));
    before.messages = failed;
    return failed.size === 0 ? 'done' : 'failed';
  }

  /**
   * @param look On the first look at a room whose record is full, what stands before all of its messages was handled, and forgotten.
   */
  async #notHandled(room: string, messages: readonly RecentMessage[], look: 'first' | 'later'): Promise<RecentMessage[]> {
    const handled = await this.#ports.handled.of(room);
    const first = look === 'first' && handled.isFull ? messages.findIndex(({ id }) => handled.has(id)) : 0;
    return messages.slice(Math.max(0, first)).filter(({ id }) => !handled.has(id));
  }

  #isNews(at: number): boolean {
    return Math.abs(this.#ports.wallClock() - at) < NEWS_MS;
  }

  /** @returns Ids of messages of which somebody could not be notified. */
  async #notifyOf(
    messages: readonly RecentMessage[],
    answered: ChatNews['answered'],
    talk: TalkRoom,
    { written }: Left,
  ): Promise<ReadonlySet<string>> {
    const byUser = new Map<string, NewNotification[]>();
    for (const message of messages)
      for (const { userId, notification } of noticesOf(message, answered, talk))
        if (!written.has(`${userId} ${notification.id}`)) byUser.set(userId, [...(byUser.get(userId) ?? []), notification]);
    const canSee = new Map<string, Promise<boolean>>();
    const sees = (userId: string): Promise<boolean> => {
      const answer = canSee.get(userId) ?? this.#ports.boards.accessOf(talk.room, userId).then(({ role }) => role !== null);
      canSee.set(userId, answer);
      return answer;
    };
    const failed = new Set<string>();
    const notify = async ([userId, notifications]: readonly [string, NewNotification[]]): Promise<void> => {
      try {
        if (!(await sees(userId)) || !(await this.#ports.isUser(userId))) return;
        const byMembers: NewNotification[] = [];
        // Anyone can write any author into a document; at least it must be one who may write there.
        for (const notification of notifications) {
          const { id } = notification.from;
          if ((await sees(id)) && (!isBotId(id) || (await this.#mayBotNotify(talk.room, id, userId)))) byMembers.push(notification);
        }
        await this.#ports.notifier.notify(userId, await this.#withinLimits(talk.room, userId, byMembers));
        for (const { id } of notifications) written.add(`${userId} ${id}`);
      } catch (error) {
        this.#ports.onError(error);
        for (const { message } of notifications) failed.add(message);
      }
    };
    const queue = [...byUser];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await notify(next);
    };
    await Promise.all(Array.from({ length: INBOXES_AT_ONCE }, work));
    return failed;
  }

  /** A bot speaks for the owner who made it: blocking that owner counts for it as well. */
  async #mayBotNotify(room: string, bot: string, userId: string): Promise<boolean> {
    const maker = await this.#ports.makerOf(room, bot);
    return maker !== null && !(await this.#ports.hasBlocked(userId, maker));
  }

  /** The newest that are within the limits. */
  async #withinLimits(room: string, userId: string, notifications: readonly NewNotification[]): Promise<NewNotification[]> {
    const { limits, onLimited } = this.#ports;
    const isWithin = async (author: string): Promise<boolean> =>
      (await limits.ofAuthor.take(`${room} ${author}`)) === 0 &&
      (await limits.toPerson.take(`${room} ${userId}`)) === 0 &&
      (await limits.ofRoom.take(room)) === 0;
    const within: NewNotification[] = [];
    for (const notification of [...notifications].reverse()) if (await isWithin(notification.from.id)) within.unshift(notification);
    if (within.length < notifications.length) onLimited(notifications.length - within.length);
    return within;
  }

  #remember(room: string, ids: ReadonlySet<string>): void {
    this.#forget(room);
    this.#remembered.set(room, ids);
    this.#rememberedIds += ids.size;
    for (const oldest of this.#remembered.keys()) {
      const isWithin = this.#remembered.size <= MAX_REMEMBERED_ROOMS && this.#rememberedIds <= MAX_REMEMBERED_IDS;
      if (isWithin || oldest === room) return;
      this.#forget(oldest);
    }
  }

  #forget(room: string): void {
    this.#rememberedIds -= this.#remembered.get(room)?.size ?? 0;
    this.#remembered.delete(room);
  }
}
