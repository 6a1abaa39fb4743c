/**
 * The roles that an operator's token gives its user, from a claim that the operator names. Only roles that the relay is
 * configured with are kept, so a user in thousands of groups has no more of them than the configuration.
 */

export interface RolesClaim {
  /** The claim's name; with dots also a path, such as `realm_access.roles`. The whole name counts first. */
  claim: string;
  /** The role of each value of the claim that means one; other values are ignored. */
  roleByValue: ReadonlyMap<string, string>;
}

/** Deeper than any identity provider nests its claims. */
const MAX_DEPTH = 8;

/** @returns In the order of the configuration; none when the claim is missing or is neither a list nor a text. */
export function rolesOf(claims: Readonly<Record<string, unknown>>, { claim, roleByValue }: RolesClaim): string[] {
  const given = new Set(valuesOf(claimAt(claims, claim)));
  const roles = [...roleByValue].filter(([value]) => given.has(value)).map(([, role]) => role);
  return [...new Set(roles)];
}

function claimAt(claims: Readonly<Record<string, unknown>>, claim: string): unknown {
  // A name that is an address has dots too: https://id.example/roles.
  if (Object.hasOwn(claims, claim)) return claims[claim];
  const path = claim.split('.');
  if (path.length > MAX_DEPTH) return undefined;
  let found: unknown = claims;
  for (const part of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string, unknown>)[part];
  }
  return found;
}

/** A text is a list with spaces, as `scope` is in RFC 8693. */
function valuesOf(value: unknown): unknown[] {
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value : [];
}
