import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it('T9: readable text stays as it is, in any script', () => {
  for (const text of ['', 'Mozilla/5.0 (X11; Linux)', 'שלום', 'สวัสดี', '日本語', '😀', 'é']) expect(printable(text, 200)).toBe(text);
});

it('T9: characters that are invisible, move the cursor or turn text around are replaced, and half a character too', () => {
  expect(printable('a\u0000\n\u001b[31m\u007f\u0085\u009b\u00ad\u200b\u2028\u202e\u2066\ufeffb', 200)).toBe(
    'a\ufffd\ufffd\ufffd[31m\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdb',
  );
  expect(printable('xx😀', 3)).toBe('xx\ufffd');
  expect(printable('x'.repeat(1_000_000), 200)).toBe('x'.repeat(200));
});
