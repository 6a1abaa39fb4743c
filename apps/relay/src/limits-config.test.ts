import { limitRows } from '@wetink/relay';
import { describe, expect, test } from 'vitest';
import { parseConfig } from './config.ts';
import { readLimits } from './limits-config.ts';

describe('limits from the environment', () => {
  test('none is set without a variable, and an empty one is none', () => {
    expect(readLimits({ PORT: '1', WETINK_LIMIT_MESSAGES: '' })).toEqual({ limits: {}, mistakes: [] });
  });

  test.each(limitRows)('$variable: its least and its most are taken, one beyond is a mistake', ({ key, variable, min, max }) => {
    for (const value of [min, max]) expect(readLimits({ [variable]: String(value) })).toEqual({ limits: { [key]: value }, mistakes: [] });
    for (const value of [String(min - 1), String(max + 1), '1e3', '-1', ' 5', 'many'])
      expect(readLimits({ [variable]: value })).toEqual({
        limits: {},
        mistakes: [`${variable} is ${JSON.stringify(value)}: it must be a whole number from ${min} to ${max}`],
      });
  });

  test('they reach the configuration, and a name that is no limit is told together with other mistakes', () => {
    const env = { WETINK_LIMIT_USER_ROOMS: '7' };
    expect(parseConfig([], env)).toMatchObject({ kind: 'run', config: { limits: { maxRoomsPerUser: 7 } } });
    expect(parseConfig([], { ...env, WETINK_LIMIT_USER_ROOM: '8', PORT: 'x' })).toEqual({
      kind: 'mistakes',
      mistakes: ['PORT is "x": it must be a whole number from 0 to 65535', 'WETINK_LIMIT_USER_ROOM is no limit: SECURITY.md has the list'],
    });
  });
});
