import { describe, expect, it } from 'vitest';
import { MAX_KEPT_TEXTS } from '../limits.ts';
import { textRoot } from '../document/roots.ts';
import { readAllText } from '../text/text-content.ts';
import { device, draw, erase, move, syncAll, Wall } from '../testing/people.ts';
import { sharedText, textBox, textOf, type } from '../testing/typists.ts';

describe('leaving a text box', () => {
  it('[U12] right after leaving a box, one undo takes back the whole edit and one redo brings it back', () => {
    const { ana, ben, id } = sharedText(new Wall(), 'keep');
    const box = ana.board.text(id);
    box.edit(4, 0, ' this');
    box.undo();
    box.edit(4, 0, ' that');
    box.edit(0, 4, 'KEEP');
    box.close();
    syncAll(ana, ben);
    expect(textOf(ben, id)).toBe('KEEP that');
    expect(ana.board.undo()).toEqual({ isDone: true, elements: [id], kept: [] });
    syncAll(ana, ben);
    expect(textOf(ben, id)).toBe('keep');
    expect(ana.board.redo()).toEqual({ isDone: true, elements: [id], kept: [] });
    syncAll(ana, ben);
    expect(textOf(ben, id)).toBe('KEEP that');
  });

  it('[U12] undo after leaving a box keeps what others typed meanwhile', () => {
    const { ana, ben, id } = sharedText(new Wall(), 'x');
    const box = ana.board.text(id);
    box.edit(1, 0, ' mine');
    syncAll(ana, ben);
    type(ben, id, 0, 0, 'theirs ');
    syncAll(ana, ben);
    box.close();
    ana.board.undo();
    expect(textOf(ana, id)).toBe('theirs x');
  });

  it('[U12] undo takes the step of typing and the steps before and after it in their order', () => {
    const { ana, id } = sharedText(new Wall(), 'x');
    move(ana, id, 5);
    type(ana, id, 1, 0, 'y');
    type(ana, id, 2, 0, 'z');
    move(ana, id, 9);
    const seen: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      ana.board.undo();
      seen.push([textOf(ana, id), ana.board.get(id)?.geometry.x]);
    }
    expect(seen).toEqual([
      ['xyz', 5],
      ['xy', 5],
      ['x', 5],
      ['x', 0],
    ]);
    for (let i = 0; i < 4; i++) ana.board.redo();
    expect([textOf(ana, id), ana.board.get(id)?.geometry.x]).toEqual(['xyz', 9]);
  });

  it('[U12] on another page of the same person undo pops the step, keeps the text, and reports it', () => {
    const wall = new Wall();
    const { ana, id } = sharedText(wall, 'x');
    type(ana, id, 1, 0, 'y');
    const reloaded = device('ana', wall, { state: ana.state() });
    expect(reloaded.board.undo()).toEqual({
      isDone: true,
      elements: [],
      kept: [{ reason: 'typed-elsewhere', by: ['ana'], ids: [id] }],
    });
    expect(textOf(reloaded, id)).toBe('xy');
    expect(reloaded.board.redo()).toMatchObject({ isDone: true, kept: [{ reason: 'typed-elsewhere' }] });
    syncAll(ana, reloaded);
    expect(textOf(ana, id)).toBe('xy');
  });

  it('[U12] undo takes back typing only of the newest MAX_KEPT_TEXTS closed boxes; older steps pop and are reported', () => {
    const { ana, id } = sharedText(new Wall(), '');
    for (let i = 0; i <= MAX_KEPT_TEXTS; i++) type(ana, id, i, 0, String.fromCharCode(97 + i));
    for (let i = 0; i < MAX_KEPT_TEXTS; i++) ana.board.undo();
    expect(textOf(ana, id)).toBe('a');
    expect(ana.board.undo().kept.map((kept) => kept.reason)).toEqual(['typed-elsewhere']);
    expect(textOf(ana, id)).toBe('a');
  });

  it('[U12] undo of its creation spares a text that another person typed in and left', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const id = draw(ana, textBox('a'));
    const ben = device('ben', wall, { state: ana.state() });
    type(ben, id, 1, 0, 'b');
    syncAll(ana, ben);
    expect(ana.board.undo()).toEqual({ isDone: true, elements: [], kept: [{ reason: 'spared', by: ['ben'], ids: [id] }] });
    expect(textOf(ana, id)).toBe('ab');
  });

  it('[U12] [U9] undo of its creation spares a text that another person is typing in, from their first letter on', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const id = draw(ana, textBox('alpha'));
    const ben = device('ben', wall, { state: ana.state() });
    const box = ben.board.text(id);
    ben.outbox.length = 0;
    box.edit(5, 0, ' and');
    expect(ben.outbox).toHaveLength(1);
    box.edit(9, 0, ' more');
    expect(ben.board.canUndo).toBe(true);
    syncAll(ana, ben);
    expect(ana.board.undo()).toEqual({ isDone: true, elements: [], kept: [{ reason: 'spared', by: ['ben'], ids: [id] }] });
    syncAll(ana, ben);
    box.edit(14, 0, ' yet');
    box.close();
    syncAll(ana, ben);
    expect([textOf(ana, id), textOf(ben, id)]).toEqual(Array(2).fill('alpha and more yet'));
    expect(ben.board.undo()).toEqual({ isDone: true, elements: [id], kept: [] });
    expect(textOf(ben, id)).toBe('alpha');
  });

  it('[U12] [U9] undo of its creation spares a text even days after its typist disappeared with the box open', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const id = draw(ana, textBox('alpha'));
    const ben = device('ben', wall, { state: ana.state() });
    ben.board.text(id).edit(5, 0, ' by ben');
    for (const update of ben.outbox.splice(0)) ana.receive(update);
    wall.pass(3 * 24 * 60 * 60 * 1000);
    const later = device('ana', wall, { state: ana.state() });
    expect(later.board.undo().kept).toEqual([{ reason: 'spared', by: ['ben'], ids: [id] }]);
    expect(textOf(later, id)).toBe('alpha by ben');
  });

  it('[U12] typing that was undone inside its box does not protect the text', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const id = draw(ana, textBox('alpha'));
    const ben = device('ben', wall, { state: ana.state() });
    const box = ben.board.text(id);
    box.edit(5, 0, ' by ben');
    box.undo();
    expect([ben.board.canUndo, ben.board.canRedo]).toEqual([false, false]);
    box.redo();
    expect(ben.board.canUndo).toBe(true);
    box.undo();
    box.close();
    syncAll(ana, ben);
    expect(ana.board.undo()).toEqual({ isDone: true, elements: [id], kept: [] });
  });

  it('[U12] right after leaving a box, undo takes back the edit, even if another step was made while it was open', () => {
    const { ana, id } = sharedText(new Wall(), 'x');
    const box = ana.board.text(id);
    box.edit(1, 0, 'y');
    ana.board.run((edit) => edit.setStyle(id, 'color', 'red'));
    box.edit(2, 0, 'z');
    box.close();
    const seen: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      ana.board.undo();
      seen.push([textOf(ana, id), ana.board.get(id)?.style.color]);
    }
    expect(seen).toEqual([
      ['x', 'red'],
      ['x', 'ink'],
    ]);
    ana.board.redo();
    ana.board.redo();
    expect([textOf(ana, id), ana.board.get(id)?.style.color, ana.board.canRedo]).toEqual(['xyz', 'red', false]);
  });

  it('[U12] the step of an open box can be undone and redone, and further typing is a new step', () => {
    const { ana, id } = sharedText(new Wall(), 'x');
    const box = ana.board.text(id);
    box.edit(1, 0, 'y');
    expect(ana.board.undo()).toEqual({ isDone: true, elements: [id], kept: [] });
    expect(box.value).toBe('x');
    ana.board.redo();
    expect(box.value).toBe('xy');
    ana.board.undo();
    box.edit(1, 0, 'z');
    box.close();
    expect(textOf(ana, id)).toBe('xz');
    expect(ana.board.undo().elements).toEqual([id]);
    expect([textOf(ana, id), ana.board.redo().elements, textOf(ana, id)]).toEqual(['x', [id], 'xz']);
  });

  it('[U9] redo of a deletion spares a text typed in since it came back, even if its box was open all along', () => {
    const wall = new Wall();
    const { ana, ben, id } = sharedText(wall, 'x');
    const box = ben.board.text(id);
    box.edit(1, 0, 'y');
    wall.pass(1000);
    erase(ana, id);
    ana.board.undo();
    syncAll(ana, ben);
    box.edit(2, 0, 'z');
    syncAll(ana, ben);
    expect(ana.board.redo().kept).toEqual([{ reason: 'spared', by: ['ben'], ids: [id] }]);
    expect(textOf(ana, id)).toBe('xyz');
    box.close();
    expect([ben.board.undo().elements, textOf(ben, id), ben.board.canUndo]).toEqual([[id], 'x', false]);
  });

  it('[U9] undo of typing in a text that another person deleted reports that person', () => {
    const { ana, ben, id } = sharedText(new Wall(), 'x');
    const box = ben.board.text(id);
    box.edit(1, 0, 'y');
    syncAll(ana, ben);
    erase(ana, id);
    syncAll(ana, ben);
    box.close();
    expect(ben.board.undo().kept).toEqual([{ reason: 'still-deleted', by: ['ana'], ids: [id] }]);
    ana.board.undo();
    syncAll(ana, ben);
    expect(textOf(ben, id)).toBe('x');
  });

  it('[U12] making a box and typing in it is one step, on every page', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const id = draw(ana, textBox());
    type(ana, id, 0, 0, 'hello');
    const reloaded = device('ana', wall, { state: ana.state() });
    expect(reloaded.board.undo()).toEqual({ isDone: true, elements: [id], kept: [] });
    expect(reloaded.board.canUndo).toBe(false);
    reloaded.board.redo();
    expect(textOf(reloaded, id)).toBe('hello');
  });

  it('[U12] a second visit to a box is a new step, even if making it was the last step', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, textBox());
    type(ana, id, 0, 0, 'first');
    type(ana, id, 5, 0, ' second');
    ana.board.undo();
    expect(textOf(ana, id)).toBe('first');
    ana.board.undo();
    expect(textOf(ana, id)).toBeUndefined();
    ana.board.redo();
    ana.board.redo();
    expect(textOf(ana, id)).toBe('first second');
  });

  it('[U12] leaving a box without a change makes no step', () => {
    const { ana, id } = sharedText(new Wall(), 'x');
    ana.outbox.length = 0;
    const box = ana.board.text(id);
    box.edit(1, 0, 'y');
    box.undo();
    ana.outbox.length = 0;
    box.close();
    expect(ana.outbox).toEqual([]);
  });

  it('[U12] a box left empty right after it was made leaves no element and no step to undo', () => {
    const ana = device('ana', new Wall());
    const before = draw(ana);
    const id = draw(ana, textBox());
    const box = ana.board.text(id);
    box.edit(0, 0, 'x');
    box.edit(0, 1, '');
    box.close();
    expect(ana.board.get(id)).toBeUndefined();
    expect(ana.board.canRedo).toBe(false);
    expect(ana.board.undo().elements).toEqual([before]);
    expect(ana.board.redo().elements).toEqual([before]);
    expect(ana.board.canRedo).toBe(false);
  });

  it('[U12] emptying an older text removes it in the same step, and one undo brings back element and words', () => {
    const { ana, ben, id } = sharedText(new Wall(), 'words');
    type(ana, id, 0, 5, '');
    syncAll(ana, ben);
    expect(ben.board.get(id)).toBeUndefined();
    ana.board.undo();
    syncAll(ana, ben);
    expect(textOf(ben, id)).toBe('words');
    ana.board.redo();
    expect(ana.board.get(id)).toBeUndefined();
  });

  it('[U12] a box whose element a peer deletes meanwhile can still be closed', () => {
    const { ana, ben, id } = sharedText(new Wall(), 'x');
    const box = ana.board.text(id);
    box.edit(0, 0, 'y');
    erase(ben, id);
    syncAll(ana, ben);
    box.edit(0, 0, 'z');
    box.close();
    expect(ana.board.get(id)).toBeUndefined();
    ben.board.undo();
    syncAll(ana, ben);
    expect(textOf(ana, id)).toBe('zyx');
    expect(readAllText(textRoot(ben.doc, id))).toBe('zyx');
  });

  it('[B4] closing the board leaves open boxes as closing them does', () => {
    const wall = new Wall();
    const { ana, id } = sharedText(wall, 'x');
    ana.board.text(id).edit(1, 0, 'y');
    ana.board.close();
    expect(ana.doc.getMap('txt').has(id)).toBe(true);
    expect(device('ana', wall, { state: ana.state() }).board.canUndo).toBe(true);
  });
});
