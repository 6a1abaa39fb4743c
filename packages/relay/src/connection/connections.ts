/**
 * The connections of a relay: made from upgraded sockets, counted when they end, and sent away by a drain.
 *
 * A socket that will not be served is still accepted and then closed with a code, because browsers hide why an upgrade
 * failed.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { errors, parseRequestTarget, SyncError, type ErrorName } from '@wetink/protocol';
import type { WebSocket } from 'ws';
import type { Order } from '../bus/control-room.ts';
import type { Framing } from '../framing/outgoing.ts';
import { UserCounts } from '../limits/open-counts.ts';
import { SharedWork } from '../limits/shared-work.ts';
import { printable } from '../ports/printable.ts';
import type { RelaySetup } from '../relay-options.ts';
import type { Room } from '../room/room.ts';
import { ConnectionRecord, type Origin } from './connection-record.ts';
import type { ConnectionContext } from './connection-context.ts';
import { Connection } from './connection.ts';

const MAX_USER_AGENT_LENGTH = 200;
/** While draining: time from the last close frame to dropping sockets that have not answered it. */
const DRAIN_ANSWER_MS = 2_000;

/** The context that all connections share. */
type SharedContext = Omit<ConnectionContext, 'authorize' | 'openRoom' | 'onClosed'>;

export class Connections {
  readonly #setup: RelaySetup;
  readonly #openRoom: (name: string) => Room;
  readonly #context: SharedContext;
  readonly #open = new Set<Connection>();
  readonly #closed: Record<string, number> = {};
  #lastId = 0;
  #ignoredMessages = 0;
  #onAllGone: (() => void) | null = null;

  constructor(setup: RelaySetup, framing: Framing, openRoom: (name: string) => Room) {
    const { environment, limits, logger, observer, wallClock, knowsUsers } = setup;
    this.#setup = setup;
    this.#openRoom = openRoom;
    this.#context = {
      environment,
      limits,
      logger,
      observer,
      wallClock,
      framing,
      users: new UserCounts(limits),
      work: {
        users: new SharedWork('user_work', limits.maxWorkMsPerUser),
        addresses: new SharedWork('address_work', limits.maxWorkMsPerAddress),
      },
      knowsUsers,
      onIgnored: () => (this.#ignoredMessages += 1),
      onEnd: (code) => this.#countEnd(code),
    };
  }

  /** Open ones. */
  get count(): number {
    return this.#open.size;
  }

  /** Bytes kept for sockets that have not taken them yet. */
  get heldBytes(): number {
    return [...this.#open].reduce((sum, connection) => sum + connection.heldBytes, 0);
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
  accept(ws: WebSocket, socket: Duplex, request: IncomingMessage): void {
    const { addressOf, addressKey, authorize, limits } = this.#setup;
    const id = this.nextId();
    const from = { ip: addressOf(request), userAgent: printable(request.headers['user-agent'] ?? '', MAX_USER_AGENT_LENGTH) };
    let target: { room: string; extensionVersion: number | null };
    let url: URL;
    try {
      target = parseRequestTarget(request.url ?? '/');
      url = new URL(`ws://relay${request.url ?? '/'}`);
    } catch (error) {
      return this.#refuse(ws, id, { ...from, room: '' }, error instanceof SyncError ? error.code : 'ROOM_NAME');
    }
    const { room } = target;
    if (this.#open.size >= limits.maxConnections) return this.#refuse(ws, id, { ...from, room }, 'OVERLOADED');
    const isExtension = target.extensionVersion !== null;
    const asked = { room, isExtension, url, headers: request.headers };
    const connection: Connection = new Connection(
      ws,
      socket,
      { id, isExtension, room, ...from, addressKey: addressKey(from.ip), token: url.searchParams.get('token') ?? '' },
      {
        ...this.#context,
        authorize: async (token) => authorize({ ...asked, token }),
        openRoom: () => this.#openRoom(room),
        onClosed: () => this.#gone(connection),
      },
    );
    this.#open.add(connection);
  }

  /** Carries out an order of an embedder, given to this relay or to another. */
  obey(order: Order): void {
    for (const connection of this.#open) {
      if (order.type === 'recheck') connection.recheck(order.change);
      else connection.disconnect(order.userId);
    }
  }

  housekeeping(nowMs: number): void {
    const { users, addresses } = this.#context.work;
    for (const connection of this.#open) connection.housekeeping(nowMs);
    for (const shared of [users, addresses]) shared.sweep(nowMs);
  }

  /** Closes all connections, each at its own moment within `spreadMs`. Resolves when all are gone. */
  async sendAway(spreadMs: number): Promise<void> {
    const { random, schedule } = this.#setup.environment;
    if (this.#open.size === 0) return;
    const gone = new Promise<void>((resolve) => (this.#onAllGone = resolve));
    for (const connection of this.#open) {
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
    for (const connection of [...this.#open]) connection.terminate();
  }

  #refuse(ws: WebSocket, id: number, origin: Origin, code: ErrorName): void {
    const { environment, logger, observer, wallClock } = this.#setup;
    const nobody = { userId: '', role: '', authentication: '' };
    this.#countEnd(code);
    const record = new ConnectionRecord({ id, isExtension: false, origin, observer, clocks: { now: () => environment.now(), wallClock } });
    record.refused(code, nobody);
    record.endedBy(code);
    ws.on('error', (error) => logger.debug({ connection: id, err: error }, 'socket error'));
    ws.on('close', (closeCode) => record.closed(closeCode, nobody, 0));
    ws.close(errors[code].close, errors[code].sentence);
  }

  #gone(connection: Connection): void {
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#onAllGone?.();
  }

  #countEnd(code: ErrorName): void {
    const { metric } = errors[code];
    this.#closed[metric] = (this.#closed[metric] ?? 0) + 1;
  }
}
