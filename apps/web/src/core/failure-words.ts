/** Words about a failure for a person: the wire's table of errors, refined by the server's reason and the person's role. */
import { errors, reasonLabels, reasons, type Reason, type Role } from '@wetink/sync/failures';
import type { Cause } from '@wetink/sync';

export interface FailureWords {
  /** Why. */
  sentence: string;
  /** Advice. */
  advice: string;
}

/** @param role Null: the server has not said yet, and the words are those for an editor. */
export function failureWords({ code, reason }: Cause, role: Role | null): FailureWords {
  const { sentence, advice } = isReason(reason) ? reasons[reason] : errors[code];
  return { sentence, advice: typeof advice === 'string' ? advice : advice[role ?? 'editor'] };
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(reasonLabels, reason);
}
