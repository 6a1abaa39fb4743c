import { errors, reasons, type ErrorName } from '@wetink/sync/failures';
import { expect, it } from 'vitest';
import { failureWords } from './failure-words.ts';

it('T1: every code of the wire and every reason has a sentence for every role, in the words of the one table', () => {
  for (const code of Object.keys(errors) as ErrorName[])
    for (const role of ['viewer', 'editor', 'owner', null] as const) {
      const { sentence, advice } = failureWords({ code, reason: '' }, role);
      expect(sentence).toBe(errors[code].sentence);
      expect(advice, `${code} for ${role ?? 'somebody'}`).toMatch(/^[A-Z].*\.$/);
    }
  for (const [reason, row] of Object.entries(reasons))
    expect(failureWords({ code: 'FORBIDDEN', reason }, 'owner')).toMatchObject({ sentence: row.sentence });
});

it('an unknown reason, of another or a newer server, gives the sentence of its code', () => {
  for (const reason of ['not_allowed', 'moon', 'constructor', 'toString'])
    expect(failureWords({ code: 'FORBIDDEN', reason }, null).sentence).toBe(errors.FORBIDDEN.sentence);
});

it('advice is something that a person with this role can do', () => {
  expect(failureWords({ code: 'READ_ONLY', reason: '' }, 'viewer').advice).toBe('Ask its owner to let you draw.');
  expect(failureWords({ code: 'READ_ONLY', reason: '' }, 'owner').advice).not.toContain('Ask');
});
