import { describe, expect, it } from 'vitest';
import type { Config } from './config.ts';
import { parseConfig } from './parse-config.ts';

const tokens = {
  WETINK_AUTH: 'tokens',
  WETINK_JWT_ISSUER: 'a',
  WETINK_JWT_AUDIENCE: 'b',
  WETINK_JWT_SECRET: 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb',
  WETINK_ROLES_CLAIM: 'roles',
};
const good = { prefix: 'team-', allow: 'signed-in', as: 'editor' };

/** @returns The settings, or the mistakes. */
function read(env: Record<string, string>, files: Record<string, string> = {}): Config | string[] {
  const parsed = parseConfig([], env, (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  });
  if (parsed.kind === 'run') return parsed.config;
  return parsed.kind === 'mistakes' ? parsed.mistakes : [];
}

const rules = (...list: unknown[]): Record<string, string> => ({ ...tokens, WETINK_ROOM_RULES: JSON.stringify(list) });

describe('room rules', () => {
  it('are read from the environment, or from the file that it names', () => {
    const list = [good, { prefix: 'staff-', allow: 'role', role: 'support', as: 'viewer' }];
    expect(read(rules(...list))).toMatchObject({ roomRules: list });
    expect(read({ ...tokens, WETINK_ROOM_RULES: './rooms.json' }, { './rooms.json': JSON.stringify(list, null, 2) })).toMatchObject({
      roomRules: list,
    });
    expect(read({})).toMatchObject({ roomRules: [] });
    expect(read(rules())).toMatchObject({ roomRules: [] });
  });

  it.each<[string, Record<string, string>, string]>([
    ['no file', { WETINK_ROOM_RULES: './none.json' }, 'WETINK_ROOM_RULES: the file "./none.json" cannot be read (ENOENT)'],
    [
      'a file that is no JSON',
      { WETINK_ROOM_RULES: './bad.json' },
      'WETINK_ROOM_RULES: the file "./bad.json" is no JSON list of rules, such as [{"prefix": "team-", "allow": "signed-in", "as": "editor"}]',
    ],
    [
      'text that is no JSON',
      { WETINK_ROOM_RULES: '[{]' },
      'WETINK_ROOM_RULES is no JSON list of rules, such as [{"prefix": "team-", "allow": "signed-in", "as": "editor"}]',
    ],
    ['no object', rules(good, 'team-'), 'WETINK_ROOM_RULES[1] must be an object with prefix, allow and as'],
    ['a list', rules([]), 'WETINK_ROOM_RULES[0] must be an object with prefix, allow and as'],
    [
      'a misspelt field',
      rules({ ...good, roles: 'teacher' }),
      'WETINK_ROOM_RULES[0] has an unknown field "roles": use prefix, allow, role, as',
    ],
    [
      'a short prefix',
      rules({ ...good, prefix: 'abc' }),
      'WETINK_ROOM_RULES[0].prefix must be a text of 4 to 128 characters: ids of boards may begin with a shorter one',
    ],
    [
      'no prefix',
      rules(good, { allow: 'public', as: 'viewer' }),
      'WETINK_ROOM_RULES[1].prefix must be a text of 4 to 128 characters: ids of boards may begin with a shorter one',
    ],
    ['an unknown allow', rules({ ...good, allow: 'everyone' }), 'WETINK_ROOM_RULES[0].allow must be public, signed-in or role'],
    [
      'allow role without one',
      rules({ ...good, allow: 'role' }),
      'WETINK_ROOM_RULES[0].role must name a role: 1 to 64 letters, digits and signs, no space',
    ],
    ['a role that nothing asks for', rules({ ...good, role: 'x' }), 'WETINK_ROOM_RULES[0].role counts only with "allow": "role"'],
    ['as owner', rules({ ...good, as: 'owner' }), 'WETINK_ROOM_RULES[0].as must be viewer or editor'],
    [
      'the same rule twice',
      rules(good, { ...good, as: 'viewer' }),
      'WETINK_ROOM_RULES[1] is about the same prefix and the same people as WETINK_ROOM_RULES[0]: keep one',
    ],
    [
      'more than 200',
      rules(...Array.from({ length: 201 }, (_, i) => ({ ...good, prefix: `team-${i}` }))),
      'WETINK_ROOM_RULES has 201 rules: at most 200 are read',
    ],
    [
      'people signed in where nobody is',
      { WETINK_ROOM_RULES: JSON.stringify([good]), WETINK_AUTH: 'guests' },
      'the room rule for "team-" has "allow": "signed-in", which needs tokens: set WETINK_AUTH to tokens',
    ],
    [
      'a role that no claim gives',
      { ...rules({ ...good, allow: 'role', role: 'teacher' }), WETINK_ROLES_CLAIM: '' },
      'the room rules name the role "teacher", but no claim gives roles: set WETINK_ROLES_CLAIM',
    ],
    [
      'rules on a relay without users',
      { MONGODB_URI: 'mongodb://h/x', WETINK_ROOM_RULES: JSON.stringify([{ ...good, allow: 'public' }]) },
      'room rules are set, but this relay has no users: set WETINK_SECRET',
    ],
  ])('%s ends the start with a sentence', (_, env, mistake) => {
    expect(read(env, { './bad.json': '{' })).toEqual([mistake]);
  });
});

describe('roles by claim', () => {
  const rolesOf = (env: Record<string, string>): unknown => {
    const config = read({ ...tokens, ...env });
    if (Array.isArray(config)) return config;
    return config.identity.mode === 'tokens' && config.identity.roles !== null ? [...config.identity.roles.roleByValue] : null;
  };

  it('admin and support by default, other values by configuration, and the roles that rules name', () => {
    expect(rolesOf({ WETINK_ROLES_CLAIM: '' })).toBeNull();
    expect(rolesOf({})).toEqual([
      ['admin', 'admin'],
      ['support', 'support'],
    ]);
    const named = [
      { prefix: 'class-', allow: 'role', role: 'teacher', as: 'editor' },
      { prefix: 'staff-', allow: 'role', role: 'support', as: 'editor' },
    ];
    expect(
      rolesOf({ WETINK_ADMIN_ROLE: 'root, wetink-admins', WETINK_SUPPORT_ROLE: 'desk', WETINK_ROOM_RULES: JSON.stringify(named) }),
    ).toEqual([
      ['root', 'admin'],
      ['wetink-admins', 'admin'],
      ['desk', 'support'],
      ['teacher', 'teacher'],
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a role with a space',
      { WETINK_ADMIN_ROLE: 'the boss' },
      'WETINK_ADMIN_ROLE has "the boss": a role has 1 to 64 letters, digits and signs, no space',
    ],
    ['one value for both', { WETINK_SUPPORT_ROLE: 'desk,admin' }, 'WETINK_SUPPORT_ROLE has "admin", which WETINK_ADMIN_ROLE has too'],
    [
      'roles without a claim',
      { WETINK_ROLES_CLAIM: '', WETINK_ADMIN_ROLE: 'root' },
      'WETINK_ADMIN_ROLE is set, but no claim gives roles: set WETINK_ROLES_CLAIM',
    ],
    [
      'a claim with a space',
      { WETINK_ROLES_CLAIM: 'my roles' },
      'WETINK_ROLES_CLAIM must be the name of a claim: 1 to 256 letters, digits and signs, no space',
    ],
    [
      'a claim without tokens',
      { WETINK_AUTH: 'guests', WETINK_JWT_ISSUER: '', WETINK_JWT_AUDIENCE: '', WETINK_JWT_SECRET: '' },
      'WETINK_ROLES_CLAIM is set, but tokens are not used: set WETINK_AUTH to tokens, or leave it out',
    ],
  ])('%s ends the start with a sentence', (_, env, mistake) => expect(rolesOf(env)).toEqual([mistake]));
});
