/**
 * The style a person draws with next, kept on this device: the same after a reload and on every board. Two people who
 * sign in on one device each have their own. What is read back is never trusted, one value at a time: a pen that cannot
 * be seen must not come back.
 */
import { isStyleValue, styleProps, type Dash, type FontName, type Style } from '@wetink/board';
import { defaultStyle } from '@wetink/canvas';
import type { KeyValue } from './key-value.ts';

/** The choices of the style panel. */
export const widthRange = { min: 1, max: 20 };
export const opacityRange = { min: 0.1, max: 1 };
export const textSizes: readonly number[] = [16, 24, 40, 64];
export const fonts: readonly FontName[] = ['hand', 'sans', 'mono'];
export const dashes: readonly Dash[] = ['solid', 'dashed', 'dotted'];

export const STYLE_KEY = 'wetink.style';
/** Number of people per device whose styles are kept, the last to choose first. */
export const STYLE_PEOPLE_MAX = 8;

type Entry = readonly [personId: string, style: unknown];

export function readStyleChoice(facts: KeyValue, personId: string): Style {
  return choosable(entriesOf(facts.read(STYLE_KEY)).find(([id]) => id === personId)?.[1]);
}

export function writeStyleChoice(facts: KeyValue, personId: string, style: Style): void {
  const others = entriesOf(facts.read(STYLE_KEY)).filter(([id]) => id !== personId);
  facts.write(STYLE_KEY, [[personId, style], ...others].slice(0, STYLE_PEOPLE_MAX));
}

function entriesOf(stored: unknown): Entry[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter((entry: unknown): entry is Entry => Array.isArray(entry) && typeof entry[0] === 'string');
}

/** Keeps each value that the style panel offers, and puts the default in the place of any other. */
function choosable(stored: unknown): Style {
  if (typeof stored !== 'object' || stored === null) return defaultStyle;
  const values = stored as Partial<Record<keyof Style, unknown>>;
  const kept = styleProps.filter(
    (prop) => Object.hasOwn(values, prop) && isStyleValue(prop, values[prop]) && isOffered(prop, values[prop]),
  );
  return { ...defaultStyle, ...Object.fromEntries(kept.map((prop) => [prop, values[prop]])) };
}

function isOffered(prop: keyof Style, value: unknown): boolean {
  if (prop === 'fontSize') return textSizes.includes(value as number);
  const range = { width: widthRange, opacity: opacityRange }[prop as string];
  return range === undefined || (range.min <= (value as number) && (value as number) <= range.max);
}
