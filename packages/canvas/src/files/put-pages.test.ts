/** Pages of a document beside its card. */
import { describe, expect, it } from 'vitest';
import type { ImageContent } from '@wetink/board';
import { emptyBoard, plain } from '../fixtures/elements.ts';
import { boxesTouch, geometryBox } from '../geometry.ts';
import { putPages, type DocumentPage } from './put-pages.ts';

const image = (digit: number): ImageContent => ({
  hash: String(digit).repeat(64),
  type: 'image/png',
  width: 1_200,
  height: 1_600,
  bytes: 9,
  name: '',
});
const page = (digit: number, width = 600, height = 800): DocumentPage => ({
  image: image(digit),
  width,
  height,
  alt: `Page ${digit} of plan.pdf`,
});
const card = { x: 0, y: 100, w: 120, h: 180, rotation: 0 };

describe('pages of a document', () => {
  it('[FC5] pages lie in a column beside the card, in their own proportions, locked and described, as one step', () => {
    const board = emptyBoard();
    putPages(board, [page(1), page(2, 800, 600)], { card, unit: 0.5 });
    expect(board.elements().map(({ geometry, isLocked, alt }) => [geometry, isLocked, alt])).toEqual([
      [{ x: 182, y: 100, w: 300, h: 400, rotation: 0 }, true, 'Page 1 of plan.pdf'],
      [{ x: 132, y: 512, w: 400, h: 300, rotation: 0 }, true, 'Page 2 of plan.pdf'],
    ]);
    board.undo();
    expect(board.count).toBe(0);
    board.redo();
    expect(board.elements().map(({ isLocked }) => isLocked)).toEqual([true, true]);
  });

  it('[FC5] pages lie under everything else, and beside what is there already', () => {
    const board = emptyBoard();
    const old = board.run((edit) =>
      edit.create({ kind: 'rectangle', geometry: { x: 200, y: 100, w: 50, h: 50, rotation: 0 }, style: plain }),
    );
    const ids = putPages(board, [page(1), page(2)], { card, unit: 0.5 });
    expect(board.elements().map(({ id }) => id)).toEqual([...ids, old]);
    const boxes = board.elements().map(({ geometry }) => geometryBox(geometry));
    for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(boxesTouch(a, b)).toBe(false);
  });

  it('[FC5] a page of a claimed size that no board holds is shown in its proportions, at most 200 inches long', () => {
    const board = emptyBoard();
    putPages(board, [page(1, 1e7, 5e6), page(2, 600, 800), page(3, 1e-9, 1e-9)], { card, unit: 1 });
    expect(board.elements().map(({ geometry: { w, h } }) => [w, h])).toEqual([
      [14_400, 7_200],
      [600, 800],
      [1, 1],
    ]);
  });

  it('[FC5] 100 long pages beside a card of a far zoom, and pages beside a card at the edge, fit on the board', () => {
    for (const [at, unit, count] of [
      [0, 100, 100],
      [9_999_000, 1, 3],
      [-9_999_000, 0, 3],
    ] as const) {
      const board = emptyBoard();
      const pages = Array.from({ length: count }, () => page(1, 14_400, 14_400));
      putPages(board, pages, { card: { x: at, y: at, w: 240, h: 100, rotation: 0 }, unit });
      const boxes = board.elements().map(({ geometry }) => geometryBox(geometry));
      expect(boxes).toHaveLength(count);
      for (const [i, { minX, minY, maxX, maxY }] of boxes.entries()) {
        expect(Math.min(minX, minY)).toBeGreaterThanOrEqual(-9_000_000);
        expect(Math.max(maxX, maxY)).toBeLessThanOrEqual(9_000_000 + 1);
        expect(maxX - minX).toBeGreaterThan(0);
        expect(minY).toBeGreaterThan(boxes[i - 1]?.maxY ?? -Infinity);
      }
    }
  });
});
