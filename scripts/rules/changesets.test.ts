import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isNoticed, missingChangesets, packagesOf } from '../changesets.mjs';

describe('a commit that users of a package notice', () => {
  const ink = { folder: 'packages/ink', entries: ['src/index.ts'] };
  it.each([
    ['fix(ink): keep the last point', 'packages/ink/src/pen.ts', true],
    ['refactor(ink)!: a stroke is a line', 'packages/ink/src/pen.ts', true],
    ['refactor(ink): a pen of its own', 'packages/ink/src/pen.ts', false],
    ['refactor(ink): names', 'packages/ink/src/index.ts', true],
    ['fix(ink): a faster test', 'packages/ink/src/pen.test.ts', false],
    ['fix(ink): the words of the guide', 'packages/ink/README.md', false],
    ['fix(ink2): keep the last point', 'packages/ink2/src/pen.ts', false],
  ])('%s (%s): %s', (subject, file, expected) => expect(isNoticed({ subject, files: [file] }, ink)).toBe(expected));
});

it('a changeset names its packages', () =>
  expect(packagesOf('---\n\'@wetink/ink\': minor\n"@wetink/pen": patch\n---\n\nSee: minor\n')).toEqual(['@wetink/ink', '@wetink/pen']));

describe('a repository', () => {
  let folder: string;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', '-c', 'core.hooksPath=', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  function commit(subject: string, files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    git('add', '.');
    git('commit', '-qm', subject);
  }
  const raise = { '.changeset/pen.md': "---\n'@wetink/ink': patch\n---\n\nThe last point stays.\n" };
  const missing = ['@wetink/ink has no changeset for "fix(ink): keep the last point"'];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'changesets-'));
    git('init', '-q', '-b', 'main');
    const manifest = { name: '@wetink/ink', version: '0.1.0', exports: { '.': { '@wetink/source': './src/index.ts', default: 'x' } } };
    commit('feat(ink): begin', {
      'packages/ink/package.json': JSON.stringify(manifest, null, 1),
      'packages/ink/src/index.ts': '',
      '.changeset/config.json': '{ "baseBranch": "main" }',
    });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('a change on main needs a changeset since the version was written', () => {
    expect(missingChangesets(folder)).toEqual([]);
    commit('fix(ink): keep the last point', { 'packages/ink/src/pen.ts': '1' });
    expect(missingChangesets(folder)).toEqual(missing);
    commit('docs(ink): changeset', raise);
    expect(missingChangesets(folder)).toEqual([]);
  });

  it('a change on a branch needs a changeset of that branch, and a clone without main works', () => {
    commit('docs(ink): changeset', raise);
    git('checkout', '-qb', 'pen');
    commit('fix(ink): keep the last point', { 'packages/ink/src/pen.ts': '1' });
    expect(missingChangesets(folder)).toEqual(missing);
    git('branch', '-D', 'main');
    expect(missingChangesets(folder)).toEqual([]);
    git('branch', 'main', 'HEAD~1');
    writeFileSync(join(folder, '.changeset/point.md'), raise['.changeset/pen.md']);
    expect(missingChangesets(folder)).toEqual([]);
  });
});
