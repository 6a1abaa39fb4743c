// vitest.config.ts names files by path and by suffix; what it cannot see itself is checked here.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { slowest } from '../../vitest.config.ts';

it('every test file that vitest.config.ts starts first exists', () => {
  expect(slowest.filter((path) => !existsSync(path))).toEqual([]);
});

it('no unit test replaces a module: unit tests share the modules of their worker', () => {
  const tests = execFileSync('git', ['ls-files', '*.test.ts'], { encoding: 'utf8' }).trim().split('\n');
  const units = tests.filter((path) => !/\.(faults|fuzz|mongo|redis|simulation)\.test\.ts$/.test(path) && !path.startsWith('scripts/'));
  expect(units.filter((path) => /\bvi\.(do)?[mM]ock\(/.test(readFileSync(path, 'utf8')))).toEqual([]);
});
