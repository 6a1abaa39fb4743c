/** What a relay reports while it works, for metrics and logs. Nothing a person wrote is ever passed here. */

import type { ErrorName } from '@wetink/protocol';
import type { CheckpointOutcome } from '@wetink/storage';

/** One connection, told when it has ended. */
export interface ConnectionSummary {
  connectionId: number;
  room: string;
  ip: string;
  userAgent: string;
  userId: string;
  role: string;
  /** How it was let in, such as 'open' or 'token'. */
  authentication: string;
  isExtension: boolean;
  /** ms since 1970. */
  startedAt: number;
  durationMs: number;
  framesIn: number;
  framesOut: number;
  bytesIn: number;
  bytesOut: number;
  closeCode: number;
  reason: string;
}

export interface RelayObserver {
  connectionOpened(): void;
  connectionEnded(summary: ConnectionSummary): void;
  /** `type` is a message's name on the wire, such as 'update'. */
  frame(direction: 'in' | 'out', type: string, bytes: number): void;
  /** A frame, message or connection was refused. */
  refused(code: ErrorName): void;
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
  frame: ignore,
  refused: ignore,
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
