import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { readImage } from '../document/image-record.ts';
import { encodeFile, type FileElement } from './file-codec.ts';
import { exportBoard } from './file-export.ts';
import { imagesInFile } from './file-images.ts';
import { importBoard } from './file-import.ts';
import { arbitraryFile, arbitraryFileWithFrames, arbitraryGeometry, arbitraryImage, arbitraryStyle } from '../testing/arbitrary-file.ts';
import { newBoard, ink, draw, rectangle, state, looks, putUnknown } from '../testing/file-boards.ts';
import { shownLine } from '../text/shown-line.ts';
import type { Board, ElementId } from '../types.ts';

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
  fc.tuple(arbitraryGeometry, arbitraryImage).map(
    ([geometry, image]): Act =>
      (board) =>
        void draw(board, { ...rectangle(), kind: 'image', geometry, image }),
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((alt): Act => (board, n) => {
    const id = someId(board, n);
    if (id !== undefined) board.run((edit) => edit.setAlt(id, alt));
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
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text): Act => (board, n) => {
    const ids = [someId(board, n), someId(board, n + 1)].filter((id) => id !== undefined);
    board.run((edit) => {
      if (n % 4 === 0) ids.forEach((id) => edit.setTitle(id, text));
      else edit.setParent(ids, edit.create({ ...rectangle(n), kind: 'frame', text }));
    });
  }),
  fc.constant<Act>((board, n) => {
    const ids = [someId(board, n), someId(board, n + 1)].filter((id) => id !== undefined);
    const group = n % 2 === 0 ? board.parentOf(ids[0] ?? ('' as ElementId)) : null;
    board.run((edit) => (n % 5 === 0 ? edit.ungroup(group === null ? [] : [group]) : edit.group(group === null ? ids : [...ids, group])));
  }),
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

/** The elements as a file holds them: the bytes of an image with the first that shows it. */
function withDataFirst(elements: readonly FileElement[], images: ReadonlyMap<string, Uint8Array>): FileElement[] {
  const left = new Map(images);
  return elements.map((element) => {
    const hash = element.kind === 'image' ? (readImage(element.raw?.m)?.hash ?? '') : '';
    const data = left.get(hash) ?? null;
    left.delete(hash);
    return { ...element, data };
  });
}

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

  it('[FI9] any file with frames is shown whole, whatever its frames claim to hold, and what it becomes is saved exactly', () => {
    fc.assert(
      fc.property(arbitraryFileWithFrames, (content) => {
        const board = newBoard();
        importBoard(board, encodeFile({ ...content, title: null }));
        expect(board.count).toBe(content.elements.length);
        const file = exportBoard(board);
        const copy = newBoard('ben');
        importBoard(copy, file);
        expect(looks(copy)).toEqual(looks(board));
        expect(Buffer.from(exportBoard(copy)).toString()).toEqual(Buffer.from(file).toString());
      }),
      { seed: 6, numRuns: 80 },
    );
  });

  it('[FI9] any file is shown exactly, and can be saved again byte for byte', () => {
    fc.assert(
      fc.property(arbitraryFile, (content) => {
        // A title is one visible line; any other title is shown and saved as one.
        const title = shownLine(content.title ?? '').trim();
        const images = new Map(imagesInFile(content).flatMap(({ image, data }) => (data === null ? [] : [[image.hash, data] as const])));
        const elements = withDataFirst(content.elements, images);
        const file = encodeFile({ ...content, elements, title, background: content.background ?? 'white' });
        const board = newBoard();
        importBoard(board, file);
        expect(Buffer.from(exportBoard(board, undefined, images)).toString()).toEqual(Buffer.from(file).toString());
      }),
      { seed: 5, numRuns: 80 },
    );
  });
});
