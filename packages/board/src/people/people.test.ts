import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, hexToOklch } from '../color/color.ts';
import { paper } from '../color/palette.ts';
import { personColor, personColors, personHue, ringsByUser } from './person-color.ts';
import { suggestName } from './suggest-name.ts';

/** Two ids of one hue, found rather than assumed. */
function twins(): [string, string] {
  for (let i = 1; ; i++) if (personHue(`u${i}`) === personHue('u0')) return ['u0', `u${i}`];
}

describe('people', () => {
  it('[PE1] the hue of an id never changes between versions', () => {
    expect(['', 'ana', 'ben', 'Ana', '8f14e45f-ceea', 'ünï'].map(personHue)).toMatchInlineSnapshot(`
      [
        11,
        10,
        6,
        1,
        11,
        5,
      ]
    `);
  });

  it('[PE1] hues are spread evenly, also for ids that count up', () => {
    for (const prefix of ['', 'user-', 'guest/2026-']) {
      const counts = new Array<number>(12).fill(0);
      for (let i = 0; i < 12_000; i++) counts[personHue(prefix + i)]! += 1;
      // Chi-squared with 11 degrees of freedom: above 40 happens once in 20,000 fair hashes.
      expect(counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(40);
    }
  });

  it('[PE2] white text passes 4.5:1 on every person’s colour, and cursors are visible on both papers', () => {
    expect(personColors).toHaveLength(12);
    personColors.forEach((color, i) => {
      expect(contrast(color, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(contrast(color, paper.light)).toBeGreaterThanOrEqual(3);
      expect(contrast(color, paper.dark)).toBeGreaterThanOrEqual(3);
      const hue = hexToOklch(color).h;
      expect(Math.abs(((hue - (15 + 30 * i) + 540) % 360) - 180)).toBeLessThan(2);
    });
    expect(personColor('ana')).toBe(personColors[personHue('ana')]);
  });

  it('[PE3] of two people with the same hue exactly one is marked, the same one on every screen', () => {
    const [a, b] = twins();
    expect([...ringsByUser([a, b]).values()].sort()).toEqual([0, 1]);
    expect(ringsByUser([b, a])).toEqual(ringsByUser([a, b]));
    expect(ringsByUser([a, a, a])).toEqual(new Map([[a, 0]]));
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 4 }), { maxLength: 40 }), (ids) => {
        const rings = ringsByUser(ids);
        const looks = [...rings].map(([id, ring]) => `${personHue(id)}/${ring}`);
        expect(new Set(looks).size).toBe(new Set(ids).size);
        expect([...ringsByUser([...ids].reverse())].sort()).toEqual([...rings].sort());
      }),
      { seed: 4 },
    );
  });

  it('[PE4] a suggested name has two words, for any random source', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        const values = [a, b];
        expect(suggestName(() => values.shift() ?? 0)).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
      }),
      { seed: 4 },
    );
    expect(suggestName(() => 0)).toBe('Bright Badger');
    expect(suggestName(() => 0.999999)).toBe('Witty Wren');
  });
});
