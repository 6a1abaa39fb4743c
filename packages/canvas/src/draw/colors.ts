/** Colours of the interface that are painted on the canvas; the board's own colours come from its palette. */
import { oklchToHex, type Theme } from '@wetink/board';

/** Selection and handles. */
export const accent: Readonly<Record<Theme, string>> = {
  light: oklchToHex({ l: 0.55, c: 0.19, h: 265 }),
  dark: oklchToHex({ l: 0.72, c: 0.15, h: 265 }),
};

/** `#rrggbb` with an alpha of 0..1. */
export function withAlpha(hex: string, alpha: number): string {
  return `${hex}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
