import { expect, it } from 'vitest';
import { createMask, hashedRoom, isSameSecret, maskAddresses, passwordsOf } from './secrets.ts';

it('passwords in addresses are masked anywhere in a text', () => {
  expect(maskAddresses('cannot reach mongodb://ana:s3cret@db:27017/wetink now')).toBe('cannot reach mongodb://ana:***@db:27017/wetink now');
  expect(maskAddresses('redis://:p@ss@host')).toBe('redis://:***@host');
  expect(maskAddresses('http://127.0.0.1:8787/healthz')).toBe('http://127.0.0.1:8787/healthz');
});

it('known secrets are masked in any text, as written and decoded', () => {
  const mask = createMask([
    ...passwordsOf('mongodb://ana:s%40cret@db/x'),
    ...passwordsOf('redis://:redpass@a,redis://:other1@b'),
    'token-token',
  ]);
  expect(mask('auth failed for s%40cret or s@cret, redpass, other1 and token-token')).toBe('auth failed for *** or ***, ***, *** and ***');
  expect(createMask(['', '%zz'])('a % b')).toBe('a % b');
});

it('a token equals only the whole same token', () => {
  expect(isSameSecret('abc', 'abc')).toBe(true);
  expect(isSameSecret('abc', 'abd')).toBe(false);
  expect(isSameSecret('', 'abc')).toBe(false);
  expect(isSameSecret('abcd', 'abc')).toBe(false);
});

it("a room's name in the log is short, always the same and not the name", () => {
  expect(hashedRoom('board')).toBe(hashedRoom('board'));
  expect(hashedRoom('board')).toMatch(/^#[0-9a-f]{16}$/);
  expect(hashedRoom('board')).not.toBe(hashedRoom('Board'));
});
