/**
 * Colours as numbers: sRGB hex, OKLCH, luminance and contrast.
 *
 * The palette is stored as `#rrggbb`, since canvas, SVG and PNG take that everywhere. This module derives and checks
 * those values, and maps a person's own colours for the dark theme.
 * Matrices: Björn Ottosson, "A perceptual color space for image processing" (2020). Contrast: WCAG 2.2.
 */

/** Lightness 0..1, chroma 0..about 0.37 inside sRGB, hue in degrees 0..360 (0 for a grey). */
export interface Oklch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

/** Whether `value` is `#rrggbb`, in either case. */
export function isHexColor(value: unknown): value is `#${string}` {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value);
}

/**
 * OKLCH to `#rrggbb`. A colour outside sRGB loses chroma until it fits; lightness and hue stay.
 *
 * @throws {RangeError} When a component is not finite.
 */
export function oklchToHex(color: Oklch): string {
  if (!Number.isFinite(color.l + color.c + color.h)) throw new RangeError('an OKLCH component is not finite');
  let low = 0;
  let high = Math.max(0, color.c);
  if (isInGamut(oklchToLinear({ ...color, c: high }))) low = high;
  // 24 halvings leave an error far below one step of eight bits.
  for (let i = 0; i < 24 && low < high; i++) {
    const c = (low + high) / 2;
    if (isInGamut(oklchToLinear({ ...color, c }))) low = c;
    else high = c;
  }
  return linearToHex(oklchToLinear({ ...color, c: low }));
}

/**
 * `#rrggbb` to OKLCH.
 *
 * @throws {RangeError} When `hex` is not `#rrggbb`.
 */
export function hexToOklch(hex: string): Oklch {
  const [r, g, b] = hexToLinear(hex);
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const l = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const bb = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  const c = Math.hypot(a, bb);
  // Below this chroma the hue is noise of eight-bit rounding.
  if (c < 0.002) return { l, c: 0, h: 0 };
  return { l, c, h: ((Math.atan2(bb, a) * 180) / Math.PI + 360) % 360 };
}

/**
 * Relative luminance, 0 (black) to 1 (white).
 *
 * @throws {RangeError} When `hex` is not `#rrggbb`.
 */
export function luminance(hex: string): number {
  const [r, g, b] = hexToLinear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * Contrast of two colours, 1 (none) to 21 (black on white); the order does not matter.
 *
 * @throws {RangeError} When either is not `#rrggbb`.
 */
export function contrast(hex: string, other: string): number {
  const a = luminance(hex);
  const b = luminance(other);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

type Linear = readonly [r: number, g: number, b: number];

function oklchToLinear({ l, c, h }: Oklch): Linear {
  const angle = (h * Math.PI) / 180;
  const a = c * Math.cos(angle);
  const b = c * Math.sin(angle);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** The slack is a tenth of one step of eight bits: white itself computes to 1.0000001. */
function isInGamut(color: Linear): boolean {
  return color.every((channel) => channel >= -0.0004 && channel <= 1.0004);
}

function linearToHex(color: Linear): string {
  const hex = color.map((channel) => {
    const clamped = Math.min(1, Math.max(0, channel));
    const encoded = clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${hex.join('')}`;
}

function hexToLinear(hex: string): Linear {
  if (!isHexColor(hex)) throw new RangeError(`not a #rrggbb colour: ${String(hex).slice(0, 20)}`);
  const value = Number.parseInt(hex.slice(1), 16);
  return [decodeChannel(value >> 16), decodeChannel((value >> 8) & 255), decodeChannel(value & 255)];
}

function decodeChannel(byte: number): number {
  const encoded = byte / 255;
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}
