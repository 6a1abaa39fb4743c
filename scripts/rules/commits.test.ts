import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { subjectMistake } from '../commit-subject.mjs';

const root = join(import.meta.dirname, '../..');

/** Subjects since the rule exists, newest first; none where there is no history, as in an archive of the sources. */
function subjectsSinceTheRule(): string[] {
  const git = (...args: string[]): string[] =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).split('\n').filter(Boolean);
  try {
    const [added] = git('log', '--diff-filter=A', '--format=%H', '--', '.githooks/commit-msg');
    return added === undefined ? [] : git('log', '--no-merges', '--format=%s', `${added}..HEAD`);
  } catch {
    return [];
  }
}

describe('the subject of a commit', () => {
  it.each([
    ['fix(web): keep the text box open when a style is picked', true],
    ['docs: name what two tests look for', true],
    [`fix(web): ${'a'.repeat(62)}`, true],
    [`fix(web): ${'a'.repeat(63)}`, false],
    ['keep the text box open', false],
    ['wip', false],
    ['fix(web):', false],
    ['Merge branch main', true],
  ])('%s', (subject, isGood) => expect(subjectMistake(subject) === null).toBe(isGood));

  it('of each commit since the rule exists is as it should be', () => {
    expect(subjectsSinceTheRule().map(subjectMistake).filter(Boolean)).toEqual([]);
  });
});
