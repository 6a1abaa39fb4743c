/**
 * Who may bring structs of a client id. Pure; `held-updates.ts` asks the owners and waits for what they say.
 *
 * Structs of one client are numbered, and the first that a document gets under a number stay: whoever brings something
 * for the next numbers of a live client takes them from it, and what that client then draws counts as known and is
 * dropped. So structs of an id that is live for another user, beyond what the document has, wait until that owner has
 * said how far it is. Everything else is taken from anybody: that is how what a server lost comes back.
 *
 *     known here, or of nobody live, or of the sender's own user   apply
 *     the owner is as far                                          apply, its structs as the owner itself brings them
 *     the owner has not answered yet                               hold, ask
 *     the owner has answered, and is not as far                    refuse
 */

import type { UpdateSummary } from '@wetink/protocol';
import type { PresencePeer } from '../presence/presence.ts';

/** The clock that an owner has reached with an id; 'asking' while it has not answered, 'absent' when it is not there. */
export type OwnerAnswer = number | 'asking' | 'absent';

/** What an owner has said of one of its ids since the frame in question came. */
export interface Word {
  /** It has made everything before this clock. */
  readonly clock: number;
  /** It had everything it ever made in what it answered. */
  readonly isFinal: boolean;
  /** It turned out not to be there, or cannot be asked. */
  readonly isAbsent: boolean;
}

export interface OwnershipFacts {
  /** Of the document. */
  clockOf(client: number): number;
  ownerOf(client: number): PresencePeer | null;
  wordOf(client: number, owner: PresencePeer): Word | null;
}

export interface Claim {
  client: number;
  owner: PresencePeer;
}

export type Decision =
  /** `brought`: ids whose structs the owner has sent itself and the document does not have yet, with the clock up to which this one has them. */
  | { kind: 'apply'; brought: ReadonlyMap<number, number> | null }
  | { kind: 'hold'; claims: readonly Claim[] }
  | { kind: 'refuse'; client: number };

const APPLY: Decision = { kind: 'apply', brought: null };

/** @param clocks Of one update, as `checkUpdate` found them. */
export function judge(clocks: UpdateSummary['clocks'], sender: PresencePeer, facts: OwnershipFacts): Decision {
  let brought: Map<number, number> | null = null;
  let claims: Claim[] | null = null;
  for (const { client, to } of clocks) {
    if (to <= facts.clockOf(client)) continue;
    const owner = facts.ownerOf(client);
    if (owner === null || isOf(client, owner, sender)) continue;
    const word = facts.wordOf(client, owner);
    if (word?.isAbsent === true) continue;
    if (word !== null && to <= word.clock) (brought ??= new Map()).set(client, to);
    else if (word?.isFinal === true) return { kind: 'refuse', client };
    else (claims ??= []).push({ client, owner });
  }
  if (claims !== null) return { kind: 'hold', claims };
  return brought === null ? APPLY : { kind: 'apply', brought };
}

/** Whether the sender may bring whatever it likes of a client id of this owner. */
export function isOf(client: number, owner: PresencePeer, sender: PresencePeer): boolean {
  return isSameUser(owner, sender) || isAlsoIts(client, owner, sender);
}

/** Without user ids everybody is somebody else than everybody else. */
function isSameUser(owner: PresencePeer, sender: PresencePeer): boolean {
  return owner === sender || (owner.userId !== '' && owner.userId === sender.userId);
}

/** Where nobody has a user id, two connections with one id are most likely one person, of whose links one is dead. */
function isAlsoIts(client: number, owner: PresencePeer, sender: PresencePeer): boolean {
  return sender.ownClientId === client && sender.userId === '' && owner.userId === '';
}
