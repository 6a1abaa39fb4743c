/**
 * What carries a room's changes and presence between relays that share a store.
 *
 * A bus is a hint, never a truth: a message may be lost, without a word, whenever a link breaks. What is lost is
 * noticed and repaired above it (replication.ts), from the other nodes or from the store. So nothing here waits for
 * an answer, and nothing here ever throws into a room.
 *
 * The rules every bus keeps are numbered in SPEC.md and executable as `busContract` (`@wetink/relay/testing`).
 */

/** `left`: it said goodbye, and everything it wrote is durable. `lost`: it is dead, or cut off from the bus alone. */
export type Parting = 'left' | 'lost';

/** Who listens to one room on this node. Never called during `join`. */
export interface BusListener {
  /**
   * Another node's message. At most once; in the order of its sender, as long as the link holds; never one's own.
   * @param bytes The receiver owns them.
   */
  receive(from: string, bytes: Uint8Array): void;
  /** The link was broken and holds again: any number of messages may be missing. */
  restored(): void;
  /** That node has closed the room (`left`, which may be said after `lost`), or its heartbeat has stopped. */
  gone(node: string, how: Parting): void;
}

export interface RoomCounts {
  /** Different users; a guest counts as one per connection. */
  people: number;
  connections: number;
}

/** One room on this node. */
export interface BusRoom {
  /** To every other node that has the room open: one publish, however many they are. Dropped while the link is down. */
  publish(bytes: Uint8Array): void;
  /** To one node alone. Dropped when it is not there, or while the link is down. */
  send(node: string, bytes: Uint8Array): void;
  /** What this node adds to the room's counts in the cluster; forgotten when the node's heartbeat stops. */
  report(counts: RoomCounts): void;
  /** Other living nodes that have the room open, read from the registry, not from messages. Rejects while the link is down. */
  peers(): Promise<string[]>;
  /** Says goodbye, now or when the link holds again, and hears nothing more. The room may be joined again. */
  leave(): void;
}

export interface Bus {
  /** This process's name on the bus: 1 to 32 letters and digits, minted at start, never used again. */
  readonly node: string;
  /** False while the link is down. */
  readonly isUp: boolean;
  /** One listener per room and node. The room '' is no document's: relays talk among themselves in it. */
  join(room: string, listener: BusListener): BusRoom;
  /** Counts of the whole cluster for these rooms, in their order; a room nobody has open counts 0. Rejects while the link is down. */
  counts(rooms: readonly string[]): Promise<RoomCounts[]>;
  /** Leaves every room, takes this node out of the registry. Idempotent. */
  close(): Promise<void>;
}
