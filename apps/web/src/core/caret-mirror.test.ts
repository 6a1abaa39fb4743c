import { expect, it } from 'vitest';
import { mirrorOf, mirrorOffset } from './caret-mirror.ts';

it('D1: every line of a mirror has a character to measure, and offsets lead to the same place', () => {
  const value = 'ab\n\n\ncd\n';
  const mirror = mirrorOf(value);
  expect(mirror).toBe('ab\n\u200b\n\u200b\ncd\n\u200b');
  const line = (text: string, offset: number): [number, number] => {
    const lines = text.slice(0, offset).split('\n');
    return [lines.length, (lines.at(-1) ?? '').length];
  };
  for (let offset = 0; offset <= value.length; offset++) expect(line(mirror, mirrorOffset(value, offset))).toEqual(line(value, offset));
  expect(mirrorOf('')).toBe('\u200b');
  expect(mirrorOf('a')).toBe('a');
  expect(mirrorOf('a\u2028\u2028b')).toBe('a\u2028\u2028b');
});
