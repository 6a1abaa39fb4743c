/**
 * The papers of boards: a pattern and a colour, each a value of its own in the document.
 *
 * A value that this version does not know, such as that of a newer version, is shown as the default and stays in the document.
 */
import { MAX_PAPER_LENGTH } from '../limits.ts';
import { resolvePaper, type Theme } from './palette.ts';
import type { Color, Paper, PaperPattern, PaperTone } from '../types.ts';

export const paperPatterns: readonly PaperPattern[] = ['dots', 'grid', 'ruled', 'plain'];

/**
 * The colours of papers, in the order a person chooses from them. Ink has at least 7:1 on each, and every colour of the palette
 * but white 2.85:1. Beside each the OKLCH of light and of dark, recomputed by a test. `white` is the paper of the theme.
 */
export const paperTones: Readonly<Record<Exclude<PaperTone, 'white'>, Readonly<Record<Theme, string>>>> = {
  cream: { light: '#fef6e2', dark: '#1d1912' }, // 0.975 0.028  90; 0.215 0.014  80
  mint: { light: '#ebfcf2', dark: '#0f1b16' }, //  0.975 0.022 160; 0.21  0.02  165
  sky: { light: '#eef8ff', dark: '#0f1926' }, //   0.973 0.018 240; 0.21  0.03  255
  rose: { light: '#fff3f4', dark: '#211416' }, //  0.973 0.016  10; 0.21  0.022  10
  grey: { light: '#f2f3f6', dark: '#1f2226' }, //  0.965 0.004 260; 0.25  0.008 260
};

export const defaultPaper: Paper = Object.freeze({ pattern: 'dots', tone: 'white' });

export function isPaperPattern(value: unknown): value is PaperPattern {
  return (paperPatterns as readonly unknown[]).includes(value);
}

export function isPaperTone(value: unknown): value is PaperTone {
  return value === 'white' || (typeof value === 'string' && Object.hasOwn(paperTones, value));
}

/** Whether a document may hold the value, known or not. */
export function isPaperValue(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_PAPER_LENGTH;
}

/** The paper that stored values stand for, of which each may be missing. */
export function readPaper(pattern: unknown, tone: unknown): Paper {
  return {
    pattern: isPaperPattern(pattern) ? pattern : defaultPaper.pattern,
    tone: isPaperTone(tone) ? tone : defaultPaper.tone,
  };
}

export function isDefaultPaper({ pattern, tone }: Paper): boolean {
  return pattern === defaultPaper.pattern && tone === defaultPaper.tone;
}

/** The `#rrggbb` of a board's paper. @param background Colour of a board whose paper has none of its own, see `resolvePaper`. */
export function resolveSheet(tone: PaperTone, background: Color, theme: Theme): string {
  return tone === 'white' ? resolvePaper(background, theme) : paperTones[tone][theme];
}
