import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createBoard } from './board.ts';
import { openChat } from './chat/chat.ts';
import { defaultStyle } from './document/fields.ts';
import { plainLook, wholeCrop } from './document/look.ts';
import { History } from './steps/history.ts';
import { PaintOrder } from './elements/paint-order.ts';
import { box, device, draw, erase, move, rectangle, recolor, syncAll, syncPair, Wall } from './testing/people.ts';
import type { BoardChange, ElementId } from './types.ts';

describe('a board', () => {
  it('every device shows the drawn elements, bottom to top', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const first = draw(ana, rectangle(1));
    syncAll(ana, ben);
    const second = draw(ben, rectangle(2));
    syncAll(ana, ben);
    for (const { board } of [ana, ben]) {
      expect(board.elements().map((element) => element.id)).toEqual([first, second]);
      expect(board.count).toBe(2);
      expect(board.get(first)).toEqual({
        id: first,
        kind: 'rectangle',
        author: 'ana',
        session: ana.board.session,
        step: board.get(first)?.step,
        createdAt: wall.now,
        page: '',
        parent: null,
        frame: null,
        geometry: box(1),
        baseGeometry: box(1),
        style: defaultStyle,
        z: null,
        isLocked: false,
        gesture: null,
        ink: null,
        points: null,
        text: '',
        look: plainLook,
        crop: wholeCrop,
        alt: '',
        image: null,
        file: null,
      });
    }
  });

  it('undo and redo take moving, restyling, locking and removing back and forth, step by step', () => {
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

  it('a created element keeps its ink, gesture and text, and the changes made to it in the gesture that created it', () => {
    const ana = device('ana', new Wall());
    const gesture = ana.board.nextGesture();
    expect(gesture).toBe(`${ana.board.session}.0`);
    const ink = new Uint8Array([1, 2, 3]);
    const [stroke, foreign, text, late] = ana.board.run((edit) => {
      const changed = edit.create(rectangle());
      edit.setGeometry(changed, box(7));
      edit.setStyle(changed, 'fill', '#12ab9F');
      edit.setLocked(changed, true);
      return [
        edit.create(rectangle(1, { kind: 'stroke', ink, gesture })),
        edit.create(rectangle(1, { gesture: 'other.7' })),
        edit.create(rectangle(1, { kind: 'text', text: 'hi 😀' })),
        changed,
      ];
    });
    const ben = device('ben', new Wall(), { state: ana.state() });
    expect(ben.board.get(stroke as ElementId)).toMatchObject({ kind: 'stroke', ink, gesture });
    expect(ben.board.get(foreign as ElementId)?.gesture).toBe('other.7');
    expect(ben.board.get(text as ElementId)?.text).toBe('hi 😀');
    expect(ben.board.get(late as ElementId)).toMatchObject({
      geometry: box(7),
      baseGeometry: box(7),
      style: { fill: '#12ab9F' },
      isLocked: true,
    });
    expect(ana.doc.getMap('undo').size).toBe(0);
  });

  it('[B1] an unchanged element stays the same object, and unrelated elements are not looked at', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const [a, b] = [draw(ana), draw(ana)];
    syncAll(ana, ben);
    const before = ben.board.elements();
    const [oldA, oldB] = [ben.board.get(a), ben.board.get(b)];
    recolor(ana, a, 'red');
    syncPair(ana, ben);
    expect(ben.board.get(b)).toBe(oldB);
    expect(ben.board.get(a)).not.toBe(oldA);
    expect(before[0]).toBe(oldA);
    // Ana undoes it: the element looks the same, though its stored value is gone.
    const red = ben.board.get(a);
    ana.board.undo();
    ana.board.redo();
    syncPair(ana, ben);
    expect(ben.board.get(a)).toBe(red);
  });

  it('[B1] on a large board one change looks only at the elements it touched', () => {
    const ana = device('ana', new Wall());
    const ids = ana.board.run((edit) => Array.from({ length: 3000 }, (_, i) => edit.create(rectangle(i))));
    const isHidden = vi.spyOn(History.prototype, 'isHidden');
    const indexOf = vi.spyOn(PaintOrder.prototype, 'indexOf');
    const looks = (change: () => void): number => {
      isHidden.mockClear();
      indexOf.mockClear();
      change();
      expect(indexOf.mock.calls.length).toBeLessThan(8);
      return isHidden.mock.calls.length;
    };
    expect(looks(() => move(ana, ids[1500] as ElementId, 7))).toBe(1);
    expect(looks(() => draw(ana))).toBe(1);
    expect(looks(() => erase(ana, ids[3] as ElementId))).toBe(1);
    expect(looks(() => ana.board.undo())).toBeLessThan(4);
    expect(looks(() => ana.board.run((edit) => edit.reorder([ids[2000] as ElementId], 'forward')))).toBe(1);
    expect(looks(() => ana.chat.send('x', 'y'))).toBe(0);
    vi.restoreAllMocks();
  });

  it('[B2] a listener hears each transaction once, with what was added, changed and removed', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    const heard: BoardChange[] = [];
    const stop = ben.board.onChange((change) => heard.push(change));
    const [a, b] = ana.board.run((edit) => [edit.create(rectangle(1)), edit.create(rectangle(2))]) as [ElementId, ElementId];
    syncPair(ana, ben);
    const oldA = ben.board.get(a);
    const c = ben.board.run((edit) => {
      edit.setGeometry(a, box(5));
      edit.remove([b]);
      edit.reorder([a], 'front');
      return edit.create(rectangle(3));
    });
    expect(
      heard.map((change) => [change.added.length, change.changed.length, change.removed.length, change.isReordered, change.isLocal]),
    ).toEqual([
      [2, 0, 0, false, false],
      [1, 1, 1, true, true],
    ]);
    expect(heard[1]?.changed[0]).toEqual({ before: oldA, after: ben.board.get(a) });
    expect(heard[1]?.added[0]).toBe(ben.board.get(c));
    ben.board.setTitle('no element changes');
    ben.chat.send('nor here', 'Ben');
    ana.board.undo();
    expect(heard).toHaveLength(2);
    stop();
    stop();
    syncPair(ana, ben);
    expect(heard).toHaveLength(2);
  });

  it('[B2] elements() is one array until something changes, and is never modified', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana);
    const before = ana.board.elements();
    expect(ana.board.elements()).toBe(before);
    const copy = [...before];
    move(ana, id, 3);
    draw(ana);
    expect(ana.board.elements()).not.toBe(before);
    expect(before).toEqual(copy);
  });

  it('[B2] when a listener runs, the board already shows the change', () => {
    const ana = device('ana', new Wall());
    let seen = 0;
    ana.board.onChange(({ added }) => {
      for (const element of added) if (ana.board.get(element.id) === element && ana.board.elements().includes(element)) seen++;
    });
    draw(ana);
    expect(seen).toBe(1);
  });

  it('[B3] when a listener throws, the others are still called, and the error is thrown afterwards', () => {
    const ana = device('ana', new Wall());
    let called = 0;
    ana.board.onChange(() => {
      throw new Error('mine');
    });
    ana.board.onChange(() => called++);
    expect(() => draw(ana)).toThrow('mine');
    expect(called).toBe(1);
    expect(ana.board.count).toBe(1);
  });

  it('[B4] close stops observing, refuses writes, and can be called twice', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana);
    let called = 0;
    ana.board.onChange(() => called++);
    ana.chat.onChange(() => called++);
    ana.board.onMeta(() => called++);
    ana.board.close();
    ana.board.close();
    ana.chat.close();
    ana.doc.transact(() => {
      ana.doc.getMap('meta').set('title', 'x');
      ana.doc.getArray('chat').push([{ i: '1', u: '', n: '', t: 'x', d: 1 }]);
      ana.doc.getMap('lock').set(id, [true, ana.board.get(id)?.step]);
    });
    expect(called).toBe(0);
    expect(() => draw(ana)).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
    expect(() => ana.board.text(id)).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
    expect(() => openChat(ana.board).send('x', 'Ana')).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
  });

  it('a board shows the same whether its document was filled before or after it was opened', () => {
    const ana = device('ana', new Wall());
    for (let i = 0; i < 20; i++) draw(ana, rectangle(i));
    const doc = new Y.Doc();
    const board = createBoard({ doc, userId: 'ben' });
    let added = 0;
    board.onChange((change) => {
      added += change.added.length;
    });
    Y.applyUpdate(doc, ana.state());
    expect(added).toBe(20);
    expect(board.elements()).toEqual(ana.board.elements());
  });
});
