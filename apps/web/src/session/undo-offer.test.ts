import { createBoard, type Board } from '@wetink/board';
import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { offerUndo } from './undo-offer.ts';

const style = { color: 'blue', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' } as const;
const draw = (board: Board): void =>
  void board.run((edit) => edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 9, h: 9, rotation: 0 }, style }));

function cleared() {
  const doc = new Y.Doc();
  const board = createBoard({ doc, userId: 'ana' });
  draw(board);
  board.clear();
  let withdrawn = 0;
  offerUndo({ board, onChange: (callback) => board.onChange(callback) }, () => withdrawn++);
  return { board, doc, withdrawn: () => withdrawn };
}

describe('the offer to undo a clear', () => {
  it('the offer is withdrawn, once, after another step', () => {
    const { board, withdrawn } = cleared();
    draw(board);
    draw(board);
    expect(withdrawn()).toBe(1);
  });

  it('the offer stays while only others draw, and ends with the undo itself', () => {
    const { board, doc, withdrawn } = cleared();
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    draw(createBoard({ doc: other, userId: 'ben' }));
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect([board.count, withdrawn()]).toEqual([1, 0]);
    board.undo();
    expect([board.count, withdrawn()]).toEqual([2, 1]);
  });

  it('the offer is withdrawn after a step on another device of the same person', () => {
    const { doc, withdrawn } = cleared();
    const tablet = new Y.Doc();
    Y.applyUpdate(tablet, Y.encodeStateAsUpdate(doc));
    draw(createBoard({ doc: tablet, userId: 'ana' }));
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(tablet));
    expect(withdrawn()).toBe(1);
  });
});
