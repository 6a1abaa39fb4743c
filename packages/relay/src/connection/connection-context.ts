/** The parts of a connection: the relay's services, and the facts of the upgrade request. */

import type { ErrorName } from '@wetink/protocol';
import type { Framing } from '../framing/outgoing.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { UserCounts } from '../limits/open-counts.ts';
import type { SharedWork } from '../limits/shared-work.ts';
import type { AuthorizeAnswer } from '../ports/authorize.ts';
import type { Environment } from '../ports/environment.ts';
import type { Logger } from '../ports/logger.ts';
import type { RelayObserver } from '../ports/observer.ts';
import type { Room } from '../room/room.ts';
import type { Origin } from './connection-record.ts';

export interface ConnectionContext {
  environment: Environment;
  limits: RelayLimits;
  logger: Logger;
  observer: RelayObserver;
  /** ms since 1970. */
  wallClock(): number;
  framing: Framing;
  /** Connections and rooms by user. */
  users: UserCounts;
  /** Time on the event loop by user, and by address. */
  work: { users: SharedWork; addresses: SharedWork };
  authorize(token: string): Promise<AuthorizeAnswer>;
  /** Without a user id no id can be claimed in presence. */
  knowsUsers: boolean;
  /** The room to join now; called once, after authorization. */
  openRoom(): Room;
  /** A message of unknown type was passed over. */
  onIgnored(): void;
  /** The relay closes the connection. */
  onEnd(code: ErrorName): void;
  /** The socket is gone. Called once. */
  onClosed(): void;
}

export interface ConnectionOptions extends Origin {
  id: number;
  isExtension: boolean;
  /** Key under which its address is counted; null when the address is not limited. */
  addressKey: string | null;
  /** Token in the URL; only a base client's is used. */
  token: string;
}
