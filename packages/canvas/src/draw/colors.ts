/** Colours of the interface that are painted on the canvas; the board's own colours come from its palette. */
import { oklchToHex, type Theme } from '@wetink/board';

/** Selection and handles. */
export const accent: Readonly<Record<Theme, string>> = {
  light: oklchToHex({ l: 0.55, c: 0.19, h: 265 }),
  dark: oklchToHex({ l: 0.72, c: 0.15, h: 265 }),
};

/** A card on the board, in the colours of floating panels. */
export const surface: Readonly<Record<Theme, Readonly<Record<'paper' | 'line' | 'ink' | 'muted', string>>>> = {
  light: {
    paper: '#ffffff',
    line: oklchToHex({ l: 0.9, c: 0.01, h: 260 }),
    ink: oklchToHex({ l: 0.22, c: 0.02, h: 260 }),
    muted: oklchToHex({ l: 0.5, c: 0.02, h: 260 }),
  },
  dark: {
    paper: oklchToHex({ l: 0.235, c: 0.012, h: 260 }),
    line: oklchToHex({ l: 0.33, c: 0.012, h: 260 }),
    ink: oklchToHex({ l: 0.95, c: 0.005, h: 260 }),
    muted: oklchToHex({ l: 0.72, c: 0.015, h: 260 }),
  },
};

/** `#rrggbb` with an alpha of 0..1. */
export function withAlpha(hex: string, alpha: number): string {
  return `${hex}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
