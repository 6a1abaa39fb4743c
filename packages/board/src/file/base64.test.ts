import { afterEach, describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

interface Natives {
  fromBase64?: unknown;
}
const constructor = Uint8Array as Natives;
const before = constructor.fromBase64;

/** Behaves as ES2026 says where a file can notice: skips white space, and refuses everything else that is not strict base64. */
function nativeFromBase64(text: string): Uint8Array {
  const dense = text.replace(/[\t\n\f\r ]/g, '');
  const bytes = new Uint8Array(Buffer.from(dense, 'base64'));
  if (Buffer.from(bytes).toString('base64') !== dense) throw new SyntaxError('not strict base64');
  return bytes;
}

afterEach(() => {
  if (before === undefined) delete constructor.fromBase64;
  else constructor.fromBase64 = before;
});

describe.each([
  ['in script', undefined],
  ["by the engine's own conversion", nativeFromBase64],
])('base64 %s', (_, native) => {
  const use = (): void => {
    if (native === undefined) delete constructor.fromBase64;
    else constructor.fromBase64 = native;
  };

  it('[FI2] any bytes come back', () => {
    use();
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length * 7) % 256);
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    }
  });

  it.each([
    'A',
    'AA',
    'AAA',
    'AAAAA===',
    'AB==',
    'AAB=',
    'AA==AAAA',
    'AA-_',
    '=AAA',
    'A A=',
    'AAAA    ',
    ' AAAA\n\n\n',
    'AAAä',
    'AA\n=',
    '====',
  ])('[FI6] %j is refused', (text) => {
    use();
    expect(decodeBase64(text)).toBeNull();
  });
});
