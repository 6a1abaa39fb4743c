/**
 * The connections of a relay: made from upgraded sockets, counted when they end, and sent away by a drain.
 *
 * A socket that will not be served is still accepted and then closed with a code, because browsers hide why an upgrade
 * failed.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { errors, limits as wire, parseRequestTarget, PROTOCOL_VERSION, SyncError, type ErrorName } from '@wetink/protocol';
import type { Order } from '../bus/control-room.ts';
import { createOutgoing, type Framing } from '../framing/outgoing.ts';
import { UserCounts } from '../limits/open-counts.ts';
import { SharedWork } from '../limits/shared-work.ts';
import type { OpenConnection } from '../ports/observer.ts';
import { printable } from '../ports/printable.ts';
import type { RelaySetup } from '../relay-options.ts';
import type { Room } from '../room/room.ts';
import { Alarms } from './alarms.ts';
import { ConnectionRecord, type Origin } from './connection-record.ts';
import type { ConnectionContext } from './connection-context.ts';
import { Connection } from './connection.ts';
import { EntryRequest, urlOf } from './entry-request.ts';
import type { RelaySocket } from './socket-server.ts';

const MAX_USER_AGENT_LENGTH = 200;
/** While draining: time from the last close frame to dropping sockets that have not answered it. */
const DRAIN_ANSWER_MS = 2_000;

export interface ClientAddress {
  ip: string;
  /** Under which it is counted; null when it is not limited. */
  key: string | null;
}

/** Asks for a part of the open connections, in the order in which they came. */
export interface ConnectionQuery {
  /** The last `connectionId` of the page before; 0 for the first page. */
  after: number;
  limit: number;
  /** Only those in this room. */
  room?: string;
  /** Only those of this user. */
  userId?: string;
}

export class Connections {
  readonly #setup: RelaySetup;
  readonly #context: ConnectionContext;
  readonly #openById = new Map<number, Connection>();
  readonly #closed: Record<string, number> = {};
  #lastId = 0;
  #ignoredMessages = 0;
  #onAllGone: (() => void) | null = null;

  constructor(setup: RelaySetup, framing: Framing, openRoom: (name: string) => Room) {
    const { environment, limits, logger, observer, wallClock, knowsUsers } = setup;
    const announcedLimits = { maxChunkBytes: wire.maxChunkBytes, maxMessageBytes: limits.maxMessageBytes };
    this.#setup = setup;
    this.#context = {
      environment,
      alarms: new Alarms(environment),
      limits,
      logger,
      observer,
      wallClock,
      clocks: { now: () => environment.now(), wallClock },
      framing,
      base: { isExtension: false, limits, framing, observer },
      extension: { isExtension: true, limits, framing, observer },
      hello: createOutgoing([{ type: 'hello', version: PROTOCOL_VERSION, limits: announcedLimits }], framing),
      users: new UserCounts(limits, setup.people),
      work: {
        users: new SharedWork('user_work', limits.maxWorkMsPerUser),
        addresses: new SharedWork('address_work', limits.maxWorkMsPerAddress),
      },
      authorize: (request) => setup.authorize(request),
      knowsUsers,
      openRoom,
      onIgnored: () => (this.#ignoredMessages += 1),
      onEnd: (code) => this.#countEnd(code),
      onClosed: (id) => this.#gone(id),
    };
  }

  /** Open ones. */
  get count(): number {
    return this.#openById.size;
  }

  /** Bytes kept for sockets that have not taken them yet. */
  get heldBytes(): number {
    return [...this.#openById.values()].reduce((sum, connection) => sum + connection.heldBytes, 0);
  }

  /** Those that are open now. */
  list({ after, limit, room, userId }: ConnectionQuery): OpenConnection[] {
    const found: OpenConnection[] = [];
    for (const connection of this.#openById.values()) {
      if (connection.id <= after || connection.isClosed) continue;
      if (found.length >= limit) break;
      const described = connection.describe();
      if ((room ?? described.room) === described.room && (userId ?? described.userId) === described.userId) found.push(described);
    }
    return found;
  }

  get ignoredMessages(): number {
    return this.#ignoredMessages;
  }

  /** Connections that the relay closed, by the metric label of the reason. */
  get closed(): Record<string, number> {
    return { ...this.#closed };
  }

  /** Numbers a connection, or an upgrade that was refused. */
  nextId(): number {
    return (this.#lastId += 1);
  }

  /** @param socket Carries `ws`. */
  accept(ws: RelaySocket, socket: Duplex, request: IncomingMessage, { ip, key }: ClientAddress): void {
    const { limits } = this.#setup;
    const id = this.nextId();
    const from = { ip, userAgent: printable(request.headers['user-agent'] ?? '', MAX_USER_AGENT_LENGTH) };
    const target = request.url ?? '/';
    let parsed: { room: string; extensionVersion: number | null };
    let token: string;
    try {
      parsed = parseRequestTarget(target);
      // A path alone is always a part of a URL, and has no token: making a URL costs as much as reading the name.
      token = target.startsWith('/') && !target.includes('?') ? '' : (urlOf(target).searchParams.get('token') ?? '');
    } catch (error) {
      return this.#refuse(ws, id, { ...from, room: '' }, error instanceof SyncError ? error.code : 'ROOM_NAME');
    }
    const { room } = parsed;
    if (this.#openById.size >= limits.maxConnections) return this.#refuse(ws, id, { ...from, room }, 'OVERLOADED');
    const isExtension = parsed.extensionVersion !== null;
    const entry = new EntryRequest(this.#context, { room, isExtension, target, headers: request.headers });
    const origin: Origin = { room, ...from };
    const options = { id, isExtension, origin, entry, addressKey: key, token };
    this.#openById.set(id, new Connection(ws, socket, options, this.#context));
  }

  /** Carries out an order of an embedder, given to this relay or to another. */
  obey(order: Order): void {
    for (const connection of this.#openById.values()) {
      if (order.type === 'recheck') connection.recheck(order.change);
      else connection.disconnect(order.userId);
    }
  }

  housekeeping(nowMs: number): void {
    const { users, addresses } = this.#context.work;
    for (const connection of this.#openById.values()) connection.housekeeping(nowMs);
    for (const shared of [users, addresses]) shared.sweep(nowMs);
  }

  /** Closes all connections, each at its own moment within `spreadMs`. Resolves when all are gone. */
  async sendAway(spreadMs: number): Promise<void> {
    const { random, schedule } = this.#setup.environment;
    if (this.#openById.size === 0) return;
    const gone = new Promise<void>((resolve) => (this.#onAllGone = resolve));
    for (const connection of this.#openById.values()) {
      const afterMs = random() * spreadMs;
      // Sent at once, so that a client can use the time: it may reconnect elsewhere before it is closed here.
      connection.sendAway(afterMs);
      schedule(() => connection.end('SHUTDOWN'), afterMs);
    }
    const cancel = schedule(() => this.terminate(), spreadMs + DRAIN_ANSWER_MS);
    await gone;
    cancel();
  }

  /** Drops all sockets without a close frame. */
  terminate(): void {
    for (const connection of [...this.#openById.values()]) connection.terminate();
  }

  #refuse(ws: RelaySocket, id: number, origin: Origin, code: ErrorName): void {
    const { logger, observer, clocks } = this.#context;
    const nobody = { userId: '', role: '', authentication: '' };
    this.#countEnd(code);
    const record = new ConnectionRecord({ id, isExtension: false, origin, observer, clocks });
    record.refused(code, nobody);
    record.endedBy(code);
    ws.on('error', (error) => logger.debug({ connection: id, err: error }, 'socket error'));
    ws.on('close', (closeCode) => record.closed(closeCode, nobody, 0));
    ws.close(errors[code].close, errors[code].sentence);
  }

  #gone(id: number): void {
    this.#openById.delete(id);
    if (this.#openById.size === 0) this.#onAllGone?.();
  }

  #countEnd(code: ErrorName): void {
    const { metric } = errors[code];
    this.#closed[metric] = (this.#closed[metric] ?? 0) + 1;
  }
}
