/**
 * The relay: attaches to http servers, opens rooms, keeps house, and drains. No state outside the instance.
 */

import type { Server } from 'node:http';
import { limits as wire } from '@wetink/protocol';
import type { RoomCounts } from './bus/bus.ts';
import { ControlRoom, type Order } from './bus/control-room.ts';
import { Connections, type ConnectionQuery } from './connection/connections.ts';
import { Upgrades } from './connection/upgrades.ts';
import { Edits, type EditCallback, type EditOptions } from './edits/edits.ts';
import { drainRelay, type DrainTimes } from './drain.ts';
import type { Framing } from './framing/outgoing.ts';
import { startHousekeeping } from './housekeeping.ts';
import { StoreHealth } from './journal/store-health.ts';
import type { RelayLimits } from './limits/limits.ts';
import type { AccessChange } from './ports/authorize.ts';
import type { OpenConnection } from './ports/observer.ts';
import { withDefaults, type RelayOptions } from './relay-options.ts';
import { createRepairGate } from './replication/repair-gate.ts';
import type { RoomStats } from './room/room-stats.ts';
import { Rooms } from './room/rooms.ts';

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
  /** Rooms in memory here, in the order of their names (UTF-16). @param page.after The last room of the page before, or ''. */
  openRooms(page: { after: string; limit: number }): { room: string; stats: RoomStats }[];
  /** Connections that are open here, in the order in which they came. */
  openConnections(query: ConnectionQuery): OpenConnection[];
  /** People and connections of these rooms, in order: of all relays on the bus, or of this relay while the bus is down. */
  counts(rooms: readonly string[]): Promise<{ counts: RoomCounts[]; isWhole: boolean }>;
  /**
   * Changes a room's document as a client of it: loads it if necessary, runs `callback` on a copy in one transaction, and
   * resolves with what it returned once the change, and all that it builds on, is durable. The change is passed on to the
   * room's members, here and on the other relays, like any other; a callback that changes nothing waits until what it read
   * is durable.
   *
   * @param callback Runs once, and a second time if another client claims the id of the first. Synchronous. If it throws,
   * nothing is changed. The document is its own only until it returns.
   * @throws {SyncError} ROOM_NAME, ROOM_ERASED, LOAD_FAILED, STORAGE_UNAVAILABLE, DOCUMENT_TOO_LARGE, TOO_LARGE, BAD_UPDATE:
   * the room took nothing of it. SHUTDOWN, and ROOM_ERASED or LOAD_FAILED while the store cannot be written: it may have.
   * @throws What the callback throws, and the reason of `options.signal`.
   */
  edit<Result>(room: string, callback: EditCallback<Result>, options?: EditOptions): Promise<Result>;
  /**
   * Keeps a room in memory, so that the watch (`RelayOptions.watch`) hears of changes that come to other relays.
   * @returns Ends that. Idempotent.
   */
  hold(room: string): () => void;
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

const DRAIN_DEADLINE_MS = 25_000;
const CLOSE_DEADLINE_MS = 5_000;
/** Other relays take in 200 clients a second without trouble, each with a document to compare. */
const DRAIN_MS_PER_CONNECTION = 5;

export function createRelay(options: RelayOptions): Relay {
  const setup = withDefaults(options);
  const { bus, environment, limits, logger } = setup;
  const storeHealth = new StoreHealth(setup.store);
  const framing = createFraming(limits);
  const surroundings = { ...setup, appends: storeHealth, framing };
  const rooms = new Rooms({ ...surroundings, gate: createRepairGate(limits.maxTailReads) });
  const connections = new Connections(setup, framing, (name) => rooms.open(name));
  const edits = new Edits((name) => rooms.open(name), environment, limits);
  const upgrades = new Upgrades(setup, connections);
  const control = bus === null ? null : new ControlRoom(bus, logger, (order) => connections.obey(order));
  const stopHousekeeping = startHousekeeping(environment, (nowMs) => {
    connections.housekeeping(nowMs);
    rooms.housekeeping(nowMs);
    edits.housekeeping(nowMs);
  });
  let draining: Promise<{ unsavedBytes: number }> | null = null;

  const order = (given: Order): void => {
    connections.obey(given);
    control?.tell(given);
  };
  const drain = async (times: DrainTimes): Promise<{ unsavedBytes: number }> => {
    upgrades.stop();
    const drained = await drainRelay(setup, connections, edits, rooms, times);
    stopHousekeeping();
    control?.close();
    upgrades.detach();
    return drained;
  };

  return {
    attach: (server, attachOptions = {}) => upgrades.attach(server, attachOptions),
    get isReady() {
      return draining === null;
    },
    stats: () => ({
      rooms: rooms.count,
      connections: connections.count,
      unsavedBytes: rooms.unsavedBytes,
      heldBytes: connections.heldBytes,
      ignoredMessages: connections.ignoredMessages,
      closed: connections.closed,
    }),
    roomStats: (name) => rooms.stats(name),
    openRooms: (page) => rooms.list(page),
    openConnections: (query) => connections.list(query),
    counts: (names) => rooms.counts(names),
    edit: (room, callback, editOptions) => edits.run(room, callback, editOptions),
    hold: (room) => rooms.open(room).hold(),
    // Opens the room first if necessary: only a room can send to the other nodes.
    erase: (name) => rooms.open(name).erase(),
    probeStore: () => storeHealth.probe(),
    recheck: (change) => order({ type: 'recheck', change }),
    disconnect(userId) {
      // Users without an id are not one user.
      if (userId !== '') order({ type: 'disconnect', userId });
    },
    drain({ deadlineMs = DRAIN_DEADLINE_MS, spreadMs } = {}) {
      const usualMs = Math.max(limits.drainSpreadMs, DRAIN_MS_PER_CONNECTION * connections.count);
      return (draining ??= drain({ deadlineMs, spreadMs: spreadMs ?? usualMs }));
    },
    async close() {
      await (draining ??= drain({ deadlineMs: CLOSE_DEADLINE_MS, spreadMs: 0 }));
    },
  };
}

/** Chunk ids are shared by all connections, so unique on each; they wrap long after any chunk with that number is closed. */
function createFraming({ fragmentBytes }: Pick<RelayLimits, 'fragmentBytes'>): Framing {
  let lastChunkId = 0;
  return { fragmentBytes, maxChunkBytes: wire.maxChunkBytes, nextChunkId: () => (lastChunkId = (lastChunkId + 1) % 2 ** 31) };
}
