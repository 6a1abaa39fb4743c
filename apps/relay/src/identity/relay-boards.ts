/** Users, boards and their API, as this relay's configuration has them. */

import { systemEnvironment, type ArrayWatch, type PeopleWatch, type Relay } from '@wetink/relay';
import { isBoardId, type Boards, type DirectoryRule, type RoomRule, type Users } from '@wetink/relay/access';
import {
  createBoardService,
  createUserlessService,
  type ApiListener,
  type BoardService,
  type Identity,
  type UserlessService,
  type UserlessServiceOptions,
} from '@wetink/relay/http';
import type { ChatHistory } from '../history/chat-history.ts';
import { newestRoots, type NewestMessages } from '../history/newest-messages.ts';
import { contentRoutes } from '../boards/content-routes.ts';
import type { IdentityConfig } from '../config/identity-config.ts';
import { createOutbound, type Outbound } from '../outbound/outbound.ts';
import type { PushConfig } from '../config/push-config.ts';
import { pushRoutes } from '../push/push-routes.ts';
import { createPush } from '../push/push.ts';
import { createNotifications, type Notifications } from '../notifications/notifications.ts';
import { noWebhookRoutes } from '../webhooks/webhook-routes.ts';
import type { DeliveryOutcome } from '../webhooks/webhook-sender.ts';
import { createWebhooks, forgetWebhooks, type Webhooks } from '../webhooks/webhooks.ts';

export interface RelayBoards extends UserlessService {
  /** Null: this relay has no users. */
  users: Users | null;
  /** Null, as `users`. */
  boards: Boards | null;
  /** Null: anyone may enter any room. */
  authorize: BoardService['authorize'] | null;
  /** For `createRelay`. Null: nothing is watched. */
  watch: ArrayWatch | null;
  people: PeopleWatch | null;
  /** Null: this relay has no users. */
  notifications: Pick<Notifications, 'notifier' | 'broadcasts' | 'keys' | 'recheck'> | null;
  api(relay: Relay): ApiListener;
  /** Ends work of its own. Final. */
  close(): Promise<void>;
}

export interface RelayBoardsOptions extends UserlessServiceOptions {
  /** The relay that is made with these boards. */
  relay(): Relay;
  chat: Pick<ChatHistory, 'pages' | 'mover'>;
  /** Null: a single relay. */
  newest: NewestMessages | null;
  onDelivery(outcome: DeliveryOutcome, count: number): void;
}

/** Longer than push services take, also far away. */
const OUTBOUND_TIMEOUT_MS = 10_000;
const REFRESH_MS = 10_000;
/** Tests of the webhooks of one board: each is a request to an address that a person named. */
const TESTS_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

interface UserConfig {
  identity: IdentityConfig;
  directory: DirectoryRule;
  roomRules: readonly RoomRule[];
  push: PushConfig;
  hasWebhooks: boolean;
}

/** @param identity Null: this relay has no users. */
export function createRelayBoards(config: UserConfig, identity: Identity | null, options: RelayBoardsOptions): RelayBoards {
  if (identity !== null) return createBoardsOfUsers(config, identity, options);
  const { api, ...service } = createUserlessService({ ...options, noUsersMessage: 'this relay has no users: set WETINK_SECRET' });
  return {
    ...service,
    users: null,
    boards: null,
    authorize: null,
    watch: null,
    people: null,
    notifications: null,
    api: () => api,
    close: () => Promise.resolve(),
  };
}

function createBoardsOfUsers(
  { identity: config, directory, roomRules, push: pushConfig, hasWebhooks }: UserConfig,
  identity: Identity,
  options: RelayBoardsOptions,
): RelayBoards {
  const outbound = createOutbound({ allowsPrivate: pushConfig.allowsPrivateTargets, timeoutMs: OUTBOUND_TIMEOUT_MS });
  const { vapid } = pushConfig;
  const push =
    vapid === null
      ? null
      : createPush({
          vapid,
          records: options.store.records,
          outbound,
          relay: options.relay,
          environment: systemEnvironment,
          wallClock: Date.now,
          onError: options.onError,
        });
  const notifications = createNotifications({
    records: options.store.records,
    service: () => service,
    relay: options.relay,
    addressOf: options.addressOf,
    onError: options.onError,
    ...(push === null ? {} : { onPushed: push.push }),
  });
  const webhooks = hasWebhooks ? openWebhooks(options, outbound, () => service) : null;
  const { hooks } = notifications;
  const service: BoardService = createBoardService({
    ...options,
    identity,
    roomRules,
    directory,
    ...(config.mode === 'tokens' ? { tokenPages: config } : {}),
    ...hooks,
    async onRole(change) {
      await Promise.all([hooks.onRole(change), webhooks?.onRole(change)]);
    },
    onJoined: async (change) => webhooks?.onRole(change),
    async forgetMore(board) {
      await hooks.forgetMore(board);
      await options.newest?.forget(board);
      await forgetWebhooks(options.store.records, board);
    },
    contentRoutes: (entry) => [
      ...contentRoutes(entry, { ...options.chat, newest: options.newest }),
      ...(webhooks?.routes(entry) ?? noWebhookRoutes(entry)),
      ...notifications.routes(entry),
      ...pushRoutes({ push, publicKey: vapid?.publicKey ?? null, outbound, wallClock: Date.now }),
    ],
  });
  const stopRefreshing = keepRefreshing(() => service.online.refresh());
  const close = async (): Promise<void> => {
    stopRefreshing();
    push?.close();
    options.newest?.close();
    await Promise.all([notifications.close(), webhooks?.close()]);
  };
  const watch = joined(notifications.watch, options.chat.mover, { webhooks, newest: options.newest });
  return { ...service, notifications, people: service.online, watch, close };
}

function openWebhooks(
  { store, relay, limits, shared, onDelivery, onRefused, onError }: RelayBoardsOptions,
  outbound: Outbound,
  service: () => BoardService,
): Webhooks {
  return createWebhooks({
    records: store.records,
    boards: () => service().boards,
    relay,
    outbound,
    most: limits.maxWebhooks,
    tests: shared.slidingWindow('webhooktests', TESTS_PER_MINUTE, MINUTE_MS),
    onOutcome: onDelivery,
    onRefused: ({ request }) => onRefused?.(request, 'OVERLOADED'),
    onError,
  });
}

interface MoreWatches {
  webhooks: Pick<Webhooks, 'onChange'> | null;
  newest: Pick<NewestMessages, 'onChange'> | null;
}

/** Notes chat that became long enough to move, messages for webhooks and lists that are not true any more, besides what the watch does. */
function joined(watch: ArrayWatch, mover: ChatHistory['mover'], { webhooks, newest }: MoreWatches): ArrayWatch {
  return {
    rootOf: (room) => watch.rootOf(room),
    mapsOf: (room) => (newest !== null && isBoardId(room) ? newestRoots : []),
    onChange(change) {
      if (isBoardId(change.room)) newest?.onChange(change);
      if (change.root !== watch.rootOf(change.room)) return;
      watch.onChange(change);
      webhooks?.onChange(change);
      // The relay that a change came to first moves the chat.
      const root = watch.rootOf(change.room);
      if (change.cause === 'node' || root === null || !isBoardId(change.room)) return;
      const count = change.read((doc) => doc.getArray(root).length) ?? 0;
      if (mover.isDue(count)) mover.notice(change.room);
    },
  };
}

function keepRefreshing(refresh: () => Promise<void>): () => void {
  let isStopped = false;
  let cancel: () => void = () => undefined;
  const later = (): void => {
    if (isStopped) return;
    cancel = systemEnvironment.schedule(() => void refresh().finally(later), REFRESH_MS);
  };
  later();
  return () => {
    isStopped = true;
    cancel();
  };
}
