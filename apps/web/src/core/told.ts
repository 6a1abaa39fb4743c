/** What a person is told of a failure: the table of the wire, with the word that the server added, for this person's part. */
import { errors, reasonLabels, reasons, type Reason, type Role } from '@wetink/sync/failures';
import type { Cause } from '@wetink/sync';

export interface ToldHere {
  /** Why. */
  sentence: string;
  /** What there is to do. */
  advice: string;
}

/** @param role Null, never heard: they are told what somebody who draws is told. */
export function toldOf({ code, reason }: Cause, role: Role | null): ToldHere {
  const { sentence, advice } = isReason(reason) ? reasons[reason] : errors[code];
  return { sentence, advice: typeof advice === 'string' ? advice : advice[role ?? 'editor'] };
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(reasonLabels, reason);
}
