import { createBoard, type Board, type ElementId, type NewElement } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { idsOfRow, outlineOf, pageSentence, type OutlineRow } from './outline.ts';
import { placeWords } from './place-words.ts';

const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
const emptyBoard = (): Board => createBoard({ doc: new Y.Doc(), userId: 'ana' });

function at(x: number, y: number, kind: 'rectangle' | 'text' = 'rectangle'): NewElement {
  return { kind, geometry: { x, y, w: 40, h: 30, rotation: 0 }, style };
}
function rowsOf(board: Board): readonly OutlineRow[] {
  const steps = outlineOf(board);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

describe('the outline of a board', () => {
  it('has everything in reading order: by lines from the top, each from the left', () => {
    const board = emptyBoard();
    const [right, below, left] = board.run((edit) => [edit.create(at(900, 3)), edit.create(at(0, 400)), edit.create(at(10, 0))]);
    expect(rowsOf(board)).toEqual([left, right, below].map((id) => ({ id, level: 0, count: 0 })));
  });

  it('puts what is in a group right after it, one level deeper, where the first of them is read', () => {
    const board = emptyBoard();
    const make = (x: number, y: number): ElementId => board.run((edit) => edit.create(at(x, y)));
    const [first, a, other, b, c] = [make(0, 0), make(0, 100), make(0, 200), make(0, 300), make(0, 400)];
    const inner = board.run((edit) => edit.group([b, c])) as ElementId;
    const outer = board.run((edit) => edit.group([a, inner])) as ElementId;
    const rows = rowsOf(board);
    expect(rows).toEqual([
      { id: first, level: 0, count: 0 },
      { id: outer, level: 0, count: 3 },
      { id: a, level: 1, count: 0 },
      { id: inner, level: 1, count: 2 },
      { id: b, level: 2, count: 0 },
      { id: c, level: 2, count: 0 },
      { id: other, level: 0, count: 0 },
    ]);
    expect(rows.map((row) => idsOfRow(board, rows, row))).toEqual([[first], [a, b, c], [a], [b, c], [b], [c], [other]]);
  });

  it('puts what an element holds under that element, which is selected alone', () => {
    const board = emptyBoard();
    const [holder, held] = board.run((edit) => [edit.create(at(0, 0)), edit.create(at(5, 100))]) as [ElementId, ElementId];
    const holding = {
      elements: () => board.elements(),
      get: (id: ElementId) => board.get(id),
      parentOf: (id: ElementId) => (id === held ? holder : null),
      membersOf: (id: ElementId) => (id === holder ? [held] : []),
    };
    const steps = outlineOf(holding);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect(step.value).toEqual([
      { id: holder, level: 0, count: 1 },
      { id: held, level: 1, count: 0 },
    ]);
    expect(idsOfRow(holding, step.value, step.value[0] as OutlineRow)).toEqual([holder]);
  });

  it('gives the page its turn between steps, on a board of 20,000 elements', () => {
    const board = emptyBoard();
    board.run((edit) => {
      for (let i = 0; i < 20_000; i += 1) edit.create(at((i * 7919) % 5_000, (i * 104_729) % 9_000));
    });
    const steps = outlineOf(board);
    let turns = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) turns += 1;
    expect(step.value).toHaveLength(20_000);
    expect(turns).toBeGreaterThan(100);
  });
});

it('the page of the outline is named by its first and last row', () => {
  expect(pageSentence(0, 0)).toBe('There is nothing here yet.');
  expect(pageSentence(0, 1)).toBe('1 entry');
  expect(pageSentence(0, 100)).toBe('100 entries');
  expect(pageSentence(0, 3_456)).toBe('1 to 100 of 3,456');
  expect(pageSentence(3_400, 3_456)).toBe('3,401 to 3,456 of 3,456');
});

it('a place on the board is named by the third that its middle is in; on a board of one point all is in the middle', () => {
  const all = { minX: 0, minY: 0, maxX: 300, maxY: 300 };
  const box = (x: number, y: number) => ({ minX: x - 5, minY: y - 5, maxX: x + 5, maxY: y + 5 });
  expect(placeWords(box(10, 10), all)).toBe('top left');
  expect(placeWords(box(150, 150), all)).toBe('middle');
  expect(placeWords(box(290, 150), all)).toBe('right');
  expect(placeWords(box(900, 900), all)).toBe('bottom right');
  expect(placeWords(box(1, 1), { minX: 1, minY: 1, maxX: 1, maxY: 1 })).toBe('middle');
});
