// vitest.config.ts starts slow test files first, by their paths: after a move the old path would silently do nothing.
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { slowest } from '../../vitest.config.ts';

it('every test file that vitest.config.ts starts first exists', () => {
  expect(slowest.filter((path) => !existsSync(path))).toEqual([]);
});
