/** What a relay reports while it works, for metrics and logs. Nothing a person wrote is ever passed here. */

import type { ErrorName } from '@wetink/protocol';
import type { CheckpointOutcome } from '@wetink/storage';
import type { PacedLimit } from './paced-limit.ts';

/** One connection, told when its WebSocket opens: before anybody knows whose it is, and before it is let in or refused. */
export interface ConnectionOpening {
  connectionId: number;
  /** '' when the address named none. */
  room: string;
  ip: string;
  /** At most 200 characters, all of them printable. */
  userAgent: string;
  isExtension: boolean;
}

/** One connection, told when it has ended. */
export interface ConnectionSummary extends ConnectionOpening {
  userId: string;
  role: string;
  /** How it was let in, such as 'open', 'guest' or 'token'; '' when it was not. */
  authentication: string;
  /** ms since 1970. */
  startedAt: number;
  durationMs: number;
  framesIn: number;
  framesOut: number;
  bytesIn: number;
  bytesOut: number;
  closeCode: number;
  /** Why: a failure of the error table when this side ended it, 'left' when the client did, 'lost' when nobody said anything. */
  reason: ErrorName | 'left' | 'lost';
}

/** A message or connection that was refused. */
export interface ConnectionFailure {
  connectionId: number;
  room: string;
  ip: string;
  userId: string;
  code: ErrorName;
  /** Name on the wire of the message under way, such as 'update'; 'unreadable'; '' when there was none. */
  messageType: string;
  /** The first 64 bytes of the frame, in hex. Never of a frame that may hold a token; '' when there is nothing to show. */
  dump: string;
  error?: unknown;
}

export interface RelayObserver {
  connectionOpened(opening: ConnectionOpening): void;
  connectionEnded(summary: ConnectionSummary): void;
  /** WebSocket frames handed over together; `type` is the name on the wire of their first message, such as 'update'. */
  frames(direction: 'in' | 'out', type: string, count: number, bytes: number): void;
  /** Told by the connection, also for what its room refuses. A drain refuses nothing. */
  refused(failure: ConnectionFailure): void;
  /** Somebody went beyond a limit that passes: they wait, or come back later. Refusals of others are told by their code alone. */
  limited(limit: PacedLimit): void;
  /** From receiving a change to being allowed to say "saved". */
  acked(latencyMs: number): void;
  journalWritten(rows: number, bytes: number, durationMs: number): void;
  journalFailed(): void;
  checkpoint(outcome: CheckpointOutcome | 'failed', bytes: number, durationMs: number): void;
  /** Rows that the store could not read, or that the document cannot show. */
  quarantined(rows: number): void;
  roomLoaded(bytes: number, durationMs: number): void;
  /** A socket was too slow: ephemeral frames dropped, changes replaced by one later difference, or closed. */
  slowReader(what: 'dropped' | 'behind' | 'closed'): void;
  busPublished(bytes: number): void;
  busReceived(bytes: number): void;
  /** Messages of another node are missing. */
  busGap(): void;
  /** What was missing has been fetched: from a node, or from the store. */
  repaired(from: 'node' | 'store', durationMs: number): void;
  /** Two nodes at one position had different documents. Never in a healthy cluster. */
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
