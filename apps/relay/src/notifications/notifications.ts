/** Everything that writes into inboxes and reads them, wired to one relay. */

import type { IncomingMessage } from 'node:http';
import { openInbox } from '@wetink/board';
import { createMemoryKeyWindow, refusalCode, systemEnvironment, type ArrayWatch, type Relay } from '@wetink/relay';
import { inboxRoomOf, isBoardId, isInboxRoom, type Boards, type Bots, type Conversations, type Users } from '@wetink/relay/access';
import type { BoardServiceOptions, ContentEntry, Route } from '@wetink/relay/http';
import type { Records } from '@wetink/storage';
import { Broadcasts } from './broadcasts.ts';
import { HandledMessages } from './handled-messages.ts';
import { createInboxListeners } from './inbox-listeners.ts';
import { MessageWatch, type MessageLimits } from './message-watch.ts';
import { notificationRoutes } from './notification-routes.ts';
import { createNotifier, type Notifier, type NotifierPorts } from './notifier.ts';
import { NotifyKeys } from './notify-keys.ts';
import { createRoleNotices } from './role-notices.ts';

export interface Notifications {
  notifier: Notifier;
  broadcasts: Broadcasts;
  /** Keys of calls that notify people. */
  keys: NotifyKeys;
  /** For `createRelay`. */
  watch: ArrayWatch;
  /** For `createBoardService`. */
  hooks: Required<Pick<BoardServiceOptions, 'onRole' | 'onAdded' | 'hasBlocked' | 'forgetMore'>>;
  routes(entry: ContentEntry): Route[];
  /** Ends the user's streams on this relay unless the user may still have them. Other relays check within 10 s. */
  recheck(userId: string): void;
  /** Ends streams, and takes up nothing more. Final. */
  close(): Promise<void>;
}

export interface NotificationsPorts {
  records: Records;
  /** Called once the service is there. */
  service(): {
    boards: Pick<Boards, 'accessOf'>;
    conversations: Pick<Conversations, 'listenersOf' | 'touched'>;
    bots: Pick<Bots, 'list'>;
    users: Pick<Users, 'get' | 'list'>;
  };
  relay(): Pick<Relay, 'edit' | 'hold'>;
  /** The address under which limits count a request; null: not limited. */
  addressOf(request: IncomingMessage): string | null;
  onPushed?: NotifierPorts['onPushed'];
  /** `event` is the log line. */
  onError(error: unknown, event: string): void;
}

const MINUTE_MS = 60_000;
/** Notifications a minute from one room. A page sends at most 30 messages a minute for one person, a program more. */
const MAX_TO_ONE_PERSON = 60;
const MAX_OF_ONE_ROOM = 3_000;
/** As many as twenty messages make that mention fifty people. */
const MAX_OF_ONE_AUTHOR = 1_000;
/** Roles and invitations a minute by one person to another. */
const MAX_ROLES_TO_ONE_PERSON = 10;
/** Below the 30 s after which proxies usually give up. */
const READ_MS = 10_000;
/** Calls that wait for news; the devices and tabs of a person, and the people behind one address. */
const listenerLimits = { perUser: 20, perAddress: 200, all: 10_000 };

export function createNotifications(ports: NotificationsPorts): Notifications {
  const { records, service, relay, addressOf, onError, onPushed } = ports;
  const environment = systemEnvironment;
  const notifier = createNotifier({
    relay,
    onLost: (error) => onError(error, 'an inbox takes no more notifications'),
    ...(onPushed === undefined ? {} : { onPushed }),
  });
  const handled = new HandledMessages(records);
  const isUser = async (userId: string): Promise<boolean> => (await service().users.get(userId)) !== null;
  const messages = new MessageWatch({
    boards: { accessOf: (board, userId) => service().boards.accessOf(board, userId) },
    conversations: {
      listenersOf: (room) => service().conversations.listenersOf(room),
      touched: (room) => service().conversations.touched(room),
    },
    isUser,
    makerOf: async (board, bot) => (await service().bots.list(board)).find(({ id }) => id === bot)?.by ?? null,
    hasBlocked: (person, userId) => hasBlocked(relay(), person, userId),
    notifier,
    handled,
    limits: messageLimits(),
    environment,
    wallClock: Date.now,
    onError: (error) => onError(error, 'notifications of messages could not be written, will retry'),
    onGivenUp: (count) => onError(new Error(`${count} messages`), 'notifications of messages could not be written, and were given up'),
    onLimited: (count) => onError(new Error(`${count} notifications too many`), 'notifications of a busy room were left out'),
  });
  const listeners = createInboxListeners(relay, listenerLimits);
  const broadcasts = new Broadcasts({
    records,
    users: { list: (query) => service().users.list(query) },
    notifier,
    environment,
    wallClock: Date.now,
    onError: (error) => onError(error, 'a broadcast could not go on, will retry'),
  });
  const roles = createRoleNotices({
    relay,
    notifier,
    isUser,
    perPair: createMemoryKeyWindow(MAX_ROLES_TO_ONE_PERSON, MINUTE_MS),
    perPerson: createMemoryKeyWindow(MAX_TO_ONE_PERSON, MINUTE_MS),
    wallClock: Date.now,
    onLimited: () => onError(new Error('too many to one person'), 'notifications of roles were left out'),
    onError: (error) => onError(error, 'a notification of a role could not be written'),
  });

  return {
    notifier,
    broadcasts,
    keys: new NotifyKeys(records, Date.now),
    watch: {
      rootOf: (room) => (isBoardId(room) ? 'chat' : isInboxRoom(room) ? 'inbox' : null),
      onChange: (change) => (isInboxRoom(change.room) ? listeners.changed(change.room) : messages.onChange(change)),
    },
    hooks: {
      ...roles,
      hasBlocked: (person, userId) => hasBlocked(relay(), person, userId),
      forgetMore: (board) => handled.forget(board),
    },
    routes: (entry) =>
      notificationRoutes({
        entry,
        listeners,
        addressOf: ({ request }) => addressOf(request),
        nameOf: async (userId) => (await service().users.get(userId))?.name ?? '',
        wallClock: Date.now,
      }),
    recheck: (userId) => listeners.changed(inboxRoomOf(userId)),
    async close() {
      messages.stop();
      listeners.close();
      await broadcasts.close();
    },
  };
}

function messageLimits(): MessageLimits {
  return {
    ofAuthor: createMemoryKeyWindow(MAX_OF_ONE_AUTHOR, MINUTE_MS),
    toPerson: createMemoryKeyWindow(MAX_TO_ONE_PERSON, MINUTE_MS),
    ofRoom: createMemoryKeyWindow(MAX_OF_ONE_ROOM, MINUTE_MS),
  };
}

/** @throws As `relay.edit`: the inbox cannot be read now. */
async function hasBlocked(relay: Pick<Relay, 'edit'>, person: string, userId: string): Promise<boolean> {
  const read = (doc: Parameters<typeof openInbox>[0]): boolean => {
    const inbox = openInbox(doc);
    const isBlocked = inbox.isBlocked(userId);
    inbox.close();
    return isBlocked;
  };
  try {
    return await relay.edit(inboxRoomOf(person), read, { signal: AbortSignal.timeout(READ_MS) });
  } catch (error) {
    // An operator erased the inbox, and with it whom the person had blocked.
    if (refusalCode(error) === 'ROOM_ERASED') return false;
    throw error;
  }
}
