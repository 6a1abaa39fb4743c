/** How a bus over Redis stands, for metrics and for health checks. */
export interface RedisBusStatus {
  isUp: boolean;
  /** host:port of the connections that publish, subscribe and keep the registry; empty while down. */
  endpoints: readonly string[];
  /** Links opened after the first. */
  reconnects: number;
  /** Failed attempts in a row. */
  failures: number;
  /** Why the link is down or was last down, in one sentence; null when it never was. */
  reason: string | null;
  /** Rooms joined, without '', which the relays use among themselves. */
  rooms: number;
  /** Other nodes known to live. */
  nodes: number;
  /** Messages of rooms handed to Redis, and their bytes with the envelope. */
  published: number;
  publishedBytes: number;
  /** Messages of rooms that were not sent: the link was down, or too many bytes were on their way. */
  droppedPublishes: number;
  received: number;
  receivedBytes: number;
  /** Messages that were not of this protocol, or that a broken link delivered late. */
  ignoredMessages: number;
  /** Memory held for messages on their way. */
  outboxBytes: number;
}
