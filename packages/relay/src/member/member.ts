/** One client as its room sees it: a connection, or an edit of the embedder. */

import type { AwarenessEntry, ErrorName, Message, Role } from '@wetink/protocol';
import type { Acks } from './acks.ts';
import type { Outgoing } from '../framing/outgoing.ts';
import type { PresencePeer } from '../presence/presence.ts';

export interface EndOptions {
  /** When the client may come back; 0 when that makes no difference. */
  retryAfterMs?: number | undefined;
  /** For the log. */
  error?: unknown;
  /** Comes before the sentence. */
  reason?: string | undefined;
}

export interface Member extends PresencePeer {
  /** An edit of the embedder (`edits`): no connection, so it counts for no bound on connections, and is no person. */
  readonly isEdit?: true;
  readonly isExtension: boolean;
  readonly role: Role;
  readonly acks: Acks;

  /** Its first awareness frame: a stock client's names its own id. Later calls do nothing. */
  introduce(entries: readonly AwarenessEntry[]): void;
  /** True while so much waits for the socket that changes are better sent later, as one difference. */
  isBehind(): boolean;
  /** True while anything waits that the socket has no room for. */
  isWaiting(): boolean;
  /** Until `uncork`, messages wait, to reach the socket in one write. */
  cork(): void;
  uncork(): void;
  /** For small messages that the client needs even if it is closed before their turn: acks, refusals, notices, questions. */
  send(outgoing: Outgoing): void;
  /** For messages that are only worth sending now: dropped when the socket is behind. */
  sendEphemeral(outgoing: Outgoing): void;
  /** A first sync, changes or a difference. `isShared`: others hold the same bytes. `answeredBytes`: size of what the member asked for. */
  sendSync(outgoing: Outgoing, how: { isShared: boolean; answeredBytes?: number }): void;
  /** Runs work about one of its messages whose frame was handled before, so that the log can name it. */
  during(message: Message, work: () => void): void;
  /** Counts time on the event loop that its messages took after the frame they came in had been handled. */
  worked(ms: number): void;
  /** Reads no more from the socket until `resume`. */
  pause(): void;
  resume(): void;
  /** Closes with a code and a sentence. */
  end(code: ErrorName, options?: EndOptions): void;
}
