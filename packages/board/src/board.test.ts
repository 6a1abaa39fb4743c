import { describe, expect, it } from 'vitest';
import { box, device, draw, erase, move, rectangle, recolor, syncAll, Wall } from './testing/people.ts';
import { defaultStyle } from './fields.ts';

describe('a board', () => {
  it('shows what is drawn, bottom to top, on every device', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const first = draw(ana, rectangle(1));
    syncAll(ana, ben);
    const second = draw(ben, rectangle(2));
    syncAll(ana, ben);
    for (const { board } of [ana, ben]) {
      expect(board.elements().map((element) => element.id)).toEqual([first, second]);
      expect(board.count).toBe(2);
      expect(board.get(first)).toMatchObject({
        kind: 'rectangle', author: 'ana', session: ana.board.session, createdAt: wall.now, geometry: box(1),
        style: defaultStyle, z: null, isLocked: false, gesture: null, ink: null, text: '',
      });
    }
  });
  it('moves, restyles, locks and removes', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana);
    move(ana, id, 30);
    recolor(ana, id, 'red');
    ana.board.run((edit) => edit.setLocked(id, true));
    expect(ana.board.get(id)).toMatchObject({ geometry: box(30), baseGeometry: box(0), isLocked: true, style: { color: 'red' } });
    erase(ana, id);
    expect(ana.board.get(id)).toBeUndefined();
    for (let i = 0; i < 5; i++) expect(ana.board.undo().isDone).toBe(true);
    expect(ana.board.undo().isDone).toBe(false);
    expect(ana.board.count).toBe(0);
    for (let i = 0; i < 4; i++) expect(ana.board.redo().isDone).toBe(true);
    expect(ana.board.get(id)).toMatchObject({ geometry: box(30), isLocked: true, style: { color: 'red' } });
  });
});
