/**
 * The relay: rooms by name, connections, and the http server's upgrades. No state outside the instance.
 *
 * A socket that will not be served is still accepted and then closed with a code, because browsers hide why an upgrade
 * failed. Only a page of a foreign origin is refused in HTTP: it must learn nothing.
 */

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { errors, limits as wire, parseRequestTarget, SyncError, type ErrorName } from '@wetink/protocol';
import type { Store } from '@wetink/storage';
import { WebSocket, WebSocketServer } from 'ws';
import type { AccessChange, AuthorizeAnswer, AuthorizeRequest } from './ports/authorize.ts';
import type { Bus, RoomCounts } from './bus/bus.ts';
import { ConnectionRecord, type Origin } from './connection/connection-record.ts';
import { Connection } from './connection/connection.ts';
import { ControlRoom, type Order } from './bus/control-room.ts';
import type { DocumentWorker } from './document/document-worker.ts';
import { systemEnvironment, type Environment } from './ports/environment.ts';
import { defaultLimits, type RelayLimits } from './limits/limits.ts';
import { silentLogger, type Logger } from './ports/logger.ts';
import { silentObserver, type RelayObserver } from './ports/observer.ts';
import type { Framing } from './framing/outgoing.ts';
import { printable } from './ports/printable.ts';
import { AddressGate, CONNECT_WINDOW_MS, type AddressRefusal } from './limits/address-gate.ts';
import { addressKey } from './limits/address-key.ts';
import { createMemoryKeyWindow, type KeyWindow } from './limits/key-window.ts';
import { UserCounts } from './limits/open-counts.ts';
import { SharedWork } from './limits/shared-work.ts';
import { createRepairGate } from './replication/repair-gate.ts';
import type { RoomStats } from './room/room-stats.ts';
import { Room, type RoomContext } from './room/room.ts';
import { StoreHealth } from './journal/store-health.ts';

export interface RelayOptions extends Partial<Environment> {
  store: Store;
  /** Joins this relay with others on one store, which must be a shared one. The caller closes the bus, after the relay. */
  bus?: Bus;
  /** Receives events, for metrics and logs. */
  observer?: RelayObserver;
  /** Encodes checkpoints of large documents off the event loop. Default: none. The caller closes it, after the relay. */
  worker?: DocumentWorker;
  logger?: Logger;
  /** ms since 1970, for the start of a connection. */
  wallClock?: () => number;
  /** Address of a client. Default: the other end of its socket, which behind a proxy is the proxy. */
  addressOf?(request: IncomingMessage): string;
  /**
   * The key under which an address is counted; null when it is not limited. Default: itself, IPv6 by /64. Loopback is
   * not limited; a proxy that hides its clients' addresses should not be either.
   */
  addressKey?(address: string): string | null;
  /**
   * Counts the upgrades of an address in a minute. Default: in this process alone, up to
   * `limits.maxConnectsPerAddress`.
   */
  connects?: KeyWindow;
  /**
   * Whether the page that opens a WebSocket may do so: `headers.origin` names it, which browsers set and pages cannot
   * change. False answers 403 before the handshake. Default: every page may, which is right only where pages gain
   * nothing.
   */
  allowsOrigin?(request: IncomingMessage): boolean;
  /** Decides whether a client may enter a room, and in which role. Default: everyone may, as an editor without an id. */
  authorize?(request: AuthorizeRequest): Promise<AuthorizeAnswer>;
  /** True when `authorize` can answer with user ids; clients without one can then claim none in presence. Default: false. */
  knowsUsers?: boolean;
  limits?: Partial<RelayLimits>;
}

export interface RelayStats {
  rooms: number;
  connections: number;
  /** Bytes applied and passed on, not yet durable. */
  unsavedBytes: number;
  /** Bytes kept for sockets that have not taken them yet. */
  heldBytes: number;
  /** Messages ignored since the start: unknown types, or not meant for a relay. */
  ignoredMessages: number;
  /** Connections closed by the relay since the start, by the metric label of the reason. */
  closed: Record<string, number>;
}

export interface Relay {
  /** Serves WebSocket upgrades of `server`, except those whose path `ignore` accepts. */
  attach(server: Server, options?: { ignore?(pathname: string): boolean }): void;
  /** False once draining has begun. */
  readonly isReady: boolean;
  stats(): RelayStats;
  /** Null when the room is not open here. */
  roomStats(room: string): RoomStats | null;
  /** People and connections of these rooms, in order: of all relays on the bus, or of this relay while the bus is down. */
  counts(rooms: readonly string[]): Promise<{ counts: RoomCounts[]; isWhole: boolean }>;
  /**
   * Erases a room for good, on every node and in the store. Its members are closed with ROOM_ERASED, and so is every
   * client that comes later.
   * @throws {StoreError} When the store fails; then nothing is erased.
   */
  erase(room: string): Promise<void>;
  /**
   * Resolves when the store accepts changes, shown by a durable write as large as the last one it had no space for. So
   * it fails while changes fail, and succeeds again by itself.
   * @throws {StoreError} Why changes cannot be saved.
   */
  probeStore(): Promise<void>;
  /** Rechecks on every node the access of this room's members or this user's connections, by their `recheck`. */
  recheck(change: AccessChange): void;
  /** Closes a user's connections on every node (UNAUTHENTICATED, `disconnected`). Users with access may come back. */
  disconnect(userId: string): void;
  /**
   * Takes no new sockets, disconnects clients over `spreadMs`, makes everything durable. Final.
   * @param options.spreadMs Default: `limits.drainSpreadMs`, or 5 ms for each connection when that is longer; at most
   * half of the deadline.
   * @returns Bytes that could not be made durable before the deadline (none of them was acknowledged).
   */
  drain(options?: { deadlineMs?: number; spreadMs?: number }): Promise<{ unsavedBytes: number }>;
  /** Like `drain`, at once. Idempotent. The store stays open: its owner closes it. */
  close(): Promise<void>;
}

const HOUSEKEEPING_MS = 1_000;
const DRAIN_DEADLINE_MS = 25_000;
const CLOSE_DEADLINE_MS = 5_000;
/** Other relays take in 200 clients a second without trouble, each with a document to compare. */
const DRAIN_MS_PER_CONNECTION = 5;
/** While draining: time from the last close frame to dropping sockets that have not answered it. */
const DRAIN_ANSWER_MS = 2_000;
/**
 * While draining, once all clients are gone: rooms with new changes are saved whole, this many at once, for this part
 * of the time left. Row by row they are durable already, and can be loaded from the rows.
 */
const LAST_CHECKPOINTS_AT_ONCE = 4;
const LAST_CHECKPOINTS_SHARE = 1 / 4;
const MAX_LAST_CHECKPOINTS_MS = 5_000;
/** Time from the relay's close frame to dropping a socket that does not answer it. */
const CLOSE_TIMEOUT_MS = 5_000;
const MAX_USER_AGENT_LENGTH = 200;
const NOBODY: RoomCounts = { people: 0, connections: 0 };

/** ws closes a message that is too long with 1009, after which a stock client sends it again for ever; a 44xx stops it. */
class RelaySocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === 1009) super.close(errors.TOO_LARGE.close, errors.TOO_LARGE.sentence);
    else super.close(code, reason);
  }
}

export function createRelay(options: RelayOptions): Relay {
  const limits: RelayLimits = { ...defaultLimits, ...options.limits };
  if (options.bus !== undefined && !options.store.isShared)
    throw new TypeError('relays on one bus need a store that can be shared: this one belongs to a single process');
  const logger = options.logger ?? silentLogger;
  const observer = options.observer ?? silentObserver;
  const environment: Environment = {
    now: options.now ?? systemEnvironment.now,
    random: options.random ?? systemEnvironment.random,
    schedule: options.schedule ?? systemEnvironment.schedule,
  };
  const authorize = options.authorize ?? (() => Promise.resolve<AuthorizeAnswer>({ ok: true, role: 'editor', userId: '', method: 'open' }));
  const wallClock = options.wallClock ?? Date.now;
  const addressOf = options.addressOf ?? ((request: IncomingMessage) => request.socket.remoteAddress ?? '');
  const keyOf = options.addressKey ?? addressKey;
  const addresses = new AddressGate(
    limits,
    options.connects ?? createMemoryKeyWindow(limits.maxConnectsPerAddress, CONNECT_WINDOW_MS),
    logger,
  );
  const users = new UserCounts(limits);
  const work = {
    users: new SharedWork('user_work', limits.maxWorkMsPerUser),
    addresses: new SharedWork('address_work', limits.maxWorkMsPerAddress),
  };
  const storeHealth = new StoreHealth(options.store);
  const roomsByName = new Map<string, Room>();
  const connections = new Set<Connection>();
  const closed: Record<string, number> = {};
  const detach: (() => void)[] = [];
  // A variable of its own: @types/ws 8.18 does not know closeTimeout, ws 8.23 does.
  const socketOptions = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.maxFrameBytes,
    maxFragments: 4_096,
    closeTimeout: CLOSE_TIMEOUT_MS,
    WebSocket: RelaySocket,
  };
  const sockets = new WebSocketServer(socketOptions);
  let lastConnectionId = 0;
  let lastChunkId = 0;
  let ignoredMessages = 0;
  let draining: Promise<{ unsavedBytes: number }> | null = null;
  let cancelHousekeeping: (() => void) | null = null;
  let keptHouseAtMs = environment.now();
  let isJudgingLater = false;
  let onAllGone: (() => void) | null = null;

  const framing: Framing = {
    fragmentBytes: limits.fragmentBytes,
    maxChunkBytes: wire.maxChunkBytes,
    // Shared by all connections, so unique on each; wraps long after any chunk with that number is closed.
    nextChunkId: () => (lastChunkId = (lastChunkId + 1) % 2 ** 31),
  };
  const roomContext: RoomContext = {
    store: options.store,
    appends: storeHealth,
    bus: options.bus ?? null,
    observer,
    logger,
    environment,
    limits,
    framing,
    gate: createRepairGate(limits.maxTailReads),
    worker: options.worker ?? null,
    onClosed: (room) => {
      if (roomsByName.get(room.name) === room) roomsByName.delete(room.name);
    },
  };

  const openRoom = (name: string): Room => {
    let room = roomsByName.get(name);
    if (room === undefined) roomsByName.set(name, (room = new Room(name, roomContext)));
    return room;
  };

  const housekeeping = (): void => {
    const nowMs = environment.now();
    const wasAway = nowMs - keptHouseAtMs > 2 * HOUSEKEEPING_MS;
    keptHouseAtMs = nowMs;
    cancelHousekeeping = environment.schedule(housekeeping, HOUSEKEEPING_MS);
    // After this process was stopped or busy, it has not read what clients and nodes sent meanwhile, so it counts none
    // as silent. Only every other time: on a relay that is always busy, dead connections must still be found.
    isJudgingLater = wasAway && !isJudgingLater;
    if (isJudgingLater) return;
    for (const connection of connections) connection.housekeeping(nowMs);
    for (const room of roomsByName.values()) room.housekeeping(nowMs);
    for (const shared of [work.users, work.addresses]) shared.sweep(nowMs);
  };

  const obey = (order: Order): void => {
    for (const connection of connections) {
      if (order.type === 'recheck') connection.recheck(order.change);
      else connection.disconnect(order.userId);
    }
  };
  const control = options.bus === undefined ? null : new ControlRoom(options.bus, logger, obey);
  const order = (given: Order): void => {
    // Users without an id are not one user.
    if (given.type === 'disconnect' && given.userId === '') return;
    obey(given);
    control?.tell(given);
  };

  const countEnd = (code: ErrorName): void => {
    const { metric } = errors[code];
    closed[metric] = (closed[metric] ?? 0) + 1;
  };

  const accept = (ws: WebSocket, socket: Duplex, request: IncomingMessage): void => {
    const id = (lastConnectionId += 1);
    const from = { ip: addressOf(request), userAgent: printable(request.headers['user-agent'] ?? '', MAX_USER_AGENT_LENGTH) };
    let target: { room: string; extensionVersion: number | null };
    let url: URL;
    try {
      target = parseRequestTarget(request.url ?? '/');
      url = new URL(`ws://relay${request.url ?? '/'}`);
    } catch (error) {
      const code = error instanceof SyncError ? error.code : 'ROOM_NAME';
      return refuse(ws, id, { ...from, room: '' }, code);
    }
    const { room } = target;
    if (connections.size >= limits.maxConnections) return refuse(ws, id, { ...from, room }, 'OVERLOADED');
    const isExtension = target.extensionVersion !== null;
    const base = { room, isExtension, url, headers: request.headers };
    const connection: Connection = new Connection(
      ws,
      socket,
      { id, isExtension, room, ...from, addressKey: keyOf(from.ip), token: url.searchParams.get('token') ?? '' },
      {
        environment,
        limits,
        logger,
        observer,
        wallClock,
        framing,
        users,
        work,
        authorize: async (token) => authorize({ ...base, token }),
        knowsUsers: options.knowsUsers ?? false,
        openRoom: () => openRoom(room),
        onIgnored: () => (ignoredMessages += 1),
        onEnd: countEnd,
        onClosed: (gone) => {
          connections.delete(gone);
          if (connections.size === 0) onAllGone?.();
        },
      },
    );
    connections.add(connection);
  };

  const refuse = (ws: WebSocket, id: number, origin: Origin, code: ErrorName): void => {
    countEnd(code);
    const nobody = { userId: '', role: '', authentication: '' };
    const record = new ConnectionRecord(id, false, origin, observer, { now: () => environment.now(), wallClock });
    record.refused(code, nobody);
    record.endedBy(code);
    ws.on('error', (error) => logger.debug({ connection: id, err: error }, 'socket error'));
    ws.on('close', (closeCode) => record.closed(closeCode, nobody, 0));
    ws.close(errors[code].close, errors[code].sentence);
  };

  const refuseAddress = (socket: Duplex, ip: string, { limit, retryAfterMs }: AddressRefusal): void => {
    const connectionId = (lastConnectionId += 1);
    observer.limited(limit);
    observer.refused({ connectionId, room: '', ip, userId: '', code: 'RATE_LIMITED', messageType: '', dump: '' });
    refuseUpgrade(socket, `429 Too Many Requests\r\nRetry-After: ${Math.ceil(retryAfterMs / 1_000)}`);
  };

  const sendAway = (spreadMs: number): Promise<void> => {
    if (connections.size === 0) return Promise.resolve();
    const gone = new Promise<void>((resolve) => (onAllGone = resolve));
    for (const connection of connections) {
      const afterMs = environment.random() * spreadMs;
      // Sent at once, so that a client can use the time: it may reconnect elsewhere before it is closed here.
      connection.sendAway(afterMs);
      environment.schedule(() => connection.end('SHUTDOWN'), afterMs);
    }
    const cancel = environment.schedule(() => {
      for (const connection of connections) connection.terminate();
    }, spreadMs + DRAIN_ANSWER_MS);
    return gone.finally(cancel);
  };

  /** Makes everything durable, and saves whole as many rooms as time allows. @returns How many were not saved whole. */
  const shutRooms = async (leftMs: number): Promise<number> => {
    const gate = createRepairGate(LAST_CHECKPOINTS_AT_ONCE);
    let [isOver, leftOut] = [false, 0];
    const cancel = environment.schedule(() => (isOver = true), Math.min(leftMs * LAST_CHECKPOINTS_SHARE, MAX_LAST_CHECKPOINTS_MS));
    const inTurn = (write: () => Promise<void>): Promise<void> =>
      gate.run(async () => {
        if (isOver) leftOut += 1;
        else await write();
      });
    await Promise.all([...roomsByName.values()].map((room) => room.shut(inTurn)));
    cancel();
    return leftOut;
  };

  const unsavedBytes = (): number => [...roomsByName.values()].reduce((sum, room) => sum + room.unsavedBytes, 0);

  const drain = async (deadlineMs: number, spreadMs: number): Promise<{ unsavedBytes: number }> => {
    const startedAtMs = environment.now();
    const hadWork = connections.size + roomsByName.size > 0;
    if (hadWork) logger.info({ rooms: roomsByName.size, connections: connections.size }, 'draining');
    let cancelDeadline: () => void = () => undefined;
    const deadline = new Promise<'late'>((resolve) => {
      cancelDeadline = environment.schedule(() => resolve('late'), Math.max(1, deadlineMs));
    });
    const finish = async (): Promise<void> => {
      await sendAway(Math.min(spreadMs, deadlineMs / 2));
      const awayMs = environment.now() - startedAtMs;
      const withoutCheckpoint = await shutRooms(Math.max(1, deadlineMs - awayMs));
      const savedMs = environment.now() - startedAtMs - awayMs;
      if (hadWork) logger.info({ awayMs: Math.round(awayMs), savedMs: Math.round(savedMs), withoutCheckpoint }, 'drained');
    };
    const isLate = (await Promise.race([finish(), deadline])) === 'late';
    cancelDeadline();
    const lostBytes = unsavedBytes();
    if (isLate) logger.error({ unsavedBytes: lostBytes, connections: connections.size }, 'drain deadline passed');
    for (const connection of [...connections]) connection.terminate();
    cancelHousekeeping?.();
    control?.close();
    for (const stop of detach.splice(0)) stop();
    return { unsavedBytes: lostBytes };
  };

  housekeeping();

  return {
    attach(server, attachOptions = {}) {
      const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
        const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/';
        if (attachOptions.ignore?.(pathname) === true) return;
        if (draining !== null) {
          refuseUpgrade(socket, '503 Service Unavailable\r\nRetry-After: 5');
          return;
        }
        if (options.allowsOrigin?.(request) === false) {
          refuseUpgrade(socket, '403 Forbidden');
          return;
        }
        const upgrade = (): void => sockets.handleUpgrade(request, socket, head, (ws) => accept(ws, socket, request));
        const ip = addressOf(request);
        const key = keyOf(ip);
        if (key === null) return upgrade();
        const drop = (): void => void socket.destroy();
        socket.on('error', drop);
        void addresses.enter(key, socket).then((refusal) => {
          socket.off('error', drop);
          if (refusal !== null) refuseAddress(socket, ip, refusal);
          else if (draining !== null) refuseUpgrade(socket, '503 Service Unavailable\r\nRetry-After: 5');
          else if (!socket.destroyed) upgrade();
        });
      };
      server.on('upgrade', onUpgrade);
      detach.push(() => server.off('upgrade', onUpgrade));
    },
    get isReady() {
      return draining === null;
    },
    stats: () => ({
      rooms: roomsByName.size,
      connections: connections.size,
      unsavedBytes: unsavedBytes(),
      heldBytes: [...connections].reduce((sum, connection) => sum + connection.heldBytes, 0),
      ignoredMessages,
      closed: { ...closed },
    }),
    roomStats: (name) => roomsByName.get(name)?.stats() ?? null,
    async counts(rooms) {
      const { bus } = options;
      if (bus?.isUp === true) {
        try {
          return { counts: await bus.counts(rooms), isWhole: true };
        } catch (error) {
          logger.warn({ err: error }, 'bus gave no counts; only those of this relay are returned');
        }
      }
      const here = (name: string): RoomCounts => {
        const { people, connections: sockets } = roomsByName.get(name)?.stats() ?? NOBODY;
        return { people, connections: sockets };
      };
      return { counts: rooms.map(here), isWhole: bus === undefined };
    },
    // Opens the room first if necessary: only a room can send to the other nodes.
    erase: (name) => openRoom(name).erase(),
    probeStore: () => storeHealth.probe(),
    recheck: (change) => order({ type: 'recheck', change }),
    disconnect: (userId) => order({ type: 'disconnect', userId }),
    drain: ({ deadlineMs = DRAIN_DEADLINE_MS, spreadMs } = {}) =>
      (draining ??= drain(deadlineMs, spreadMs ?? Math.max(limits.drainSpreadMs, DRAIN_MS_PER_CONNECTION * connections.size))),
    close: async () => {
      await (draining ??= drain(CLOSE_DEADLINE_MS, 0));
    },
  };
}

/** Answers in HTTP and drops the socket: unread answers must not keep it, and its errors must not end the process. */
function refuseUpgrade(socket: Duplex, statusAndHeaders: string): void {
  const drop = (): void => void socket.destroy();
  socket.on('error', drop);
  socket.once('finish', drop);
  socket.end(`HTTP/1.1 ${statusAndHeaders}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
