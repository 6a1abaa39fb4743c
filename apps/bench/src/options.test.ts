import { expect, it } from 'vitest';
import { parseOptions } from './options.ts';
import { scenarios } from './scenarios/index.ts';

it('by default all scenarios and servers run three rounds, and results are kept', () => {
  const options = parseOptions([], '/results');
  expect(options).toMatchObject({ isQuick: false, rounds: 3, outFolder: '/results' });
  expect(options?.scenarios).toEqual(scenarios);
  expect(options?.servers).toHaveLength(5);
});

it('a quick run is one round and keeps no results', () => {
  expect(parseOptions(['--quick'], '/results')).toMatchObject({ isQuick: true, rounds: 1, outFolder: null });
});

it('scenarios and servers are chosen by name', () => {
  const options = parseOptions(['--', '--only=idle,rooms', '--servers=wetink', '--rounds=5', '--out=here'], '/results');
  expect(options?.scenarios.map(({ name }) => name)).toEqual(['rooms', 'idle']);
  expect(options).toMatchObject({ rounds: 5, outFolder: 'here' });
});

it('an unknown name and a number that is none are refused', () => {
  expect(() => parseOptions(['--only=idel'], '')).toThrow('--only knows no idel; it knows lone-writer');
  expect(() => parseOptions(['--rounds=0'], '')).toThrow('--rounds must be a whole number from 1');
});

it('no two scenarios have one name', () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});
