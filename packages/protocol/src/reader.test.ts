import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { fromHex } from './fixtures/golden.ts';
import { BoundedReader } from './index.ts';

const read = (hex: string): BoundedReader => new BoundedReader(fromHex(hex));

describe('[P1] unsigned integers', () => {
  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER])('%d as lib0 writes it', (value) => {
    const reader = new BoundedReader(encoding.encode((e) => encoding.writeVarUint(e, value)));
    expect(reader.uint('n')).toBe(value);
    expect(reader.hasMore).toBe(false);
  });

  it('above 2^53 - 1 they are refused, not rounded', () => {
    expect(read('ffffffffffffff0f').uint('n')).toBe(Number.MAX_SAFE_INTEGER);
    expect(codeOf(() => read('8080808080808010').uint('n'))).toBe('MALFORMED');
    expect(codeOf(() => read('ffffffffffffff7f').uint('n'))).toBe('MALFORMED');
  });

  it('after eight bytes they are refused, however many zeros follow', () => {
    expect(read('8180808080808000').uint('n')).toBe(1);
    expect(codeOf(() => read('818080808080808000').uint('n'))).toBe('MALFORMED');
    expect(codeOf(() => read('80'.repeat(100_000)).uint('n'))).toBe('MALFORMED');
  });

  it('truncated they are refused', () => {
    for (const hex of ['', '80', 'ffffff']) expect(codeOf(() => read(hex).uint('n'))).toBe('MALFORMED');
    expect(codeOf(() => read('').byte('b'))).toBe('MALFORMED');
  });
});

describe('[P2] lengths and counts', () => {
  it('lengths cannot reach past the end', () => {
    for (const hex of ['01', '05 00000000', 'ffffffffffffff0f 00', '8088 27']) {
      expect(codeOf(() => read(hex).bytes('b'))).toBe('MALFORMED');
      expect(codeOf(() => read(hex).string('s', Number.MAX_SAFE_INTEGER))).toBe('MALFORMED');
      expect(codeOf(() => read(hex).nested('n'))).toBe('MALFORMED');
      expect(codeOf(() => read(hex).skipBytes('n'))).toBe('MALFORMED');
      expect(codeOf(() => read(hex).utf16Length('n'))).toBe('MALFORMED');
    }
    expect(codeOf(() => read('0102').fixed('f', 3))).toBe('MALFORMED');
    expect(codeOf(() => read('0102').skip('f', 3))).toBe('MALFORMED');
    expect(codeOf(() => read('0102').finish('f'))).toBe('MALFORMED');
  });

  it('a count that cannot fit is refused before anything is allocated for it', () => {
    expect(read('02 0000').count('items', 1)).toBe(2);
    expect(codeOf(() => read('02 0000').count('items', 2))).toBe('MALFORMED');
    expect(codeOf(() => read('ffffffffffffff0f 00').count('items', 1))).toBe('MALFORMED');
    expect(codeOf(() => read('02 0000').count('items', 1, 1))).toBe('TOO_LARGE');
  });

  it('a nested reader sees only its own bytes', () => {
    const outer = read('02 0102 03');
    const inner = outer.nested('inner');
    expect([inner.byte('a'), inner.byte('b')]).toEqual([1, 2]);
    expect(codeOf(() => inner.byte('c'))).toBe('MALFORMED');
    expect(outer.byte('d')).toBe(3);
  });

  it('above the limit they are too large, even when the bytes are there', () => {
    expect(codeOf(() => read('03 010203').bytes('b', 2))).toBe('TOO_LARGE');
    expect(codeOf(() => read('03 616263').string('s', 2))).toBe('TOO_LARGE');
    expect(codeOf(() => read('010203').rest('r', 2))).toBe('TOO_LARGE');
  });
});

describe('[P3] text', () => {
  it('text is UTF-8, byte order mark and all', () => {
    expect(read('07 5370c3a4746572').string('s', 100)).toBe('Später');
    expect(read('03 efbbbf').string('s', 3)).toBe('\ufeff');
    expect(read('04 f09f968a').utf16Length('s')).toBe(2);
    expect(read('03 616263').utf16Length('s')).toBe(3);
  });

  it('text that is not UTF-8 is refused', () => {
    for (const hex of ['01 ff', '02 c080', '03 eda080', '02 c3 28']) {
      expect(codeOf(() => read(hex).string('s', 100))).toBe('MALFORMED');
      expect(codeOf(() => read(hex).utf16Length('s'))).toBe('MALFORMED');
    }
  });
});
