/** The numbers of a selection's place: how they are shown, and what a person may type. Pure. */
import type { PlaceField } from '@wetink/canvas';

/** Board units; a board ends there. */
const FARTHEST = 9_000_000;
const LONGEST = 1_000_000;

export const placeFields: readonly { readonly field: PlaceField; readonly label: string; readonly sign: string; readonly unit: string }[] =
  [
    { field: 'x', label: 'Left edge', sign: 'X', unit: 'px' },
    { field: 'y', label: 'Top edge', sign: 'Y', unit: 'px' },
    { field: 'w', label: 'Width', sign: 'W', unit: 'px' },
    { field: 'h', label: 'Height', sign: 'H', unit: 'px' },
    { field: 'degrees', label: 'Turn', sign: '∠', unit: '°' },
  ];

/** At most one digit behind the point; -0 is 0. */
export function placeText(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}

export type ReadPlace = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly sentence: string };

/** Reads what was typed: a number with a point or a comma, with or without its unit. */
export function readPlace(field: PlaceField, text: string): ReadPlace {
  const digits = /^\s*([-+−]?\d*(?:[.,]\d*)?)\s*(?:px|°|deg|degrees)?\s*$/i.exec(text)?.[1] ?? '';
  const value = /\d/.test(digits) ? Number(digits.replace(',', '.').replace('−', '-')) : NaN;
  if (!Number.isFinite(value)) return refuse(`Type a number, such as 120 or 12.5.`);
  if (field === 'degrees') return Math.abs(value) <= 3600 ? { ok: true, value } : refuse('A turn is at most 3600°.');
  if (field === 'x' || field === 'y')
    return Math.abs(value) <= FARTHEST ? { ok: true, value } : refuse('The board ends 9,000,000 px from its middle.');
  if (value < 1) return refuse('The smallest size is 1 px.');
  return value <= LONGEST ? { ok: true, value } : refuse('The largest size is 1,000,000 px.');
}

function refuse(sentence: string): ReadPlace {
  return { ok: false, sentence };
}
