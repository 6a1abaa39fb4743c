/**
 * The drawing palette: eleven tokens, each with a light and a dark value of the same hue, as ink and as a fill.
 *
 * A token follows the viewer's theme. A `#rrggbb` is a person's own choice: the document keeps it as it is, and only a
 * dark screen changes it, and only if it would be hard to see there. Every value but `white` has at least 3:1 on its
 * paper (WCAG 1.4.11), `ink` at least 7:1. `white` stays white in both themes: it is for covering up and for drawing on
 * fills, and a person who picks white must get white.
 */
import { contrast, hexToOklch, isHexColor, oklchToHex } from './color.ts';
import type { Color, ColorToken } from '../types.ts';

export type Theme = 'light' | 'dark';

/** The paper: OKLCH (0.985 0.006 90) and (0.19 0.01 260). */
export const paper: Readonly<Record<Theme, string>> = { light: '#fcfaf6', dark: '#111418' };

/** In the order a colour picker shows them. Beside each the OKLCH of light and of dark, recomputed by a test. */
export const palette: Readonly<Record<ColorToken, Readonly<Record<Theme, string>>>> = {
  ink: { light: '#151b24', dark: '#eceff2' }, //    0.22  0.02  260; 0.95 0.005 260
  grey: { light: '#6c727b', dark: '#9fa5ae' }, //   0.55  0.015 260; 0.72 0.015 260
  red: { light: '#d72630', dark: '#fa6863' }, //    0.57  0.21   25; 0.70 0.18   25
  orange: { light: '#e86500', dark: '#ff945d' }, // 0.66  0.19   47; 0.77 0.15   47
  yellow: { light: '#b68a00', dark: '#ffcd53' }, // 0.659 0.14   86; 0.87 0.155  86
  green: { light: '#269143', dark: '#57ce70' }, //  0.58  0.15  148; 0.76 0.17  148
  teal: { light: '#018d87', dark: '#4dcbc4' }, //   0.58  0.1   190; 0.77 0.11  190
  blue: { light: '#1b6ad4', dark: '#68a2f8' }, //   0.54  0.18  258; 0.71 0.14  258
  violet: { light: '#7944d5', dark: '#ac8ff8' }, // 0.53  0.21  295; 0.72 0.15  295
  pink: { light: '#d43691', dark: '#f786be' }, //   0.60  0.21  350; 0.76 0.15  350
  white: { light: '#ffffff', dark: '#ffffff' },
};

/**
 * A token as a fill: a tint of its hue on which ink is readable. A colour light enough for an area is too light for a
 * line, and a colour dark enough for a line makes a muddy area: yellow turns olive, orange brown.
 * `ink` and `white` are the same as for a line, for the strongest and the plainest fill.
 */
export const fills: Readonly<Record<ColorToken, Readonly<Record<Theme, string>>>> = {
  ink: { light: '#151b24', dark: '#eceff2' },
  grey: { light: '#dadee5', dark: '#3c4046' }, // 0.9   0.01  260; 0.37 0.012 260
  red: { light: '#ffbeb8', dark: '#7a3430' }, // 0.86  0.085  25; 0.42 0.1    25
  orange: { light: '#ffbf80', dark: '#894c14' }, // 0.85  0.115  65; 0.48 0.105  58
  yellow: { light: '#ffe771', dark: '#826900' }, // 0.925 0.145  98; 0.53 0.11   92
  green: { light: '#afe4b5', dark: '#255a2f' }, // 0.87  0.085 148; 0.42 0.09  148
  teal: { light: '#99e5df', dark: '#005956' }, // 0.87  0.075 190; 0.42 0.075 190
  blue: { light: '#b5d3ff', dark: '#284d83' }, // 0.86  0.08  258; 0.42 0.1   258
  violet: { light: '#d4c8ff', dark: '#523e82' }, // 0.86  0.08  295; 0.42 0.11  295
  pink: { light: '#fdbbd9', dark: '#793458' }, // 0.86  0.085 350; 0.43 0.105 350
  white: { light: '#ffffff', dark: '#ffffff' },
};

/** The tokens in the order of the palette, which is the order of their numbers in a wet payload: append only. */
export const colorTokens: readonly ColorToken[] = [
  'ink',
  'grey',
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'violet',
  'pink',
  'white',
];

export function isColorToken(value: unknown): value is ColorToken {
  return typeof value === 'string' && Object.hasOwn(palette, value);
}

/** Whether `value` is a palette token or `#rrggbb`. Names, `rgb()` and alpha are not: they reach CSS, SVG and files. */
export function isColor(value: unknown): value is Color {
  return isColorToken(value) || isHexColor(value);
}

/**
 * The `#rrggbb` to paint `color` with on a screen of `theme`.
 *
 * Exports that must keep a person's own colours ask for `light`, which changes nothing but tokens.
 * A value that is not a colour (a peer's data, a newer version's token) is painted as `ink`, never passed on to CSS.
 */
export function resolveColor(color: Color, theme: Theme): string {
  if (isColorToken(color)) return palette[color][theme];
  if (!isHexColor(color)) return palette.ink[theme];
  return theme === 'dark' ? liftForDark(color) : color;
}

/** The `#rrggbb` to fill an area with. A person's own colour is the same as for a line. */
export function resolveFill(color: Color, theme: Theme): string {
  return isColorToken(color) ? fills[color][theme] : resolveColor(color, theme);
}

/**
 * The `#rrggbb` of a board's background. `white` is the paper itself and follows the theme. A person's own colour on which
 * the theme's ink would not be readable (4.5:1) keeps its hue and changes its lightness, on a dark screen only.
 */
export function resolvePaper(color: Color, theme: Theme): string {
  if (color === 'white' || !isColor(color)) return paper[theme];
  const plain = isColorToken(color) ? palette[color][theme] : color;
  if (theme === 'light' || contrast(plain, palette.ink.dark) >= MIN_TEXT_CONTRAST) return plain;
  const { l, c, h } = hexToOklch(plain);
  // White becomes the dark paper, a pastel a dim tint of itself.
  let dimmed = Math.min(l, 0.19 + (1 - l) * 0.4);
  let result = oklchToHex({ l: dimmed, c, h });
  while (contrast(result, palette.ink.dark) < MIN_TEXT_CONTRAST && dimmed > 0) {
    dimmed -= 0.01;
    result = oklchToHex({ l: dimmed, c, h });
  }
  return result;
}

/** Least contrast of text, from WCAG 1.4.3. */
const MIN_TEXT_CONTRAST = 4.5;
/** Least contrast on dark paper at which a person's own colour is left alone: that of graphics in WCAG 1.4.11. */
const MIN_CONTRAST = 3;
/** OKLCH lightness at which a grey has exactly `MIN_CONTRAST` on dark paper. */
const PIVOT = 0.5;
/** Lightness that black gets: that of ink on dark paper. */
const LIGHTEST = 0.95;

/**
 * Turns a colour too dark for dark paper into a light one of the same hue: black becomes as light as ink,
 * and a colour just below the limit moves just above it, so neighbouring colours stay neighbours.
 */
function liftForDark(hex: `#${string}`): string {
  if (contrast(hex, paper.dark) >= MIN_CONTRAST) return hex;
  const { l, c, h } = hexToOklch(hex);
  let lifted = Math.max(l, LIGHTEST - (LIGHTEST - PIVOT) * Math.min(1, l / PIVOT));
  let result = oklchToHex({ l: lifted, c, h });
  while (contrast(result, paper.dark) < MIN_CONTRAST && lifted < 1) {
    lifted += 0.01;
    result = oklchToHex({ l: lifted, c, h });
  }
  return result;
}
