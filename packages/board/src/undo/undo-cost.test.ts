/** Counts the cost of undo: it is proportional to what comes back, however much was deleted before. */
import { afterEach, expect, it, vi } from 'vitest';
import { device, draw, erase, move, rectangle, recolor, syncAll, Wall, type Device } from '../testing/people.ts';
import type { ElementId } from '../types.ts';

afterEach(() => vi.restoreAllMocks());

/** Number of map and set entries visited: a loop over all deletions for each element would show up here. */
function visits(act: () => void): number {
  const iterators = [new Map().entries(), new Set().values()].map((iterator) => Object.getPrototypeOf(iterator) as Iterator<unknown>);
  let count = 0;
  const spies = iterators.map((iterator) => {
    const { next } = iterator;
    return vi.spyOn(iterator, 'next').mockImplementation(function (this: Iterator<unknown>) {
      count++;
      return Reflect.apply(next, this, []) as IteratorResult<unknown>;
    });
  });
  act();
  for (const spy of spies) spy.mockRestore();
  return count;
}

/** A board with `erased` elements deleted one by one and as many others, which is then cleared. */
function cleared(erased: number): Device {
  const wall = new Wall();
  const ana = device('ana', wall);
  const ben = device('ben', wall, { state: ana.state() });
  const ids = ana.board.run((edit) => Array.from({ length: erased }, () => edit.create(rectangle())));
  ana.board.run((edit) => Array.from({ length: erased }, () => edit.create(rectangle())));
  syncAll(ana, ben);
  for (const [i, id] of ids.entries()) erase(i % 2 === 0 ? ana : ben, id);
  syncAll(ana, ben);
  ana.board.clear();
  return ana;
}

it('[B1] P6: the cost of undo and redo of a clear grows with the elements, not with earlier deletions', () => {
  for (const erased of [100, 400]) {
    const ana = cleared(erased);
    for (const way of ['undo', 'redo'] as const) {
      let elements = 0;
      const visited = visits(() => (elements = ana.board[way]().elements.length));
      expect(elements).toBe(erased);
      expect(visited / erased).toBeLessThan(20);
    }
  }
});

it('[B1] P6: undo of a clear brings back the same element objects, except for elements that changed meanwhile', () => {
  const wall = new Wall();
  const [ana, ben, cid] = [device('ana', wall), device('ben', wall), device('cid', wall)];
  const [same, moved, undone, text, erased] = ['rectangle', 'rectangle', 'rectangle', 'text', 'rectangle'].map((kind) =>
    draw(ana, rectangle(0, { kind: kind as 'text', text: '' })),
  ) as [ElementId, ElementId, ElementId, ElementId, ElementId];
  syncAll(ana, ben, cid);
  recolor(cid, undone, 'red');
  syncAll(ana, ben, cid);
  const box = ben.board.text(text);
  const before = new Map(ana.board.elements().map((element) => [element.id, element]));
  ben.board.run((edit) => edit.setGeometry(moved, { x: 50, y: 0, w: 1, h: 1, rotation: 0 }));
  box.edit(0, 0, 'words');
  erase(ben, erased);
  ana.board.clear();
  cid.board.undo();
  syncAll(ana, ben, cid);
  expect(ana.board.elements()).toEqual([]);
  ana.board.undo();
  const after = new Map(ana.board.elements().map((element) => [element.id, element]));
  expect([...after.keys()]).toEqual([same, moved, undone, text]);
  expect(after.get(same)).toBe(before.get(same));
  expect(after.get(moved)?.geometry.x).toBe(50);
  expect(after.get(undone)?.style.color).toBe('ink');
  expect(after.get(text)?.text).toBe('words');
  expect(JSON.stringify([...after.values()])).toBe(JSON.stringify(device('dan', wall, { state: ana.state() }).board.elements()));
});

it('[B1] P6: undoing one move costs the same on a board where a thousand elements were deleted', () => {
  const counts = [10, 1000].map((erased) => {
    const ana = device('ana', new Wall());
    const id = draw(ana);
    const ids = ana.board.run((edit) => Array.from({ length: erased }, () => edit.create(rectangle())));
    for (const one of ids) erase(ana, one);
    move(ana, id, 5);
    return visits(() => ana.board.undo());
  });
  expect(counts[1]).toBe(counts[0]);
});
