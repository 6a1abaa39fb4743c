/** Builds one relay and everything around it from a configuration, and stops it. Wiring only, no algorithm. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  addressKey,
  CONNECT_WINDOW_MS,
  createDocumentWorkerThread,
  createRelay,
  defaultLimits,
  systemEnvironment,
  type Relay,
  type RelayLimits,
} from '@wetink/relay';
import type { RedisBusHandle } from '@wetink/relay/redis';
import type { Logger } from 'pino';
import { createAccess, refuseOwnedBoards } from './access-api.ts';
import { openToPublic } from './addresses.ts';
import { answerAdmin } from './admin.ts';
import { openBus, openStore, type OpenedStore } from './backends.ts';
import type { Config } from './config.ts';
import { createConnectionLog } from './connection-log.ts';
import { listenForControl, type ControlSocket } from './control.ts';
import { makeFolder } from './folders.ts';
import { createHealth } from './health.ts';
import { createHttpHandler } from './http.ts';
import { createOriginCheck, ownOrigin, type OriginRules } from './http-origins.ts';
import { createIdentity } from './identity.ts';
import { createLogLimit, type LogLimit } from './log-limit.ts';
import { monitorLoopLag } from './loop-lag.ts';
import { createPrometheus } from './prometheus.ts';
import { createShared } from './shared.ts';
import { stop, type StopOutcome } from './stopping.ts';
import { startSweeping } from './sweeping.ts';
import { createTroubleLog } from './trouble-log.ts';
import { createAddressReader, createProxyCheck, type AddressReader } from './trusted-proxies.ts';

export interface Service {
  port: number;
  /** Disconnects all clients, saves, closes everything. Final. */
  stop(): Promise<StopOutcome>;
}

/** Connections waiting to be accepted. With Node's 511, 2,000 clients that reconnect at once lose a second each. */
const LISTEN_BACKLOG = 4_096;
const DENIALS_PER_MINUTE = 10;
const MAX_LOGGED_ORIGIN_LENGTH = 200;

/** @throws {Error} With one sentence for the operator. Nothing is left open. */
export async function startService(config: Config, logger: Logger, version: string): Promise<Service> {
  const opened = await openStore(config, logger);
  const undo: (() => Promise<void>)[] = [() => opened.store.close()];
  try {
    const bus = await openBus(config, logger);
    if (bus !== null) undo.unshift(() => bus.close());
    return await serve(config, logger, version, opened, bus, undo);
  } catch (error) {
    for (const close of undo) await close();
    throw error;
  }
}

async function serve(
  config: Config,
  logger: Logger,
  version: string,
  opened: OpenedStore,
  bus: RedisBusHandle | null,
  undo: (() => Promise<void>)[],
): Promise<Service> {
  const { store } = opened;
  const addressOf = createAddressReader(config.trustedProxies);
  const isTrustedProxy = createProxyCheck(config.trustedProxies);
  const now = (): number => performance.now();
  const log = bus === null ? logger : logger.child({ node: bus.node });
  const connectionLog = createConnectionLog(log, now);
  const troubles = createTroubleLog(log, now);
  const denials = createLogLimit(DENIALS_PER_MINUTE, now);
  const limits: RelayLimits = { ...defaultLimits, ...config.limits };
  const shared = await createShared(bus, now);
  const identity = await createIdentity(config.identity, {
    folder: opened.kind === 'lmdb' ? opened.folder : null,
    tickets: shared.tickets,
  });
  if (identity === null) await refuseOwnedBoards(store.records);
  // Behind a proxy that hides addresses all clients look alike, so none is limited by address.
  const keyOfAddress = (address: string): string | null => (isTrustedProxy(address) ? null : addressKey(address));
  const loop = monitorLoopLag();
  const allowsOrigin = createLoggedOriginCheck(config, log, createLogLimit(DENIALS_PER_MINUTE, now), addressOf);
  let isStopping = false;

  const health = createHealth({
    isDraining: () => isStopping || !relay.isReady,
    probe: () => relay.probeStore(),
    isBusUp: () => bus?.isUp ?? null,
    loopLag: () => loop.read(),
    now,
  });
  const prometheus = createPrometheus(
    { version, store: opened.kind, bus: bus === null ? 'none' : 'redis' },
    async () => {
      const { isReady, store: storeState } = await health();
      const { connections, rooms, unsavedBytes, heldBytes } = relay.stats();
      const isStoreUp = storeState === 'up';
      return {
        connections,
        rooms,
        unsavedBytes,
        heldBytes,
        isStoreUp,
        bus: bus?.status() ?? null,
        userCache: shared.userCache.counts,
        isReady,
        isDraining: isStopping,
        loopLag: loop.read(),
      };
    },
    { connectionOpened: connectionLog.opened, connectionEnded: connectionLog.ended, refused: connectionLog.refused },
  );
  const worker = createDocumentWorkerThread();
  const access = createAccess({
    config: config.identity,
    identity,
    store,
    limits,
    shared,
    addressOf: (request) => keyOfAddress(addressOf(request)),
    onUnavailable: (error) => troubles.warn(error, 'tokens cannot be verified'),
    onError: (error, event) => troubles.warn(error, event),
    onLimited: (limit) => prometheus.observer.limited(limit),
    onRefused: (request, code) =>
      prometheus.observer.refused({ connectionId: 0, room: '', ip: addressOf(request), userId: '', code, messageType: 'http', dump: '' }),
  });
  const relay: Relay = createRelay({
    store,
    worker,
    ...(bus === null ? {} : { bus }),
    logger: log,
    observer: prometheus.observer,
    addressOf,
    addressKey: keyOfAddress,
    connects: shared.window('connects', limits.maxConnectsPerAddress, CONNECT_WINDOW_MS),
    limits: config.limits,
    allowsOrigin,
    ...(access.authorize === null ? {} : { authorize: access.authorize, knowsUsers: true }),
  });
  undo.unshift(() => relay.close());

  const server = createServer(
    // Checked every 2 s: with Node's 30 s, a client that never finishes its headers would hold its socket for 40 s.
    // A picture of 8 MiB has two minutes, half a megabit per second; api/body.ts gives JSON bodies a shorter deadline.
    { headersTimeout: 10_000, requestTimeout: 120_000, connectionsCheckingInterval: 2_000 },
    createHttpHandler({
      version,
      staticFolder: config.staticFolder,
      adminToken: config.adminToken,
      health,
      stats: () => relay.stats(),
      metrics: prometheus,
      admin: (method, target) =>
        answerAdmin(method, target, {
          store,
          relay,
          users: access.users,
          forget: (room) => access.forget(room),
          onErased: (room) => log.info({ room }, 'room erased'),
          onUser: (user, action) => log.info({ user, action }, 'user administered'),
        }),
      api: access.api(relay),
      connectOrigins: tokenOrigins(config),
      allowsOrigin,
      onDenied(request, status) {
        const ip = addressOf(request);
        const suppressed = denials.take(ip);
        if (suppressed !== null) log.warn({ ip, status, ...(suppressed > 0 ? { suppressed } : {}) }, 'admin request refused');
      },
      onError: (error) => log.error({ err: error }, 'request failed'),
      now,
    }),
  );
  relay.attach(server);
  await listen(server, config);
  const control = await openControl(opened, log);
  const sweeping = startSweeping({ sweep: access.sweep, environment: systemEnvironment, logger: log });

  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      stop(
        {
          failReadiness: () => (isStopping = true),
          wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
          drain: (deadlineMs) => relay.drain({ deadlineMs, ...(config.drainSpreadMs === null ? {} : { spreadMs: config.drainSpreadMs }) }),
          closers: [
            { name: 'the http server', close: () => closeServer(server) },
            { name: 'the control socket', close: () => control?.close() ?? Promise.resolve() },
            { name: 'the sweep', close: () => sweeping.stop() },
            { name: 'the worker', close: () => worker.close() },
            { name: 'the bus', close: () => bus?.close() ?? Promise.resolve() },
            { name: 'the store', close: () => store.close() },
            { name: 'the loop monitor', close: () => Promise.resolve(loop.stop()) },
          ],
          now,
          schedule: systemEnvironment.schedule,
        },
        { waitMs: config.drainWaitMs, deadlineMs: config.drainDeadlineMs },
      ),
  };
}

/** Origins that the web app fetches tokens from. */
function tokenOrigins({ identity }: Config): string[] {
  return identity.mode === 'tokens' && identity.tokenUrl !== null ? [new URL(identity.tokenUrl).origin] : [];
}

/**
 * Logs refusals with the relay's own origin as the request shows it: if that is wrong, a proxy is not in
 * --trusted-proxies.
 */
function createLoggedOriginCheck(
  config: Config,
  log: Logger,
  limit: LogLimit,
  addressOf: AddressReader,
): (request: IncomingMessage) => boolean {
  const rules: OriginRules = {
    origins: config.origins,
    isOpenMode: config.identity.mode === 'open',
    isLoopbackOnly: !openToPublic(config.host),
    isTrustedProxy: createProxyCheck(config.trustedProxies),
  };
  const allows = createOriginCheck(rules);
  return (request) => {
    if (allows(request)) return true;
    const ip = addressOf(request);
    const suppressed = limit.take(ip);
    if (suppressed !== null) {
      const origin = request.headers.origin?.slice(0, MAX_LOGGED_ORIGIN_LENGTH);
      const own = ownOrigin(request, rules);
      log.warn({ ip, origin, own, ...(suppressed > 0 ? { suppressed } : {}) }, 'page of another origin refused; see WETINK_ORIGINS');
    }
    return false;
  };
}

/** @returns null when the socket cannot be opened: boards are served anyway, but a backup needs the relay stopped. */
async function openControl(opened: OpenedStore, log: Logger): Promise<ControlSocket | null> {
  if (opened.kind !== 'lmdb') return null;
  try {
    return await listenForControl(opened.folder, async (toFolder) => {
      await makeFolder(toFolder);
      await opened.store.backup(toFolder);
      log.info({ to: toFolder }, 'backed up');
    });
  } catch (error) {
    log.warn({ err: error }, 'control socket could not be opened, no backups while this relay runs');
    return null;
  }
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolveListening, reject) => {
    server.once('error', (error) => reject(new Error(listenMistake(error, config), { cause: error })));
    server.listen({ port: config.port, host: config.host, backlog: LISTEN_BACKLOG }, () => {
      server.removeAllListeners('error');
      resolveListening();
    });
  });
}

function listenMistake(error: Error, config: Config): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `port ${config.port} on ${config.host} is in use. Choose another with --port.`;
  if (code === 'EACCES') return `port ${config.port} may not be used by this user. Choose one above 1023 with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${config.host} is not an address of this machine. Choose another with --host.`;
  return error.message;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
