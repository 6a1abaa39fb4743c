/** Reports of a working relay, for metrics and logs. Users' content is never passed here. */

import type { ErrorName } from '@wetink/protocol';
import type { CheckpointOutcome } from '@wetink/storage';
import type { PacedLimit } from './paced-limit.ts';

/** One connection when its WebSocket opens: its user is not known yet, and it is neither accepted nor refused. */
export interface ConnectionOpening {
  connectionId: number;
  /** '' when the address named none. */
  room: string;
  ip: string;
  /** At most 200 characters, all of them printable. */
  userAgent: string;
  isExtension: boolean;
}

/** One connection when it has ended. */
export interface ConnectionSummary extends ConnectionOpening {
  userId: string;
  role: string;
  /** How the user was authenticated, such as 'open', 'guest' or 'token'; '' when it was not accepted. */
  authentication: string;
  /** ms since 1970. */
  startedAt: number;
  durationMs: number;
  framesIn: number;
  framesOut: number;
  bytesIn: number;
  bytesOut: number;
  closeCode: number;
  /** Why it ended: an error code when this side ended it, 'left' when the client did, 'lost' when neither did. */
  reason: ErrorName | 'left' | 'lost';
}

/** One connection that is open. */
export interface OpenConnection extends ConnectionOpening {
  /** '' for a client without an id, and before it was let in. */
  userId: string;
  /** '' before it was let in, as is `authentication`. */
  role: string;
  authentication: string;
  /** ms since 1970. */
  startedAt: number;
  durationMs: number;
}

/** A message or connection that was refused. */
export interface ConnectionFailure {
  connectionId: number;
  room: string;
  ip: string;
  userId: string;
  code: ErrorName;
  /** Wire name of the message in hand, such as 'update'; 'unreadable'; '' when there was none. */
  messageType: string;
  /** The first 64 bytes of the frame, in hex; '' for a frame that may hold a token, or when there is none. */
  dump: string;
  error?: unknown;
}

export interface RelayObserver {
  connectionOpened(opening: ConnectionOpening): void;
  connectionEnded(summary: ConnectionSummary): void;
  /** WebSocket frames handed over together; `type` is the wire name of their first message, such as 'update'. */
  frames(direction: 'in' | 'out', type: string, count: number, bytes: number): void;
  /** A connection or its room refused a message or a client. A drain refuses nothing. */
  refused(failure: ConnectionFailure): void;
  /** A client exceeded a limit that passes: it waits, or comes back later. Other refusals count by their code alone. */
  limited(limit: PacedLimit): void;
  /** Milliseconds from receiving an update to its acknowledgement. */
  acked(latencyMs: number): void;
  journalWritten(rows: number, bytes: number, durationMs: number): void;
  journalFailed(): void;
  checkpoint(outcome: CheckpointOutcome | 'failed', bytes: number, durationMs: number): void;
  /** Rows that the store could not read, or that the document cannot show. */
  quarantined(rows: number): void;
  roomLoaded(bytes: number, durationMs: number): void;
  /** A socket was too slow: ephemeral frames were dropped, updates replaced by one later difference, or it was closed. */
  slowReader(what: 'dropped' | 'behind' | 'closed'): void;
  busPublished(bytes: number): void;
  busReceived(bytes: number): void;
  /** Messages of another node are missing. */
  busGap(): void;
  /** Missing updates were fetched, from a node or from the store. */
  repaired(from: 'node' | 'store', durationMs: number): void;
  /** Two nodes had different documents at one position. Never happens in a healthy cluster. */
  digestMismatch(): void;
}

const ignore = (): void => undefined;

export const silentObserver: RelayObserver = {
  connectionOpened: ignore,
  connectionEnded: ignore,
  frames: ignore,
  refused: ignore,
  limited: ignore,
  acked: ignore,
  journalWritten: ignore,
  journalFailed: ignore,
  checkpoint: ignore,
  quarantined: ignore,
  roomLoaded: ignore,
  slowReader: ignore,
  busPublished: ignore,
  busReceived: ignore,
  busGap: ignore,
  repaired: ignore,
  digestMismatch: ignore,
};
