/**
 * Carries a room's updates and presence between relays that share a store.
 *
 * A bus is a hint, never the truth: when a link breaks, messages may be lost without notice. The layer above
 * (replication.ts) notices and repairs the loss, from other nodes or from the store. So nothing here waits for an
 * answer, and nothing here throws into a room.
 *
 * The rules that every bus keeps are numbered in SPEC.md and executable as `busContract` (`@wetink/relay/testing`).
 */

/** `left`: the node said goodbye, and everything it wrote is durable. `lost`: it is dead, or cut off from the bus alone. */
export type Departure = 'left' | 'lost';

/** Listens to one room on this node. Never called during `join`. */
export interface BusListener {
  /**
   * Called with another node's message: at most once, in the sender's order while the link holds, never with one's own.
   * @param bytes The receiver owns them.
   */
  receive(from: string, bytes: Uint8Array): void;
  /** The link was broken and holds again: any number of messages may be missing. */
  restored(): void;
  /** That node has closed the room (`left`, which may follow `lost`), or its heartbeat has stopped. */
  gone(node: string, how: Departure): void;
}

export interface RoomCounts {
  /** Number of different users; a guest counts as one per connection. */
  people: number;
  connections: number;
}

/** One room on this node. */
export interface BusRoom {
  /** Sends to every other node that has the room open: one publish, however many nodes. Dropped while the link is down. */
  publish(bytes: Uint8Array): void;
  /** Sends to one node alone. Dropped when the node does not have the room open, or while the link is down. */
  send(node: string, bytes: Uint8Array): void;
  /** Sets what this node adds to the room's counts in the cluster; forgotten when the node's heartbeat stops. */
  report(counts: RoomCounts): void;
  /** Other living nodes that have the room open, from the registry, not from messages. Rejects while the link is down. */
  peers(): Promise<string[]>;
  /** Says goodbye, now or when the link holds again, and stops listening. The room may be joined again. */
  leave(): void;
}

export interface Bus {
  /** This process's name on the bus: 1 to 32 letters and digits, made at start and never used again. */
  readonly node: string;
  /** False while the link is down. */
  readonly isUp: boolean;
  /** One listener per room and node. The room '' belongs to no document: relays send each other orders in it. */
  join(room: string, listener: BusListener): BusRoom;
  /** Counts of the whole cluster for these rooms, in their order; 0 for a room that is not open. Rejects while the link is down. */
  counts(rooms: readonly string[]): Promise<RoomCounts[]>;
  /** Leaves every room and removes this node from the registry. Idempotent. */
  close(): Promise<void>;
}
