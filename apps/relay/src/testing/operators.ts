/** Operators of a relay that has only an admin token, or none. For tests only. */

import { createOperators, type Operators } from '../admin/operators.ts';

export function tokenOperators(adminToken: string | null): Operators {
  return createOperators({
    adminToken,
    claims: null,
    guesses: { waitMs: () => 0, missed: () => Promise.resolve(0) },
    addressOf: () => null,
  });
}
