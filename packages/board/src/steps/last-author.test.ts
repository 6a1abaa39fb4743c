import { expect, it } from 'vitest';
import { device, draw, erase, move, rectangle, syncAll, Wall } from '../testing/people.ts';

it('[B5] the newest thing done to an element names its user: made, changed, deleted, brought back, on every replica', () => {
  const wall = new Wall();
  const [ana, ben] = [device('ana', wall, { clientId: 1 }), device('ben', wall, { clientId: 2 })] as const;
  const authors = (id: Parameters<typeof ana.board.get>[0]): (string | null)[] => {
    syncAll(ana, ben);
    wall.pass(1_000);
    return [ana, ben].map(({ board }) => board.lastAuthorOf(id));
  };
  const id = draw(ana, rectangle(0));
  expect(authors(id)).toEqual(['ana', 'ana']);
  move(ben, id, 50);
  expect(authors(id)).toEqual(['ben', 'ben']);
  ana.board.run((edit) => edit.setStyle(id, 'color', 'red'));
  expect(authors(id)).toEqual(['ana', 'ana']);
  erase(ben, id);
  expect(authors(id)).toEqual(['ben', 'ben']);
  expect(ana.board.get(id)).toBeUndefined();
  ana.board.undo(); // Her colour, of an element that is hidden.
  expect(authors(id)).toEqual(['ana', 'ana']);
  ben.board.undo(); // His deletion.
  expect(authors(id)).toEqual(['ben', 'ben']);
  expect(ana.board.get(id)).toBeDefined();
  ben.board.clear();
  expect(authors(id)).toEqual(['ben', 'ben']);
});

it('[B5] different people who change an element at once have one order everywhere, and an unknown element has no author', () => {
  const wall = new Wall();
  const [ana, ben] = [device('ana', wall, { clientId: 1 }), device('ben', wall, { clientId: 2 })] as const;
  const id = draw(ana, rectangle(0));
  syncAll(ana, ben);
  wall.pass(1_000);
  move(ana, id, 10);
  ben.board.run((edit) => edit.setLocked(id, true));
  syncAll(ana, ben);
  expect(ana.board.lastAuthorOf(id)).toBe(ben.board.lastAuthorOf(id));
  expect(ana.board.lastAuthorOf('zzzzzzzz-0' as typeof id)).toBeNull();
});
