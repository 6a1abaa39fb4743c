/**
 * Text on the board: font names, lines, and how large the box around them is.
 *
 * Nothing wraps: a line ends where the writer ended it, so a text has the same lines on every machine whatever its fonts.
 * The editing text area must use the same family, size, line height and tabs, `unicode-bidi: plaintext` and
 * `text-rendering: geometricPrecision`: then a text has the same width while typed, painted and exported.
 */
import type { BoardElement, FontName, Geometry, Style } from '@wetink/board';
import { baseDirection, type Direction } from './base-direction.ts';
import { splitAtTabs } from './text-tabs.ts';

/** Times the font size, from one baseline to the next. */
export const LINE_HEIGHT = 1.25;
/** Baseline below the top of its line, in line heights and font sizes: where CSS puts a usual sans. */
const BASELINE_SHIFT = 0.35;

const families: Record<FontName, string> = {
  sans: '"Wetink Sans", system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  hand: '"Wetink Hand", "Comic Neue", "Segoe Print", "Bradley Hand", "Comic Sans MS", cursive',
  mono: '"Wetink Mono", ui-monospace, "Cascadia Code", Menlo, Consolas, monospace',
};

/** The CSS font family list of a board font. */
export function fontFamily(font: FontName): string {
  return families[font];
}

/** Width of one line in board units at `fontSizeBoard`, its tabs included. */
export type MeasureLine = (line: string, font: FontName, fontSizeBoard: number) => number;

export interface TextLine {
  /** The painted text, see `shownLine`; it still contains tabs. */
  readonly text: string;
  /** A line that runs from right to left is set against the right edge of its text. */
  readonly direction: Direction;
  /** Board units from the top of the text. */
  readonly baseline: number;
}

export function layoutText(text: string, fontSizeBoard: number): TextLine[] {
  return linesOf(text).map((line, i) => ({
    text: line,
    direction: baseDirection(line),
    baseline: ((i + 0.5) * LINE_HEIGHT + BASELINE_SHIFT) * fontSizeBoard,
  }));
}

/** The lines of a text as a text area breaks them. */
function linesOf(text: string): string[] {
  return text.split(/\r\n?|\n/).map(shownLine);
}

/** Replaces what a canvas paints as a space and a text area does not: drops form feeds, makes a vertical tab a control character. */
function shownLine(line: string): string {
  return line.replace(/\f/g, '').replace(/\v/g, '\u0001');
}

/** Size of a text in this style, board units. An empty text is as wide as a caret and one line high. */
export function measureText(text: string, style: Pick<Style, 'font' | 'fontSize'>, measure: MeasureLine): { w: number; h: number } {
  const lines = linesOf(text);
  let { w } = emptyTextSize(style);
  for (const line of lines) w = Math.max(w, measure(line, style.font, style.fontSize));
  return { w, h: lines.length * LINE_HEIGHT * style.fontSize };
}

/** Size of an empty text: as wide as a caret and one line high. */
export function emptyTextSize(style: Pick<Style, 'fontSize'>): { w: number; h: number } {
  return { w: style.fontSize / 8, h: LINE_HEIGHT * style.fontSize };
}

/** The geometry with the size of its text; the shown top-left corner stays where it is, also when turned. */
export function fitTextGeometry(geometry: Geometry, size: { w: number; h: number }): Geometry {
  const { rotation } = geometry;
  const x = Math.min(geometry.x, geometry.x + geometry.w);
  const y = Math.min(geometry.y, geometry.y + geometry.h);
  const half = { x: (size.w - Math.abs(geometry.w)) / 2, y: (size.h - Math.abs(geometry.h)) / 2 };
  // The centre moves by the turned half growth; the corner before rotation follows from it.
  const dx = half.x * Math.cos(rotation) - half.y * Math.sin(rotation) - half.x;
  const dy = half.x * Math.sin(rotation) + half.y * Math.cos(rotation) - half.y;
  return { x: x + dx, y: y + dy, w: size.w, h: size.h, rotation };
}

/** The part of a 2D context that measuring needs. */
export type MeasuringContext = TextContext & { measureText(text: string): { width: number } };

/** Measures text with a canvas context, which nothing else may use. */
export function createMeasureLine(context: MeasuringContext): MeasureLine {
  let set: FontName | null = null;
  return (line, font, fontSizeBoard) => {
    if (set !== font) {
      // Setting it takes longer than measuring a short line, so it stays for the lines of this task; fonts load between tasks.
      if (set === null) queueMicrotask(() => (set = null));
      set = font;
      // Measured at 100 px and scaled: some engines round the advances of small sizes to whole pixels.
      setFont(context, font, 100);
    }
    const direction = baseDirection(line);
    context.direction = direction;
    const widthOf = (text: string): number => (context.measureText(text).width * fontSizeBoard) / 100;
    return line.includes('\t') ? splitAtTabs(line, direction, widthOf).width : widthOf(line);
  };
}

/** The part of a 2D context that setting text needs. */
export interface TextContext {
  font: string;
  direction: CanvasDirection;
  textRendering: CanvasTextRendering;
}

/** Switches on exact advances and kerning across words, which a text area has at every size, but a canvas not by default. */
export function setFont(context: TextContext, font: FontName, sizePx: number): void {
  context.font = `${sizePx}px ${fontFamily(font)}`;
  context.textRendering = 'geometricPrecision';
}

/**
 * Gives text elements a box of the size of their text with the loaded fonts; leaves other elements unchanged.
 *
 * The size of a text is derived and never written: otherwise typing would rewrite the geometry with every letter, two
 * writers would overwrite each other, and the size would depend on one client's fonts. A fitter is valid for one state of
 * the fonts: make another when they change.
 */
export function createTextFitter(measure: MeasureLine): (element: BoardElement) => BoardElement {
  const fitted = new WeakMap<BoardElement, BoardElement>();
  return (element) => {
    if (element.kind !== 'text') return element;
    let shown = fitted.get(element);
    if (shown === undefined) {
      shown = { ...element, geometry: fitTextGeometry(element.geometry, measureText(element.text, element.style, measure)) };
      fitted.set(element, shown);
      // Fitting is idempotent, so a fitted element maps to itself.
      fitted.set(shown, shown);
    }
    return shown;
  };
}

/** Estimates widths without a canvas (Node): averages of a Latin face, wider for East Asian text. */
export const estimateLine: MeasureLine = (line, font, fontSizeBoard) => {
  const widthOf = (text: string): number => {
    let ems = 0;
    for (const character of text) ems += (character.codePointAt(0) ?? 0) > 0x2e7f ? 1 : font === 'mono' ? 0.6 : 0.54;
    return ems * fontSizeBoard;
  };
  return line.includes('\t') ? splitAtTabs(line, 'ltr', widthOf).width : widthOf(line);
};
