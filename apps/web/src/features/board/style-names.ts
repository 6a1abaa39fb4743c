/** Names in the style panel, for its choices and for the buttons that open them. */
import type { FontName } from '@wetink/board';
import type { StyleField } from '@wetink/canvas';

export const fieldNames: Readonly<Record<StyleField, string>> = {
  color: 'Colour',
  fill: 'Fill',
  width: 'Width',
  fontSize: 'Size',
  font: 'Face',
  opacity: 'Opacity',
};
export const sizeNames: Readonly<Record<number, string>> = { 16: 'S', 24: 'M', 40: 'L', 64: 'XL' };
export const faceNames: Readonly<Record<FontName, string>> = { hand: 'Hand', sans: 'Sans', mono: 'Mono' };

/** One value in words; null: the selected elements differ. */
export function valueWords(field: StyleField, value: string | number | null): string {
  if (value === null) return 'mixed';
  if (field === 'opacity') return `${Math.round(Number(value) * 100)} %`;
  if (field === 'fontSize') return sizeNames[Number(value)] ?? String(value);
  if (field === 'font') return faceNames[value as FontName];
  return String(value);
}
