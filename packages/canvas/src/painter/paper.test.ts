import { expect, it } from 'vitest';
import { countCalls, createRecorder, createRecording, type Call } from '../fixtures/recording-context.ts';
import { PaperSheet } from './paper.ts';

const look = { background: 'white', theme: 'light', hasGrid: false } as const;

function sheet() {
  const { createSurface, made } = createRecorder();
  const paper = new PaperSheet(createSurface);
  const paint = (x: number, zoom: number): readonly Call[] => {
    const { context, calls } = createRecording(1_000, 800);
    paper.paint(context, { camera: { x, y: 30, zoom }, widthPx: 1_000, heightPx: 800, pixelRatio: 1 }, look);
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
