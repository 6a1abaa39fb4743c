// The shape of a commit's subject, `type(scope): imperative` in at most 72 characters. Run by the hook .githooks/commit-msg.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export const MAX_SUBJECT_LENGTH = 72;
const types = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test'];
const shape = new RegExp(`^(${types.join('|')})(\\([a-z0-9-]+\\))?!?: \\S`);

/** @returns What is wrong with it, in a sentence; null when nothing is. */
export function subjectMistake(subject) {
  if (/^(Merge|Revert|fixup!|squash!)/.test(subject)) return null;
  if ([...subject].length > MAX_SUBJECT_LENGTH)
    return `the subject has ${[...subject].length} characters, at most ${MAX_SUBJECT_LENGTH} fit: ${subject}`;
  if (!shape.test(subject)) return `the subject is not "type(scope): imperative", with a type of ${types.join(', ')}: ${subject}`;
  return null;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [subject = ''] = readFileSync(process.argv[2], 'utf8').split('\n');
  const mistake = subjectMistake(subject);
  if (mistake !== null) console.error(mistake);
  process.exit(mistake === null ? 0 : 1);
}
