/** A room, as an application sees it. */
import type { ErrorName, Role } from '@wetink/protocol';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import type { DeviceState } from './device-copy-options.ts';
import type { Environment } from './environment.ts';
import type { RoomStatus } from './status.ts';
import type { Notice, WetMessage } from './tab-channel.ts';

export interface RoomOptions {
  /** `ws://host:port` or `wss://…`; the room's name is appended, URL-encoded. */
  url: string;
  room: string;
  /** Makes an empty document with a client id never used before (`new Y.Doc()`). Called again after a refusal. */
  createDoc: () => Doc;
  /**
   * Called for every connection, when the relay asks for a fresh token, and by `refreshToken`. One that rejects is a lost
   * link, tried again later; with a `TokenRefusal` it says why, and when. Default: a guest ('').
   */
  getToken?: (request: TokenRequest) => Promise<string>;
  /** More query parameters, for stock servers that expect some. */
  params?: Readonly<Record<string, string>>;
  /** The copy on this device. Default on where IndexedDB is; `name` (default: the room) is the database's. */
  offline?: { name?: string } | false;
  /** Share edits and one socket with other tabs. Default on in pages. */
  tabs?: boolean;
  environment?: Partial<Environment>;
}

export interface TokenRequest {
  /** The last token was refused, is about to end, or the application asked for another: the same once more would not do. */
  mustBeFresh: boolean;
}

/** A rejection of `getToken` that gives its reason. Anything else is TOKEN_FAILED, tried again as any lost link is. */
export interface TokenRefusal extends Error {
  /** Why there is no token. A failure that lasts ends the link. */
  code: ErrorName;
  /** A word that says more than the code. */
  reason?: string;
  /** Least wait before the next try. */
  retryAfterMs?: number;
}

/** A document that was given up because the relay refused it, kept for the person to look at. */
export interface KeptCopy {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Changes in it that no relay has. */
  changes: number;
  code: ErrorName;
  /** In a completed write on this device, as far as this tab knows. False: the copy ends with the tab that made it. */
  readonly onDevice: boolean;
  /** The whole document as one Yjs update (V1). */
  load(): Promise<Uint8Array>;
  discard(): Promise<void>;
}

export interface Room {
  /** The current document; another one after `onReplaced`. */
  readonly doc: Doc;
  /** Belongs to `doc`, so it is another one after `onReplaced`, with the same local state. */
  readonly awareness: Awareness;
  readonly status: RoomStatus;
  /**
   * Changes of this page, numbered from 1 in the order in which they were made: how many there are, and up to which of them a
   * server has confirmed (a stock server: was sent). A change is counted at the end of the task in which it was made.
   */
  readonly changes: { readonly made: number; readonly settled: number };
  readonly role: Role | null;
  readonly link: 'connecting' | 'open' | 'waiting' | 'closed';
  /** The server's changes from before the current connection are in `doc`. */
  readonly isSynced: boolean;
  readonly device: DeviceState | { kind: 'unused' };
  /** The copy on the device is applied, or was given up. Always settles. */
  readonly whenLoaded: Promise<void>;
  /** First sync. Pending as long as there was none. */
  readonly whenSynced: Promise<void>;
  /** Also when only `role` has changed. */
  onStatus(listener: (status: RoomStatus) => void): () => void;
  onSynced(listener: () => void): () => void;
  onReplaced(listener: (event: { doc: Doc; kept: KeptCopy }) => void): () => void;
  onWet(listener: (message: WetMessage) => void): () => void;
  onNotice(listener: (notice: Notice) => void): () => void;
  /**
   * Best effort: dropped without a link, on a stock server, or when the link is too far behind.
   * @throws {RangeError} More than 64 KiB of payload or 64 bytes of gesture.
   */
  sendWet(message: Omit<WetMessage, 'clientId'>): void;
  /**
   * Asks `getToken` anew and tells the relay on the open link: the person has another name, or signed in. The room goes
   * on meanwhile. Nothing happens without a link (the next one asks anyway) or on a stock server. Of several tabs, the one
   * that holds the socket asks its own `getToken`.
   */
  refreshToken(): void;
  keptCopies(): Promise<KeptCopy[]>;
  /** Hands on all changes so far, and writes them to the device if it can. */
  flush(): Promise<void>;
  /** Says goodbye and lets go of everything; final, may be called again. The document stays usable. */
  close(): Promise<void>;
}
