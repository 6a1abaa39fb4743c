// vitest.config.ts names files by path and by suffix; what it cannot see itself is checked here.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { slowest } from '../../vitest.config.ts';
import './no-ports.ts';

it('every test file that vitest.config.ts starts first exists', () => {
  expect(slowest.filter((path) => !existsSync(path))).toEqual([]);
});

it('no unit or integration test replaces a module: they share the modules of their worker', () => {
  const tests = execFileSync('git', ['ls-files', '*.test.ts'], { encoding: 'utf8' }).trim().split('\n');
  const sharing = tests.filter((path) => !/\.(faults|fuzz|mongo|redis|simulation)\.test\.ts$/.test(path) && !path.startsWith('scripts/'));
  expect(sharing.filter((path) => /\bvi\.(do)?[mM]ock\(/.test(readFileSync(path, 'utf8')))).toEqual([]);
});

it('a unit test that listens on a port fails with a message that says how to name its file', () => {
  const message = 'a unit test listens on no port: name its file *.integration.test.ts';
  expect(() => createServer().listen(0)).toThrow(message);
  expect(() => createServer().listen({ port: 0, host: '127.0.0.1' })).toThrow(message);
});
