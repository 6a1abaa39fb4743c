import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { stepKey } from '../document/keys.ts';
import { PageView } from '../page-view.ts';
import { box, type Device, device, draw, erase, rectangle, syncAll, syncPair, Wall } from '../testing/people.ts';
import type { BoardChange, ElementId, PageId, SessionId } from '../types.ts';

const wall = new Wall();
const ids = ({ board }: Device): readonly PageId[] => board.pages().map(({ id }) => id);
const add = ({ board }: Device, after?: PageId, name = ''): ElementId => board.run((edit) => edit.addPage({ after, name }));
const drawOn = (at: Device, page: PageId): ElementId => draw(at, rectangle(0, { page }));
const on = ({ board }: Device, page: PageId): ElementId[] =>
  board
    .elements()
    .filter((element) => element.page === page)
    .map(({ id }) => id);

function pair(): [ana: Device, ben: Device] {
  const ana = device('ana', wall);
  return [ana, device('ben', wall)];
}

describe('pages', () => {
  it('[PG1] a board has one page at first, and drawing on it stores nothing about pages', () => {
    const [ana] = pair();
    const id = draw(ana);
    expect(ana.board.pages()).toMatchObject([{ id: '', name: '' }]);
    expect(ana.board.get(id)?.page).toBe('');
    expect(Object.keys(ana.doc.getMap('base').get(id) as object)).not.toContain('p');
  });

  it('[PG1] pages are added behind another one or at the end, with a name or without, and elements are on the page they were drawn on', () => {
    const [ana] = pair();
    const last = add(ana);
    const second = add(ana, '', 'Plan');
    const id = drawOn(ana, second);
    expect(ids(ana)).toEqual(['', second, last]);
    expect(ana.board.pages()[1]).toMatchObject({ name: 'Plan' });
    expect(on(ana, second)).toEqual([id]);
    expect([ana.board.countOn(second), ana.board.countOn('')]).toEqual([1, 0]);
  });

  it('[PG5] adding, naming, moving, deleting a page and moving elements to one are a step each, which undo takes back and redo brings again', () => {
    const [ana] = pair();
    const first = draw(ana);
    const page = add(ana);
    const second = drawOn(ana, page);
    const shot = (): string => JSON.stringify([ana.board.pages(), ana.board.elements().map((element) => [element.id, element.page])]);
    const acts: (() => void)[] = [
      () => ana.board.run((edit) => edit.renamePage(page, 'Plan')),
      () => ana.board.run((edit) => edit.renamePage('', 'Cover')),
      () => ana.board.run((edit) => edit.movePage(page, '')),
      () => ana.board.run((edit) => edit.movePage('', null)),
      () => ana.board.run((edit) => edit.setPage([first], page)),
      () => ana.board.run((edit) => edit.removePage(page)),
      () => ana.board.run((edit) => edit.removePage('')),
      () => void add(ana),
    ];
    for (const act of acts) {
      const before = shot();
      act();
      const after = shot();
      expect(after).not.toBe(before);
      expect(ana.board.undo().isDone).toBe(true);
      expect(shot()).toBe(before);
      expect(ana.board.redo().isDone).toBe(true);
      expect(shot()).toBe(after);
      ana.board.undo();
    }
    expect(on(ana, page)).toEqual([second]);
  });

  it('[PG2] what is drawn on a page that another person deletes meanwhile keeps the page, and nothing else on it comes back', () => {
    const [ana, ben] = pair();
    const page = add(ana, '', 'Plan');
    const old = drawOn(ana, page);
    syncPair(ana, ben);
    ana.board.run((edit) => edit.removePage(page));
    const drawn = drawOn(ben, page);
    syncPair(ana, ben);
    for (const at of [ana, ben]) {
      expect(at.board.pages()).toMatchObject([{ id: '' }, { id: page, name: 'Plan', isKept: true }]);
      expect(on(at, page)).toEqual([drawn]);
    }
    ana.board.undo();
    syncPair(ana, ben);
    expect(ben.board.pages()[1]).not.toHaveProperty('isKept');
    expect(on(ben, page)).toEqual([old, drawn]);
  });

  it('[PG2] an element moved to a page that another person deletes meanwhile is on it, and a page that empties again is gone', () => {
    const [ana, ben] = pair();
    const page = add(ana);
    const id = draw(ana);
    syncPair(ana, ben);
    ana.board.run((edit) => edit.removePage(page));
    ben.board.run((edit) => edit.setPage([id], page));
    syncPair(ana, ben);
    expect([ids(ana), on(ana, page)]).toEqual([['', page], [id]]);
    erase(ana, id);
    syncPair(ana, ben);
    expect([ids(ana), ids(ben)]).toEqual([[''], ['']]);
  });

  it('[PG2] the first page can be deleted while there is another, and a board whose pages are all deleted shows it again', () => {
    const [ana, ben] = pair();
    draw(ana);
    const page = add(ana);
    ana.board.run((edit) => edit.removePage(''));
    expect([ids(ana), ana.board.count]).toEqual([[page], 0]);
    syncPair(ana, ben);
    ben.board.run((edit) => edit.removePage(page));
    expect(ids(ben)).toEqual(['']);
    ana.board.undo();
    syncPair(ana, ben);
    expect([ids(ana), on(ben, '').length]).toEqual([[''], 1]);
  });

  it('[PG3] two people who move and name pages at once both get through, and one page moved twice has one place everywhere', () => {
    const [ana, ben] = pair();
    const [a, b, c] = [add(ana), add(ana), add(ana)];
    syncPair(ana, ben);
    ana.board.run((edit) => edit.movePage(c, ''));
    ben.board.run((edit) => edit.renamePage(c, 'Plan'));
    ben.board.run((edit) => edit.movePage(b, a));
    syncPair(ana, ben);
    expect(ana.board.pages()).toMatchObject([{ id: c, name: 'Plan' }, { id: '' }, { id: b }, { id: a }]);
    ana.board.run((edit) => edit.movePage(a, c));
    ben.board.run((edit) => edit.movePage(a, b));
    syncPair(ana, ben);
    expect(ids(ana)).toEqual(ids(ben));
    expect(new Set(ids(ana)).size).toBe(4);
  });

  it('[PG3] pages that two people put at the same place at once have an order, and another page fits between them', () => {
    const [ana, ben] = pair();
    const last = add(ana);
    syncPair(ana, ben);
    const [a, b] = [add(ana, ''), add(ben, '')];
    syncPair(ana, ben);
    const [low, high] = [a, b].sort() as [ElementId, ElementId];
    expect([ids(ana), ids(ben)]).toEqual([
      ['', low, high, last],
      ['', low, high, last],
    ]);
    ana.board.run((edit) => edit.movePage(last, high));
    syncPair(ana, ben);
    expect([ids(ana), ids(ben)]).toEqual([
      ['', low, last, high],
      ['', low, last, high],
    ]);
  });

  it('[PG4] undoing the making of a page spares it while another person has something on it', () => {
    const [ana, ben] = pair();
    const page = add(ana);
    syncPair(ana, ben);
    const id = drawOn(ben, page);
    syncPair(ana, ben);
    expect(ana.board.undo().kept).toMatchObject([{ reason: 'spared', by: ['ben'], ids: [page] }]);
    expect([ids(ana), on(ana, page)]).toEqual([['', page], [id]]);
  });

  it('[PG6] a clear empties all pages and leaves them, and a page is not in the trash with what was on it', () => {
    const [ana] = pair();
    const page = add(ana, '', 'Plan');
    drawOn(ana, page);
    draw(ana);
    ana.board.clear();
    expect([ids(ana), ana.board.count]).toEqual([['', page], 0]);
    expect(ana.board.emptyTrash()).toBe(2);
    expect(ana.board.pages()).toMatchObject([{ id: '' }, { id: page, name: 'Plan' }]);
  });

  it('[PG6] emptying the trash removes a deleted page, unless something that stays names it', () => {
    const [ana, ben] = pair();
    const [page, other] = [add(ana), add(ana)];
    const id = drawOn(ana, page);
    const moved = drawOn(ana, other);
    syncPair(ana, ben);
    ana.board.run((edit) => edit.setPage([id], ''));
    ana.board.run((edit) => edit.removePage(page));
    erase(ana, moved);
    ana.board.run((edit) => edit.removePage(other));
    expect(ana.board.emptyTrash()).toBe(1);
    expect([ana.doc.getMap('base').has(page), ana.doc.getMap('base').has(other)]).toEqual([true, false]);
    // Drawn on the swept page meanwhile: it has no record any more.
    const late = drawOn(ben, other);
    syncPair(ana, ben);
    expect([on(ana, ''), on(ben, '')]).toEqual([
      [id, late],
      [id, late],
    ]);
  });

  it('[PG7] part of a group that is moved to another page leaves the group, and a whole group stays one', () => {
    const [ana] = pair();
    const page = add(ana);
    const [a, b, c, d] = [draw(ana), draw(ana), draw(ana), draw(ana)];
    const group = ana.board.run((edit) => edit.group([a, b])) as ElementId;
    const outer = ana.board.run((edit) => edit.group([group, c])) as ElementId;
    ana.board.run((edit) => edit.setPage([a, b], page));
    expect([on(ana, page), ana.board.parentOf(a), ana.board.parentOf(group)]).toEqual([[a, b], group, null]);
    ana.board.undo();
    ana.board.run((edit) => edit.setPage([outer], page));
    expect([on(ana, page), on(ana, ''), ana.board.parentOf(group)]).toEqual([[a, b, c], [d], outer]);
    ana.board.run((edit) => edit.setPage([a], ''));
    expect([ana.board.parentOf(a), ana.board.parentOf(b)]).toEqual([null, group]);
  });

  it('[PG7] one press forward passes one element of the same page, not one of another', () => {
    const [ana] = pair();
    const page = add(ana);
    const [a] = [draw(ana), drawOn(ana, page), drawOn(ana, page)];
    const b = draw(ana);
    ana.board.run((edit) => edit.reorder([a], 'forward'));
    expect(on(ana, '')).toEqual([b, a]);
    ana.board.run((edit) => edit.reorder([a], 'forward'));
    expect(on(ana, '')).toEqual([b, a]);
  });

  it('[V3] malformed values of pages count as absent: the rest is shown, and nothing is lost', () => {
    const [ana, ben] = pair();
    const page = add(ana, '', 'Plan');
    const id = drawOn(ana, page);
    const session = page.slice(0, 8) as SessionId;
    const step = stepKey(wall.now, session);
    ana.doc.transact(() => {
      const pages = ana.doc.getMap('pages');
      for (const value of [7, [1, step], ['x'.repeat(101), step], [null, ''], new Y.Map(), ['Good', 'bad']])
        pages.set(`${page}/name`, value);
      for (const value of [['', step], ['!', step], [['a0'], step], 'a0']) pages.set(`${page}/order`, value);
      pages.set('/name', ['Nobody', step]);
      pages.set('000000000/future', ['x', step]);
      for (const value of [[page, 'x'], [{}, step], page, [`${page}/x`, step]]) ana.doc.getMap('page').set(id, value);
      ana.doc.getMap('base').set(`${session}99`, { s: step, k: 'page', g: [0, 0, 0, 0, 0], z: 'bad!', a: 12 });
      ana.doc.getMap('base').set(`${session}98`, { s: step, k: 'rectangle', g: [0, 0, 5, 5, 0], p: { toString: null } });
      ana.doc.getMap('base').set(`${session}97`, { s: step, k: 'rectangle', g: [0, 0, 5, 5, 0], p: `${session}zz` });
    });
    syncAll(ana, ben);
    for (const at of [ana, ben]) {
      expect(at.board.pages()).toMatchObject([
        { id: '', name: '' },
        { id: page, name: 'Plan' },
        { id: `${session}99`, name: '' },
      ]);
      expect(at.board.get(id)?.page).toBe(page);
      expect(on(at, '')).toEqual([`${session}97`, `${session}98`]);
    }
  });

  it('[U13] an element that arrives before its page is on the first page until the page arrives', () => {
    const [ana, ben] = pair();
    const page = add(ana);
    const [made] = ana.outbox.splice(0);
    const id = drawOn(ben, page);
    ana.receive(ben.outbox.splice(0)[0] as Uint8Array);
    expect(on(ana, page)).toEqual([id]);
    expect([on(ben, ''), ids(ben)]).toEqual([[id], ['']]);
    ben.receive(made as Uint8Array);
    expect([on(ben, page), on(ben, ''), ids(ben)]).toEqual([[id], [], ['', page]]);
  });

  it('[V5] a name that is too long and a page too many are refused, and a page that is not shown is left alone', () => {
    const [ana] = pair();
    const page = add(ana);
    const id = draw(ana);
    expect(() => add(ana, '', 'x'.repeat(101))).toThrow(expect.objectContaining({ code: 'BAD_TEXT' }));
    expect(() => ana.board.run((edit) => edit.renamePage(page, 'x'.repeat(101)))).toThrow(expect.objectContaining({ code: 'BAD_TEXT' }));
    expect(() => draw(ana, rectangle(0, { page: '../x' as ElementId }))).toThrow(expect.objectContaining({ code: 'BAD_ELEMENT' }));
    ana.board.run((edit) => edit.removePage(page));
    const before = ana.state();
    ana.board.run((edit) => {
      edit.setPage([id], page);
      edit.renamePage(page, 'x');
      edit.movePage(page, '');
      edit.movePage('', page);
      edit.removePage(page);
    });
    expect(ana.state()).toEqual(before);
    ana.board.run((edit) => {
      for (let i = 1; i < 500; i++) edit.addPage();
    });
    expect(() => add(ana)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });

  it('[PG8] a view of a page sees and changes that page alone, and reports a move between pages as coming or going', () => {
    const [ana] = pair();
    const page = add(ana);
    const here = drawOn(ana, page);
    const view = new PageView(ana.board, page);
    const changes: BoardChange[] = [];
    view.onChange((change) => changes.push(change));
    const there = draw(ana);
    expect([view.get(there), view.placeOf(there), view.count]).toEqual([undefined, undefined, 1]);
    expect(changes).toEqual([]);
    const made = view.run((edit) => edit.create(rectangle()));
    expect(on(ana, page)).toEqual([here, made]);
    ana.board.run((edit) => {
      edit.setPage([there], page);
      edit.setPage([here], '');
      edit.setGeometry(made, box(9));
    });
    expect(changes.at(-1)).toMatchObject({ added: [{ id: there }], removed: [{ id: here }], changed: [{ after: { id: made } }] });
    expect(view.elements().map(({ id }) => id)).toEqual([there, made]);
    view.clear();
    expect([view.count, on(ana, '')]).toEqual([0, [here]]);
    view.show('');
    expect(view.elements().map(({ id }) => id)).toEqual([here]);
  });

  it('[B2] the list of pages is the same array until a page comes, goes, or changes its name or place, and its listeners are called then', () => {
    const [ana] = pair();
    let calls = 0;
    ana.board.onPages(() => calls++);
    const page = add(ana);
    const list = ana.board.pages();
    const id = drawOn(ana, page);
    ana.board.run((edit) => edit.setGeometry(id, box(3)));
    erase(ana, id);
    expect(ana.board.pages()).toBe(list);
    expect(calls).toBe(1);
    ana.board.run((edit) => edit.renamePage(page, 'Plan'));
    expect([calls, ana.board.pages() === list]).toEqual([2, false]);
  });
});
