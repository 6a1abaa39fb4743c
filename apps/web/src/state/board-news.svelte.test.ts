import { createBoard, type Board, type NewElement } from '@wetink/board';
import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { NewsPace } from '../core/board-news.ts';
import { NewsTeller } from './board-news.svelte.ts';

const box: NewElement = {
  kind: 'rectangle',
  geometry: { x: 0, y: 0, w: 40, h: 30, rotation: 0 },
  style: { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' },
};

let pace: NewsPace;
let waiting: { run: () => void; ms: number }[];
let mine: Board;
let teller: NewsTeller;
let sync: () => void;
let replace: () => void;

/** Another person draws, on a board whose changes arrive here. */
function bobDraws(): void {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(mine.doc));
  const board = createBoard({ doc, userId: 'bob' });
  board.setName('Bob');
  board.run((edit) => edit.create(box));
  Y.applyUpdate(mine.doc, Y.encodeStateAsUpdate(doc), 'network');
}
function pass(): void {
  for (const { run } of waiting.splice(0)) run();
}

describe('the news of others', () => {
  beforeEach(() => {
    pace = 'quick';
    waiting = [];
    mine = createBoard({ doc: new Y.Doc(), userId: 'ana' });
    const session = {
      get board() {
        return mine;
      },
      me: { id: 'ana', name: 'Ana' },
      onReplaced: (callback: (kept: never) => void) => ((replace = () => callback(undefined as never)), () => undefined),
      room: {
        whenSynced: new Promise<void>(() => undefined),
        onSynced: (callback: () => void) => ((sync = callback), () => undefined),
      },
    };
    teller = new NewsTeller(session, {
      pace: () => pace,
      schedule: (run, ms) => {
        const one = { run, ms };
        waiting.push(one);
        return () => void (waiting = waiting.filter((other) => other !== one));
      },
    });
  });

  it('are one sentence per period, however much happens in it, from when the board is up to date', () => {
    bobDraws();
    expect(waiting).toEqual([]);
    sync();
    bobDraws();
    bobDraws();
    expect(waiting.map(({ ms }) => ms)).toEqual([10_000]);
    expect(teller.text).toBe('');
    pass();
    expect(teller.text).toBe('Bob drew 2 rectangles.');
    bobDraws();
    pass();
    expect(teller.text).toBe('Bob drew a rectangle.');
  });

  it('are not gathered while the person wants none, and own work begins no period', () => {
    sync();
    pace = 'off';
    bobDraws();
    mine.run((edit) => edit.create(box));
    pace = 'live';
    mine.run((edit) => edit.create(box));
    expect(waiting).toEqual([]);
    bobDraws();
    expect(waiting.map(({ ms }) => ms)).toEqual([1_000]);
  });

  it('are dropped with the document that they were about: the next one is filled by nobody', () => {
    sync();
    bobDraws();
    replace();
    mine = createBoard({ doc: new Y.Doc(), userId: 'ana' });
    bobDraws();
    expect([waiting.length, teller.text]).toEqual([0, '']);
    sync();
    bobDraws();
    pass();
    expect(teller.text).toBe('Bob drew a rectangle.');
    teller.close();
    sync();
    bobDraws();
    expect(waiting).toEqual([]);
  });
});
