/** A user's own inbox over HTTP. The README of this package describes the calls. */

import { inboxPage, isInboxCursor, openInbox, type InboxPage } from '@wetink/board';
import { inboxRoomOf } from '@wetink/relay/access';
import { ApiFailure, bodyInvalid, type Call, type ContentEntry, type Route } from '@wetink/relay/http';
import { isUserId } from '@wetink/relay/identity';
import type { InboxListeners } from './inbox-listeners.ts';
import { pageToJson } from './notification-json.ts';
import { streamNotifications } from './notification-stream.ts';

export interface NotificationRoutePorts {
  entry: Pick<ContentEntry, 'edit'>;
  listeners: InboxListeners;
  /** The address under which limits count a call; null: not limited. */
  addressOf(call: Call): string | null;
  /** The name of a user, or ''. */
  nameOf(userId: string): Promise<string>;
  /** ms since 1970. */
  wallClock(): number;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
/** Below the 30 s after which proxies usually give up. */
const MAX_WAIT_S = 25;
const MAX_IDS = 500;
/** 500 ids of 64 characters. */
const MAX_BODY_BYTES = 64 * 1024;
const BUSY_RETRY_SECONDS = '10';

export function notificationRoutes(ports: NotificationRoutePorts): Route[] {
  const { entry, listeners } = ports;
  const pageOf = (userId: string, since: string | null, limit: number): Promise<InboxPage> =>
    entry.edit(inboxRoomOf(userId), (doc) => inboxPage(doc, since, limit));
  return [
    {
      pattern: '/v1/notifications',
      methods: {
        async GET(call) {
          const { id: userId } = await call.user();
          const { since, limit, waitMs, isStream } = readQuery(call);
          const listen = (onNews: () => void): (() => void) => {
            const end = listeners.open({ userId, room: inboxRoomOf(userId), address: ports.addressOf(call) }, onNews);
            if (end === null)
              throw new ApiFailure(429, 'too_many_streams', 'too many calls wait already', { 'Retry-After': BUSY_RETRY_SECONDS });
            return end;
          };
          const isEnding = (): boolean => listeners.isClosed;
          if (isStream)
            return streamNotifications({
              since,
              page: (from) => pageOf(userId, from, MAX_LIMIT),
              listen,
              isStillAllowed: async () => (await call.user()).id === userId,
              isEnding,
            });
          const page =
            waitMs === 0
              ? await pageOf(userId, since, limit)
              : await waitedFor(call, waitMs, { read: () => pageOf(userId, since, limit), listen, isEnding });
          return { status: 200, body: pageToJson(page) };
        },
      },
    },
    {
      pattern: '/v1/notifications/read',
      methods: {
        async POST(call) {
          const { id: userId } = await call.user();
          const ids = readIds(await call.fields(MAX_BODY_BYTES));
          const unread = await entry.edit(inboxRoomOf(userId), (doc) => {
            const inbox = openInbox(doc);
            if (ids === 'all') inbox.markAllRead();
            else inbox.markRead(ids);
            const left = inbox.unread();
            inbox.close();
            return left;
          });
          return { status: 200, body: { unread } };
        },
      },
    },
    ...blockRoutes(ports),
  ];
}

function blockRoutes({ entry, nameOf, wallClock }: NotificationRoutePorts): Route[] {
  return [
    {
      pattern: '/v1/blocked',
      methods: {
        async GET(call) {
          const { id: userId } = await call.user();
          const people = await entry.edit(inboxRoomOf(userId), (doc) => {
            const inbox = openInbox(doc);
            const blocked = inbox.blocked();
            inbox.close();
            return blocked;
          });
          return { status: 200, body: { people } };
        },
      },
    },
    {
      pattern: '/v1/blocked/:',
      methods: {
        async PUT(call) {
          const { id: userId } = await call.user();
          const id = personOf(call);
          if (id === userId) throw bodyInvalid('you cannot block yourself');
          // The same answer for ids of nobody: blocking tells nothing about who exists.
          const person = { id, name: await nameOf(id), at: wallClock() };
          const isDone = await entry.edit(inboxRoomOf(userId), (doc) => {
            const inbox = openInbox(doc);
            const isBlocked = inbox.block(person);
            inbox.close();
            return isBlocked;
          });
          if (!isDone) throw new ApiFailure(409, 'too_many_blocked', 'you have blocked as many people as can be kept');
          return { status: 204 };
        },
        async DELETE(call) {
          const { id: userId } = await call.user();
          const id = personOf(call);
          await entry.edit(inboxRoomOf(userId), (doc) => {
            const inbox = openInbox(doc);
            inbox.unblock(id);
            inbox.close();
          });
          return { status: 204 };
        },
      },
    },
  ];
}

interface Waiting {
  read(): Promise<InboxPage>;
  /** @throws {ApiFailure} Too many calls wait. @returns Ends it. */
  listen(onNews: () => void): () => void;
  /** The relay drains. */
  isEnding(): boolean;
}

/** Waits for news at most this long. */
async function waitedFor(call: Call, waitMs: number, { read, listen, isEnding }: Waiting): Promise<InboxPage> {
  const { request } = call;
  let wake: () => void = () => undefined;
  let news = new Promise<void>((resolve) => (wake = resolve));
  const end = listen(() => wake());
  let isOver = false;
  const over = (): void => {
    isOver = true;
    wake();
  };
  const timer = setTimeout(over, waitMs);
  // The socket's: a request without a body is closed at once.
  request.socket.once('close', over);
  try {
    for (;;) {
      const page = await read();
      if (page.notifications.length > 0 || isOver) return page;
      await news;
      if (isEnding()) return page;
      // The token may have expired, or its user been suspended.
      await call.user();
      news = new Promise((resolve) => (wake = resolve));
    }
  } finally {
    clearTimeout(timer);
    request.socket.off('close', over);
    end();
  }
}

function readQuery({ query, request }: Call): { since: string | null; limit: number; waitMs: number; isStream: boolean } {
  const lastEventId = request.headers['last-event-id'];
  const since = typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : query.get('since');
  if (since !== null && !isInboxCursor(since)) throw queryInvalid('since must be the next of an earlier answer');
  const limit = numberIn(query.get('limit') ?? String(DEFAULT_LIMIT));
  if (!(limit >= 1 && limit <= MAX_LIMIT)) throw queryInvalid(`limit must be 1 to ${MAX_LIMIT}`);
  const wait = numberIn(query.get('wait') ?? '0');
  if (!(wait >= 0 && wait <= MAX_WAIT_S)) throw queryInvalid(`wait must be 0 to ${MAX_WAIT_S} seconds`);
  if (wait > 0 && since === null) throw queryInvalid('wait needs since: without it the newest are answered at once');
  return { since, limit, waitMs: wait * 1_000, isStream: /\btext\/event-stream\b/i.test(request.headers.accept ?? '') };
}

function numberIn(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : NaN;
}

function readIds({ ids, all, ...others }: Record<string, unknown>): 'all' | string[] {
  if (Object.keys(others).length > 0) throw bodyInvalid('send ids, or all: true, and nothing else');
  if (all === true && ids === undefined) return 'all';
  if (all !== undefined || !Array.isArray(ids) || ids.length > MAX_IDS) throw bodyInvalid(`ids must be an array of at most ${MAX_IDS}`);
  return ids.map((id: unknown) => {
    if (typeof id !== 'string') throw bodyInvalid('ids must be ids of notifications');
    return id;
  });
}

function personOf({ params: [id = ''] }: Call): string {
  if (!isUserId(id)) throw new ApiFailure(400, 'address_invalid', 'this cannot be the id of a person');
  return id;
}

function queryInvalid(message: string): ApiFailure {
  return new ApiFailure(400, 'query_invalid', message);
}
