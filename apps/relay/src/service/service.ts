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
  type Relay,
  type RelayLimits,
} from '@wetink/relay';
import { createSharedState, type CorsRules } from '@wetink/relay/http';
import type { RedisBusHandle } from '@wetink/relay/redis';
import type { Logger } from 'pino';
import { answerAdmin } from '../admin/admin.ts';
import type { Config } from '../config/config.ts';
import { createClientAddresses, type ClientAddresses } from '../http/client-addresses.ts';
import { closeServer, createHttpServer, listen } from '../http/listening.ts';
import { createLoggedOrigins } from '../http/logged-origins.ts';
import { createHttpHandler } from '../http/request-handler.ts';
import { createRelayBoards, type RelayBoards } from '../identity/relay-boards.ts';
import { openIdentity } from '../identity/identity.ts';
import { refuseOwnedBoards } from '../identity/owned-boards.ts';
import { createConnectionLog } from '../log/connection-log.ts';
import { createDenialLog } from '../log/denial-log.ts';
import { createTroubleLog } from '../log/trouble-log.ts';
import { createMonitoring, type Monitoring } from '../monitoring/monitoring.ts';
import { openBus, openStore, type OpenedStore } from '../store/backends.ts';
import { answerBackupRequests } from '../store/backup-requests.ts';
import { startSweeping } from '../store/sweeping.ts';
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
  monitoring: Monitoring;
  worker: DocumentWorker;
  relay: Relay;
}

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
    const sweeping = startSweeping({ sweep: parts.boards.sweep, environment: systemEnvironment, logger: log });
    return {
      port: (server.address() as AddressInfo).port,
      stop: () =>
        stop(
          {
            failReadiness: () => (isStopping = true),
            wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
            drain: (deadlineMs) =>
              parts.relay.drain({ deadlineMs, ...(config.drainSpreadMs === null ? {} : { spreadMs: config.drainSpreadMs }) }),
            closers: [
              { name: 'the http server', close: () => closeServer(server) },
              { name: 'the control socket', close: () => control?.close() ?? Promise.resolve() },
              { name: 'the sweep', close: () => sweeping.stop() },
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
  if (identity === null) await refuseOwnedBoards(store.records);
  const monitoring = createMonitoring({
    version,
    storeKind: opened.kind,
    bus,
    userCacheCounts: shared.userCache.counts,
    connectionLog: createConnectionLog(log, now),
    relay: () => relay,
    isStopping,
    now,
  });
  onOpened(() => Promise.resolve(monitoring.close()));
  const { observer } = monitoring.prometheus;
  const troubles = createTroubleLog(log, now);
  const boards = createRelayBoards(config.identity, identity, {
    ...origins,
    store,
    limits,
    shared,
    addressOf: clients.keyOfRequest,
    onUnavailable: (error) => troubles.warn(error, 'tokens cannot be verified'),
    onError: (error, event) => troubles.warn(error, event),
    onFailed: (error) => log.error({ err: error }, 'request failed'),
    onLimited: (limit) => observer.limited(limit),
    onRefused: (request, code) =>
      observer.refused({ connectionId: 0, room: '', ip: clients.addressOf(request), userId: '', code, messageType: 'http', dump: '' }),
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
  });
  onOpened(() => relay.close());
  return { clients, origins, boards, monitoring, worker, relay };
}

function buildServer({ config, version, opened, log }: ServiceSetup, { clients, origins, boards, monitoring, relay }: RelayParts): Server {
  const handler = createHttpHandler({
    ...origins,
    version,
    staticFolder: config.staticFolder,
    adminToken: config.adminToken,
    health: monitoring.health,
    stats: () => relay.stats(),
    metrics: monitoring.prometheus,
    admin: (method, target) =>
      answerAdmin(method, target, {
        store: opened.store,
        relay,
        users: boards.users,
        forget: (room) => boards.forget(room),
        onErased: (room) => log.info({ room }, 'room erased'),
        onUser: (user, action) => log.info({ user, action }, 'user administered'),
      }),
    api: boards.api(relay),
    connectOrigins: tokenOrigins(config),
    onDenied: createDenialLog(log, clients.addressOf, now),
    onError: (error) => log.error({ err: error }, 'request failed'),
    now,
  });
  const server = createHttpServer(handler);
  relay.attach(server);
  return server;
}

/** Origins that the web app fetches tokens from. */
function tokenOrigins({ identity }: Config): string[] {
  return identity.mode === 'tokens' && identity.tokenUrl !== null ? [new URL(identity.tokenUrl).origin] : [];
}
