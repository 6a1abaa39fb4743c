import { createBoard, type Board, type ElementId, type NewElement } from '@wetink/board';
import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BoardNews } from './board-news.ts';

const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' } as const;
const at = (x: number, kind: 'rectangle' | 'ellipse' | 'text' | 'checkbox' = 'rectangle'): NewElement => ({
  kind,
  geometry: { x, y: 0, w: 40, h: 30, rotation: 0 },
  style,
});

/** My board, and those of others, whose changes reach mine at once. */
let mine: Board;
let news: BoardNews;
let others: Map<string, Board>;

function other(userId: string): Board {
  const known = others.get(userId);
  if (known !== undefined) return known;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(mine.doc));
  doc.on('update', (update: Uint8Array, origin: unknown) => origin !== 'sent' && Y.applyUpdate(mine.doc, update, 'network'));
  mine.doc.on('update', (update: Uint8Array) => Y.applyUpdate(doc, update, 'sent'));
  const board = createBoard({ doc, userId });
  others.set(userId, board);
  return board;
}
const say = (): string => news.say((userId) => (userId === 'zoe' ? null : userId.charAt(0).toUpperCase() + userId.slice(1)));
const make = (userId: string, ...elements: NewElement[]): ElementId[] =>
  elements.map((element) => other(userId).run((edit) => edit.create(element)));

describe('the news of a board', () => {
  beforeEach(() => {
    others = new Map();
    mine = createBoard({ doc: new Y.Doc(), userId: 'me' });
    news = new BoardNews();
    mine.onChange((change) => news.take(change, (id) => mine.lastAuthorOf(id), 'me'));
  });

  it('gathers what a person did to one sentence, and begins anew', () => {
    const [moved] = make('ana', at(0, 'ellipse'));
    say();
    make('ana', at(1), at(2), at(3));
    for (const x of [20, 30, 40]) other('ana').run((edit) => edit.setGeometry(moved as ElementId, { ...at(x).geometry }));
    expect(news.isEmpty).toBe(false);
    expect(say()).toBe('Ana drew 3 rectangles and moved an ellipse.');
    expect([news.isEmpty, say()]).toEqual([true, '']);
  });

  it('names what was made by how it is made, and what was deleted, coloured or written in by that', () => {
    make('ana', at(0, 'text'));
    expect(say()).toBe('Ana wrote a text.');
    const [box, gone] = make('ana', at(0, 'checkbox'), at(1, 'checkbox'));
    expect(say()).toBe('Ana drew 2 check boxes.');
    other('ben').run((edit) => edit.setStyle(box as ElementId, 'color', 'red'));
    other('ben').run((edit) => edit.remove([gone as ElementId]));
    expect(say()).toBe('Ben changed a check box and deleted a check box.');
  });

  it('is silent about what I did, here or in another tab, and about what was made and is gone again', () => {
    mine.run((edit) => edit.create(at(0)));
    make('me', at(1));
    const [gone] = make('ana', at(2));
    other('ana').run((edit) => edit.remove([gone as ElementId]));
    expect(say()).toBe('');
  });

  it('what was made and changed since is new', () => {
    const [id] = make('ana', at(2));
    other('ana').run((edit) => edit.setGeometry(id as ElementId, at(50).geometry));
    expect(say()).toBe('Ana drew a rectangle.');
  });

  it('stays one sentence for many deeds and many people', () => {
    make('ana', at(0), at(1), at(2), at(3, 'text'), at(4, 'ellipse'));
    expect(say()).toBe('Ana drew 3 rectangles, and changed 2 other things.');
    for (const userId of ['ana', 'ben', 'zoe']) make(userId, at(1));
    expect(say()).toBe('Ana drew a rectangle; Ben drew a rectangle; Someone drew a rectangle.');
    for (const userId of ['ana', 'ben', 'cleo', 'dan']) make(userId, at(1), at(2));
    expect(say()).toBe('Ana drew 2 rectangles; Ben drew 2 rectangles; 2 others changed 4 things.');
  });

  it('asks for the authors of 200 elements of a change at most', () => {
    const board = other('ana');
    let asked = 0;
    mine.onChange(() => undefined);
    const counting = new BoardNews();
    mine.onChange((change) => counting.take(change, () => ((asked += 1), 'ana'), 'me'));
    board.run((edit) => {
      for (let i = 0; i < 1_000; i += 1) edit.create(at(i));
    });
    expect(asked).toBe(200);
    expect(counting.say(() => 'Ana')).toBe('Ana drew 1,000 rectangles.');
  });
});
