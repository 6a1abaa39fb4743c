/**
 * What a person may be told about their work, as one total and pure function of the facts.
 * Promise kept here: `saved` is said only when a relay has acknowledged every change as durable, and never
 * by a stock server, which acknowledges nothing.
 */
import type { ErrorName, Role } from '@wetink/protocol';

/** Is what waits on this device: all of it in a completed write, about to be, or not at all. */
export type CopyFact = 'kept' | 'writing' | 'none';

export type RoomStatus =
  | { kind: 'loading' }
  | { kind: 'memory-only'; waiting: number }
  | { kind: 'device'; waiting: number; copy: Exclude<CopyFact, 'none'> }
  | { kind: 'sending'; count: number }
  | { kind: 'saved' }
  | { kind: 'sent' }
  | { kind: 'offline'; waiting: number; copy: CopyFact }
  | { kind: 'read-only'; waiting: number }
  | { kind: 'refused'; count: number; code: ErrorName }
  | { kind: 'error'; code: ErrorName; sentence: string };

/** `unused`: no copy on the device was asked for, or the machine (Node) has no such thing. */
export type DeviceFact = 'unused' | 'writing' | 'written' | 'memory-only';

/** What the tab that holds the socket knows of the link, and tells the others. */
export interface LinkFacts {
  /** `connecting` includes the handshake; `waiting`: a try failed and another follows. */
  link: 'connecting' | 'open' | 'waiting' | 'closed';
  /** Everything the server had when this connection began has arrived. */
  isSynced: boolean;
  /** Everything we had then was acknowledged, too. Always false with a stock server. */
  isUploaded: boolean;
  /** False: a stock server. Null: not known yet. */
  isExtension: boolean | null;
  /** A try has failed since the last sync. */
  hasFailed: boolean;
  role: Role | null;
  error: { code: ErrorName; sentence: string } | null;
}

export interface Facts extends LinkFacts {
  isLoaded: boolean;
  device: DeviceFact;
  /** Changes of all tabs that are not acknowledged (stock server: not sent). */
  waiting: number;
  refused: { count: number; code: ErrorName } | null;
}

export const NO_LINK: LinkFacts = {
  link: 'connecting',
  isSynced: false,
  isUploaded: false,
  isExtension: null,
  hasFailed: false,
  role: null,
  error: null,
};

export function deriveStatus(facts: Facts): RoomStatus {
  const { waiting, device } = facts;
  if (facts.error !== null) return { kind: 'error', ...facts.error };
  if (!facts.isLoaded) return { kind: 'loading' };
  if (facts.refused !== null) return { kind: 'refused', ...facts.refused };
  if (facts.role === 'viewer') return { kind: 'read-only', waiting };
  const copy: CopyFact = device === 'written' ? 'kept' : device === 'writing' ? 'writing' : 'none';
  const isOffline = facts.link === 'waiting' || facts.link === 'closed' || (facts.link === 'connecting' && facts.hasFailed);
  if (isOffline) return { kind: 'offline', waiting, copy };
  if (device === 'memory-only') return { kind: 'memory-only', waiting };
  if (facts.link === 'open') {
    if (waiting > 0) return { kind: 'sending', count: waiting };
    if (facts.isSynced && facts.isExtension && facts.isUploaded) return { kind: 'saved' };
    if (facts.isSynced && facts.isExtension === false) return { kind: 'sent' };
  }
  // The first connection is on its way: nothing was sent yet.
  if (copy !== 'none') return { kind: 'device', waiting, copy };
  return waiting > 0 ? { kind: 'memory-only', waiting } : { kind: 'loading' };
}
