/** Cards of files: what they show, how they are hit and opened, and when they are painted again. */
import { noFrames } from '../fixtures/scene-of.ts';
import { describe, expect, it } from 'vitest';
import type { AttachedFile, BoardElement } from '@wetink/board';
import { drawableOf } from '../draw/drawable.ts';
import { paintElements } from '../draw/low-detail.ts';
import { paintDrawable } from '../draw/paint.ts';
import { duplicate } from '../editor/commit.ts';
import { copyGroups } from '../grouping.ts';
import { renderSvg } from '../export/svg.ts';
import { desk } from '../fixtures/desk.ts';
import { emptyBoard, shape } from '../fixtures/elements.ts';
import { createRecording } from '../fixtures/recording-context.ts';
import { drive } from '../fixtures/tool-driver.ts';
import { geometryBox, boxesTouch } from '../geometry.ts';
import { isCrossed, isHit } from '../hit-test.ts';
import { selectTool } from '../tools/select.ts';
import { frameOf } from '../frame.ts';
import { arrangeCards } from './arrange-cards.ts';
import { followFiles } from './follow-files.ts';
import { shortenMiddle } from '../draw/file-card.ts';
import { fileProgressText, fileSizeText } from './file-size.ts';
import { plainFile, type ShownFile } from './shown-files.ts';

const plan: AttachedFile = { hash: 'a'.repeat(64), type: 'application/pdf', bytes: 3_000_000, name: 'plan.pdf' };
const card = (file: AttachedFile = plan, patch: Partial<BoardElement['geometry']> = {}): BoardElement =>
  shape('file', { x: 100, y: 50, w: 240, h: 64, ...patch }, { file });

function texts(element: BoardElement, shown: ShownFile = plainFile): string[] {
  const { context, calls } = createRecording(400, 400);
  paintDrawable(context, drawableOf(element), { theme: 'light', files: { find: () => shown, onChange: () => () => undefined } });
  return calls.filter(({ name }) => name === 'fillText').map(({ args }) => String(args[0]));
}

describe('the card of a file', () => {
  it('[FC1] a card shows the sign of its kind, its name and its size, or the line of the host', () => {
    expect(texts(card())).toEqual(['PDF', 'plan.pdf', '2.9 MB']);
    expect(texts(card(), { ...plainFile, line: '1 of 3 MB', progress: 0.3 })).toEqual(['PDF', 'plan.pdf', '1 of 3 MB']);
    expect(texts(card({ ...plan, name: '', type: '' }))).toEqual(['A file', '2.9 MB']);
  });

  it('[FC1] a long name loses its middle, and no character is cut in half', () => {
    const fits = (text: string): boolean => [...text].length <= 12;
    expect(shortenMiddle('short.pdf', fits)).toBe('short.pdf');
    expect(shortenMiddle('A very long name of a plan.pdf', fits)).toBe('A very…n.pdf');
    expect(shortenMiddle('😀'.repeat(30), fits)).toBe(`${'😀'.repeat(6)}…${'😀'.repeat(5)}`);
    expect(shortenMiddle('abc', () => false)).toBe('…');
  });

  it('[FC1] sizes have at most three digits', () => {
    const sizes = [1, 999, 1_000, 1_500, 10_240, 1_048_000, 104_857_600, 2 ** 40].map(fileSizeText);
    expect(sizes).toEqual(['1 byte', '999 bytes', '1 kB', '1.5 kB', '10 kB', '1 MB', '100 MB', '1 TB']);
    expect([fileProgressText(12 * 2 ** 20, 80 * 2 ** 20), fileProgressText(900 * 1_024, 80 * 2 ** 20)]).toEqual([
      '12 of 80 MB',
      '900 kB of 80 MB',
    ]);
  });

  it('[FC1] the first page is painted where the box has room for it', () => {
    const page = { bitmap: {} as CanvasImageSource, width: 600, height: 800 };
    const drawn = (height: number): unknown[] => {
      const { context, calls } = createRecording(400, 400);
      const files = { find: () => ({ ...plainFile, page }), onChange: () => () => undefined };
      paintElements(context, [card(plan, { h: height })], 1, { theme: 'dark', files });
      return calls.filter(({ name }) => name === 'drawImage').map(({ args }) => args[0]);
    };
    expect([drawn(64), drawn(364)]).toEqual([[], [page.bitmap]]);
  });

  it('[FC1] SVG has the name and the size, escaped, and nothing of the bytes', () => {
    const svg = renderSvg([card({ ...plan, name: '<script>&.pdf' })], { theme: 'light' });
    expect(svg).toContain('&lt;script&gt;&amp;.pdf');
    expect(svg).toContain('2.9 MB');
    expect(svg).not.toContain('<script');
  });

  it('[FC2] a card is hit anywhere inside, crossed by an eraser, and keeps its ratio', () => {
    expect([isHit(card(), { x: 200, y: 80 }, 0), isHit(card(), { x: 345, y: 80 }, 0)]).toEqual([true, false]);
    expect(isCrossed(card(), { x: 200, y: 0 }, { x: 200, y: 300 }, 1)).toBe(true);
    expect(frameOf([card()])?.keepsRatio).toBe(true);
  });

  it('[FC2] a mirrored card is painted the right way round', () => {
    expect(texts(card(plan, { x: 340, w: -240, y: 114, h: -64 }))).toEqual(['PDF', 'plan.pdf', '2.9 MB']);
  });

  it('[FC2] cards added together are one step and lie beside each other', () => {
    const d = desk();
    const files = Array.from({ length: 12 }, (_, i) => ({ ...plan, type: i % 3 === 0 ? 'application/pdf' : '' }));
    d.actions.putFiles(files);
    const boxes = d.board.elements().map(({ geometry }) => geometryBox(geometry));
    expect(boxes).toHaveLength(12);
    for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(boxesTouch(a, b)).toBe(false);
    expect(boxes[0]?.minX).toBe(boxes[4]?.minX);
    expect(d.editor.state.selection).toHaveLength(12);
    d.board.undo();
    expect(d.board.count).toBe(0);
    expect(arrangeCards([{ type: '', name: '' }], { zoom: 2, centre: { x: 10, y: 20 } })).toEqual([
      { x: -50, y: 4, w: 120, h: 32, rotation: 0 },
    ]);
  });

  it('[FC2] the card of a PDF has room for its first page', () => {
    const [pdf, untyped, other] = arrangeCards([plan, { ...plan, type: '' }, { ...plan, type: '', name: 'a' }], {
      zoom: 2,
      centre: { x: 0, y: 0 },
    });
    expect([pdf?.h, untyped?.h, other?.h]).toEqual([180, 180, 32]);
  });

  it('[FC2] a copy has the same file', () => {
    const board = emptyBoard();
    duplicate(board, [card()], { x: 10, y: 10 }, { regroup: copyGroups, scene: noFrames });
    expect(board.elements().map(({ file, geometry }) => [file, geometry.x])).toEqual([[plan, 110]]);
  });

  it('[FC4] every card of a file that changes is painted again, and no other', () => {
    let change: (hashes: ReadonlySet<string>) => void = () => undefined;
    const painted: (readonly BoardElement[])[] = [];
    const [a, b, other] = [card(), card(), card({ ...plan, hash: 'b'.repeat(64) })];
    const stop = followFiles(
      { find: () => plainFile, onChange: (callback) => ((change = callback), () => (change = () => undefined)) },
      { elements: () => [a, b, other, shape('rectangle', {})], repaint: (elements) => painted.push(elements) },
    );
    change(new Set([plan.hash]));
    change(new Set(['c'.repeat(64)]));
    stop();
    change(new Set([plan.hash]));
    expect(painted).toEqual([[a, b]]);
  });

  it('[FC3] a double click and Enter open a file, also where nothing can be changed', () => {
    for (const isReadOnly of [false, true]) {
      const element = card();
      const tool = drive(selectTool, { elements: [element], isReadOnly })
        .down(150, 80, { clicks: 2 })
        .up();
      expect(tool.effects.at(-1)).toEqual({ do: 'open-file', id: element.id });
      const board = emptyBoard();
      const id = board.run((edit) => edit.create({ kind: 'file', file: plan, geometry: element.geometry, style: element.style }));
      const d = desk(board, { isReadOnly });
      d.actions.select([id]);
      expect([d.actions.editSelection(), d.opened]).toEqual([true, [id]]);
    }
  });
});
