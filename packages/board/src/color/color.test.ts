import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, hexToOklch, isHexColor, luminance, oklchToHex } from './color.ts';

const hex = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`);

describe('color', () => {
  it('agrees with published values', () => {
    // CSS Color 4, section "Sample code": sRGB primaries in OKLCH.
    const red = hexToOklch('#ff0000');
    expect(red.l).toBeCloseTo(0.62796, 4);
    expect(red.c).toBeCloseTo(0.25768, 4);
    expect(red.h).toBeCloseTo(29.234, 2);
    const blue = hexToOklch('#0000ff');
    expect(blue.l).toBeCloseTo(0.45201, 4);
    expect(blue.h).toBeCloseTo(264.05, 1);
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
    expect(luminance('#808080')).toBeCloseTo(0.21586, 4);
  });

  it('gets every colour back from its OKLCH', () => {
    fc.assert(
      fc.property(hex, (value) => {
        const back = oklchToHex(hexToOklch(value));
        for (let i = 1; i < 7; i += 2) {
          const difference = Number.parseInt(back.slice(i, i + 2), 16) - Number.parseInt(value.slice(i, i + 2), 16);
          expect(Math.abs(difference)).toBeLessThanOrEqual(1);
        }
      }),
      { seed: 4 },
    );
  });

  it('gives up chroma, not hue or lightness, outside sRGB', () => {
    const fitted = hexToOklch(oklchToHex({ l: 0.7, c: 0.4, h: 145 }));
    expect(fitted.l).toBeCloseTo(0.7, 2);
    expect(Math.abs(fitted.h - 145)).toBeLessThan(1);
    expect(fitted.c).toBeLessThan(0.25);
    expect(oklchToHex({ l: 1.2, c: 0.1, h: 0 })).toBe('#ffffff');
    expect(oklchToHex({ l: -1, c: 0.1, h: 0 })).toBe('#000000');
  });

  it('refuses values that are not colours', () => {
    for (const bad of ['red', '#fff', '#12345678', '#12345g', '', 'url(#a)', '#12345\n', null, 7]) expect(isHexColor(bad)).toBe(false);
    expect(isHexColor('#aBcDeF')).toBe(true);
    expect(() => luminance('red')).toThrow(RangeError);
    expect(() => oklchToHex({ l: Number.NaN, c: 0, h: 0 })).toThrow(RangeError);
  });
});
