import { describe, expect, it } from 'vitest';
import { defaultPaper, paperTones, palette, type Paper } from '@wetink/board';
import { countCalls, createRecorder, createRecording, type Call, type Recording } from '../fixtures/recording-context.ts';
import { gridSpacing, PaperSheet, paintPicturePattern, type PaperLook } from './paper.ts';

const plainLook: PaperLook = { paper: defaultPaper, background: 'white', theme: 'light', hasGrid: false };
const view = (zoom: number, x = 0, y = 0) => ({ camera: { x, y, zoom }, widthPx: 400, heightPx: 300, pixelRatio: 1 });

/** What a frame paints on the view and on the strip, and where the next one copies the sheet to. */
function painted(look: Partial<PaperLook>, zoom = 1, x = 0, y = 0): { sheet: Call[]; strip: Call[]; at: unknown[] } {
  const { createSurface, made } = createRecorder();
  const paper = new PaperSheet(createSurface);
  const [first, second] = [createRecording(400, 300), createRecording(400, 300)];
  paper.paint(first.context, view(zoom, x, y), { ...plainLook, ...look });
  const strip = [...(made[0]?.calls ?? [])];
  paper.paint(second.context, view(zoom, x, y), { ...plainLook, ...look });
  return { sheet: first.calls, strip, at: second.calls.find(({ name }) => name === 'drawImage')?.args.slice(1) ?? [] };
}
/** The alpha of every colour that was set, 0 to 255, in the order it was first set. */
const alphas = (calls: readonly Call[]): number[] => {
  const styles = calls.filter(({ name }) => name === 'fillStyle=').map(({ args }) => String(args[0]));
  return [...new Set(styles.filter((style) => style.length === 9))].map((style) => Number.parseInt(style.slice(7), 16));
};
const rects = (calls: readonly Call[]): number[][] => calls.filter(({ name }) => name === 'fillRect').map(({ args }) => args as number[]);
const on = (pattern: Paper['pattern'], tone: Paper['tone'] = 'white'): { paper: Paper } => ({ paper: { pattern, tone } });

describe('the paper', () => {
  it('[PA1] has the colour of the board in light and dark, under every pattern', () => {
    for (const theme of ['light', 'dark'] as const) {
      const { sheet } = painted({ ...on('plain', 'mint'), theme });
      expect(sheet.find(({ name }) => name === 'fillStyle=')?.args).toEqual([paperTones.mint[theme]]);
      expect(rects(sheet)).toHaveLength(1);
    }
  });

  it('[PA1] squares are lines both ways, ruled paper lines across, each one pixel wide and one distance apart', () => {
    const across = rects(painted(on('ruled')).sheet).slice(1);
    expect(across.every(([x, , w, h]) => x === 0 && w === 400 && h === 1)).toBe(true);
    expect(across.map(([, y]) => y).slice(0, 4)).toEqual([0, 24, 48, 72]);
    const squares = rects(painted(on('grid')).sheet).slice(1);
    expect(
      squares
        .filter(([, , w]) => w === 1)
        .map(([x]) => x)
        .slice(0, 3),
    ).toEqual([0, 24, 48]);
    expect(squares.filter(([, , , h]) => h === 1)).toEqual(across);
  });

  it('[PA2] on screen the parts are 16 to 32 pixels apart, and every second one fades before the distance doubles, so none comes or goes at once', () => {
    const shareAt = (zoom: number): number => {
      const [coarse = 0, fine = coarse] = alphas(painted(on('dots'), zoom).strip);
      return fine / coarse;
    };
    for (let zoom = 0.05; zoom < 20; zoom *= 1.01) {
      const px = gridSpacing(zoom) * zoom;
      expect([zoom, px >= 16 && px < 32.001]).toEqual([zoom, true]);
    }
    // 24 pixels apart at zoom 1; 16 at two thirds, where the next distance begins.
    expect([shareAt(1), shareAt(1.3)]).toEqual([1, 1]);
    expect(shareAt(0.9)).toBeLessThan(0.75);
    expect(shareAt(2 / 3 + 0.001)).toBeLessThan(0.02);
    expect(shareAt(2 / 3 - 0.001)).toBe(1);
    const lines = alphas(painted(on('grid'), 0.7).sheet);
    expect((lines[1] as number) / (lines[0] as number)).toBeLessThan(0.2);
  });

  it('[PA2] the parts that stay when the distance doubles are the same places of the board', () => {
    // The first part of the sheet is a place that every coarser pattern has, wherever the view is.
    for (const [zoom, x, y] of [
      [1, 0, 0],
      [1, 30, 5],
      [0.7, -1000, 77],
      [3, 12.5, -9],
    ] as const) {
      const { at } = painted(on('dots'), zoom, x, y);
      const period = 2 * gridSpacing(zoom);
      const [left = 0, top = 0] = at as number[];
      for (const [offset, from] of [
        [left, x],
        [top, y],
      ] as const) {
        const place = from + offset / zoom;
        expect(Math.abs(place / period - Math.round(place / period)) * period * zoom).toBeLessThan(0.51);
        expect(offset <= 0 && offset > -period * zoom - 1).toBe(true);
      }
    }
  });

  it('[PA3] a grid that drags snap to is seen on every paper, and no part of it fades', () => {
    for (const pattern of ['dots', 'grid', 'ruled', 'plain'] as const) {
      const { strip } = painted({ ...on(pattern), hasGrid: true }, 0.7);
      const [dot, ...others] = alphas(strip);
      expect([pattern, others, (dot as number) > 100]).toEqual([pattern, [], true]);
    }
    expect(painted(on('plain')).strip).toEqual([]);
  });

  it('[PA1] is painted again only when something about it or the zoom has changed', () => {
    const { createSurface } = createRecorder();
    const sheet = new PaperSheet(createSurface);
    /** Copies of one sheet, or rectangles. */
    const frame = (look: Partial<PaperLook>, zoom = 1, x = 0): string => {
      const { context, calls } = createRecording(400, 300);
      sheet.paint(context, view(zoom, x), { ...plainLook, ...look });
      return countCalls(calls, 'fillRect') === 0 ? 'copied' : 'painted';
    };
    expect([frame({}), frame({}), frame({}, 1, 55)]).toEqual(['painted', 'copied', 'copied']);
    for (const look of [on('grid'), on('grid', 'sky'), { ...on('grid', 'sky'), theme: 'dark' as const }, { ...on('dots'), hasGrid: true }])
      expect([frame(look), frame(look)]).toEqual(['painted', 'copied']);
  });

  it('[PA4] a picture has the pattern in the places of the board', () => {
    const { createSurface, made } = createRecorder();
    const picture = createSurface(100, 100) as Recording;
    paintPicturePattern(
      picture.context,
      { left: 10, top: -10, scale: 2, width: 100, height: 100 },
      { pattern: 'grid', theme: 'light' },
      createSurface,
    );
    const xs = rects(picture.calls)
      .filter(([, y]) => y === 0)
      .map(([x]) => x);
    // Lines at 0, 24 and 48 board units.
    expect(xs).toEqual([-20, 28, 76]);
    const styles = picture.calls.filter(({ name }) => name === 'fillStyle=').map(({ args }) => String(args[0]));
    expect(styles.every((style) => style.startsWith(palette.ink.light))).toBe(true);
    expect(made).toHaveLength(1);
  });
});

function sheet() {
  const { createSurface, made } = createRecorder();
  const paper = new PaperSheet(createSurface);
  const paint = (x: number, zoom: number): readonly Call[] => {
    const { context, calls } = createRecording(1_000, 800);
    paper.paint(context, { camera: { x, y: 30, zoom }, widthPx: 1_000, heightPx: 800, pixelRatio: 1 }, plainLook);
    return calls;
  };
  /** Surfaces of the size of the view. */
  const sheets = (): number => made.filter(({ canvas }) => canvas.height > 100).length;
  return { paint, sheets };
}

it('[P11] a pan copies the paper once in each frame', () => {
  const { paint, sheets } = sheet();
  paint(0, 1);
  for (let x = 1; x < 30; x++) expect([countCalls(paint(x, 1), 'drawImage'), sheets()]).toEqual([1, 1]);
});

it('[P11] while the zoom moves, the paper goes straight onto the view', () => {
  const { paint, sheets } = sheet();
  for (let i = 0; i < 30; i++) expect(countCalls(paint(0, 1 + i / 100), 'fillRect')).toBe(1);
  expect(sheets()).toBe(0);
});

it('[P11] both put the dots on the same pixels', () => {
  const { paint } = sheet();
  const rows = paint(7.3, 1.01).filter(({ name }) => name === 'drawImage');
  const [, x, y] = paint(7.3, 1.01).find(({ name }) => name === 'drawImage')?.args ?? [];
  expect(rows.length).toBeGreaterThan(20);
  expect(rows[0]?.args.slice(1)).toEqual([x, y]);
});
