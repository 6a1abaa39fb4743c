import { describe, expect, it } from 'vitest';
import { rolesOf } from './user-roles.ts';

const roleByValue = new Map([
  ['wetink-admin', 'admin'],
  ['root', 'admin'],
  ['teacher', 'teacher'],
]);

describe('[ID9] roles of a token', () => {
  it.each<[string, unknown, string[]]>([
    ['a list', ['teacher', 'wetink-admin'], ['admin', 'teacher']],
    ['a text with spaces', 'openid teacher  root', ['admin', 'teacher']],
    ['two values of one role', ['root', 'wetink-admin'], ['admin']],
    ['values that mean nothing', ['Teacher', 'admin', '__proto__', 'teacher '], []],
    ['10,000 values, one of which means something', [...Array.from({ length: 10_000 }, (_, i) => `group-${i}`), 'teacher'], ['teacher']],
    ['a list in a list', [['teacher']], []],
    ['a list with other things', [1, null, { teacher: true }, 'teacher'], ['teacher']],
    ['a number', 1, []],
    ['true', true, []],
    ['an object', { teacher: true }, []],
    ['an empty text', '', []],
    ['null', null, []],
  ])('%s', (_, value, expected) => {
    expect(rolesOf({ roles: value }, { claim: 'roles', roleByValue })).toEqual(expected);
  });

  it('the whole name of the claim counts before a path', () => {
    const nested = { realm_access: { roles: ['teacher'] } };
    const claim = 'realm_access.roles';
    expect(rolesOf(nested, { claim, roleByValue })).toEqual(['teacher']);
    expect(rolesOf({ ...nested, [claim]: ['root'] }, { claim, roleByValue })).toEqual(['admin']);
    expect(rolesOf({ 'https://id.example/roles': 'root' }, { claim: 'https://id.example/roles', roleByValue })).toEqual(['admin']);
  });

  it('a path leads through objects alone, and not to what every object has', () => {
    for (const claim of ['constructor.name', '__proto__', 'a.0', 'a.length', 'toString', 'a.b.c.d.e.f.g.h.i', 'a..b', ''])
      expect(rolesOf({ a: ['teacher'] }, { claim, roleByValue }), claim).toEqual([]);
  });
});
