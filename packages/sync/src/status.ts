/**
 * The status of a person's work, as one total and pure function of the facts.
 * Promises kept here: `saved` only when a relay has acknowledged every change as durable, and never with a stock server,
 * which acknowledges nothing; `offline` only when nothing answers; a reason that a relay gave is passed on.
 *
 * A status is a state of the link together with what waits (`Work`), so that no state hides a change that is not saved.
 * The sentences for people about each code are in the table of `@wetink/protocol`, also at `@wetink/sync/failures`.
 */
import type { ErrorName, Role } from '@wetink/protocol';

/** Where changes are: all of them in a completed write on this device, about to be, or in this tab alone. */
export type CopyFact = 'kept' | 'writing' | 'none';

/**
 * Storage of this device for what comes next. `unused`: no copy was asked for, or the machine (Node) has no such thing.
 * `blocked`: the browser refuses, or does not answer.
 */
export type StorageFact = 'working' | 'unused' | 'blocked' | 'full' | 'failing';

/** Changes that no server has confirmed, whatever the link is. */
export interface Work {
  /** Changes of all tabs that are not acknowledged (stock server: not sent). */
  waiting: number;
  /** Where those are; without any, where the next ones will be. */
  copy: CopyFact;
  storage: StorageFact;
  /** The copy on this device has not been read, so more may wait in it than is counted. */
  hasUnread: boolean;
}

/** Changes that the server did not take: they are no longer in the document, but in kept copies. */
export interface Refused {
  count: number;
  /** Why the last of them was not taken. */
  code: ErrorName;
  /** Where the kept copies are. */
  where: CopyFact;
}

/** Status of the current document. */
export type DocumentStatus = Work &
  (
    | { kind: 'connecting' }
    | { kind: 'sending' }
    | { kind: 'saved' }
    /** As `saved` for what this page knows of, but the copy on the device could not be read. */
    | { kind: 'unread' }
    | { kind: 'sent' }
    | { kind: 'read-only' }
    /** Nothing answers. `retryAtMs` as in `Trouble`. */
    | { kind: 'offline'; retryAtMs: number | null }
    /** The server answers, and takes nothing now. `isConnected`: what others do arrives all the same. */
    | ({ kind: 'trouble'; isConnected: boolean } & Trouble)
  );

export type RoomStatus =
  | ({ kind: 'loading' } & Work)
  | DocumentStatus
  | ({ kind: 'refused'; since: DocumentStatus } & Refused)
  | ({ kind: 'error'; refused: Refused | null } & Cause & Work);

/** Why a link was lost, or ended. */
export interface Cause {
  code: ErrorName;
  /** The server's addition to its code, such as 'suspended'; '' for nothing. */
  reason: string;
}

/** Why a link cannot be used for now. */
export interface Trouble extends Cause {
  /** When it is tried again, or is over, by `Environment.elapsed`. Null: now, or there is no telling. */
  retryAtMs: number | null;
  /** The server named that time: there is no earlier try, not even on request. */
  isHinted: boolean;
}

/** Facts about the link that the tab with the socket tells the other tabs. */
export interface LinkFacts {
  /** `connecting` includes the handshake; `waiting`: another try follows. */
  link: 'connecting' | 'open' | 'waiting' | 'closed';
  /** Everything the server had when this connection began has arrived. */
  isSynced: boolean;
  /** Everything we had then was acknowledged, too. Always false with a stock server. */
  isUploaded: boolean;
  /** False: a stock server. Null: not known yet. */
  isExtension: boolean | null;
  role: Role | null;
  /** Why a closed link ended. Otherwise what has been wrong since it was last usable, or what the relay's notice says. */
  trouble: Trouble | null;
}

export interface Facts extends LinkFacts, Work {
  isLoaded: boolean;
  refused: Refused | null;
}

export const NO_LINK: LinkFacts = {
  link: 'connecting',
  isSynced: false,
  isUploaded: false,
  isExtension: null,
  role: null,
  trouble: null,
};

export function deriveStatus(facts: Facts): RoomStatus {
  const { waiting, copy, storage, hasUnread, refused, trouble } = facts;
  const work: Work = { waiting, copy, storage, hasUnread };
  if (facts.link === 'closed') {
    const { code, reason } = trouble ?? { code: 'CANCELLED', reason: '' };
    return { kind: 'error', code, reason, refused, ...work };
  }
  if (!facts.isLoaded) return { kind: 'loading', ...work };
  const current = documentStatusOf(facts, work);
  return refused === null ? current : { kind: 'refused', ...refused, since: current };
}

function documentStatusOf({ link, trouble, role, isSynced, isUploaded, isExtension }: LinkFacts, work: Work): DocumentStatus {
  const isConnected = link === 'open';
  if (trouble !== null && isFelt(trouble, { isConnected, waiting: work.waiting })) {
    if (trouble.code === 'CONNECTION_LOST' && !isConnected) return { kind: 'offline', retryAtMs: trouble.retryAtMs, ...work };
    return { kind: 'trouble', isConnected, ...trouble, ...work };
  }
  if (!isConnected) return { kind: 'connecting', ...work };
  if (role === 'viewer') return { kind: 'read-only', ...work };
  if (work.waiting > 0) return { kind: 'sending', ...work };
  if (isSynced && isExtension === false) return { kind: 'sent', ...work };
  if (isSynced && isExtension && isUploaded) return { kind: work.hasUnread ? 'unread' : 'saved', ...work };
  return { kind: 'connecting', ...work };
}

/** Whether a person notices the trouble: a relay that reads more slowly is none when no change waits. */
function isFelt({ code }: Trouble, { isConnected, waiting }: { isConnected: boolean; waiting: number }): boolean {
  return !isConnected || waiting > 0 || code !== 'RATE_LIMITED';
}
