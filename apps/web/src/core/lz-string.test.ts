import fc from 'fast-check';
import lz from 'lz-string';
import { expect, it } from 'vitest';
import { fromLzBase64InSteps } from './lz-string.ts';

/** Also counts the steps. */
function read(compressed: string, maxUnits = 1_000_000): { text: string | null; steps: number } {
  const reading = fromLzBase64InSteps(compressed, maxUnits);
  for (let steps = 1; ; steps += 1) {
    const step = reading.next();
    if (step.done === true) return { text: step.value, steps };
  }
}

it('reads whatever lz-string wrote', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc.string({ unit: fc.constantFrom('a', 'b', 'ж', '日'), maxLength: 2_000 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(read(lz.compressToBase64(text)).text).toBe(text);
    }),
    { numRuns: 300 },
  );
  expect(read(lz.compressToBase64('')).text).toBe('');
  // A format of before this reader: written once, so that a fault of both would be seen.
  expect(read('BIUwNmD2Q===').text).toBe('Hello');
});

it('a text that unpacks to more than allowed is refused before it takes the memory', () => {
  const bomb = lz.compressToBase64('x'.repeat(60_000));
  expect(bomb.length).toBeLessThan(600);
  expect(read(bomb, 60_000).text).toHaveLength(60_000);
  expect(read(bomb, 59_999).text).toBe(null);
});

it('long texts take many steps', () => {
  const numbers = Array.from({ length: 20_000 }, (_, i) => i * 7919).join(' ');
  expect(read(lz.compressToBase64(numbers)).steps).toBeGreaterThan(10);
});

it('texts that are cut off, changed or no base64 are refused or read as something, and always end', () => {
  const whole = lz.compressToBase64('A shape, a shape and another shape');
  for (let end = 0; end < whole.length - 4; end += 1) expect(read(whole.slice(0, end)).text).toBe(null);
  expect(read('<script>').text).toBe(null);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ABCDEFGHabcdefgh0123456789+/='), maxLength: 300 }), (text) => {
      read(text);
    }),
    { numRuns: 500 },
  );
});
