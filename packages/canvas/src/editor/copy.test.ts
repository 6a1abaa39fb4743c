import { describe, expect, it } from 'vitest';
import { decodeWet, type BoardElement } from '@wetink/board';
import { desk, type Desk } from '../fixtures/desk.ts';
import { emptyBoard, exchange, plain } from '../fixtures/elements.ts';
import { frameContent, liftedElements } from '../stage/frame-content.ts';

const alt = { shift: false, alt: true, mod: false };

/** A filled box of 100 by 50 at (100, 100), selected. */
function boxed(): { d: Desk; box: BoardElement } {
  const d = desk();
  d.board.run((edit) =>
    edit.create({ kind: 'rectangle', geometry: { x: 100, y: 100, w: 100, h: 50, rotation: 0 }, style: { ...plain, fill: 'red' } }),
  );
  d.actions.selectAll();
  const [box] = d.board.elements();
  if (box === undefined) throw new Error('nothing there');
  return { d, box };
}
const places = (d: Desk): number[][] => d.board.elements().map(({ geometry: { x, y } }) => [x, y]);

describe('copies by hand', () => {
  it('[CP1] a drag with Alt leaves the original, selects the copy, and is one step', () => {
    const { d, box } = boxed();
    d.press(150, 125);
    d.move(170, 165);
    d.hold(alt);
    expect(liftedElements(d.editor).size).toBe(0);
    expect(
      frameContent(d.editor, 1, { cursors: [], selecting: [], lasers: [], now: 0, isStill: false }).selection.frame?.geometry,
    ).toMatchObject({ x: 120, y: 140 });
    d.lift(170, 165);
    expect(places(d)).toEqual([
      [100, 100],
      [120, 140],
    ]);
    expect(d.editor.state.selection).toEqual([d.board.elements()[1]?.id]);
    d.board.undo();
    expect(d.board.elements().map(({ id }) => id)).toEqual([box.id]);
  });

  it('[CP1] [W2] others see the copy on its way beside the original, and drop it when the record arrives', () => {
    const { d, box } = boxed();
    const ben = desk(emptyBoard('ben', 2));
    exchange(d.board, ben.board);
    d.press(150, 125);
    d.move(180, 175);
    d.wait(100);
    d.hold(alt);
    const last = d.sent.at(-1);
    if (last === undefined) throw new Error('nothing was sent');
    expect(decodeWet(last.payload)).toMatchObject({ kind: 'copy', items: [{ id: box.id, geometry: { x: 130, y: 150 } }] });
    for (const message of d.sent) ben.editor.receiveWet({ ...message, clientId: 7 });
    expect(ben.editor.shownWet()).toMatchObject([{ kind: 'copy' }]);
    expect(liftedElements(ben.editor).size).toBe(0);
    d.lift(180, 175);
    exchange(d.board, ben.board);
    expect(ben.editor.shownWet()).toEqual([]);
    expect(ben.board.count).toBe(2);
  });

  it('[CP1] [T9] an original that a peer removed during the drag is copied all the same', () => {
    const { d, box } = boxed();
    d.hold(alt);
    d.press(150, 125);
    d.move(170, 165);
    d.board.run((edit) => edit.remove([box.id]));
    d.lift(170, 165);
    expect(places(d)).toEqual([[120, 140]]);
  });

  it('[S6] a copy that was moved by hand is copied as far again, and so on', () => {
    const { d } = boxed();
    d.actions.duplicateSelection();
    d.actions.nudge(200 - 116, 0);
    d.actions.duplicateSelection();
    d.actions.duplicateSelection();
    expect(places(d)).toEqual([
      [100, 100],
      [200, 116],
      [300, 132],
      [400, 148],
    ]);
  });

  it('[S6] so does one that was dragged off with Alt; another selection begins anew', () => {
    const { d, box } = boxed();
    d.press(150, 125);
    d.move(150, 225);
    d.hold(alt);
    d.lift(150, 225);
    d.actions.duplicateSelection();
    expect(places(d).at(-1)).toEqual([100, 300]);
    d.actions.select([box.id]);
    d.actions.duplicateSelection();
    expect(places(d).at(-1)).toEqual([116, 116]);
  });

  it('[S3] [S6] a copy that nobody has moved is copied to the next free place', () => {
    const { d, box } = boxed();
    d.board.run((edit) => edit.create({ kind: 'rectangle', style: box.style, geometry: { ...box.geometry, x: 132, y: 132 } }));
    for (let i = 0; i < 3; i++) d.actions.duplicateSelection();
    expect(places(d).slice(2)).toEqual([
      [116, 116],
      [148, 148],
      [164, 164],
    ]);
  });
});
