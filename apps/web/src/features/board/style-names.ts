/** Names in the style panel, for its choices and for the buttons that open them. */
import type { Corners, Dash, FontName, Head } from '@wetink/board';
import type { StyleField } from '@wetink/canvas';

export const fieldNames: Readonly<Record<StyleField, string>> = {
  color: 'Colour',
  fill: 'Fill',
  width: 'Width',
  dash: 'Line',
  corners: 'Corners',
  startHead: 'Start',
  endHead: 'End',
  fontSize: 'Size',
  font: 'Face',
  opacity: 'Opacity',
};
export const sizeNames: Readonly<Record<number, string>> = { 16: 'S', 24: 'M', 40: 'L', 64: 'XL' };
export const dashNames: Readonly<Record<Dash, string>> = { solid: 'Solid', dashed: 'Dashed', dotted: 'Dotted' };
export const cornerNames: Readonly<Record<Corners, string>> = { sharp: 'Sharp', round: 'Round' };
export const headNames: Readonly<Record<Exclude<Head, 'auto'>, string>> = {
  none: 'None',
  arrow: 'Arrow',
  triangle: 'Triangle',
  bar: 'Bar',
  dot: 'Dot',
  diamond: 'Diamond',
};
export const faceNames: Readonly<Record<FontName, string>> = { hand: 'Hand', sans: 'Sans', mono: 'Mono' };

/** One value in words; null: the selected elements differ. */
export function valueWords(field: StyleField, value: string | number | null): string {
  if (value === null) return 'mixed';
  if (field === 'opacity') return `${Math.round(Number(value) * 100)} %`;
  if (field === 'fontSize') return sizeNames[Number(value)] ?? String(value);
  if (field === 'font') return faceNames[value as FontName];
  if (field === 'dash') return dashNames[value as Dash];
  if (field === 'corners') return cornerNames[value as Corners];
  return String(value);
}

/** Both ends of a line in words. */
export function headWords(headOf: (end: 'startHead' | 'endHead') => Exclude<Head, 'auto'> | null): string {
  const name = (end: 'startHead' | 'endHead'): string => {
    const head = headOf(end);
    return head === null ? 'mixed' : headNames[head].toLowerCase();
  };
  return `Ends: ${name('startHead')} and ${name('endHead')}`;
}
