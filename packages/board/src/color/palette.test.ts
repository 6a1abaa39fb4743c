import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, hexToOklch, oklchToHex } from './color.ts';
import { colorTokens, fills, isColor, palette, paper, resolveColor, resolveFill, resolvePaper } from './palette.ts';
import type { Color, ColorToken } from '../types.ts';

type Lch = readonly [l: number, c: number, h: number];
/** The colours as designed; the stored hex values must be exactly these. */
const designed: Record<Exclude<ColorToken, 'white'>, readonly [light: Lch, dark: Lch]> = {
  ink: [
    [0.22, 0.02, 260],
    [0.95, 0.005, 260],
  ],
  grey: [
    [0.55, 0.015, 260],
    [0.72, 0.015, 260],
  ],
  red: [
    [0.57, 0.21, 25],
    [0.7, 0.18, 25],
  ],
  orange: [
    [0.66, 0.19, 47],
    [0.77, 0.15, 47],
  ],
  yellow: [
    [0.659, 0.14, 86],
    [0.87, 0.155, 86],
  ],
  green: [
    [0.58, 0.15, 148],
    [0.76, 0.17, 148],
  ],
  teal: [
    [0.58, 0.1, 190],
    [0.77, 0.11, 190],
  ],
  blue: [
    [0.54, 0.18, 258],
    [0.71, 0.14, 258],
  ],
  violet: [
    [0.53, 0.21, 295],
    [0.72, 0.15, 295],
  ],
  pink: [
    [0.6, 0.21, 350],
    [0.76, 0.15, 350],
  ],
};
/** The tints as designed; yellow and orange have the hues that people call so in light colours. */
const designedFills: Record<Exclude<ColorToken, 'white' | 'ink'>, readonly [light: Lch, dark: Lch]> = {
  grey: [
    [0.9, 0.01, 260],
    [0.37, 0.012, 260],
  ],
  red: [
    [0.86, 0.085, 25],
    [0.42, 0.1, 25],
  ],
  orange: [
    [0.85, 0.115, 65],
    [0.48, 0.105, 58],
  ],
  yellow: [
    [0.925, 0.145, 98],
    [0.53, 0.11, 92],
  ],
  green: [
    [0.87, 0.085, 148],
    [0.42, 0.09, 148],
  ],
  teal: [
    [0.87, 0.075, 190],
    [0.42, 0.075, 190],
  ],
  blue: [
    [0.86, 0.08, 258],
    [0.42, 0.1, 258],
  ],
  violet: [
    [0.86, 0.08, 295],
    [0.42, 0.11, 295],
  ],
  pink: [
    [0.86, 0.085, 350],
    [0.43, 0.105, 350],
  ],
};
const toHex = ([l, c, h]: Lch): string => oklchToHex({ l, c, h });
const hex = fc.integer({ min: 0, max: 0xffffff }).map((n): Color => `#${n.toString(16).padStart(6, '0')}`);

describe('palette', () => {
  it('[CO1] stores exactly the designed colours, light and dark of one hue', () => {
    expect(paper).toEqual({ light: toHex([0.985, 0.006, 90]), dark: toHex([0.19, 0.01, 260]) });
    for (const [token, [light, dark]] of Object.entries(designed)) {
      expect([token, palette[token as ColorToken]]).toEqual([token, { light: toHex(light), dark: toHex(dark) }]);
      expect(light[2]).toBe(dark[2]);
    }
    expect(Object.keys(palette)).toEqual([...colorTokens]);
  });

  it('[CO1] every token but white is visible on its paper, and ink is readable', () => {
    for (const theme of ['light', 'dark'] as const) {
      for (const token of colorTokens) {
        if (token === 'white' && theme === 'light') continue;
        expect([token, theme, contrast(palette[token][theme], paper[theme]) >= 3]).toEqual([token, theme, true]);
      }
      expect(contrast(palette.ink[theme], paper[theme])).toBeGreaterThan(7);
    }
  });

  it('[CO1] tokens can be distinguished: no two of a theme are close in OKLCH', () => {
    for (const theme of ['light', 'dark'] as const) {
      const points = colorTokens.map((token) => {
        const { l, c, h } = hexToOklch(palette[token][theme]);
        return [l, c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)] as const;
      });
      points.forEach((a, i) =>
        points.slice(i + 1).forEach((b) => {
          expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(0.04);
        }),
      );
    }
  });

  it('[CO5] D20: stores exactly the designed tints; ink and white fill as they draw', () => {
    for (const [token, [light, dark]] of Object.entries(designedFills))
      expect([token, fills[token as ColorToken]]).toEqual([token, { light: toHex(light), dark: toHex(dark) }]);
    expect([fills.ink, fills.white]).toEqual([palette.ink, palette.white]);
    expect(Object.keys(fills)).toEqual([...colorTokens]);
    for (const token of colorTokens) expect(resolveFill(token, 'light')).toBe(fills[token].light);
    expect(resolveFill('#123456', 'light')).toBe('#123456');
    expect(resolveFill('#123456', 'dark')).toBe(resolveColor('#123456', 'dark'));
    expect(resolveFill('url(#x)' as Color, 'dark')).toBe(palette.ink.dark);
  });

  it('[CO5] D20: on every tint ink is readable and a line of the same colour visible, and every tint is visible on its paper', () => {
    for (const theme of ['light', 'dark'] as const) {
      for (const token of colorTokens) {
        if (token === 'ink' || token === 'white') continue;
        const tint = fills[token][theme];
        expect([token, theme, contrast(tint, palette.ink[theme]) >= (theme === 'light' ? 7 : 4.5)]).toEqual([token, theme, true]);
        expect([token, theme, contrast(tint, palette[token][theme]) >= 2]).toEqual([token, theme, true]);
        expect([token, theme, contrast(tint, paper[theme]) >= 1.15]).toEqual([token, theme, true]);
      }
    }
  });

  it('[CO5] D20: a yellow fill is a light yellow, not olive, and an orange fill a light orange, not brown', () => {
    const yellow = hexToOklch(fills.yellow.light);
    expect([yellow.l > 0.9, yellow.c > 0.12, yellow.h > 93 && yellow.h < 105]).toEqual([true, true, true]);
    const orange = hexToOklch(fills.orange.light);
    expect([orange.l > 0.8, orange.c > 0.1, orange.h > 50 && orange.h < 75]).toEqual([true, true, true]);
    const line = hexToOklch(palette.orange.light);
    expect([line.l >= 0.65, line.c > 0.18]).toEqual([true, true]);
  });

  it('[CO5] D20: tints can be distinguished: no two of a theme are close in OKLCH', () => {
    for (const theme of ['light', 'dark'] as const) {
      const points = colorTokens.map((token) => {
        const { l, c, h } = hexToOklch(fills[token][theme]);
        return [token, l, c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)] as const;
      });
      points.forEach((a, i) =>
        points.slice(i + 1).forEach((b) => {
          expect([a[0], b[0], Math.hypot(a[1] - b[1], a[2] - b[2], a[3] - b[3]) > 0.04]).toEqual([a[0], b[0], true]);
        }),
      );
    }
  });

  it('[CO2] a colour is a token or #rrggbb, nothing else', () => {
    for (const good of [...colorTokens, '#000000', '#AbCdEf']) expect(isColor(good)).toBe(true);
    for (const bad of [
      'none',
      'Ink',
      '__proto__',
      'constructor',
      'toString',
      '#fff',
      '#ff',
      '#1234567',
      'rgb(0,0,0)',
      'url(x)',
      ' #000000',
      '',
      0,
      null,
      undefined,
      {},
      ['ink'],
    ]) {
      expect([bad, isColor(bad)]).toEqual([bad, false]);
    }
    expect(resolveColor('url(#x)' as Color, 'dark')).toBe(palette.ink.dark);
  });

  it("[CO3] a person's own colours are unchanged on light paper and made visible on dark paper", () => {
    fc.assert(
      fc.property(hex, (color) => {
        expect(resolveColor(color, 'light')).toBe(color);
        const dark = resolveColor(color, 'dark');
        expect(contrast(dark, paper.dark)).toBeGreaterThanOrEqual(3);
        if (contrast(color, paper.dark) >= 3) expect(dark).toBe(color);
        const before = hexToOklch(color);
        const after = hexToOklch(dark);
        // The hue of a colour with little chroma is noise of eight-bit rounding.
        if (before.c > 0.04 && after.c > 0.04) {
          expect(Math.abs(((after.h - before.h + 540) % 360) - 180)).toBeLessThan(4);
        }
      }),
      { seed: 4, numRuns: 500 },
    );
    expect(hexToOklch(resolveColor('#000000', 'dark')).l).toBeCloseTo(0.95, 2);
  });

  it('[CO4] the paper follows the theme, and on a dark screen ink is readable on any background', () => {
    expect([resolvePaper('white', 'light'), resolvePaper('white', 'dark')]).toEqual([paper.light, paper.dark]);
    expect(resolvePaper('url(#x)' as Color, 'dark')).toBe(paper.dark);
    expect(resolvePaper('#fff4c2', 'light')).toBe('#fff4c2');
    expect(resolvePaper('#101820', 'dark')).toBe('#101820');
    fc.assert(
      fc.property(fc.oneof(hex, fc.constantFrom(...colorTokens)), (color) => {
        expect(contrast(resolvePaper(color, 'dark'), palette.ink.dark)).toBeGreaterThanOrEqual(4.5);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
