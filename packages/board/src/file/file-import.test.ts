import { describe, expect, it } from 'vitest';
import { openChat } from '../chat/chat.ts';
import { defaultPaper } from '../color/papers.ts';
import { BoardError } from '../errors.ts';
import { decodeFile, decodeFileInSteps, type FileElement } from './file-codec.ts';
import { exportBoard, exportBoardInSteps } from './file-export.ts';
import { importBoard, importElementsInSteps } from './file-import.ts';
import { decodeInk } from '../ink/ink.ts';
import { newBoard, plain, box, rectangle, ink, draw, state, look, looks, putUnknown } from '../testing/file-boards.ts';
import type { Board, ElementId } from '../types.ts';

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
  it('[FI16] in steps: the same file and the same content, as of the call, an element in each step', () => {
    const board = newBoard();
    draw(board, rectangle(1));
    draw(board, { kind: 'stroke', geometry: box(1), style: plain, ink });
    const file = exportBoard(board);

    const writing = exportBoardInSteps(board);
    expect(writing.next().done).toBe(false);
    draw(board, rectangle(2));
    board.setTitle('Later');
    expect(writing.next().done).toBe(false);
    const last = writing.next();
    const parts = last.done === true ? last.value : [];
    expect(Buffer.concat(parts)).toEqual(Buffer.from(file));

    const reading = decodeFileInSteps(file);
    expect([reading.next().done, reading.next().done]).toEqual([false, false]);
    expect(reading.next()).toEqual({ done: true, value: decodeFile(file) });
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

    const before = looks(board) as { elements: object[]; groups: object[] };
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
      groups: [...before.groups, ...(looks(other) as typeof before).groups],
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

  it('[G8] [FI9] groups come along, groups of their own each time; of selected elements only those that are whole', () => {
    const board = newBoard();
    const [a, b, c] = [draw(board, rectangle(1)), draw(board, rectangle(2)), draw(board, rectangle(3))];
    const inner = board.run((edit) => edit.group([a, b]));
    const outer = board.run((edit) => edit.group([inner as ElementId, c]));
    const groupsIn = (file: Uint8Array): unknown => decodeFile(file).elements.map(({ groups }) => groups);
    const file = exportBoard(board);
    expect(groupsIn(file)).toEqual([[1, 2], [1, 2], [1]]);
    expect(groupsIn(exportBoard(board, [a, b]))).toEqual([[1], [1]]);
    expect(groupsIn(exportBoard(board, [b, c]))).toEqual([[], []]);
    const [x, y, z] = importBoard(board, file) as [ElementId, ElementId, ElementId];
    const copied = board.parentOf(x);
    expect([inner, outer]).not.toContain(copied);
    expect([board.parentOf(y), board.parentOf(copied as ElementId)]).toEqual([copied, board.parentOf(z)]);
    expect([...board.membersOf(outer as ElementId)].sort()).toEqual([inner, c].sort());
    board.undo();
    expect(exportBoard(board)).toEqual(file);
  });

  it('[G8] in steps, elements come into the groups that earlier steps made', () => {
    const [board, source] = [newBoard(), newBoard()];
    draw(source, rectangle());
    const group = (n: number): number[] => (n % 2 === 0 ? [1, 2] : n < 400 ? [1] : [1, 3]);
    const [one] = decodeFile(exportBoard(source)).elements as [FileElement];
    const elements = Array.from({ length: 600 }, (_, n) => ({ ...one, groups: group(n) }));
    const steps = importElementsInSteps(board, elements);
    while (steps.next().done !== true);
    expect(decodeFile(exportBoard(board)).elements.map(({ groups }) => groups)).toEqual(elements.map(({ groups }) => groups));
    board.undo();
    expect(board.count).toBe(0);
  });

  it('[G8] lines that disagree about their groups are read all the same', () => {
    const board = newBoard();
    const lines = [[1, 2], [2, 1], [3, 1], [2]].map((groups) => ({ kind: 'rectangle', geometry: [0, 0, 1, 1, 0], groups }));
    const text = [{ format: 'wetink', version: 1, elements: 4 }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
    const [a, b, c, d] = importBoard(board, new TextEncoder().encode(text)) as [ElementId, ElementId, ElementId, ElementId];
    const [inner, outer] = [board.parentOf(a), board.parentOf(b)];
    expect([board.parentOf(d), board.parentOf(c), board.parentOf(inner as ElementId)]).toEqual([inner, outer, outer]);
  });

  it('[FI10] importing a file twice gives every element twice', () => {
    const board = newBoard();
    draw(board, rectangle(1));
    const file = exportBoard(board);
    const ids = [...importBoard(board, file), ...importBoard(board, file)];
    expect(new Set(ids).size).toBe(2);
    expect(board.count).toBe(3);
  });

  it('[FI11] an empty board takes the paper of the file in the same step; another one keeps its own, and unknown values are left out', () => {
    const source = newBoard();
    source.run((edit) => edit.setPaper({ pattern: 'ruled', tone: 'sky' }));
    draw(source, rectangle());
    const file = exportBoard(source);
    expect(decodeFile(file).paper).toEqual({ pattern: 'ruled', tone: 'sky' });
    const fresh = newBoard();
    importBoard(fresh, file);
    expect(fresh.paper).toEqual({ pattern: 'ruled', tone: 'sky' });
    fresh.undo();
    expect([fresh.paper, fresh.count, fresh.canUndo]).toEqual([defaultPaper, 0, false]);
    const used = newBoard();
    draw(used, rectangle());
    importBoard(used, file);
    expect(used.paper).toEqual(defaultPaper);
    const newer = new TextEncoder().encode('{"format":"wetink","version":1,"elements":0,"paper":{"pattern":"isometric","tone":"mint"}}\n');
    expect(decodeFile(newer).paper).toEqual({ pattern: 'dots', tone: 'mint' });
    expect(decodeFile(exportBoard(source, [])).paper).toBeUndefined();
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
    openChat(board).send('secret-chat', 'Ana Secretname');
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
    expect(openChat(copy).messages()).toEqual([]);
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

describe('import in steps', () => {
  const many = (count: number): Board => {
    const board = newBoard();
    board.run((edit) => {
      for (let n = 0; n < count; n++) edit.create(rectangle(n));
    });
    return board;
  };

  it('[FI18] puts what an import puts, in its order, bit by bit, and one press takes all of it back', () => {
    const { elements } = decodeFile(exportBoard(many(1_000)));
    const board = newBoard();
    draw(board, rectangle(-1));
    const steps = importElementsInSteps(board, elements);
    const counts: number[] = [];
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) {
      counts.push(board.count);
      // Somebody goes on drawing meanwhile.
      if (counts.length === 2) draw(board, rectangle(-2));
    }
    expect(counts.length).toBeGreaterThan(2);
    expect(counts[0]).toBeLessThan(500);
    const xs = board.elements().map(({ geometry }) => geometry.x);
    expect(xs.filter((x) => x >= 0)).toEqual(elements.map(({ geometry }) => geometry.x));
    expect(step.value).toEqual(board.elements().flatMap(({ id, geometry }) => (geometry.x >= 0 ? [id] : [])));

    board.undo(); // What was drawn meanwhile is newer.
    expect(board.undo().elements).toHaveLength(1_000);
    expect(board.elements().map(({ geometry }) => geometry.x)).toEqual([-1]);
    expect(board.redo().elements).toHaveLength(1_000);
  });

  it('[FI18] undo in the middle ends it, and redo brings back what was put by then, in its group', () => {
    const from = many(600);
    from.run((edit) => edit.group(from.elements().map(({ id }) => id)));
    const { elements } = decodeFile(exportBoard(from));
    const board = newBoard();
    const steps = importElementsInSteps(board, elements);
    steps.next();
    board.undo();
    expect(board.elements().filter(({ kind }) => kind === 'rectangle')).toEqual([]);
    const last = steps.next();
    expect(last.done).toBe(true);
    board.redo();
    const put = board.elements().filter(({ kind }) => kind === 'rectangle');
    expect(put.map(({ id }) => id)).toEqual(last.value);
    expect(new Set(put.map(({ parent }) => parent)).size).toBe(1);
    expect(put.length).toBeLessThan(600);
  });

  it('[FI18] an outermost group goes into the frame that is named for all of it, however many parts it comes in', () => {
    const from = many(600);
    from.run((edit) => {
      const ids = from.elements().map(({ id }) => id);
      const inner = edit.group(ids.slice(0, 2));
      edit.group([...(inner === null ? [] : [inner]), ...ids.slice(2, 599)]);
    });
    const board = newBoard();
    const frame = board.run((edit) => edit.create({ ...rectangle(0), kind: 'frame' }));
    const asked: number[] = [];
    const steps = importElementsInSteps(board, decodeFile(exportBoard(from)).elements, undefined, (together) => {
      asked.push(together.length);
      return together.length > 1 ? frame : null;
    });
    while (steps.next().done !== true);
    expect(asked.toSorted((a, b) => a - b)).toEqual([1, 599]);
    const put = board.elements().filter(({ kind }) => kind === 'rectangle');
    expect([put.filter((element) => element.frame === frame).length, put.length]).toEqual([599, 600]);
    expect([...board.membersOf(frame)].length).toBe(1);
  });

  it('[FI18] a board that closes in the middle keeps what was put by then', () => {
    const board = newBoard();
    const steps = importElementsInSteps(board, decodeFile(exportBoard(many(600))).elements);
    steps.next();
    const { count } = board;
    board.close();
    expect(codeOf(() => steps.next())).toBe('CLOSED');
    expect(board.doc.getMap('base').size).toBe(count);
  });
});
