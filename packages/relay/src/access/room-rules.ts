/**
 * Rules for rooms without a record, by the beginning of their name: whom they let in, and as what. Pure.
 *
 *     the longest prefix that the name begins with decides; shorter ones are not asked
 *     of the rules of this prefix that allow the client, the one with the highest role counts
 *     none of them allows it: no access, whatever the mode
 *
 * A board has a record, which decides alone. No new board gets an id that begins with a prefix, so a rule never says
 * anything about a board, and a board never takes the name of a room that a rule is about.
 */

import { higher, type GivenRole } from './roles.ts';

export type RoomRule = RuleForMany | RuleForRole;

interface RuleForMany {
  /** Such as `team-`; at least `MIN_PREFIX_LENGTH` characters. */
  prefix: string;
  /** `public`: every client, also without an id. `signed-in`: every user. */
  allow: 'public' | 'signed-in';
  as: GivenRole;
}

interface RuleForRole {
  prefix: string;
  /** Users whose token gives them `role`. */
  allow: 'role';
  role: string;
  as: GivenRole;
}

export interface RoomRules {
  /** Whether a rule is about rooms of this name. */
  covers(room: string): boolean;
  /** @param roles The roles of the user's token; null: a client without an id. @returns Null: no rule allows it. */
  roleIn(room: string, roles: readonly string[] | null): GivenRole | null;
}

/** Random ids of boards begin with a given text of this length once in 16 million; those are not made. */
export const MIN_PREFIX_LENGTH = 4;
export const MAX_PREFIX_LENGTH = 128;
/** Each name is compared with every prefix. */
export const MAX_ROOM_RULES = 200;

export const noRoomRules: RoomRules = { covers: () => false, roleIn: () => null };

/** @throws {RangeError} For a prefix that is too short, and too many rules. */
export function createRoomRules(rules: readonly RoomRule[]): RoomRules {
  if (rules.length > MAX_ROOM_RULES) throw new RangeError(`at most ${MAX_ROOM_RULES} rules`);
  const rulesByPrefix = new Map<string, RoomRule[]>();
  for (const rule of rules) {
    if (rule.prefix.length < MIN_PREFIX_LENGTH || rule.prefix.length > MAX_PREFIX_LENGTH)
      throw new RangeError(`a prefix has ${MIN_PREFIX_LENGTH} to ${MAX_PREFIX_LENGTH} characters`);
    rulesByPrefix.set(rule.prefix, [...(rulesByPrefix.get(rule.prefix) ?? []), rule]);
  }
  const longestFirst = [...rulesByPrefix.keys()].sort((a, b) => b.length - a.length);
  const rulesOf = (room: string): readonly RoomRule[] => {
    const prefix = longestFirst.find((known) => room.startsWith(known));
    return prefix === undefined ? [] : (rulesByPrefix.get(prefix) ?? []);
  };
  return {
    covers: (room) => rulesOf(room).length > 0,
    roleIn: (room, roles) =>
      rulesOf(room).reduce<GivenRole | null>((role, rule) => (isAllowed(rule, roles) ? higher<GivenRole>(role, rule.as) : role), null),
  };
}

function isAllowed(rule: RoomRule, roles: readonly string[] | null): boolean {
  if (rule.allow === 'role') return roles?.includes(rule.role) === true;
  return rule.allow === 'public' || roles !== null;
}
