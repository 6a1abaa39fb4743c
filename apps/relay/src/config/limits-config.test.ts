import { limitRows } from '@wetink/relay';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';
import { readLimits } from './limits-config.ts';

describe('limits from the environment', () => {
  it('without variables no limit is set, and an empty variable counts as not set', () => {
    expect(readLimits({ PORT: '1', WETINK_LIMIT_MESSAGES: '' })).toEqual({ limits: {}, mistakes: [] });
  });

  it.each(limitRows)('$variable: accepted from its minimum to its maximum, a mistake one beyond', ({ key, variable, min, max }) => {
    for (const value of [min, max]) expect(readLimits({ [variable]: String(value) })).toEqual({ limits: { [key]: value }, mistakes: [] });
    for (const value of [String(min - 1), String(max + 1), '1e3', '-1', ' 5', 'many'])
      expect(readLimits({ [variable]: value })).toEqual({
        limits: {},
        mistakes: [`${variable} is ${JSON.stringify(value)}: it must be a whole number from ${min} to ${max}`],
      });
  });

  it('limits reach the configuration, and an unknown name is reported with the other mistakes', () => {
    const env = { WETINK_LIMIT_USER_ROOMS: '7' };
    expect(parseConfig([], env)).toMatchObject({ kind: 'run', config: { limits: { maxRoomsPerUser: 7 } } });
    expect(parseConfig([], { ...env, WETINK_LIMIT_USER_ROOM: '8', PORT: 'x' })).toEqual({
      kind: 'mistakes',
      mistakes: [
        'PORT is "x": it must be a whole number from 0 to 65535',
        'WETINK_LIMIT_USER_ROOM is not a limit: SECURITY.md has the list',
      ],
    });
  });
});
