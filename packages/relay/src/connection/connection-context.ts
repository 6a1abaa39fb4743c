/** The parts of a connection: the relay's services, which all connections share, and the facts of the upgrade request. */

import type { ErrorName } from '@wetink/protocol';
import type { Framing, Outgoing } from '../framing/outgoing.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { UserCounts } from '../limits/open-counts.ts';
import type { SharedWork } from '../limits/shared-work.ts';
import type { Environment } from '../ports/environment.ts';
import type { Logger } from '../ports/logger.ts';
import type { RelayObserver } from '../ports/observer.ts';
import type { Room } from '../room/room.ts';
import type { Origin } from './connection-record.ts';
import type { EntryContext, EntryRequest } from './entry-request.ts';

/** Frames of one kind of client, read and written. */
export interface ClientFraming {
  isExtension: boolean;
  limits: RelayLimits;
  framing: Framing;
  observer: RelayObserver;
}

/** One for all connections: a copy for each would take more memory than the connection itself. */
export interface ConnectionContext extends EntryContext {
  environment: Environment;
  limits: RelayLimits;
  logger: Logger;
  observer: RelayObserver;
  clocks: { now(): number; wallClock(): number };
  framing: Framing;
  base: ClientFraming;
  extension: ClientFraming;
  /** The first message to each extension client. */
  hello: Outgoing;
  /** Connections and rooms by user. */
  users: UserCounts;
  /** Time on the event loop by user, and by address. */
  work: { users: SharedWork; addresses: SharedWork };
  /** Without a user id no id can be claimed in presence. */
  knowsUsers: boolean;
  /** The room to join now; called once, after authorization. */
  openRoom(name: string): Room;
  /** A message of unknown type was passed over. */
  onIgnored(): void;
  /** The relay closes the connection. */
  onEnd(code: ErrorName): void;
  /** The socket of connection `id` is gone. Called once. */
  onClosed(id: number): void;
}

export interface ConnectionOptions {
  id: number;
  isExtension: boolean;
  origin: Origin;
  entry: EntryRequest;
  /** Key under which its address is counted; null when the address is not limited. */
  addressKey: string | null;
  /** Token in the URL; only a base client's is used. */
  token: string;
}
