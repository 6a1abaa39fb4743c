import { describe, expect, it } from 'vitest';
import { duplicatePageInSteps } from './duplicate-page.ts';
import { decodeFile } from './file-codec.ts';
import { exportBoard } from './file-export.ts';
import { importBoard } from './file-import.ts';
import { PageView } from '../page-view.ts';
import { type Device, device, draw, rectangle, Wall } from '../testing/people.ts';
import type { ElementId } from '../types.ts';

const wall = new Wall();
const line = (value: object): string => `${JSON.stringify(value)}\n`;
const bytes = (...lines: object[]): Uint8Array => new TextEncoder().encode(lines.map(line).join(''));
/** Names and colours of what is on each page. */
const pagesOf = ({ board }: Device): unknown[] =>
  board.pages().map(({ id, name }) => [
    name,
    board
      .elements()
      .filter(({ page }) => page === id)
      .map(({ style }) => style.color),
  ]);

function threePages(): Device {
  const ana = device('ana', wall);
  const [plan, last] = ana.board.run((edit) => [edit.addPage({ name: 'Plan' }), edit.addPage()]);
  const style = { color: 'red', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' } as const;
  draw(ana, rectangle(0, { style: { ...style, color: 'blue' } }));
  const ids = (['red', 'green'] as const).map((color) => draw(ana, rectangle(0, { page: plan, style: { ...style, color } })));
  ana.board.run((edit) => {
    edit.group(ids);
    edit.renamePage('', 'Cover');
    edit.movePage(last as ElementId, plan);
  });
  return ana;
}

describe('pages of a file', () => {
  it('[PG9] a file has the pages, and an empty board that opens it has the same, as one step', () => {
    const ana = threePages();
    const file = exportBoard(new PageView(ana.board));
    const ben = device('ben', wall);
    importBoard(new PageView(ben.board), file);
    expect(pagesOf(ben)).toEqual(pagesOf(ana));
    expect(pagesOf(ben)).toEqual([
      ['Cover', ['blue']],
      ['', []],
      ['Plan', ['red', 'green']],
    ]);
    expect(ben.board.elements()[1]?.parent).not.toBeNull();
    expect(exportBoard(ben.board)).toEqual(file);
    ben.board.undo();
    expect(pagesOf(ben)).toEqual([['', []]]);
  });

  it('[PG9] on a board with elements the first page of a file is put on the page in view, and the others behind it', () => {
    const [ana, ben] = [threePages(), device('ben', wall)];
    const view = ben.board.run((edit) => {
      edit.create(rectangle());
      edit.addPage({ name: 'Last' });
      return edit.addPage({ after: '', name: 'Mine' });
    });
    importBoard(new PageView(ben.board, view), exportBoard(ana.board));
    expect(pagesOf(ben)).toEqual([
      ['', ['ink']],
      ['Mine', ['blue']],
      ['', []],
      ['Plan', ['red', 'green']],
      ['Last', []],
    ]);
  });

  it('[PG9] a file of selected elements, and one of a board with one page, says nothing of pages', () => {
    const ana = threePages();
    const page = ana.board.pages()[2]?.id ?? '';
    const ids = new PageView(ana.board, page).elements().map(({ id }) => id);
    const one = device('ben', wall);
    draw(one);
    for (const file of [exportBoard(ana.board, ids), exportBoard(one.board)]) {
      expect(new TextDecoder().decode(file)).not.toContain('page');
      expect(decodeFile(file).pages).toBeUndefined();
    }
  });

  it('a file with malformed pages is refused, and one of a version of before pages opens without their records', () => {
    const head = { format: 'wetink', version: 1, elements: 1 };
    const element = { kind: 'rectangle', geometry: [0, 0, 5, 5, 0] };
    for (const pages of ['x', [], [1], ['x'.repeat(101)], Array<string>(501).fill(''), null]) {
      expect(() => decodeFile(bytes({ ...head, pages }, element))).toThrow(expect.objectContaining({ code: 'BAD_FILE' }));
    }
    for (const page of [0, 3, 1.5, '1', -1, null]) {
      expect(() => decodeFile(bytes({ ...head, pages: ['', ''] }, { ...element, page }))).toThrow(
        expect.objectContaining({ code: 'BAD_FILE' }),
      );
    }
    const ana = device('ana', wall);
    const raw = { raw: { z: 'a1', a: 'Plan' } };
    const before = { kind: 'page', geometry: [0, 0, 0, 0, 0], raw: { a: 'Plan' } };
    importBoard(
      ana.board,
      bytes({ ...head, elements: 3 }, element, before, { kind: 'future', geometry: [0, 0, 1, 1, 0], raw: { p: 'x' } }),
    );
    expect([ana.board.pages().length, ana.board.count]).toEqual([1, 2]);
    expect(() => decodeFile(bytes(head, { ...before, ...raw }))).toThrow(expect.objectContaining({ code: 'BAD_FILE' }));
  });
});

describe('a duplicate of a page', () => {
  it('[PG10] is behind the page with copies of all on it, comes bit by bit, and is one step of undo', () => {
    const ana = threePages();
    const page = ana.board.pages()[2]?.id ?? '';
    const view = new PageView(ana.board, page);
    view.run((edit) => {
      for (let x = 0; x < 600; x++) edit.create(rectangle(x));
    });
    const before = pagesOf(ana);
    const counts: number[] = [];
    const steps = duplicatePageInSteps(view, page, 'Copy of Plan');
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) counts.push(ana.board.countOn(step.value));
    const made = step.value;
    expect(counts[0]).toBe(0);
    expect(new Set(counts).size).toBeGreaterThan(2);
    expect(ana.board.pages()[3]).toMatchObject({ id: made, name: 'Copy of Plan' });
    expect(ana.board.countOn(made)).toBe(602);
    const copies = new PageView(ana.board, made).elements();
    expect(copies[0]?.parent).not.toBe(view.elements()[0]?.parent);
    expect(copies[0]?.parent).toBe(copies[1]?.parent);
    ana.board.undo();
    expect(pagesOf(ana)).toEqual(before);
    ana.board.redo();
    expect(ana.board.countOn(made)).toBe(602);
  });

  it('[PG10] that is undone while it is being made goes on no longer', () => {
    const ana = threePages();
    const view = new PageView(ana.board, '');
    view.run((edit) => {
      for (let x = 0; x < 900; x++) edit.create(rectangle(x));
    });
    const steps = duplicatePageInSteps(view, '', '');
    steps.next();
    steps.next();
    ana.board.undo();
    const made = ana.doc.getMap('base').size;
    while (steps.next().done !== true);
    expect([ana.doc.getMap('base').size, ana.board.pages().length]).toEqual([made, 3]);
  });
});
