import type { ElementId } from '@wetink/board';
import { expect, it } from 'vitest';
import { SELECTION_MAX } from '../core/own-presence.ts';
import { selectionOf } from './wire-stage.ts';

const board = {
  get: (id: ElementId) => ({
    id,
    kind: 'rectangle',
    geometry: { x: Number(id) * 10, y: 0, w: 5, h: 5, rotation: 0 },
    style: { width: 0 },
  }),
};
const ids = (count: number): ElementId[] => Array.from({ length: count }, (_, i) => String(i) as ElementId);

it('a selection is told by its ids, one of very many elements by the box around them, and none by nothing', () => {
  expect(selectionOf(board as never, [])).toBeUndefined();
  expect(selectionOf(board as never, ids(SELECTION_MAX))).toEqual({ ids: ids(SELECTION_MAX) });
  expect(selectionOf(board as never, ids(SELECTION_MAX + 1))).toEqual({ box: { minX: -1, minY: -1, maxX: 506, maxY: 6 } });
});
