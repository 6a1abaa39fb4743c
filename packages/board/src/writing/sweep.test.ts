import { describe, expect, it } from 'vitest';
import { type Device, device, draw, erase, move, recolor, shownBoard, syncAll, Wall } from '../testing/people.ts';

const keysOf = (at: Device, root: string): string[] => [...at.doc.getMap(root).keys()];

describe('emptying the trash', () => {
  it('[U15] emptying the trash removes hidden elements and keeps the rest, and undo afterwards reports nothing false', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const [erased, stays, undone] = [draw(ana), draw(ana), draw(ana)];
    move(ana, erased, 4);
    recolor(ana, stays, 'red');
    syncAll(ana, ben);
    erase(ben, erased);
    syncAll(ana, ben);
    ana.board.undo();
    ana.board.undo();
    ana.board.undo();
    expect(ana.board.get(undone)).toBeUndefined();
    const before = shownBoard(ana);
    // Ben's device was offline with a move of the erased element.
    const offline = device('ben', wall, { state: ana.state() });
    offline.board.undo();
    move(offline, erased, 77);
    expect(ana.board.emptyTrash()).toBe(2);
    expect(shownBoard(ana)).toBe(before);
    expect(keysOf(ana, 'base')).toEqual([stays]);
    expect(keysOf(ana, 'geo')).toEqual([]);
    expect(keysOf(ana, 'gone')).toEqual([]);
    syncAll(ana, offline);
    expect(ana.board.get(erased)).toBeUndefined();
    expect(keysOf(ana, 'geo')).toEqual([erased]);
    expect(ana.board.emptyTrash()).toBe(0);
    expect(keysOf(ana, 'geo')).toEqual([]);
    expect(shownBoard(device('cid', wall, { state: ana.state() }))).toBe(before);
    // Two of Ana's five steps made swept elements and one moved them: redo and undo skip these steps.
    expect(ana.board.redo().elements).toEqual([stays]);
    expect(ana.board.redo().isDone).toBe(false);
    ana.board.undo();
    expect(ana.board.undo().elements).toEqual([stays]);
    expect(ana.board.undo().isDone).toBe(false);
  });
});
