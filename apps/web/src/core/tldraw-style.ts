/** Colours, sizes and words of tldraw's shapes in those of a board. Pure. */
import { defaultStyle, type Color, type Dash, type FontName, type Head, type ShapeKind, type Style } from '@wetink/board';
import { entryOf, isFields, isNumber, type Fields } from './foreign-drawing.ts';

/** The nearest tokens, which follow the theme as tldraw's colours do. */
const colors: Readonly<Record<string, Color>> = {
  black: 'ink',
  grey: 'grey',
  'light-violet': 'violet',
  violet: 'violet',
  blue: 'blue',
  'light-blue': 'blue',
  yellow: 'yellow',
  orange: 'orange',
  green: 'teal',
  'light-green': 'green',
  'light-red': 'pink',
  red: 'red',
  white: 'white',
};
const widths: Readonly<Record<string, number>> = { s: 2, m: 3.5, l: 5, xl: 10 };
const textSizes: Readonly<Record<string, number>> = { s: 18, m: 24, l: 36, xl: 44 };
const labelSizes: Readonly<Record<string, number>> = { s: 18, m: 22, l: 26, xl: 32 };
const fonts: Readonly<Record<string, FontName>> = { draw: 'hand', sans: 'sans', serif: 'sans', mono: 'mono' };
const dashes: Readonly<Record<string, Dash>> = { dashed: 'dashed', dotted: 'dotted' };

/** Kinds of `geo` shapes. The others are rectangles: a person sees a box with the same words. */
export const geoKinds: Readonly<Record<string, ShapeKind>> = {
  ellipse: 'ellipse',
  oval: 'ellipse',
  diamond: 'diamond',
  rhombus: 'diamond',
  'rhombus-2': 'diamond',
  triangle: 'triangle',
  pentagon: 'hexagon',
  hexagon: 'hexagon',
  octagon: 'hexagon',
  star: 'star',
  cloud: 'cloud',
  'check-box': 'checkbox',
};

/** Heads that look alike; `arrow` is the one that an arrow has of its own. */
export const arrowheads: Readonly<Record<string, Head>> = {
  none: 'none',
  arrow: 'arrow',
  triangle: 'triangle',
  inverted: 'triangle',
  bar: 'bar',
  pipe: 'bar',
  dot: 'dot',
  diamond: 'diamond',
  square: 'diamond',
};

/** A size that the person scaled along. */
export function scaleOf({ scale }: Fields): number {
  return isNumber(scale, 0.01, 100) ? scale : 1;
}

export function styleOf(props: Fields, opacity: unknown): Style {
  const { color, fill, dash, size, font } = props;
  const scale = scaleOf(props);
  return {
    ...defaultStyle,
    color: entryOf(colors, color) ?? 'ink',
    // Half filled is the colour of the paper there.
    fill: fill === 'semi' ? 'white' : typeof fill === 'string' && fill !== 'none' ? (entryOf(colors, color) ?? 'none') : 'none',
    width: (entryOf(widths, size) ?? defaultStyle.width) * scale,
    opacity: isNumber(opacity, 0, 1) ? opacity : 1,
    fontSize: (entryOf(textSizes, size) ?? defaultStyle.fontSize) * scale,
    font: entryOf(fonts, font) ?? 'hand',
    dash: entryOf(dashes, dash) ?? 'solid',
    corners: 'sharp',
  };
}

/** The look of the words in a shape. */
export function labelStyle(props: Fields, opacity: unknown): Style {
  const { size, labelColor, fontSizeAdjustment } = props;
  const own = isNumber(fontSizeAdjustment, 1, 200) ? fontSizeAdjustment : (entryOf(labelSizes, size) ?? defaultStyle.fontSize);
  return { ...styleOf({ ...props, color: labelColor ?? 'black' }, opacity), fill: 'none', fontSize: own * scaleOf(props) };
}

/** Levels of lists in lists that are read. */
const MAX_DEPTH = 16;

/** Words of a shape: plain text, or the document of its rich text without the looks of words. */
export function wordsOf({ text, richText }: Fields): string {
  if (isFields(richText)) return blocksOf(richText, MAX_DEPTH).join('\n').replace(/\n+$/, '');
  return typeof text === 'string' ? text : '';
}

function blocksOf(node: Fields, depth: number): string[] {
  const { type, content } = node;
  const children = Array.isArray(content) && depth > 0 ? content.filter(isFields) : [];
  if (type === 'paragraph' || type === 'heading' || type === 'codeBlock') return [children.map(inlineOf).join('')];
  const lines = children.flatMap((child) => blocksOf(child, depth - 1));
  return type === 'listItem' ? lines.map((line, i) => (i === 0 ? `• ${line}` : line)) : lines;
}

function inlineOf({ type, text }: Fields): string {
  return type === 'hardBreak' ? '\n' : typeof text === 'string' ? text : '';
}
