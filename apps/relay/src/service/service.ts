/** Builds one relay and everything around it from a configuration, and stops it. Wiring only, no algorithm. */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CONNECT_WINDOW_MS,
  createDocumentWorkerThread,
  createRelay,
  defaultLimits,
  systemEnvironment,
  type DocumentWorker,
  type KeyWindow,
  type Relay,
  type RelayLimits,
} from '@wetink/relay';
import type { ReadUses } from '@wetink/relay/access';
import { createGuessLimit, createSharedState, type CorsRules, type Identity, type UserlessServiceOptions } from '@wetink/relay/http';
import type { RedisBusHandle } from '@wetink/relay/redis';
import type { Logger } from 'pino';
import { answerAdmin } from '../admin/admin.ts';
import type { Config } from '../config/config.ts';
import { createClientAddresses, type ClientAddresses } from '../http/client-addresses.ts';
import { closeServer, createHttpServer, listen } from '../http/listening.ts';
import { createLoggedOrigins } from '../http/logged-origins.ts';
import { createOperators, type Operator, type Operators } from '../admin/operators.ts';
import { createOperatorPage } from '../http/operator-page.ts';
import { createHttpHandler } from '../http/request-handler.ts';
import { createRelayBoards, type RelayBoards } from '../identity/relay-boards.ts';
import { openIdentity } from '../identity/identity.ts';
import { pageFolder } from '../page-folder.ts';
import { refuseOwnedBoards } from '../identity/owned-boards.ts';
import { createChatHistory, type ChatHistory } from '../history/chat-history.ts';
import { createNewestMessages, NEWEST_TTL_MS, type NewestMessages } from '../history/newest-messages.ts';
import { createConnectionLog } from '../log/connection-log.ts';
import { createDenialLog } from '../log/denial-log.ts';
import { createTroubleLog } from '../log/trouble-log.ts';
import { createMonitoring, type Monitoring } from '../monitoring/monitoring.ts';
import { openBus, openStore, type OpenedStore } from '../store/backends.ts';
import { answerBackupRequests } from '../store/backup-requests.ts';
import { createBlobUsesThread, type BlobUsesThread } from '../store/blob-uses-thread.ts';
import { startSweeping, stopSweeping } from '../store/sweeping.ts';
import { stop, type StopOutcome } from './stopping.ts';

export interface Service {
  port: number;
  /** Disconnects all clients, saves, closes everything. Final. */
  stop(): Promise<StopOutcome>;
}

/** The settings and backends that a service is built from. */
interface ServiceSetup {
  config: Config;
  version: string;
  opened: OpenedStore;
  bus: RedisBusHandle | null;
  log: Logger;
  isStopping(): boolean;
}

/** The relay, and the parts it is made with. */
interface RelayParts {
  clients: ClientAddresses;
  origins: CorsRules;
  boards: RelayBoards;
  operators: Operators;
  monitoring: Monitoring;
  worker: DocumentWorker;
  blobUses: BlobUsesThread;
  chat: ChatHistory;
  relay: Relay;
}

const MINUTE_MS = 60_000;
/** Time for one step of a move, behind other work of its room: nobody waits for it. */
const MOVE_EDIT_MS = 30_000;

const now = (): number => performance.now();

/** @throws {Error} With one sentence for the operator. Nothing is left open. */
export async function startService(config: Config, logger: Logger, version: string): Promise<Service> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const opened = await openStore(config, logger);
    undo.unshift(() => opened.store.close());
    const bus = await openBus(config, logger);
    if (bus !== null) undo.unshift(() => bus.close());
    const log = bus === null ? logger : logger.child({ node: bus.node });
    let isStopping = false;
    const setup: ServiceSetup = { config, version, opened, bus, log, isStopping: () => isStopping };
    const parts = await buildRelay(setup, (close) => undo.unshift(close));
    const server = buildServer(setup, parts);
    undo.unshift(() => closeServer(server));
    await listen(server, config);
    const control = await answerBackupRequests(opened, log);
    const sweeping = startSweeping({
      sweep: parts.boards.sweep,
      environment: systemEnvironment,
      logger: log,
    });
    return {
      port: (server.address() as AddressInfo).port,
      stop: () =>
        stop(
          {
            failReadiness: () => (isStopping = true),
            wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
            drain: (deadlineMs) => drain(parts, config, deadlineMs),
            closers: [
              { name: 'the http server', close: () => closeServer(server) },
              { name: 'the control socket', close: () => control?.close() ?? Promise.resolve() },
              { name: 'the sweep', close: () => stopSweeping(sweeping, parts.blobUses) },
              { name: 'the history of chat', close: () => parts.chat.mover.close() },
              { name: 'the worker', close: () => parts.worker.close() },
              { name: 'the bus', close: () => bus?.close() ?? Promise.resolve() },
              { name: 'the store', close: () => opened.store.close() },
              { name: 'the loop monitor', close: () => Promise.resolve(parts.monitoring.close()) },
            ],
            now,
            schedule: systemEnvironment.schedule,
          },
          { waitMs: config.drainWaitMs, deadlineMs: config.drainDeadlineMs },
        ),
    };
  } catch (error) {
    for (const close of undo) await close();
    throw error;
  }
}

async function drain({ boards, relay }: RelayParts, { drainSpreadMs }: Config, deadlineMs: number): Promise<{ unsavedBytes: number }> {
  const closing = boards.close();
  const drained = await relay.drain({ deadlineMs, ...(drainSpreadMs === null ? {} : { spreadMs: drainSpreadMs }) });
  await closing;
  return drained;
}

/** @param onOpened Takes the `close` of each part that was opened, also when a later part fails. */
async function buildRelay(
  { config, version, opened, bus, log, isStopping }: ServiceSetup,
  onOpened: (close: () => Promise<void>) => void,
): Promise<RelayParts> {
  const { store } = opened;
  const clients = createClientAddresses(config.trustedProxies);
  const origins = createLoggedOrigins(config, log, clients.addressOf, now);
  const limits: RelayLimits = { ...defaultLimits, ...config.limits };
  const shared = createSharedState(bus, now);
  const folder = opened.kind === 'lmdb' ? opened.folder : null;
  const identity = await openIdentity(config.identity, { folder, tickets: shared.tickets });
  if (identity === null) await refuseOwnedBoards(store);
  const monitoring = createMonitoring({
    version,
    storeKind: opened.kind,
    bus,
    userCacheCounts: shared.userCache.counts,
    newestCounts: () => newest?.counts ?? null,
    connectionLog: createConnectionLog(log, now),
    relay: () => relay,
    isStopping,
    now,
  });
  onOpened(() => Promise.resolve(monitoring.close()));
  const { observer } = monitoring.prometheus;
  const troubles = createTroubleLog(log, now);
  const blobUses = createBlobUsesThread();
  onOpened(() => blobUses.close());
  const chat = openHistory(config, opened, log, troubles, () => relay);
  onOpened(() => chat.mover.close());
  const newest = await openNewest(bus, chat, troubles);
  const boards = createRelayBoards(config, identity, {
    ...origins,
    store,
    limits,
    shared,
    relay: () => relay,
    chat,
    newest,
    keptBeside: chat.keptBeside,
    ...unusedBlobs(config, chat.withHistory(blobUses.readUses), log, monitoring),
    addressOf: clients.keyOfRequest,
    onUnavailable: (error) => troubles.warn(error, 'tokens cannot be verified'),
    onError: (error, event) => troubles.warn(error, event),
    onFailed: (error) => log.error({ err: error }, 'request failed'),
    onLimited: (limit) => observer.limited(limit),
    onDelivery: (outcome, count) => monitoring.prometheus.webhookDeliveries(outcome, count),
    onRefused: (request, code) =>
      observer.refused({ connectionId: 0, room: '', ip: clients.addressOf(request), userId: '', code, messageType: 'http', dump: '' }),
  });
  const operators = operatorsOf(config, {
    identity,
    boards,
    addressOf: clients.keyOfRequest,
    misses: shared.window('adminmisses', limits.maxApiMisses, MINUTE_MS),
    onFailed: (error, event) => troubles.warn(error, event),
  });
  const worker = createDocumentWorkerThread();
  onOpened(() => worker.close());
  const relay: Relay = createRelay({
    store,
    worker,
    ...(bus === null ? {} : { bus }),
    logger: log,
    observer,
    addressOf: clients.addressOf,
    addressKey: clients.keyOf,
    connects: shared.window('connects', limits.maxConnectsPerAddress, CONNECT_WINDOW_MS),
    limits: config.limits,
    allowsOrigin: origins.allowsOrigin,
    ...(boards.authorize === null ? {} : { authorize: boards.authorize, knowsUsers: true }),
    ...(boards.watch === null || boards.people === null ? {} : { watch: boards.watch, people: boards.people }),
  });
  onOpened(() => relay.close());
  onOpened(() => boards.close());
  return { clients, origins, boards, operators, monitoring, worker, blobUses, chat, relay };
}

/** Nothing is removed when the setting is 0. */
function unusedBlobs(
  { blobUnusedMs }: Config,
  readUses: ReadUses,
  log: Logger,
  { prometheus }: Monitoring,
): Partial<Pick<UserlessServiceOptions, 'unusedBlobs'>> {
  if (blobUnusedMs === null) return {};
  const onRemoved = (room: string, count: number, bytes: number): void => {
    log.info({ room, unused: count, bytes }, 'pictures and files that a board no longer needs removed');
    prometheus.unusedBlobs(count, bytes);
  };
  return { unusedBlobs: { readUses, keptMs: blobUnusedMs, onRemoved } };
}

/** A single relay needs none: its documents are as near. */
async function openNewest(
  bus: RedisBusHandle | null,
  { pages }: Pick<ChatHistory, 'pages'>,
  troubles: ReturnType<typeof createTroubleLog>,
): Promise<NewestMessages | null> {
  if (bus === null) return null;
  // As backends.ts does: a single node does not load the driver.
  const { createRedisGuardedCache } = await import('@wetink/relay/redis');
  return createNewestMessages({
    cache: createRedisGuardedCache(bus.commands, { name: 'newest', ttlMs: NEWEST_TTL_MS, environment: systemEnvironment }),
    pages,
    environment: systemEnvironment,
    onError: (error) => troubles.warn(error, 'the newest messages of a board could not be read'),
  });
}

function openHistory(
  config: Config,
  { store }: OpenedStore,
  log: Logger,
  troubles: ReturnType<typeof createTroubleLog>,
  relay: () => Relay,
): ChatHistory {
  return createChatHistory(store.records, {
    edit: (board, callback) => relay().edit(board, callback, { signal: AbortSignal.timeout(MOVE_EDIT_MS) }),
    keep: config.chatMessages ?? Infinity,
    schedule: systemEnvironment.schedule,
    wallClock: Date.now,
    onError: (error) => troubles.warn(error, 'chat could not be moved to its history, will retry'),
    onMoved: (room, messages) => log.info({ room, messages }, 'chat moved to its history'),
  });
}

interface OperatorParts {
  identity: Identity | null;
  boards: RelayBoards;
  addressOf: ClientAddresses['keyOfRequest'];
  misses: KeyWindow;
  onFailed(error: unknown, event: string): void;
}

/** Roles by claim exist only with tokens of the operator's: nobody else signs what a user is. */
function operatorsOf(config: Config, { identity, boards: { users }, addressOf, misses, onFailed }: OperatorParts): Operators {
  const hasClaims = config.identity.mode === 'tokens' && config.identity.roles !== null;
  return createOperators({
    adminToken: config.adminToken,
    claims:
      hasClaims && identity !== null && users !== null
        ? {
            verify: (token) => identity.verify(token),
            isSuspended: (userId) => users.isSuspended(userId),
            onUnavailable: (error) => onFailed(error, 'tokens cannot be verified'),
          }
        : null,
    guesses: createGuessLimit({ misses, now, onFailed: (error) => onFailed(error, 'calls could not be counted') }),
    addressOf,
  });
}

function buildServer(
  { config, version, opened, bus, log }: ServiceSetup,
  { clients, origins, boards, operators, monitoring, relay }: RelayParts,
): Server {
  const startedAtMs = now();
  const handler = createHttpHandler({
    ...origins,
    version,
    staticFolder: config.staticFolder,
    operators,
    operatorPage: operators.areAny ? createOperatorPage(pageFolder, tokenOrigins(config)) : null,
    health: monitoring.health,
    stats: () => relay.stats(),
    metrics: monitoring.prometheus,
    admin: (method, target, operator, body) =>
      answerAdmin(method, target, operator, {
        store: opened.store,
        relay,
        body,
        notifications: boards.notifications,
        users: boards.users,
        boards: boards.boards,
        node: bus?.node ?? null,
        version,
        uptimeMs: () => now() - startedAtMs,
        forget: (room) => boards.forget(room),
        onErased: (room) => log.info({ room, ...by(operator) }, 'room erased'),
        onUser(user, action) {
          boards.notifications?.recheck(user);
          log.info({ user, action, ...by(operator) }, 'user administered');
        },
      }),
    api: boards.api(relay),
    appOrigins: { connect: tokenOrigins(config), images: imageOrigins(config) },
    onDenied: createDenialLog(log, clients.addressOf, now),
    onError: (error) => log.error({ err: error }, 'request failed'),
    now,
  });
  const server = createHttpServer(handler);
  relay.attach(server);
  return server;
}

/** Field of a log line: the person who acted, unless it was with the admin token. */
function by({ userId }: Operator): { by?: string } {
  return userId === null ? {} : { by: userId };
}

/** Origins whose pictures of people the web app shows. */
function imageOrigins({ identity }: Config): readonly string[] {
  return identity.mode === 'tokens' ? identity.imageOrigins : [];
}

/** Origins that the web app fetches tokens from. */
function tokenOrigins({ identity }: Config): string[] {
  return identity.mode === 'tokens' && identity.tokenUrl !== null ? [new URL(identity.tokenUrl).origin] : [];
}
