import { createBoard } from '@wetink/board';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { arrowStep, isInView, newestOf, stepped } from './crosshair.ts';
import { crosshairPlace, crosshairReleased, crosshairSize } from './crosshair-sentence.ts';

const size = { width: 1_000, height: 600 };

it('an arrow key moves the crosshair by 10 pixels, and the view by 40; with Shift ten times as far; other keys do not', () => {
  expect(arrowStep('nudge-left', 'crosshair')).toEqual({ x: -10, y: 0 });
  expect(arrowStep('nudge-far-down', 'crosshair')).toEqual({ x: 0, y: 100 });
  expect(arrowStep('nudge-up', 'view')).toEqual({ x: 0, y: -40 });
  expect(arrowStep('enter', 'crosshair')).toBeNull();
});

it('within the view the crosshair moves, and at an edge the board moves in its place, as far as it would have gone', () => {
  expect(stepped({ x: 500, y: 300 }, { x: 100, y: -10 }, size)).toEqual({ at: { x: 600, y: 290 }, pan: { x: 0, y: 0 } });
  expect(stepped({ x: 900, y: 300 }, { x: 100, y: 0 }, size)).toEqual({ at: { x: 920, y: 300 }, pan: { x: -80, y: 0 } });
  expect(stepped({ x: 500, y: 100 }, { x: 0, y: -100 }, size)).toEqual({ at: { x: 500, y: 80 }, pan: { x: 0, y: 80 } });
  // One beyond the margin, after the window has become smaller, gets no farther and comes back.
  expect(stepped({ x: 990, y: 300 }, { x: 10, y: 0 }, size)).toEqual({ at: { x: 990, y: 300 }, pan: { x: -10, y: 0 } });
  expect(stepped({ x: 990, y: 300 }, { x: -10, y: 0 }, size).at).toEqual({ x: 980, y: 300 });
  expect([isInView({ x: 0, y: 600 }, size), isInView({ x: 0, y: 601 }, size)]).toEqual([true, false]);
});

it('a screen reader says where the crosshair is in board units, what it is on, and how far it has drawn', () => {
  const board = createBoard({ doc: new Y.Doc(), userId: 'ana' });
  const style = { color: 'red', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
  const geometry = { x: 0, y: 0, w: 9, h: 9, rotation: 0 };
  const star = board.get(board.run((edit) => edit.create({ kind: 'star', geometry, style })));
  expect(crosshairPlace({ x: 12.4, y: -3 }, undefined)).toBe('At 12, -3');
  expect(crosshairPlace({ x: 12, y: 3 }, star)).toBe('At 12, 3, on Red star');
  expect(crosshairSize({ x: 10, y: 10 }, { x: -90, y: 30 })).toBe('100 by 20');
  expect([crosshairReleased(star), crosshairReleased(undefined)]).toEqual(['Red star, finished.', 'Finished.']);
});

it('the newest element is the one that this page made last, also a frame beneath everything', () => {
  const board = createBoard({ doc: new Y.Doc(), userId: 'u-me', now: () => 1 });
  const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' } as const;
  const box = { x: 0, y: 0, w: 9, h: 9, rotation: 0 };
  board.run((edit) => edit.create({ kind: 'rectangle', geometry: box, style }));
  const frame = board.run((edit) => edit.create({ kind: 'frame', geometry: box, style }));
  const peer = createBoard({ doc: board.doc, userId: 'u-you', now: () => 999_999 });
  peer.run((edit) => edit.create({ kind: 'ellipse', geometry: box, style }));
  expect(board.elements().at(-1)?.id).not.toBe(frame);
  expect(newestOf(board.elements(), board.session)?.id).toBe(frame);
  expect(newestOf([], board.session)).toBeUndefined();
});
