/** Styles: shown while they are being chosen, written as one step, and only to elements that have them. */
import { describe, expect, it } from 'vitest';
import { defaultStyle, type BoardElement, type ElementId, type ElementKind } from '@wetink/board';
import { desk, type Desk } from '../fixtures/desk.ts';
import { emptyBoard, exchange, plain } from '../fixtures/elements.ts';
import { sharedStyle } from './style-fields.ts';

const kinds: readonly Exclude<ElementKind, 'stroke'>[] = ['rectangle', 'ellipse', 'line', 'arrow', 'text'];

/** One of each kind, all selected. */
function everything(d: Desk = desk()): Desk {
  d.drag([
    [100, 100],
    [200, 150],
  ]);
  d.board.run((edit) => {
    for (const kind of kinds)
      edit.create({
        kind,
        geometry: { x: 300, y: 300, w: 90, h: 40, rotation: 0 },
        style: plain,
        ...(kind === 'text' ? { text: 'a' } : {}),
      });
  });
  d.actions.selectAll();
  return d;
}
const styles = (d: Desk): Record<string, BoardElement['style']> =>
  Object.fromEntries(d.board.elements().map(({ kind, style }) => [kind, style]));
/** Counts the updates of the document from now on. */
function writes({ board }: Desk): () => number {
  let count = 0;
  board.doc.on('update', () => (count += 1));
  return () => count;
}
const shown = (d: Desk, id: ElementId | undefined): BoardElement['style'] | undefined =>
  id === undefined ? undefined : d.editor.elementOf(id)?.style;

describe('setting a style', () => {
  it('[S1] D17: a fill is written to rectangles and ellipses only', () => {
    const d = everything();
    d.actions.setStyle({ fill: 'red' });
    const filled = Object.entries(styles(d)).filter(([, { fill }]) => fill === 'red');
    expect(filled.map(([kind]) => kind).sort()).toEqual(['ellipse', 'rectangle']);
  });

  it('[S1] D17: font and font size are written to texts only, a width to everything but texts', () => {
    const d = everything();
    d.actions.setStyle({ font: 'mono', fontSize: 64, width: 9 });
    for (const [kind, style] of Object.entries(styles(d))) {
      expect([kind, style.font === 'mono', style.fontSize === 64]).toEqual([kind, kind === 'text', kind === 'text']);
      expect([kind, style.width === 9]).toEqual([kind, kind !== 'text']);
    }
  });

  it('[S1] D17: setting a style is one step, and no step when no selected element has that part of a style', () => {
    const d = everything();
    d.actions.setStyle({ fill: 'red', font: 'mono' });
    d.board.undo();
    expect(Object.values(styles(d)).some(({ fill, font }) => fill === 'red' || font === 'mono')).toBe(false);
    const line = d.board.elements().find(({ kind }) => kind === 'line');
    d.actions.select(line === undefined ? [] : [line.id]);
    const written = writes(d);
    d.actions.setStyle({ fill: 'blue' });
    expect([written(), styles(d)['line']?.fill]).toEqual([0, 'none']);
  });

  it('[S1] D17: new elements store only the parts of the style that they have', () => {
    const d = desk();
    d.actions.setStyle({ fill: 'red', fontSize: 64, font: 'mono', width: 9, color: 'blue' });
    d.drag([
      [100, 100],
      [200, 150],
    ]);
    for (const kind of ['rectangle', 'line', 'text'] as const) d.actions.placeAtCentre(kind);
    const { stroke, rectangle, line, text } = styles(d);
    expect(stroke).toEqual({ ...defaultStyle, color: 'blue', width: 9 });
    expect(line).toEqual({ ...defaultStyle, color: 'blue', width: 9 });
    expect(rectangle).toEqual({ ...defaultStyle, color: 'blue', width: 9, fill: 'red' });
    expect(text).toEqual({ ...defaultStyle, color: 'blue', fontSize: 64, font: 'mono' });
  });

  it('[S1] D17: the shared style of several elements has equal values, null where they differ, and no part that none of them has', () => {
    const box = { kind: 'rectangle', style: { ...plain, fill: 'red' } } as const;
    const text = { kind: 'text', style: { ...plain, color: 'blue', fill: 'green', width: 20 } } as const;
    expect(sharedStyle([box, text])).toEqual({
      color: null,
      width: 4,
      fill: 'red',
      dash: 'solid',
      corners: 'sharp',
      opacity: 1,
      fontSize: 20,
      font: 'sans',
    });
    expect(sharedStyle([text])).toEqual({ color: 'blue', opacity: 1, fontSize: 20, font: 'sans' });
    expect(sharedStyle([])).toEqual({});
  });
});

describe('a style that is being chosen', () => {
  it('[S2] D16: a style being chosen is shown at once on all elements that have it, and is in no step until it is chosen', () => {
    const d = everything();
    const before = d.board.elements();
    for (const width of [5, 6, 12]) d.actions.previewStyle({ width });
    for (const { id, kind } of before) expect([kind, shown(d, id)?.width]).toEqual([kind, kind === 'text' ? 4 : 12]);
    expect(d.board.elements()).toBe(before);
    d.actions.setStyle({ width: 12 });
    expect([d.editor.state.stylePreview, d.editor.state.style.width]).toEqual([null, 12]);
    d.board.undo();
    for (const { id } of before) expect(shown(d, id)?.width).toBe(4);
    expect(d.board.count).toBe(before.length);
  });

  it('[S2] D16: when a style being chosen is given up, everything looks as before and nothing was written', () => {
    const d = everything();
    const [first] = d.board.elements();
    const written = writes(d);
    d.actions.previewStyle({ opacity: 0.2 });
    expect(shown(d, first?.id)?.opacity).toBe(0.2);
    d.actions.previewStyle(null);
    expect([shown(d, first?.id)?.opacity, d.editor.state.style.opacity]).toEqual([1, 1]);
    expect(written()).toBe(0);
  });

  it('[S2] D16: while a font size is being chosen, the text and its frame grow', () => {
    const d = everything();
    const text = d.board.elements().find(({ kind }) => kind === 'text');
    d.actions.select(text === undefined ? [] : [text.id]);
    const height = (): number => d.editor.selected().frame?.geometry.h ?? 0;
    const before = height();
    d.actions.previewStyle({ fontSize: plain.fontSize * 2 });
    expect(height()).toBeCloseTo(before * 2);
    d.actions.previewStyle(null);
    expect(height()).toBeCloseTo(before);
  });

  it('[S2] D16: changes by a peer are shown beneath a style being chosen, and stay when it is given up', () => {
    const board = emptyBoard('ana', 1);
    const other = emptyBoard('ben', 2);
    const id = board.run((edit) => edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 90, h: 90, rotation: 0 }, style: plain }));
    exchange(board, other);
    const d = desk(board);
    d.actions.select([id]);
    d.actions.previewStyle({ width: 12 });
    other.run((edit) => edit.setGeometry(id, { x: 500, y: 0, w: 90, h: 90, rotation: 0 }));
    other.run((edit) => edit.setStyle(id, 'color', 'red'));
    exchange(board, other);
    expect(d.editor.elementOf(id)).toMatchObject({ geometry: { x: 500 }, style: { color: 'red', width: 12 } });
    d.actions.previewStyle(null);
    expect(d.editor.elementOf(id)).toMatchObject({ geometry: { x: 500 }, style: { color: 'red', width: 4 } });
    other.run((edit) => edit.remove([id]));
    d.actions.previewStyle({ width: 13 });
    exchange(board, other);
    expect(() => d.actions.setStyle({ width: 13 })).not.toThrow();
    expect(d.board.count).toBe(0);
  });

  it('[S2] D16: no style is previewed without a selection or on a read-only board', () => {
    const d = everything();
    d.actions.select([]);
    d.actions.previewStyle({ width: 12 });
    expect(d.editor.state.stylePreview).toBeNull();
    d.actions.selectAll();
    d.editor.setReadOnly(true);
    d.actions.previewStyle({ width: 12 });
    expect(d.editor.state.stylePreview).toBeNull();
    d.editor.setReadOnly(false);
    d.actions.previewStyle({ width: 12 });
    d.editor.setReadOnly(true);
    for (const { id } of d.board.elements()) expect(shown(d, id)?.width).toBe(4);
  });

  it('[S2] D16: a style is previewed on unlocked elements only, and not at all when every selected element is locked', () => {
    const d = everything();
    const [locked, ...others] = d.board.elements();
    if (locked === undefined) throw new Error('the board is empty');
    d.board.run((edit) => edit.setLocked(locked.id, true));
    d.actions.previewStyle({ opacity: 0.2 });
    expect(shown(d, locked.id)?.opacity).toBe(1);
    for (const { id } of others) expect(shown(d, id)?.opacity).toBe(0.2);
    d.actions.previewStyle(null);
    d.actions.select([locked.id]);
    d.actions.previewStyle({ opacity: 0.2 });
    expect([d.editor.state.stylePreview, shown(d, locked.id)?.opacity]).toEqual([null, 1]);
  });
});

describe('placing and copying without a pointer', () => {
  const corners = (d: Desk): string[] =>
    d.board.elements().map(({ id }) => {
      const g = d.editor.elementOf(id)?.geometry;
      return `${Math.round(g?.x ?? 0)} ${Math.round(g?.y ?? 0)}`;
    });

  it.each(['rectangle', 'ellipse', 'line', 'arrow'] as const)(
    '[S3] D18: every %s placed in the middle is visible beside the last one and lies within the view',
    (kind) => {
      for (const zoom of [1, 0.25, 8]) {
        const d = desk();
        d.actions.zoomTo(zoom);
        for (let i = 0; i < 40; i++) d.actions.placeAtCentre(kind);
        expect(new Set(corners(d)).size).toBe(40);
        const { camera } = d.editor.state;
        for (const { geometry } of d.board.elements()) {
          const [x, y] = [(geometry.x + geometry.w / 2 - camera.x) * camera.zoom, (geometry.y + geometry.h / 2 - camera.y) * camera.zoom];
          expect([x > 0 && x < 1000, y > 0 && y < 800]).toEqual([true, true]);
        }
      }
    },
  );

  it('[S3] D18: an ellipse placed after a rectangle, and a text after a text, do not lie exactly on the earlier one', () => {
    const d = desk();
    for (const kind of ['rectangle', 'ellipse', 'rectangle'] as const) d.actions.placeAtCentre(kind);
    expect(new Set(corners(d)).size).toBe(3);
    const texts = desk();
    for (const word of ['one', 'two', 'three']) {
      texts.actions.placeAtCentre('text');
      const id = texts.editor.editing;
      if (id === null) throw new Error('no text is open');
      const text = texts.board.text(id);
      text.edit(0, 0, word);
      text.close();
      texts.actions.escape();
    }
    expect(new Set(corners(texts)).size).toBe(3);
  });

  it('[S3] D18: the copies of an element that is duplicated again and again do not lie exactly on each other', () => {
    const d = everything();
    const ids = d.board.elements().map(({ id }) => id);
    for (let i = 0; i < 5; i++) {
      d.actions.select(ids);
      d.actions.duplicateSelection();
    }
    d.actions.select(ids.slice(0, 1));
    d.actions.duplicateSelection();
    const byKind = d.board.elements().map((element) => {
      const g = d.editor.elementOf(element.id)?.geometry;
      return `${element.kind} ${Math.round(g?.x ?? 0)} ${Math.round(g?.y ?? 0)}`;
    });
    expect(new Set(byKind).size).toBe(byKind.length);
  });

  it('[S3] D18: copies of copies continue in the same direction', () => {
    const d = desk();
    d.actions.placeAtCentre('rectangle');
    d.actions.duplicateSelection();
    d.actions.duplicateSelection();
    const xs = d.board.elements().map(({ geometry }) => geometry.x);
    expect(xs.map((x) => x - (xs[0] ?? 0))).toEqual([0, 16, 32]);
  });
});
