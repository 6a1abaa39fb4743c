import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBoard } from '../board.ts';
import { BoardError } from '../errors.ts';
import { decodeFile, encodeFile } from './file-codec.ts';
import { exportBoard } from './file-export.ts';
import { importBoard } from './file-import.ts';
import { decodeInk, encodeInk } from '../ink/ink.ts';
import { shownLine } from '../text/shown-line.ts';
import { arbitraryFile, arbitraryGeometry, arbitraryStyle } from '../testing/arbitrary-file.ts';
import { mulberry32 } from '../testing/pen.ts';
import type { Board, BoardElement, ElementId, NewElement, Style } from '../types.ts';

let seed = 1;
function newBoard(userId = 'ana', doc = new Y.Doc()): Board {
  return createBoard({ doc, userId, now: () => 1_790_000_000_000, random: mulberry32(seed++) });
}
const plain: Style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' };
const box = (x: number): NewElement['geometry'] => ({ x, y: 2, w: 30, h: -4.5, rotation: 0.1 });
const rectangle = (x = 0): NewElement => ({ kind: 'rectangle', geometry: box(x), style: plain });
const ink = encodeInk({ xyp: [1, 2, 0.5, 3, 4, 0.6], hasPressure: true }, 1);
const draw = (board: Board, element: NewElement): ElementId => board.run((edit) => edit.create(element));
const state = (board: Board): Uint8Array => Y.encodeStateAsUpdate(board.doc);

/** The look of an element, without its author, time and id. */
const look = ({ kind, geometry, baseGeometry, style, isLocked, ink: bytes, text }: BoardElement): object => {
  // The box it was created in only matters with ink.
  return { kind, geometry, base: bytes === null && kind !== 'unknown' ? null : baseGeometry, style, isLocked, ink: bytes, text };
};
const looks = (board: Board): object => ({ title: board.title, background: board.background, elements: board.elements().map(look) });

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof BoardError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

/** An element of a newer version, as its client would have written it. */
function putUnknown(board: Board, record: Record<string, unknown>, text = ''): ElementId {
  const id = draw(board, rectangle(7));
  const base = board.doc.getMap<Record<string, unknown>>('base');
  base.set(id, { ...base.get(id), k: 'sticky', ...record });
  if (text !== '') board.doc.getXmlFragment(`t/${id}`).insert(0, [new Y.XmlText(text)]);
  return id;
}

type Act = (board: Board, n: number) => void;
const someId = (board: Board, n: number): ElementId | undefined => board.elements()[n % Math.max(1, board.count)]?.id;
const shapes = ['line', 'arrow', 'rectangle', 'ellipse'] as const;
/** Any action of a person on a board; `n` chooses the target. */
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(arbitraryGeometry, arbitraryStyle).map(
    ([geometry, style]): Act =>
      (board, n) =>
        void draw(board, { kind: shapes[n % 4]!, geometry, style }),
  ),
  fc.tuple(arbitraryGeometry, arbitraryStyle).map(
    ([geometry, style]): Act =>
      (board) =>
        void draw(board, { kind: 'stroke', geometry, style, ink }),
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(
    (text): Act =>
      (board) =>
        void draw(board, { ...rectangle(1), kind: 'text', text }),
  ),
  arbitraryGeometry.map((geometry): Act => (board, n) => {
    const id = someId(board, n);
    if (id !== undefined) board.run((edit) => edit.setGeometry(id, geometry));
  }),
  arbitraryStyle.map((style): Act => (board, n) => {
    const id = someId(board, n);
    if (id !== undefined) board.run((edit) => edit.setStyle(id, 'color', style.color));
  }),
  fc.constantFrom('front', 'back', 'forward', 'backward').map((to): Act => (board, n) => {
    const id = someId(board, n);
    if (id !== undefined) board.run((edit) => edit.reorder([id], to));
  }),
  fc.boolean().map((isLocked): Act => (board, n) => {
    const id = someId(board, n);
    if (id !== undefined) board.run((edit) => edit.setLocked(id, isLocked));
  }),
  fc.constant<Act>((board, n) => {
    const id = someId(board, n);
    if (id !== undefined && n % 3 === 0) board.run((edit) => edit.remove([id]));
  }),
  fc.constant<Act>((board) => void board.undo()),
  fc.constant<Act>(
    (board, n) =>
      void putUnknown(
        board,
        { i: new Uint8Array([n % 256]), rows: [[n, null], { deep: -0 }], y: { color: 'red', glow: 3 } },
        n % 2 ? 'note' : '',
      ),
  ),
  fc.string({ maxLength: 10 }).map(
    (title): Act =>
      (board) =>
        board.setTitle(title),
  ),
  arbitraryStyle.map(
    (style): Act =>
      (board) =>
        board.setBackground(style.color),
  ),
);

describe('export and import', () => {
  it('[FI9] after export and import a new board shows the same, whatever people did', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyAct, fc.nat(1000)), { maxLength: 25 }), (acts) => {
        const board = newBoard();
        for (const [act, n] of acts) act(board, n);
        const file = exportBoard(board);
        const copy = newBoard('ben');
        expect(importBoard(copy, file)).toEqual(copy.elements().map((element) => element.id));
        expect(looks(copy)).toEqual(looks(board));
        expect(exportBoard(copy)).toEqual(file);
        // Also on another person's screen, and after a reload.
        const other = newBoard('cleo');
        Y.applyUpdate(other.doc, state(copy));
        expect(looks(other)).toEqual(looks(copy));
      }),
      { seed: 4, numRuns: 80 },
    );
  });

  it('[FI9] any file is shown exactly, and can be saved again byte for byte', () => {
    fc.assert(
      fc.property(arbitraryFile, (content) => {
        // A title is one visible line; any other title is shown and saved as one.
        const title = shownLine(content.title ?? '').trim();
        const file = encodeFile({ ...content, title, background: content.background ?? 'white' });
        const board = newBoard();
        importBoard(board, file);
        expect(Buffer.from(exportBoard(board)).toString()).toEqual(Buffer.from(file).toString());
      }),
      { seed: 5, numRuns: 80 },
    );
  });

  it('[FI10] onto a board with elements: new ids on top, one update, one step; the rest stays', () => {
    const board = newBoard();
    board.setTitle('Mine');
    const first = draw(board, rectangle(1));
    const moved = draw(board, { kind: 'stroke', geometry: box(1), style: plain, ink });
    board.run((edit) => edit.setGeometry(moved, box(50)));
    putUnknown(board, { rows: [1] });
    const other = newBoard();
    importBoard(other, exportBoard(board));
    other.setTitle('Theirs');
    other.setBackground('yellow');
    const file = exportBoard(other);

    const before = looks(board) as { elements: object[] };
    const updates: Uint8Array[] = [];
    let changes = 0;
    board.doc.on('update', (update: Uint8Array) => updates.push(update));
    const stop = board.onChange((change) => {
      changes += 1;
      expect(change.added.length).toBe(3);
    });
    const ids = importBoard(board, file);
    expect([updates.length, changes]).toEqual([1, 1]);
    stop();
    expect(ids).toEqual(
      board
        .elements()
        .slice(3)
        .map((element) => element.id),
    );
    expect(looks(board)).toEqual({
      title: 'Mine',
      background: 'white',
      elements: [...before.elements, ...(looks(other) as typeof before).elements],
    });
    expect(board.elements()[0]!.id).toBe(first);
    expect(
      board
        .elements()
        .slice(3)
        .every((element) => element.author === 'ana'),
    ).toBe(true);
    expect(board.undo().elements.length).toBe(3);
    expect(looks(board)).toEqual(before);
    expect(board.redo().isDone).toBe(true);
    expect(board.elements().slice(3).map(look)).toEqual(other.elements().map(look));
  });

  it('[FI10] importing a file twice gives every element twice', () => {
    const board = newBoard();
    draw(board, rectangle(1));
    const file = exportBoard(board);
    const ids = [...importBoard(board, file), ...importBoard(board, file)];
    expect(new Set(ids).size).toBe(2);
    expect(board.count).toBe(3);
  });

  it('[FI11] an empty board takes title and background of the file, but keeps a title of its own', () => {
    const source = newBoard();
    source.setTitle('Plan');
    source.setBackground('blue');
    draw(source, rectangle());
    const file = exportBoard(source);
    const named = newBoard();
    named.setTitle('Team');
    importBoard(named, file);
    expect([named.title, named.background]).toEqual(['Team', 'blue']);
    const selection = exportBoard(
      source,
      source.elements().map((element) => element.id),
    );
    expect(decodeFile(selection)).toMatchObject({ title: null, background: null, elements: [{ kind: 'rectangle' }] });
    const fresh = newBoard();
    importBoard(fresh, selection);
    expect([fresh.title, fresh.background, fresh.count]).toEqual(['', 'white', 1]);
    expect(decodeFile(exportBoard(source, [])).elements).toEqual([]);
  });

  it('[FI12] a file holds no chat, undo history, people or deleted elements', () => {
    const board = newBoard('user-secret-1');
    board.setName('Ana Secretname');
    board.chat.send('secret-chat', 'Ana Secretname');
    const gone = draw(board, { ...rectangle(), kind: 'text', text: 'secret-deleted' });
    board.run((edit) => edit.remove([gone]));
    draw(board, { ...rectangle(), kind: 'text', text: 'secret-undone' });
    board.undo();
    draw(board, rectangle());
    const file = new TextDecoder().decode(exportBoard(board));
    expect(file).not.toContain('ecret');
    expect(file).not.toContain(board.session);
    const copy = newBoard();
    importBoard(copy, exportBoard(board));
    expect(copy.chat.messages()).toEqual([]);
    copy.undo();
    expect([copy.count, copy.canUndo]).toEqual([0, false]);
  });

  it('[FI13] importing a broken, hostile, newer or too large file changes nothing', () => {
    const board = newBoard();
    draw(board, rectangle());
    const good = exportBoard(board);
    const lines = new TextDecoder().decode(good).split('\n');
    const broken = [
      good.subarray(0, good.length - 3),
      new Uint8Array([1, 2, 3]),
      new TextEncoder().encode(
        `${lines[0]!.replace('"elements":1', '"elements":2')}\n${lines[1]}\n{"kind":"line","geometry":[0,0,1e99,0,0]}\n`,
      ),
      new TextEncoder().encode('{"format":"wetink","version":7}\n'),
      new Uint8Array(129 * 1024 * 1024),
    ];
    const before = state(board);
    let changes = 0;
    board.onChange(() => (changes += 1));
    board.onMeta(() => (changes += 1));
    expect(broken.map((bytes) => codeOf(() => importBoard(board, bytes)))).toEqual([
      'BAD_FILE',
      'BAD_FILE',
      'BAD_FILE',
      'FILE_TOO_NEW',
      'TOO_LARGE',
    ]);
    expect(state(board)).toEqual(before);
    expect(changes).toBe(0);
  });

  it('[FI13] importing to a board that can’t be written to changes nothing', () => {
    const file = exportBoard(newBoard());
    const source = newBoard();
    draw(source, rectangle());
    const tooNew = newBoard();
    tooNew.doc.getMap('meta').set('minReader', 99);
    const before = state(tooNew);
    expect(codeOf(() => importBoard(tooNew, file))).toBe('TOO_NEW');
    expect(codeOf(() => importBoard(tooNew, exportBoard(source)))).toBe('TOO_NEW');
    expect(state(tooNew)).toEqual(before);
    source.close();
    expect(codeOf(() => importBoard(source, file))).toBe('CLOSED');
    const inRun = newBoard();
    const withUnknown = newBoard();
    putUnknown(withUnknown, {});
    expect(() => inRun.run(() => importBoard(inRun, exportBoard(withUnknown)))).toThrow(RangeError);
    expect(inRun.count).toBe(0);
  });

  it('[FI14] an element of a newer version keeps everything, also its own style and text', () => {
    const board = newBoard();
    const id = putUnknown(
      board,
      { i: new Uint8Array([1, 2]), links: [{ to: 'x', at: Number.NaN }], y: { color: 'red', glow: 3 } },
      'to do',
    );
    board.run((edit) => {
      edit.setGeometry(id, box(99));
      edit.setStyle(id, 'color', 'blue');
    });
    const copy = newBoard();
    const [copied] = importBoard(copy, exportBoard(board));
    const record = copy.doc.getMap<Record<string, unknown>>('base').get(copied!);
    expect(record).toMatchObject({
      k: 'sticky',
      i: new Uint8Array([1, 2]),
      links: [{ to: 'x', at: Number.NaN }],
      y: { color: 'blue', glow: 3 },
    });
    expect(copy.elements().map(look)).toEqual(board.elements().map(look));
    expect(copy.doc.getXmlFragment(`t/${copied!}`).toString()).toBe('to do');
  });

  it('[FI14] a peer’s malformed element never prevents saving the rest', () => {
    const board = newBoard();
    draw(board, rectangle());
    const bad = draw(board, { kind: 'stroke', geometry: box(0), style: plain, ink: new Uint8Array([1, 59, 200]) });
    putUnknown(board, { n: undefined, weird: [[[[new Uint8Array(2)]]]], k: '__proto__' });
    expect(() => decodeInk(board.get(bad)!.ink!)).toThrow(BoardError);
    const copy = newBoard();
    expect(importBoard(copy, exportBoard(board)).length).toBe(2);
  });
});
