/**
 * The relay: attaches to http servers, opens rooms, keeps house, and drains. No state outside the instance.
 */

import type { Server } from 'node:http';
import { limits as wire } from '@wetink/protocol';
import type { RoomCounts } from './bus/bus.ts';
import { ControlRoom, type Order } from './bus/control-room.ts';
import { Connections } from './connection/connections.ts';
import { Upgrades } from './connection/upgrades.ts';
import { drainRelay, type DrainTimes } from './drain.ts';
import type { Framing } from './framing/outgoing.ts';
import { startHousekeeping } from './housekeeping.ts';
import { StoreHealth } from './journal/store-health.ts';
import type { RelayLimits } from './limits/limits.ts';
import type { AccessChange } from './ports/authorize.ts';
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
  const upgrades = new Upgrades(setup, connections);
  const control = bus === null ? null : new ControlRoom(bus, logger, (order) => connections.obey(order));
  const stopHousekeeping = startHousekeeping(environment, (nowMs) => {
    connections.housekeeping(nowMs);
    rooms.housekeeping(nowMs);
  });
  let draining: Promise<{ unsavedBytes: number }> | null = null;

  const order = (given: Order): void => {
    connections.obey(given);
    control?.tell(given);
  };
  const drain = async (times: DrainTimes): Promise<{ unsavedBytes: number }> => {
    upgrades.stop();
    const drained = await drainRelay(setup, connections, rooms, times);
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
    counts: (names) => rooms.counts(names),
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
