/** Reads which claim of a token gives roles, and what its values mean. Pure. */

import { ADMIN, SUPPORT } from '@wetink/relay/access';
import type { RolesClaim } from '@wetink/relay/identity';
import type { Option, OptionReader } from './options.ts';

const rolesClaim: Option = {
  flag: null,
  variable: 'WETINK_ROLES_CLAIM',
  value: 'NAME',
  byDefault: '',
  text: 'Claim of a token that lists roles of its user, such as roles or realm_access.roles. Without it no token gives a role.',
};
const adminRole: Option = {
  flag: null,
  variable: 'WETINK_ADMIN_ROLE',
  value: 'LIST',
  byDefault: '',
  text: 'Values of that claim, with commas, that may do what the admin token does, and edit every board. Default: admin.',
};
const supportRole: Option = {
  flag: null,
  variable: 'WETINK_SUPPORT_ROLE',
  value: 'LIST',
  byDefault: '',
  text: 'Values of that claim, with commas, that may read what the admin token reads, and view every board. Default: support.',
};

/** In the order of the help. */
export const rolesOptions: readonly Option[] = [rolesClaim, adminRole, supportRole];

const MAX_CLAIM_LENGTH = 256;
/** Visible, without the space that separates roles in a text and the comma that separates them here. */
const ROLE = /^[!-+\--~]{1,64}$/;

export function isRoleName(text: string): boolean {
  return ROLE.test(text);
}

/**
 * @param named Roles that room rules name.
 * @returns Null: tokens give no roles.
 */
export function parseRoles({ mistakes, read }: Pick<OptionReader, 'mistakes' | 'read'>, named: readonly string[]): RolesClaim | null {
  const claim = read(rolesClaim).value;
  const roleByValue = new Map<string, string>();
  for (const [option, role] of [
    [adminRole, ADMIN],
    [supportRole, SUPPORT],
  ] as const)
    for (const value of valuesOf(read(option).value, role)) {
      if (!isRoleName(value))
        mistakes.push(`${option.variable} has ${JSON.stringify(value)}: a role has 1 to 64 letters, digits and signs, no space`);
      if ((roleByValue.get(value) ?? role) !== role)
        mistakes.push(`${option.variable} has ${JSON.stringify(value)}, which WETINK_ADMIN_ROLE has too`);
      roleByValue.set(value, role);
    }
  // A rule may also name admin and support, whatever values of the claim mean them.
  for (const role of named) if (role !== ADMIN && role !== SUPPORT && !roleByValue.has(role)) roleByValue.set(role, role);
  if (claim === '') {
    const given = [adminRole, supportRole].filter((option) => read(option).value !== '').map(({ variable }) => variable);
    if (given.length > 0) mistakes.push(`${given.join(', ')} is set, but no claim gives roles: set WETINK_ROLES_CLAIM`);
    return null;
  }
  if (!/^[!-~]+$/.test(claim) || claim.length > MAX_CLAIM_LENGTH)
    mistakes.push(`WETINK_ROLES_CLAIM must be the name of a claim: 1 to ${MAX_CLAIM_LENGTH} letters, digits and signs, no space`);
  return { claim, roleByValue };
}

/** @param byDefault The only value, when none is given. */
function valuesOf(list: string, byDefault: string): string[] {
  return list === '' ? [byDefault] : list.split(',').flatMap((part) => part.trim() || []);
}
