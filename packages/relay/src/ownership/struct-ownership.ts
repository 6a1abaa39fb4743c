/**
 * Decides which members may bring structs of a client id. Pure; `held-updates.ts` asks the owners and waits for answers.
 *
 * Structs of one client are numbered, and the first that a document gets under a number stay. A sender that forges the
 * next numbers of a live client takes them from it: what that client then draws counts as known and is dropped. So
 * structs of an id that is live for another user, beyond what the document has, wait until that owner has said which
 * clock it has reached. All other structs are taken from any member: so what a server lost comes back.
 *
 *     known here, id without a live owner, or owned by the sender's user   apply
 *     the owner has reached their clocks                                   apply, its structs as the owner brings them
 *     the owner has not answered yet                                       hold, ask
 *     the owner has answered, and has not reached their clocks             refuse
 */

import type { UpdateSummary } from '@wetink/protocol';
import type { PresencePeer } from '../presence/presence.ts';

/** The clock that an owner has reached with an id; 'asking' before it has answered, 'absent' when it is not there. */
export type OwnerAnswer = number | 'asking' | 'absent';

/** An owner's statement about one of its ids since the frame in question came. */
export interface Word {
  /** The owner has made everything before this clock. */
  readonly clock: number;
  /** The owner has answered, so `clock` covers everything it ever made. */
  readonly isFinal: boolean;
  /** The owner turned out not to be there, or cannot be asked. */
  readonly isAbsent: boolean;
}

export interface OwnershipFacts {
  /** The document's clock. */
  clockOf(client: number): number;
  ownerOf(client: number): PresencePeer | null;
  wordOf(client: number, owner: PresencePeer): Word | null;
}

export interface Claim {
  client: number;
  owner: PresencePeer;
}

export type Decision =
  /** `brought`: clocks up to which this update has structs that the document lacks and their owners send themselves. */
  | { kind: 'apply'; brought: ReadonlyMap<number, number> | null }
  | { kind: 'hold'; claims: readonly Claim[] }
  | { kind: 'refuse'; client: number };

const APPLY: Decision = { kind: 'apply', brought: null };

/** @param clocks Clocks of one update, as `checkUpdate` found them. */
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

/** True when the sender may bring any structs of a client id of this owner. */
export function isOf(client: number, owner: PresencePeer, sender: PresencePeer): boolean {
  return isSameUser(owner, sender) || isAlsoIts(client, owner, sender);
}

/** Without a user id, every connection counts as another user. */
function isSameUser(owner: PresencePeer, sender: PresencePeer): boolean {
  return owner === sender || (owner.userId !== '' && owner.userId === sender.userId);
}

/** Without user ids, two connections with one client id are most likely one person with a dead link. */
function isAlsoIts(client: number, owner: PresencePeer, sender: PresencePeer): boolean {
  return sender.ownClientId === client && sender.userId === '' && owner.userId === '';
}
