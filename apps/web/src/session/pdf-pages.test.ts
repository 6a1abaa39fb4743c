/** A PDF that is opened as pages: which pages come onto the board, which sentence says why not, and what stays on the device. */
import { createBoard, PageView, type AttachedFile, type ElementId, type ImageContent } from '@wetink/board';
import { beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { NotDrawn, OpenPdf, openPdf } from '../browser/pdf-work.ts';
import { putPdfPages, type PagesStop, type PdfPagesPorts } from './pdf-pages.ts';

type Page = NotDrawn | { readonly width: number; readonly height: number };
const paper = { width: 600, height: 800 };

const document = { pages: [] as Page[], isSlow: false };
const open: typeof openPdf = (_, { signal } = {}) => {
  const drawFile: OpenPdf['drawFile'] = async (number) => {
    if (document.isSlow) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    if (signal?.aborted === true) return 'ended';
    const page = document.pages[number - 1] ?? 'undrawn';
    return typeof page === 'string' ? page : { file: new Blob([String(number)], { type: 'image/png' }), ...page };
  };
  const drawBitmap = () => Promise.resolve('undrawn' as const);
  return Promise.resolve({ ok: true, pdf: { pages: document.pages.length, drawFile, drawBitmap, close: () => undefined } });
};
beforeEach(() => void Object.assign(document, { pages: [paper, paper, paper], isSlow: false }));

const file: AttachedFile = { hash: 'a'.repeat(64), type: 'application/pdf', bytes: 10, name: 'report.pdf' };

function page(change: Partial<PdfPagesPorts> = {}) {
  const board = new PageView(createBoard({ doc: new Y.Doc(), userId: 'u-me' }));
  const said: string[] = [];
  const kept = new Map<string, string>();
  const room = { picturesAtMost: Infinity };
  const abort = new AbortController();
  const ports: PdfPagesPorts = {
    session: { board },
    images: {
      add: ([one]) => {
        const { name = '' } = one ?? {};
        const hash = String(kept.size + 1).repeat(64);
        const image: ImageContent = { hash, type: 'image/png', width: 6, height: 8, bytes: 9, name };
        if (kept.size >= room.picturesAtMost) return Promise.resolve({ images: [], release: () => Promise.resolve() });
        kept.set(hash, name);
        return Promise.resolve({ images: [image], release: () => Promise.resolve(void kept.delete(hash)) });
      },
    },
    bytesOf: () => Promise.resolve(new Blob(['pdf'])),
    stage: () => ({ zoomToFit: () => undefined }),
    isReadOnly: () => false,
    askRange: () => Promise.resolve(null),
    onProgress: () => undefined,
    signal: abort.signal,
    open,
    say: (sentence) => said.push(sentence),
    fail: (sentence) => said.push(sentence),
    ...change,
  };
  const stop = (why: PagesStop): void => abort.abort(why);
  return { put: () => putPdfPages('card' as ElementId, file, ports), board, said, kept, room, stop };
}

it('pages are put on the board, and their pictures are named by document and number', async () => {
  const { put, board, kept, said } = page();
  expect(await put()).toBe(true);
  expect(board.elements().map(({ alt }) => alt)).toEqual([1, 2, 3].map((number) => `Page ${number} of report.pdf`));
  expect([...kept.values()]).toEqual(['report 1.pdf', 'report 2.pdf', 'report 3.pdf']);
  expect(said).toEqual(['3 pages are on the board. They are locked in place, so that you can write on them.']);
});

it('a page that can’t be drawn is named, and a document that ends leaves out the rest', async () => {
  document.pages = [paper, 'undrawn', paper, 'ended', paper];
  const { put, board, said } = page();
  expect([await put(), board.count]).toEqual([true, 2]);
  expect(said.join()).toContain('Page 2 can’t be drawn. Pages 4 to 5 are left out: the document takes too long');
});

it('no picture is kept on the device before all pages are drawn', async () => {
  const keptAt: number[] = [];
  const { put, kept } = page({ onProgress: () => void keptAt.push(kept.size) });
  await put();
  expect([keptAt, kept.size]).toEqual([[0, 0, 0, 0], 3]);
});

it('a page of any claimed size comes onto the board', async () => {
  document.pages = [{ width: 1e7, height: 1e7 }, paper];
  const { put, board } = page();
  expect([await put(), board.count]).toEqual([true, 2]);
});

it('a board that refuses the pages keeps none of their pictures, and a sentence says so', async () => {
  document.pages = [{ width: Number.NaN, height: 1 }];
  const { put, board, kept, said } = page();
  expect([await put(), board.count, kept.size]).toEqual([false, 0, 0]);
  expect(said).toEqual(['The pages were not put on the board: it can’t hold them.']);
});

it('a device without room for all pages keeps none of them', async () => {
  const { put, board, kept, room } = page();
  room.picturesAtMost = 2;
  expect([await put(), board.count, kept.size]).toEqual([false, 0, 0]);
});

it.each([
  ['left', ['The pages were not put on the board: you left while they were being drawn.']],
  ['stopped', []],
] as const)('pages that are %s while they are drawn or fetched: the person hears %j', async (why, sentences) => {
  document.isSlow = true;
  const drawing = page();
  const put = drawing.put();
  await new Promise((resolve) => setTimeout(resolve, 5));
  drawing.stop(why);
  expect([await put, drawing.said, drawing.kept.size]).toEqual([false, sentences, 0]);

  const fetching = page({
    bytesOf: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(null))),
  });
  const fetched = fetching.put();
  fetching.stop(why);
  expect([await fetched, fetching.said]).toEqual([false, sentences]);
});
