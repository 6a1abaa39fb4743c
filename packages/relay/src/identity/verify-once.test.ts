import { expect, it } from 'vitest';
import type { IdentityAnswer } from './answer.ts';
import { verifyOnce } from './verify-once.ts';

const user = (id: string): IdentityAnswer => ({ ok: true, user: { id }, expiresAtMs: 1_000 });
const expired: IdentityAnswer = { ok: false, reason: 'token_expired' };

/** Verifications that a test answers one by one, in order. */
function verifications() {
  const asked: string[] = [];
  const waiting: ((answer: IdentityAnswer | Error) => void)[] = [];
  const verify = verifyOnce((token) => {
    asked.push(token);
    return new Promise((resolve, reject) => waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))));
  });
  return { asked, verify, answer: (answer: IdentityAnswer | Error) => waiting.shift()?.(answer) };
}

it('[ID8] a token that a hundred connections bring at once is verified once; the next one has it verified anew', async () => {
  const { asked, verify, answer } = verifications();
  const all = Array.from({ length: 100 }, () => verify('t'));
  answer(user('ana'));
  expect(new Set(await Promise.all(all))).toEqual(new Set([user('ana')]));
  expect(asked).toEqual(['t']);
  // It has expired meanwhile, or its key was withdrawn.
  const next = verify('t');
  answer(expired);
  expect(await next).toEqual(expired);
  expect(asked).toEqual(['t', 't']);
});

it('[ID8] different tokens get answers of their own, in whatever order they come', async () => {
  const { asked, verify, answer } = verifications();
  const tokens = ['a', 'b', 'a', 'aa', 'b', ''];
  const all = tokens.map((token) => verify(token));
  expect(asked).toEqual(['a', 'b', 'aa', '']);
  for (const answered of [user('of a'), user('of b'), expired, user('of none')]) answer(answered);
  expect(await Promise.all(all)).toEqual([user('of a'), user('of b'), user('of a'), expired, user('of b'), user('of none')]);
});

it('[ID8] a verification that fails, fails for those that waited for it, and is tried again for the next', async () => {
  const { verify, answer } = verifications();
  const both = [verify('t'), verify('t')];
  answer(new Error('keys are away'));
  for (const failed of both) await expect(failed).rejects.toThrow('keys are away');
  const next = verify('t');
  answer(user('ana'));
  expect(await next).toEqual(user('ana'));
});
