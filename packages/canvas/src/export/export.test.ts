import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fills, palette, type PaperPattern } from '@wetink/board';
import { drawableOf } from '../draw/drawable.ts';
import { paintDrawable } from '../draw/paint.ts';
import { plain, shape, stroke } from '../fixtures/elements.ts';
import { createRecording } from '../fixtures/recording-context.ts';
import { boundsOf } from '../bounds.ts';
import type { MeasureLine } from '../draw/text-layout.ts';
import { MAX_PNG_AREA_PX, MAX_PNG_SIDE_PX, pngSize } from './png.ts';
import { escapeXml, renderSvg } from './svg.ts';

const hostile = '</text><script>alert(1)</script><foreignObject/>&"\'\u0000\u0007\ud800]]>';

function viewBoxOf(svg: string): { x: number; y: number; w: number; h: number } {
  const [, x, y, w, h] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(svg) ?? [];
  return { x: Number(x), y: Number(y), w: Number(w), h: Number(h) };
}

describe('svg', () => {
  it('[E1] text can not leave its element', () => {
    const svg = renderSvg([shape('text', { w: 10, h: 10 }, { text: `${hostile}\nsecond` })], { theme: 'light' });
    expect(svg).not.toMatch(/<script|<foreignObject|href|onload/);
    expect(svg.match(/<\/text>/g)).toHaveLength(1);
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;');

    expect(svg).not.toMatch(/[\u0000-\u0008]|[\ud800-\udfff]/);
    expect(svg.match(/<tspan/g)).toHaveLength(2);
  });

  it('[PA4] has the pattern of a paper it is asked for, in the places of the board, and otherwise none', () => {
    const elements = [shape('rectangle', { x: 5, y: 5, w: 40, h: 40 })];
    const on = (pattern?: PaperPattern): string => renderSvg(elements, { theme: 'light', ...(pattern !== undefined && { pattern }) });
    for (const pattern of ['dots', 'grid', 'ruled'] as const) {
      expect(on(pattern)).toContain('<pattern id="paper" width="24" height="24" patternUnits="userSpaceOnUse">');
      expect(on(pattern).indexOf('url(#paper)')).toBeLessThan(on(pattern).indexOf('<path d="M5'));
    }
    expect(new Set([on('dots'), on('grid'), on('ruled')]).size).toBe(3);
    for (const svg of [on(), on('plain')]) expect(svg).not.toContain('pattern');
  });

  it('[E1] options are escaped too, and emoji survive', () => {
    expect(renderSvg([], { theme: 'light', background: '"><script>' })).not.toContain('<script>');
    expect(escapeXml('👋 & <b>')).toBe('👋 &amp; &lt;b&gt;');
  });

  it('[E3] the picture holds everything painted, with its padding', () => {
    const elements = [stroke([0, 0, 100, 50]), shape('rectangle', { x: 200, y: -50, w: 40, h: 40, rotation: 0.5 })];
    const box = boundsOf(elements);
    const { x, y, w, h } = viewBoxOf(renderSvg(elements, { theme: 'light', padding: 10 }));
    expect(x).toBeLessThanOrEqual((box?.minX ?? 0) - 9.9);
    expect(y).toBeLessThanOrEqual((box?.minY ?? 0) - 9.9);
    expect(x + w).toBeGreaterThanOrEqual((box?.maxX ?? 0) + 9.9);
    expect(y + h).toBeGreaterThanOrEqual((box?.maxY ?? 0) + 9.9);
  });

  it('paints every kind, in order, with the colours of the theme', () => {
    const elements = [
      stroke([0, 0, 100, 50]),
      shape('rectangle', { w: 10, h: 10 }, { style: { ...plain, fill: 'red', opacity: 0.5 } }),
      shape('ellipse', { w: 10, h: 10, rotation: 1 }),
      shape('line', { w: 10, h: 10 }),
      shape('arrow', { w: -10, h: 10 }),
      shape('unknown', {}),
    ];
    const svg = renderSvg(elements, { theme: 'light' });
    expect(svg).toContain('opacity="0.5"');
    expect(svg).toContain('stroke-dasharray');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(renderSvg(elements, { theme: 'dark' })).not.toBe(svg);
    expect(svg.match(/<path/g)).toHaveLength(7);
  });

  it('[E9] D20: a shape is filled with the tint of its colour and drawn with the colour itself; ink is never a tint', () => {
    const style = { ...plain, color: 'yellow', fill: 'yellow' } as const;
    for (const theme of ['light', 'dark'] as const) {
      const svg = renderSvg([shape('rectangle', { w: 10, h: 10 }, { style }), stroke([0, 0, 100, 50], { style })], { theme });
      expect(svg.match(new RegExp(`fill="${fills.yellow[theme]}"`, 'g'))).toHaveLength(1);
      expect(svg.match(new RegExp(`stroke="${palette.yellow[theme]}"`, 'g'))).toHaveLength(1);
      expect(svg.match(new RegExp(`fill="${palette.yellow[theme]}"`, 'g'))).toHaveLength(1);
    }
    const own = renderSvg([shape('ellipse', { w: 10, h: 10 }, { style: { ...plain, fill: '#123456' } })], { theme: 'light' });
    expect(own).toContain('fill="#123456"');
  });

  it('[E9] D20: what is painted on the screen has the same tint as what is exported', () => {
    const { context } = createRecording(100, 100);
    paintDrawable(context, drawableOf(shape('ellipse', { w: 10, h: 10 }, { style: { ...plain, color: 'blue', fill: 'orange' } })), {
      theme: 'light',
    });
    expect(context.fillStyle).toBe(fills.orange.light);
    expect(context.strokeStyle).toBe(palette.blue.light);
  });

  it('[X2] E1: the picture is as wide as its text is on the screen', () => {
    const wide: MeasureLine = (line) => line.length * 50;
    const text = shape('text', { x: 0, y: 0, w: 10, h: 10 }, { text: 'WORKSHOP SUMMARY', style: { ...plain, fontSize: 24 } });
    expect(viewBoxOf(renderSvg([text], { theme: 'light', measure: wide, padding: 0 })).w).toBeGreaterThanOrEqual(16 * 50);
  });

  it('[X1] D11: a line from right to left is set so, by its middle, against the right edge of its text', () => {
    const measure: MeasureLine = (line) => line.length * 10;
    const text = shape('text', { x: 100, y: 0, w: 10, h: 10 }, { text: 'longer (x)\nשלום!', style: { ...plain, fontSize: 20 } });
    const svg = renderSvg([text], { theme: 'light', measure });
    // 100 units wide from 100: the second line, 50 wide, lies from 150 to 200.
    expect(svg).toContain('<tspan x="175" y="44.5" text-anchor="middle" direction="rtl" unicode-bidi="isolate">שלום!</tspan>');
    expect(svg).toContain('direction="ltr" unicode-bidi="isolate">longer (x)</tspan>');
  });

  it('[X1] D11: text without a letter that runs from right to left is set as ever', () => {
    const svg = renderSvg([shape('text', { w: 10, h: 10 }, { text: 'plain' })], { theme: 'light' });
    expect(svg).not.toMatch(/direction|unicode-bidi|text-anchor/);
  });

  it('[X2] D15: what follows a tab stands where it stands on the screen', () => {
    const measure: MeasureLine = (line) => (line.includes('\t') ? 50 : line.length * 10);
    const text = shape('text', { x: 100, y: 0, w: 10, h: 10 }, { text: 'a\tb', style: { ...plain, fontSize: 20 } });
    const svg = renderSvg([text], { theme: 'light', measure });
    expect(svg).toMatch(/<tspan x="100" [^>]*>a<\/tspan><tspan x="140" [^>]*>b<\/tspan>/);
    expect(svg).not.toContain('\t');
  });

  it('[P7] ink that does not decode is a dashed box', () => {
    const broken = shape('stroke', { w: 50, h: 50 }, { ink: Uint8Array.of(1, 2, 3) });
    expect(renderSvg([broken], { theme: 'light' })).toContain('stroke-dasharray');
  });

  it('an empty drawing is an empty picture', () => {
    expect(renderSvg([], { theme: 'light' })).toContain('viewBox="-16 -16 32 32"');
  });
});

describe('png', () => {
  const isWithin = ({ widthPx, heightPx }: ReturnType<typeof pngSize>): boolean =>
    Math.max(widthPx, heightPx) <= MAX_PNG_SIDE_PX && widthPx * heightPx <= MAX_PNG_AREA_PX;

  it('[E2] E3: a picture that can be made is made at the scale that was asked for', () => {
    expect(pngSize(100, 50, 2)).toEqual({ widthPx: 200, heightPx: 100, scale: 2 });
    expect(pngSize(0, 0, 2)).toEqual({ widthPx: 1, heightPx: 1, scale: 2 });
    expect(pngSize(4096, 4096, 2)).toEqual({ widthPx: 8192, heightPx: 8192, scale: 2 });
    expect(pngSize(100, 100, 2, 10_000)).toMatchObject({ widthPx: 100, heightPx: 100 });
    expect(() => pngSize(10, 10, Number.NaN)).toThrow(RangeError);
    expect(() => pngSize(10, 10, 0)).toThrow(RangeError);
  });

  it.each([
    [5032, 5032],
    [20_000, 10],
    [10, 20_000],
    [16_385, 1],
    [10_000_000, 3],
    [20_000_000, 20_000_000],
    [8192.5, 8191.5],
    [4096.1, 4096.1],
  ])('[E2] E3: a picture of %d by %d, larger than browsers can make, is scaled to fit and fills what it may', (w, h) => {
    const size = pngSize(w, h, 2);
    expect(isWithin(size)).toBe(true);
    expect(size.scale).toBeLessThan(2);
    const { widthPx, heightPx } = size;
    const isFull = Math.max(widthPx, heightPx) > 0.999 * MAX_PNG_SIDE_PX || widthPx * heightPx > 0.998 * MAX_PNG_AREA_PX;
    expect(isFull).toBe(true);
  });

  it('[E2] E3: whatever the size and the scale, what is checked is what is made', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2e7, noNaN: true }),
        fc.double({ min: 0, max: 2e7, noNaN: true }),
        fc.double({ min: 0.01, max: 8, noNaN: true }),
        (w, h, wanted) => {
          const size = pngSize(w, h, wanted);
          expect(isWithin(size)).toBe(true);
          expect(size.scale).toBeLessThanOrEqual(wanted);
          expect(size.widthPx).toBe(Math.max(1, Math.ceil(w * size.scale)));
          expect(size.heightPx).toBe(Math.max(1, Math.ceil(h * size.scale)));
        },
      ),
      { seed: 3, numRuns: 2000 },
    );
  });
});
