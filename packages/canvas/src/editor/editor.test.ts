import { describe, expect, it } from 'vitest';
import { encodeWet, type ElementId } from '@wetink/board';
import { desk } from '../fixtures/desk.ts';
import { emptyBoard, exchange, plain } from '../fixtures/elements.ts';

describe('editor', () => {
  it('[T1] a stroke is one step, and its record has the gesture id of its wet ink', () => {
    const d = desk();
    d.drag([
      [10, 10],
      [50, 30],
      [90, 10],
    ]);
    const [stroke] = d.board.elements();
    expect(d.board.count).toBe(1);
    expect(stroke?.kind).toBe('stroke');
    expect(d.sent.length).toBeGreaterThan(0);
    expect(d.sent.at(-1)?.isEnd).toBe(true);
    expect(new Set(d.sent.map((message) => message.gesture))).toEqual(new Set([stroke?.gesture]));
    expect(d.editor.state.isBusy).toBe(false);
    d.board.undo();
    expect(d.board.count).toBe(0);
    expect(d.board.canUndo).toBe(false);
  });

  it('[T2] a tap with the pen makes a dot', () => {
    const d = desk();
    d.drag([[20, 20]]);
    expect(d.board.elements()[0]?.geometry).toMatchObject({ x: 20, y: 20, w: 0, h: 0 });
  });

  it('a stroke is drawn under the pointer at any camera', () => {
    const d = desk();
    d.actions.setCamera({ x: 1000, y: -500, zoom: 4 });
    d.drag([
      [0, 0],
      [400, 400],
    ]);
    expect(d.board.elements()[0]?.geometry).toMatchObject({ x: 1000, y: -500, w: 100, h: 100 });
  });

  it('[T3] [I1] two fingers that land together leave no mark', () => {
    const d = desk();
    d.press(100, 100, 1, 'touch');
    d.move(105, 100, 1, 'touch');
    d.press(300, 100, 2, 'touch');
    d.move(400, 100, 2, 'touch');
    d.lift(400, 100, 2, 'touch');
    d.lift(105, 100, 1, 'touch');
    expect(d.board.count).toBe(0);
    expect(d.editor.state.camera.zoom).toBeGreaterThan(1);
    expect(d.sent.at(-1)).toMatchObject({ isEnd: true, payload: new Uint8Array(0) });
  });

  it('[T20] what is drawn or dragged when the page goes is kept as one step, and a press that shows nothing yet leaves nothing', () => {
    const d = desk();
    const { editor, board } = d;
    const going = (tool: Parameters<typeof editor.setTool>[0], ...[first, ...rest]: (readonly [number, number])[]): void => {
      editor.setTool(tool);
      d.press(...(first ?? [0, 0]));
      for (const [x, y] of rest) d.move(x, y);
      editor.keepGesture();
    };
    going('pen', [100, 100], [103, 100]);
    expect(board.elements().map(({ kind }) => kind)).toEqual(['stroke']);
    // The pointer is still down: it draws no more, and nothing comes twice.
    d.move(300, 300);
    d.lift(300, 300);
    editor.keepGesture();
    expect([board.count, board.elements()[0]?.geometry.w]).toEqual([1, 3]);
    going('rectangle', [200, 200], [260, 240]);
    d.lift(260, 240);
    going('select', [245, 200], [275, 230]);
    d.lift(275, 230);
    expect(board.elements()[1]?.geometry).toMatchObject({ x: 230, y: 230, w: 60, h: 40 });
    going('eraser', [90, 100], [110, 100]);
    d.lift(110, 100);
    expect(board.elements().map(({ kind }) => kind)).toEqual(['rectangle']);
    for (const count of [2, 2, 1, 0]) {
      board.undo();
      expect(board.count).toBe(count);
    }
    going('text', [500, 500]);
    expect([board.count, d.edits]).toEqual([0, []]);
  });

  it('[T3] a stroke is committed when another tool is chosen before the pen lifts', () => {
    const d = desk();
    d.press(100, 100, 1, 'pen');
    for (let i = 1; i <= 30; i++) d.move(100 + i * 5, 100, 1, 'pen');
    d.actions.setTool('eraser');
    expect(d.board.count).toBe(1);
    expect(d.sent.at(-1)).toMatchObject({ isEnd: true });
    d.move(300, 100, 1, 'pen');
    d.lift(300, 100, 1, 'pen');
    expect([d.board.count, d.editor.state.isBusy, d.editor.preview()]).toEqual([1, false, null]);
    d.board.undo();
    expect(d.board.count).toBe(0);
  });

  it('[T3] a stroke is committed to the new board when the board is replaced before the pen lifts, unless that is read-only', () => {
    for (const isReadOnly of [false, true]) {
      const d = desk();
      const other = emptyBoard('ana', 9);
      d.press(100, 100);
      for (let i = 1; i <= 30; i++) d.move(100 + i * 5, 100);
      d.board.close();
      d.editor.setReadOnly(false);
      if (isReadOnly) other.doc.getMap('meta').set('minReader', 2);
      d.editor.setBoard(other);
      expect([other.count, d.board.count]).toEqual([isReadOnly ? 0 : 1, 0]);
      d.lift(300, 100);
      expect(d.editor.preview()).toBeNull();
    }
  });

  it('[T5] the eraser removes everything its drag touched in one step', () => {
    const d = desk();
    for (const y of [100, 200, 300])
      d.drag([
        [50, y],
        [150, y],
      ]);
    d.actions.setTool('eraser');
    d.drag([
      [100, 50],
      [100, 220],
    ]);
    expect(d.board.count).toBe(1);
    d.board.undo();
    expect(d.board.count).toBe(3);
  });

  it('[T9] a remote change ends no gesture: a stroke goes on, and a move of an element that a peer removed ends without an error', () => {
    const mine = emptyBoard('ana', 1);
    const theirs = emptyBoard('ben', 2);
    const d = desk(mine);
    d.drag([
      [50, 50],
      [150, 50],
    ]);
    exchange(mine, theirs);
    const [id] = theirs.elements().map((element) => element.id);
    if (id === undefined) throw new Error('nothing arrived');
    d.actions.setTool('select');
    d.press(100, 50);
    d.move(120, 90);
    theirs.run((edit) => edit.remove([id]));
    exchange(mine, theirs);
    expect(d.editor.preview()?.kind).toBe('move');
    expect(d.editor.elementOf(id)?.id).toBe(id);
    d.move(140, 120);
    d.lift(140, 120);
    expect(mine.count).toBe(0);

    d.actions.setTool('pen');
    d.press(10, 10);
    d.move(60, 60);
    theirs.run((edit) => edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 9, h: 9, rotation: 0 }, style: plain }));
    exchange(mine, theirs);
    d.move(90, 60);
    d.lift(90, 60);
    expect(
      mine
        .elements()
        .map((element) => element.kind)
        .sort(),
    ).toEqual(['rectangle', 'stroke']);
  });

  it('[W2] [W3] a stroke of a peer is wet until its record arrives, whether wet ink or record comes first', () => {
    const mine = emptyBoard('ana', 1);
    const theirs = emptyBoard('ben', 2);
    const d = desk(mine);
    const gesture = theirs.nextGesture();
    const payload = encodeWet({ kind: 'stroke', style: plain, hasPressure: false, xyp: Float64Array.of(0, 0, 0.5, 9, 9, 0.5) }, 1);
    d.editor.receiveWet({ clientId: 7, gesture, index: 0, isEnd: false, payload });
    expect(d.editor.wet.isEmpty).toBe(false);
    theirs.run((edit) => edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 9, h: 9, rotation: 0 }, style: plain, gesture }));
    exchange(mine, theirs);
    expect(d.editor.wet.isEmpty).toBe(true);
    d.editor.receiveWet({ clientId: 7, gesture, index: 2, isEnd: true, payload });
    expect(d.editor.wet.isEmpty).toBe(true);
  });

  it('[T10] a click of the text tool makes a text and opens it; its box follows the typing without a write of its own', () => {
    const d = desk();
    d.actions.setTool('text');
    d.drag([[200, 200]]);
    const id = d.edits.at(-1)?.id;
    if (id === undefined) throw new Error('nothing was opened');
    expect(d.editor.editing).toBe(id);
    const text = d.board.text(id);
    text.edit(0, 0, 'Hello\nworld');
    expect(d.editor.scene.get(id)?.geometry.h).toBe(60);
    const width = d.editor.scene.get(id)?.geometry.w ?? 0;
    text.edit(11, 0, ', and more');
    expect(d.editor.scene.get(id)?.geometry.w).toBeGreaterThan(width);
    d.press(700, 700);
    expect(d.edits.at(-1)).toBeNull();
    text.close();
    d.lift(700, 700);
    expect(d.board.count).toBe(1);
    d.board.undo();
    expect(d.board.count).toBe(0);
  });

  it('[T10] E4: a pasted text is placed in the middle of the view, selected, as one step', () => {
    const d = desk();
    d.actions.setTool('pen');
    d.actions.putText('two\nboats');
    const [text] = d.board.elements();
    expect([d.board.count, text?.kind, text?.text]).toEqual([1, 'text', 'two\nboats']);
    expect(d.editor.state.selection).toEqual([text?.id]);
    const shown = d.editor.selected().elements[0]?.geometry;
    expect((shown?.x ?? 0) + (shown?.w ?? 0) / 2).toBeCloseTo(500);
    expect((shown?.y ?? 0) + (shown?.h ?? 0) / 2).toBeCloseTo(400);
    // The next pasted text does not hide it.
    d.actions.putText('two\nboats');
    expect(d.editor.selected().elements[0]?.geometry.x).not.toBeCloseTo(shown?.x ?? 0);
    d.board.undo();
    expect(d.board.count).toBe(1);
  });

  it('[T10] E4: a dropped text begins where it was dropped; the beginning of a text larger than the view is in view', () => {
    const d = desk();
    d.actions.setCamera({ x: 100, y: 100, zoom: 2 });
    d.actions.putText('here', { x: 300, y: 200 });
    expect(d.editor.selected().elements[0]?.geometry).toMatchObject({ x: 250 });
    d.actions.putText('long '.repeat(2000));
    const { x, y } = d.editor.selected().elements[0]?.geometry ?? { x: 0, y: 0 };
    expect(x).toBeGreaterThan(100);
    expect(x).toBeLessThan(200);
    expect(y).toBeGreaterThan(100);
    expect(y).toBeLessThan(500);
  });

  it('[T11] E4: no text can be pasted onto a read-only board', () => {
    const d = desk(emptyBoard(), { isReadOnly: true });
    d.actions.putText('no');
    expect(d.board.count).toBe(0);
  });

  it('[T11] nothing on a read-only board can be changed, by pointer or by key', () => {
    const board = emptyBoard();
    const id = board.run((edit) => edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 90, h: 90, rotation: 0 }, style: plain }));
    const d = desk(board, { isReadOnly: true });
    const before = board.elements();
    for (const tool of ['pen', 'rectangle', 'text', 'eraser', 'select'] as const) {
      d.actions.setTool(tool);
      d.drag([
        [0, 40],
        [60, 90],
      ]);
    }
    d.actions.select([id]);
    d.actions.nudge(5, 5);
    d.actions.deleteSelection();
    d.actions.duplicateSelection();
    d.actions.placeAtCentre('ellipse');
    d.actions.setStyle({ color: 'red' });
    expect(board.elements()).toBe(before);
  });

  it('after drawing a shape the tool is `select`, with the new shape selected, unless the tool is kept', () => {
    const d = desk();
    d.actions.setTool('rectangle');
    d.drag([
      [100, 100],
      [200, 200],
    ]);
    expect(d.editor.state).toMatchObject({ tool: 'select', selection: [d.board.elements()[0]?.id] });
    d.actions.setToolKept(true);
    d.actions.setTool('ellipse');
    d.drag([
      [300, 300],
      [400, 400],
    ]);
    expect(d.editor.state).toMatchObject({ tool: 'ellipse', selection: [] });
  });

  it('each press of Escape ends one thing: the gesture, the open text, the selection, then the tool', () => {
    const d = desk();
    d.press(10, 10);
    d.move(60, 60);
    d.actions.escape();
    d.lift(60, 60);
    expect(d.board.count).toBe(0);
    d.actions.placeAtCentre('text');
    expect(d.editor.editing).not.toBeNull();
    d.actions.escape();
    expect(d.editor.editing).toBeNull();
    expect(d.editor.state.selection).toHaveLength(1);
    d.actions.escape();
    expect(d.editor.state.selection).toHaveLength(0);
    d.actions.setTool('arrow');
    d.actions.escape();
    expect(d.editor.state.tool).toBe('select');
  });

  it('duplicates of moved and scaled elements lie beside where those are shown, and are one step', () => {
    const d = desk();
    d.drag([
      [10, 10],
      [110, 60],
    ]);
    const [original] = d.board.elements();
    if (original === undefined) throw new Error('nothing drawn');
    d.board.run((edit) => edit.setGeometry(original.id, { x: 300, y: 300, w: 200, h: 100, rotation: 0 }));
    d.actions.setTool('select');
    d.actions.select([original.id]);
    d.actions.duplicateSelection();
    const copy = d.board.elements()[1];
    expect(copy?.geometry).toMatchObject({ x: 316, y: 316, w: 200, h: 100 });
    expect(copy?.baseGeometry).toEqual(copy?.geometry);
    expect(d.editor.state.selection).toEqual([copy?.id]);
    d.board.undo();
    expect(d.board.count).toBe(1);
    expect(d.editor.state.selection).toEqual([]);
  });

  it('[T12] elements of a newer version can be neither selected nor changed', () => {
    const board = emptyBoard();
    const id = board.run((edit) =>
      edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 90, h: 90, rotation: 0 }, style: { ...plain, fill: 'red' } }),
    );
    board.run((edit) => edit.setLocked(id, true));
    const d = desk(board);
    d.actions.setTool('eraser');
    d.drag([
      [10, 10],
      [80, 80],
    ]);
    d.actions.selectAll();
    expect(d.editor.state.selection).toEqual([]);
    d.actions.select([id]);
    d.actions.deleteSelection();
    expect(board.count).toBe(1);
  });

  it('[T13] Tab selects element after element in reading order, brings each into view, and stops at the last and the first', () => {
    const d = desk();
    const make = (x: number, y: number): ElementId =>
      d.board.run((edit) => edit.create({ kind: 'rectangle', geometry: { x, y, w: 20, h: 20, rotation: 0 }, style: plain }));
    const [low, first, right] = [make(0, 3000), make(0, 0), make(9000, 5)];
    const ids = [first, right, low];
    const walk = (direction: 1 | -1): unknown[] =>
      ids.map(() => {
        const stop = d.actions.selectNext(direction);
        const [id] = d.editor.state.selection;
        expect(stop).toEqual({ ids: [id], place: ids.indexOf(id as ElementId) + 1, count: 3 });
        const { x, y } = d.board.get(id as ElementId)?.geometry ?? { x: NaN, y: NaN };
        const { camera, tool } = d.editor.state;
        expect(tool).toBe('select');
        expect(x - camera.x).toBeGreaterThanOrEqual(0);
        expect(x + 20 - camera.x).toBeLessThanOrEqual(1000);
        expect(y - camera.y).toBeGreaterThanOrEqual(0);
        expect(y + 20 - camera.y).toBeLessThanOrEqual(800);
        return id;
      });
    expect(walk(1)).toEqual(ids);
    expect(d.actions.selectNext(1)).toBe(false);
    expect(d.editor.state.selection).toEqual([ids[2]]);
    d.actions.select([]);
    expect(walk(-1)).toEqual([...ids].reverse());
    expect(d.actions.selectNext(-1)).toBe(false);
    expect(desk().actions.selectNext(1)).toBe(false);
    // On a page that is read from the right.
    d.actions.select([]);
    d.actions.selectNext(1, { from: 'right' });
    expect(d.editor.state.selection).toEqual([right]);
    // Deselected, it goes on from where it was; where that is gone, from the beginning.
    d.actions.select([]);
    d.actions.selectNext(1, { after: first });
    expect(d.editor.state.selection).toEqual([right]);
    d.actions.select([]);
    d.board.run((edit) => edit.remove([right]));
    d.actions.selectNext(1, { after: right });
    expect(d.editor.state.selection).toEqual([first]);
  });

  it('[T13] what lies in a frame follows its frame', () => {
    const d = desk();
    const make = (kind: 'frame' | 'ellipse', x: number, y: number, w: number): ElementId =>
      d.board.run((edit) => edit.create({ kind, geometry: { x, y, w, h: w, rotation: 0 }, style: plain }));
    const [below, inside, frame] = [make('ellipse', 500, 40, 20), make('ellipse', 50, 150, 20), make('frame', 0, 0, 300)];
    d.board.run((edit) => edit.setParent([inside], frame));
    const walked = [1, 2, 3].map(() => (d.actions.selectNext(1), d.editor.state.selection[0]));
    expect(walked).toEqual([frame, inside, below]);
  });

  it('[C5] M11: the state says when no part of the drawing is in view, but not for an empty board', () => {
    const d = desk();
    const isFar = (): boolean => d.editor.state.isFarFromDrawing;
    d.actions.panBy(-5000, 0);
    expect(isFar()).toBe(false);
    d.actions.panBy(5000, 0);
    d.drag([
      [100, 100],
      [200, 150],
    ]);
    expect(isFar()).toBe(false);
    d.actions.panBy(-150, 0);
    expect(isFar()).toBe(false);
    d.actions.panBy(-150, 0);
    expect(isFar()).toBe(true);
    d.actions.zoomToFit();
    expect(isFar()).toBe(false);
    d.editor.setSize({ width: 20, height: 20 });
    expect(isFar()).toBe(true);
    d.editor.setSize({ width: 1000, height: 800 });
    d.actions.panBy(0, -3000);
    expect(isFar()).toBe(true);
    d.board.undo();
    expect([d.board.count, isFar()]).toEqual([0, false]);
    d.board.redo();
    expect(isFar()).toBe(true);
    d.editor.setBoard(emptyBoard('ana', 9));
    expect(isFar()).toBe(false);
  });

  it('another board can replace the shown one', () => {
    const d = desk();
    d.drag([
      [10, 10],
      [90, 90],
    ]);
    const other = emptyBoard('ana', 9);
    other.run((edit) => edit.create({ kind: 'ellipse', geometry: { x: 0, y: 0, w: 9, h: 9, rotation: 0 }, style: plain }));
    d.press(10, 10);
    d.move(14, 10); // Too little of a stroke to go along.
    d.editor.setBoard(other);
    d.lift(50, 50);
    expect(d.editor.scene.size).toBe(1);
    d.drag([
      [10, 10],
      [90, 90],
    ]);
    expect(other.count).toBe(2);
    expect(d.board.count).toBe(1);
  });

  it('[T12] locking locks all of a selection, unlocks it if all of it is locked, and is one step', () => {
    const d = desk();
    d.actions.placeAtCentre('rectangle');
    d.actions.placeAtCentre('ellipse');
    d.actions.selectAll();
    const [first] = d.editor.state.selection;
    const locked = (): boolean[] => d.board.elements().map(({ isLocked }) => isLocked);
    d.board.run((edit) => edit.setLocked(first as ElementId, true));
    d.actions.lockSelection();
    expect(locked()).toEqual([true, true]);
    d.actions.nudge(10, 0);
    d.actions.deleteSelection();
    expect(locked()).toEqual([true, true]);
    d.actions.lockSelection();
    expect(locked()).toEqual([false, false]);
    d.board.undo();
    expect(locked()).toEqual([true, true]);
    d.editor.setReadOnly(true);
    d.actions.lockSelection();
    expect(locked()).toEqual([true, true]);
  });
});
