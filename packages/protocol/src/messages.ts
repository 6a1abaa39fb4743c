/** The messages. SPEC.md states the grammar; encode.ts writes it, frame.ts and server-reader.ts read it. */

import type { ErrorName } from './error-codes.ts';
import * as limits from './limits.ts';

/** Raised by any change of the extension's bytes; a test holds the bytes of each version. */
export const PROTOCOL_VERSION = 1;

export type Role = 'viewer' | 'editor' | 'owner';

/** On the wire a role is its index. */
export const roles: readonly Role[] = ['viewer', 'editor', 'owner'];

export interface ToldLimits {
  /** Longest message that may come unchunked, and the largest chunk. */
  maxChunkBytes: number;
  /** Largest message once its chunks are joined. */
  maxMessageBytes: number;
}

export type Message =
  /** Both ways. What the sender has; answered with what it lacks. */
  | { type: 'sync-step-1'; stateVector: Uint8Array }
  /** Both ways. The answer, a Yjs update (V1). */
  | { type: 'sync-step-2'; update: Uint8Array }
  /** Both ways. A change, a Yjs update (V1). */
  | { type: 'update'; update: Uint8Array }
  /** Both ways. See `decodeAwareness`. */
  | { type: 'awareness'; body: Uint8Array }
  /** To clients. */
  | { type: 'permission-denied'; reason: string }
  /** To servers. Answered with everyone's awareness. */
  | { type: 'query-awareness' }
  /** To clients, first of all. */
  | { type: 'hello'; version: number; limits: ToldLimits }
  /** To relays, first after hello and again with each new token of the same user; an empty token is a guest's. */
  | { type: 'authenticate'; clientId: number; token: string }
  /** To clients, the answer to `authenticate`, and again whenever the role changes. Of tokens sent before an answer, the newest is answered. */
  | { type: 'welcome'; role: Role; userId: string }
  /** To clients. The first `count` document messages of this connection are durable. */
  | { type: 'ack'; count: number }
  /** To clients. Document message number `count` is not saved, and none after it will be taken. */
  | { type: 'refused'; count: number; code: ErrorName }
  /** Both ways. A piece of a gesture still under way; `index` of its first point. */
  | { type: 'wet'; clientId: number; gesture: string; index: number; isEnd: boolean; payload: Uint8Array }
  /** Both ways. For a server extension. */
  | { type: 'app'; channel: string; payload: Uint8Array }
  /** To clients. What is wrong, and for how long; `retryAfterMs` is 0 when there is nothing to wait for: what was wrong is over. */
  | { type: 'notice'; code: ErrorName; retryAfterMs: number; text: string }
  /** To clients. Come back after this long, on a new connection. */
  | { type: 'reconnect'; afterMs: number }
  /** Both ways. SHA-256 of the document's canonical encoding. */
  | { type: 'digest'; sha256: Uint8Array }
  /** Both ways. A piece of a message too long for one frame. */
  | { type: 'chunk'; id: number; offset: number; total: number; bytes: Uint8Array }
  /** Only decoded, never encoded: a type of a newer peer or of another protocol. */
  | { type: 'unknown'; typeNumber: number };

/** Messages that our own client sends. */
export type ClientMessage = Extract<
  Message,
  { type: 'sync-step-1' | 'sync-step-2' | 'update' | 'awareness' | 'authenticate' | 'wet' | 'chunk' }
>;

/** Messages of a server that our own client reads, chunks joined. */
export type ServerMessage = Exclude<Message, { type: 'authenticate' | 'query-awareness' | 'app' | 'digest' | 'chunk' }>;

/** First bytes of a `hello`, so that another protocol's use of type 100 is not taken for one. */
export const HELLO_MAGIC = 'wetink';

export const SHA256_BYTES = 32;

/** Checks the limits of a `hello`: smaller ones could not carry a chunk. */
export function areLimitsPossible(told: ToldLimits): boolean {
  return told.maxChunkBytes >= limits.minChunkBytes && told.maxMessageBytes >= told.maxChunkBytes;
}
