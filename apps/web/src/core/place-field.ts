/** The numbers of a selection's place: how they are shown, and what a person may type. Pure. */
import * as m from '$words/place-field';
import type { PlaceField } from '@wetink/canvas';

/** Board units; a board ends there. */
const FARTHEST = 9_000_000;
const LONGEST = 1_000_000;

export const placeFields: readonly { readonly field: PlaceField; readonly label: string; readonly sign: string; readonly unit: string }[] =
  [
    { field: 'x', label: m.leftEdge(), sign: 'X', unit: 'px' },
    { field: 'y', label: m.topEdge(), sign: 'Y', unit: 'px' },
    { field: 'w', label: m.width(), sign: 'W', unit: 'px' },
    { field: 'h', label: m.height(), sign: 'H', unit: 'px' },
    { field: 'degrees', label: m.turn(), sign: '∠', unit: '°' },
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
  if (!Number.isFinite(value)) return refuse(m.typeANumberSuchAs());
  if (field === 'degrees') return Math.abs(value) <= 3600 ? { ok: true, value } : refuse(m.aTurnIsAtMost());
  if (field === 'x' || field === 'y') return Math.abs(value) <= FARTHEST ? { ok: true, value } : refuse(m.theBoardEnds9000());
  if (value < 1) return refuse(m.theSmallestSizeIs1());
  return value <= LONGEST ? { ok: true, value } : refuse(m.theLargestSizeIs1());
}

function refuse(sentence: string): ReadPlace {
  return { ok: false, sentence };
}
