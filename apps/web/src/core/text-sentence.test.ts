import { BoardError } from '@wetink/board';
import { expect, it } from 'vitest';
import { noRoomSentence, refusedTextSentence, tooLongSentence } from './text-sentence.ts';

it('a text that is too long is refused with its length, the bound, and where it is now', () => {
  expect(tooLongSentence(9_488_889, 'paste')).toBe(
    'This text has 9,488,889 characters, and one text on the board has at most 100,000. Nothing was put here; it is still in the clipboard.',
  );
  expect(tooLongSentence(100_001, 'drop')).toMatch(/Nothing was put here; save it as a file and drop that\.$/);
  expect(noRoomSentence(250_000, 99_000)).toBe(
    'These are 250,000 characters, and there is room for 99,000 more: one text has at most 100,000. Nothing was put in.',
  );
});

it('no person reads the sentence of a developer', () => {
  for (const code of ['TOO_LARGE', 'BAD_TEXT'] as const)
    expect(refusedTextSentence(new BoardError(code, '9488889 units'))).toBe('One text holds 100,000 characters. This did not fit.');
});
