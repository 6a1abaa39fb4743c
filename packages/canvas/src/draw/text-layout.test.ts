import { describe, expect, it } from 'vitest';
import { plain, shape } from '../fixtures/elements.ts';
import { createRecording } from '../fixtures/recording-context.ts';
import { baseDirection } from './base-direction.ts';
import { drawableOf } from './drawable.ts';
import { paintDrawable } from './paint.ts';
import { createMeasureLine, createTextFitter, estimateLine, layoutText, measureText, type MeasureLine } from './text-layout.ts';
import { splitAtTabs } from './text-tabs.ts';

/** Ten units a character, marks that nobody sees none. */
const widthOf = (text: string): number => text.replace(/[\u200e\u200f]/g, '').length * 10;
const measure: MeasureLine = (line) => (line.includes('\t') ? splitAtTabs(line, baseDirection(line), widthOf).width : widthOf(line));

/** What a text paints: each call of `fillText` with the direction and alignment it was made with. */
function painted(text: string): { text: string; x: number; direction: string; align: string }[] {
  const { context, calls } = createRecording(100, 100);
  const element = createTextFitter(measure)(shape('text', { x: 100, y: 0, w: 10, h: 10 }, { text, style: { ...plain, fontSize: 20 } }));
  paintDrawable(context, drawableOf(element), { theme: 'light' });
  let [direction, align] = ['', ''];
  return calls.flatMap(({ name, args }) => {
    if (name === 'direction=') direction = String(args[0]);
    if (name === 'textAlign=') align = String(args[0]);
    return name === 'fillText' ? [{ text: String(args[0]), x: Number(args[1]), direction, align }] : [];
  });
}

describe('the direction of text', () => {
  it.each([
    ['שלום עולם!', 'rtl'],
    ['(שלום) abc', 'rtl'],
    ['123. سلام', 'rtl'],
    ['١٢٣ abc', 'ltr'],
    ['abc שלום!', 'ltr'],
    ['123!', 'ltr'],
    ['', 'ltr'],
    ['🙂 שלום', 'rtl'],
    ['สวัสดี שלום', 'ltr'],
    ['日本語 שלום', 'ltr'],
    ['« ދިވެހި »', 'rtl'],
    ['\u200f123', 'rtl'],
    ['\u200eשלום', 'ltr'],
    // What stands in an isolate says nothing of the line around it.
    ['\u2067שלום\u2069 abc', 'ltr'],
    ['\u2066abc\u2069 שלום', 'rtl'],
    ['𞤀𞤣𞤤𞤢𞤥 abc', 'rtl'],
  ])('[X1] D11: the base direction of %j is that of its first strong letter', (line, direction) => {
    expect(baseDirection(line)).toBe(direction);
  });

  it('[X1] D11: each line of a text has a direction of its own', () => {
    expect(layoutText('abc\nשלום!\n\n12', 20).map((line) => line.direction)).toEqual(['ltr', 'rtl', 'ltr', 'ltr']);
  });

  it('[X1] D11: a line from right to left is painted so, against the right edge of its text', () => {
    expect(painted('longer\nאב!')).toEqual([
      { text: 'longer', x: 100, direction: 'ltr', align: 'left' },
      { text: 'אב!', x: 160, direction: 'rtl', align: 'right' },
    ]);
  });

  it('[X1] D11: a line is measured in its direction', () => {
    const { context, calls } = createRecording(1, 1);
    createMeasureLine(context)('שלום', 'sans', 20);
    createMeasureLine(context)('abc', 'sans', 20);
    expect(calls.filter(({ name }) => name === 'direction=').map(({ args }) => args[0])).toEqual(['rtl', 'ltr']);
  });
});

describe('tabs and characters that nobody sees', () => {
  it('[X2] D15: a tab goes on at the next stop, four spaces apart, measured and painted alike', () => {
    expect(measure('a\tb', 'sans', 20)).toBe(50);
    expect(measureText('a\tb', plain, measure).w).toBe(50);
    expect(painted('a\tb')).toMatchObject([
      { text: 'a', x: 100 },
      { text: 'b', x: 140 },
    ]);
    expect(measure('abcd\tb', 'sans', 20)).toBe(90);
    expect(measure('\t\t', 'sans', 20)).toBe(80);
    expect(painted('\t\tb')).toMatchObject([{ text: 'b', x: 180 }]);
  });

  it('[X2] D15: a stop nearer than half a space counts as passed', () => {
    const narrow = (text: string): number => (text === ' ' ? 10 : 36);
    expect(splitAtTabs('w\t', 'ltr', narrow).width).toBe(80);
  });

  it('[X2] D15: tabs of a line from right to left count from its right edge', () => {
    expect(painted('אב\tג')).toMatchObject([
      { x: 130, direction: 'rtl', align: 'left' },
      { x: 100, direction: 'rtl', align: 'left' },
    ]);
  });

  it('[X2] D15: what stands at the edges of a piece runs as if the tab were text', () => {
    // The exclamation mark lies between two Hebrew words: it runs with them, in a line that begins with Latin.
    const { pieces } = splitAtTabs('a אב! \t ג', 'ltr', widthOf);
    expect(pieces.map((piece) => piece.text)).toEqual(['a אב!\u200f ', '\u200f ג']);
    expect(splitAtTabs('a!\tb', 'ltr', widthOf).pieces.map((piece) => piece.text)).toEqual(['a!', 'b']);
  });

  it('[X2] D15: lines end where a text area ends them, and form feeds take no room', () => {
    expect(layoutText('a\r\nb\rc\nd', 20).map((line) => line.text)).toEqual(['a', 'b', 'c', 'd']);
    expect(measureText('a\r\nb', { font: 'sans', fontSize: 20 }, measure)).toEqual({ w: 10, h: 50 });
    expect(layoutText('a\fb\vc', 20).map((line) => line.text)).toEqual(['ab\u0001c']);
  });

  it('[X2] D15: kerning and advances are exact wherever text is measured or painted', () => {
    const { context, calls } = createRecording(1, 1);
    createMeasureLine(context)('To', 'hand', 20);
    expect(calls.filter(({ name }) => name === 'textRendering=')).toEqual([{ name: 'textRendering=', args: ['geometricPrecision'] }]);
    paintDrawable(context, drawableOf(shape('text', { w: 1, h: 1 }, { text: 'To' })), { theme: 'light' });
    expect(calls.filter(({ name }) => name === 'textRendering=')).toHaveLength(2);
  });

  it('[X2] D15: where no canvas is at hand a tab has its stops too', () => {
    expect(estimateLine('\tb', 'mono', 10)).toBeCloseTo(4 * 6 + 6);
  });
});
