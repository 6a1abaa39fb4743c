import { describe, expect, it } from 'vitest';
import { BoardError } from '../errors.ts';
import { decodeFile } from './file-codec.ts';
import { exportBoard } from './file-export.ts';
import { importBoard } from './file-import.ts';
import { decodeInk } from '../ink/ink.ts';
import { newBoard, plain, box, rectangle, ink, draw, state, look, looks, putUnknown } from '../testing/file-boards.ts';

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof BoardError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('export and import', () => {
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
