import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeInk, encodeInk } from '../ink/ink.ts';
import { inkBounds } from '../ink/ink-geometry.ts';
import { box, draw, ink, newBoard, plain, putUnknown, rectangle } from '../testing/file-boards.ts';
import type { Board, NewElement } from '../types.ts';
import { decodeFile } from './file-codec.ts';
import { exportBoard } from './file-export.ts';
import { importBoard } from './file-import.ts';
import { moveFile } from './file-move.ts';

/** What a board of these elements looks like, pasted `dx` and `dy` further on. */
function pasted(from: Board, dx: number, dy: number): Board {
  const board = newBoard();
  importBoard(board, moveFile(decodeFile(exportBoard(from)), dx, dy));
  return board;
}

const strokeAt = (zoom: number): NewElement => {
  const drawn = encodeInk({ xyp: [1.3, 2.1, 0.5, 300.7, 44.9, 0.6, -12, 90, 1], hasPressure: true }, zoom);
  return { kind: 'stroke', style: plain, ink: drawn, geometry: inkBounds(decodeInk(drawn)) };
};

it('[FI17] every element lies as much further on as the others, in its own box, and nothing else changes', () => {
  const board = newBoard();
  draw(board, rectangle(1));
  draw(board, { kind: 'text', geometry: box(4), style: plain, text: 'Words' });
  const before = board.elements();
  const after = pasted(board, 100, -50.5).elements();
  expect(after.map(({ geometry }) => geometry)).toEqual(before.map(({ geometry: g }) => ({ ...g, x: g.x + 100, y: g.y - 50.5 })));
  expect(after.map(({ text, kind, style }) => [text, kind, style])).toEqual(before.map(({ text, kind, style }) => [text, kind, style]));
});

it('[FI17] a stroke keeps its points to the bit and its box around them, and is within half a step of the rest', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.02, max: 8, noNaN: true }),
      fc.integer({ min: -1e5, max: 1e5 }),
      fc.integer({ min: -1e5, max: 1e5 }),
      (zoom, dx, dy) => {
        const board = newBoard();
        draw(board, strokeAt(zoom));
        const [before] = board.elements();
        const moved = pasted(board, dx, dy);
        const [after] = moved.elements();
        if (!before?.ink || !after?.ink) throw new Error('no stroke');
        const [from, to] = [decodeInk(before.ink).xyp, decodeInk(after.ink).xyp];
        const by = [(to[0] ?? 0) - (from[0] ?? 0), (to[1] ?? 0) - (from[1] ?? 0), 0];
        expect([...to]).toEqual([...from].map((value, i) => value + (by[i % 3] ?? 0)));
        const step = 1 / (8 * zoom);
        expect(Math.abs((by[0] ?? 0) - dx)).toBeLessThanOrEqual(step / 2);
        expect(Math.abs((by[1] ?? 0) - dy)).toBeLessThanOrEqual(step / 2);
        expect(after.geometry).toEqual(inkBounds(decodeInk(after.ink)));
        // No override: a pasted stroke costs what a drawn one does.
        expect(moved.doc.getMap('geo').size).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});

it('[FI17] a stroke that was moved, and one that was stretched, are shown as they were, further on', () => {
  const board = newBoard();
  const id = draw(board, strokeAt(1));
  board.run((edit) => edit.setGeometry(id, { x: 500, y: 20, w: -80, h: 300, rotation: 1 }));
  const [after] = pasted(board, 16, 16).elements();
  expect(after?.geometry).toEqual({ x: 516, y: 36, w: -80, h: 300, rotation: 1 });
  expect(after?.baseGeometry).toEqual(inkBounds(decodeInk(after?.ink ?? ink)));
});

it('[FI17] of a kind that this version does not know only the box moves', () => {
  const board = newBoard();
  putUnknown(board, { at: [7, 8] });
  const [before] = board.elements();
  const moved = pasted(board, 10, 20);
  const [after] = moved.elements();
  expect(after?.geometry).toEqual({ ...before?.geometry, x: (before?.geometry.x ?? 0) + 10, y: (before?.geometry.y ?? 0) + 20 });
  expect(after?.baseGeometry).toEqual(before?.baseGeometry);
  expect(moved.doc.getMap<Record<string, unknown>>('base').get(after?.id ?? '')?.at).toEqual([7, 8]);
});
