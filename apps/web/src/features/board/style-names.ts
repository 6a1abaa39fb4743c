/** Names in the style panel, for its choices and for the buttons that open them. */
import * as m from '$words/style-names';
import type { Corners, Dash, FontName, Head } from '@wetink/board';
import type { StyleField } from '@wetink/canvas';

export const fieldNames: Readonly<Record<StyleField, string>> = {
  color: m.colour(),
  fill: m.fill(),
  width: m.width(),
  dash: m.line(),
  corners: m.corners(),
  startHead: m.start(),
  endHead: 'End',
  fontSize: m.size(),
  font: m.face(),
  opacity: m.opacity(),
};
export const sizeNames: Readonly<Record<number, string>> = { 16: 'S', 24: 'M', 40: 'L', 64: 'XL' };
export const dashNames: Readonly<Record<Dash, string>> = { solid: m.solid(), dashed: m.dashed(), dotted: m.dotted() };
export const cornerNames: Readonly<Record<Corners, string>> = { sharp: m.sharp(), round: m.round() };
export const headNames: Readonly<Record<Exclude<Head, 'auto'>, string>> = {
  none: m.none(),
  arrow: m.arrow(),
  triangle: m.triangle(),
  bar: m.bar(),
  dot: m.dot(),
  diamond: m.diamond(),
};
export const faceNames: Readonly<Record<FontName, string>> = { hand: m.hand(), sans: m.sans(), mono: m.mono() };

/** One value in words; null: the selected elements differ. */
export function valueWords(field: StyleField, value: string | number | null): string {
  if (value === null) return m.mixed();
  if (field === 'opacity') return m.percent({ percent: Math.round(Number(value) * 100) });
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
    return head === null ? m.mixed() : headNames[head].toLowerCase();
  };
  return m.ends({ start: name('startHead'), end: name('endHead') });
}
