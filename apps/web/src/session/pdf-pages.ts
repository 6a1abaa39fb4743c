/**
 * Turns a PDF into pages on the board: each page is drawn in a worker, then all are prepared and kept like any picture, and
 * put beside the card as one step. Nothing is kept on the device before all pages are drawn: a page that is closed meanwhile
 * leaves no picture behind that no board shows. Fetched with the first PDF that a person opens.
 */
import * as m from '$words/session-pdf-pages';
import { BoardError, PageView, type AttachedFile, type ElementId } from '@wetink/board';
import { CARD, putPages, type DocumentPage, type Stage } from '@wetink/canvas';
import { openPdf, type OpenPdf, type PaperSize } from '../browser/pdf-work.ts';
import {
  MAX_PAGES,
  openedPagesSentence,
  pageName,
  pagesNotPutSentence,
  pdfProblemSentence,
  type PageRange,
  type PagesLeftOut,
} from '../core/pdf-sentences.ts';
import type { BoardImages } from './board-images.ts';
import type { BoardSession } from './board-session.ts';

export interface PdfPagesPorts {
  readonly session: Pick<BoardSession, 'board'>;
  readonly images: Pick<BoardImages, 'add'>;
  /** Null when they can't be had now, after a sentence that says why. */
  bytesOf(file: AttachedFile, signal: AbortSignal): Promise<Blob | null>;
  /** Null once the board is left. */
  stage(): Pick<Stage, 'zoomToFit'> | null;
  isReadOnly(): boolean;
  /** Which pages of more than `MAX_PAGES`; null when the person gives up. */
  askRange(pages: number): Promise<PageRange | null>;
  onProgress(progress: { readonly done: number; readonly total: number }): void;
  /** Its reason, a `PagesStop`, says whether a sentence is due: a person who has stopped it knows. */
  readonly signal: AbortSignal;
  say(sentence: string): void;
  fail(sentence: string): void;
  /** For tests. */
  readonly open?: typeof openPdf;
}

export type PagesStop = 'stopped' | 'left';

/** Sharp at twice the size of the paper; 12 MB decoded. */
const SIDE_PX = 2_000;

/** @returns Whether pages were put on the board. A sentence has said why not, unless the person has stopped it. */
export async function putPdfPages(id: ElementId, file: AttachedFile, ports: PdfPagesPorts): Promise<boolean> {
  const { signal, fail, askRange, bytesOf, open = openPdf } = ports;
  const bytes = await bytesOf(file, signal);
  const opened = bytes === null || signal.aborted ? null : await open(bytes, { signal });
  if (signal.aborted) return sayStopped(ports);
  if (opened === null) return false;
  if (!opened.ok) {
    fail(pdfProblemSentence(file.name, opened.problem));
    return false;
  }
  const { pdf } = opened;
  try {
    const all = { first: 1, last: pdf.pages };
    const range = pdf.pages > MAX_PAGES ? await askRange(pdf.pages) : all;
    if (signal.aborted) return sayStopped(ports);
    return range !== null && (await putRange(id, file, { pdf, range }, ports));
  } finally {
    pdf.close();
  }
}

function sayStopped({ signal, fail }: PdfPagesPorts): false {
  if (signal.reason === ('left' satisfies PagesStop)) fail(pagesNotPutSentence('left'));
  return false;
}

interface DrawnPage extends PaperSize {
  readonly number: number;
  readonly file: Blob;
}

async function putRange(
  id: ElementId,
  file: AttachedFile,
  { pdf, range }: { pdf: OpenPdf; range: PageRange },
  ports: PdfPagesPorts,
): Promise<boolean> {
  const { drawn, ...leftOut } = await drawPages(pdf, range, ports);
  if (ports.signal.aborted) return sayStopped(ports);
  if (drawn.length === 0) {
    ports.fail(openedPagesSentence(0, leftOut));
    return false;
  }
  const releases: (() => Promise<void>)[] = [];
  let isPut = false;
  try {
    const pages = await keepPages(drawn, file, releases, ports);
    isPut = pages !== null && putBeside(id, pages, ports);
  } finally {
    if (!isPut) for (const release of releases) await release();
  }
  if (isPut) ports.say(openedPagesSentence(drawn.length, leftOut));
  return isPut;
}

async function drawPages(
  pdf: OpenPdf,
  { first, last }: PageRange,
  { signal, onProgress }: PdfPagesPorts,
): Promise<PagesLeftOut & { readonly drawn: readonly DrawnPage[] }> {
  const drawn: DrawnPage[] = [];
  const undrawn: number[] = [];
  const total = last - first + 1;
  for (let number = first; number <= last && !signal.aborted; number++) {
    onProgress({ done: number - first, total });
    const page = await pdf.drawFile(number, SIDE_PX);
    if (page === 'ended') return { drawn, undrawn, rest: { first: number, last } };
    if (page === 'undrawn') undrawn.push(number);
    else drawn.push({ number, ...page });
  }
  if (!signal.aborted) onProgress({ done: total, total });
  return { drawn, undrawn, rest: null };
}

/** @returns Null when the pages can't come onto the board, after a sentence. */
async function keepPages(
  drawn: readonly DrawnPage[],
  { name }: AttachedFile,
  releases: (() => Promise<void>)[],
  ports: PdfPagesPorts,
): Promise<DocumentPage[] | null> {
  const pages: DocumentPage[] = [];
  for (const { number, file, width, height } of drawn) {
    const added = await ports.images.add([new File([file], pageName(name, number), { type: file.type })]);
    releases.push(() => added.release());
    const [image] = added.images;
    // It has said why: the device is full, or the board was left.
    if (image === undefined) return null;
    if (ports.signal.aborted) {
      sayStopped(ports);
      return null;
    }
    pages.push({ image, width, height, alt: name === '' ? m.pageOfADocument({ page: number }) : m.page({ page: number, name }) });
  }
  return pages;
}

function putBeside(id: ElementId, pages: readonly DocumentPage[], { session, stage, isReadOnly, fail }: PdfPagesPorts): boolean {
  const at = stage();
  if (at === null || isReadOnly()) {
    fail(pagesNotPutSentence(at === null ? 'left' : 'read-only'));
    return false;
  }
  // Another person may have moved the card, or taken it away.
  const { board: view } = session;
  const { whole } = view;
  // The person may have turned the page.
  const board = new PageView(whole, whole.get(id)?.page ?? view.page);
  const card = board.get(id)?.geometry ?? { x: 0, y: 0, w: CARD.width, h: CARD.height, rotation: 0 };
  try {
    const [first] = putPages(board, pages, { card, unit: Math.abs(card.w) / CARD.width });
    const shown = first === undefined ? undefined : view.get(first)?.geometry;
    if (shown !== undefined) at.zoomToFit({ minX: shown.x, minY: shown.y, maxX: shown.x + shown.w, maxY: shown.y + shown.h });
    return true;
  } catch (error) {
    if (!(error instanceof BoardError)) throw error;
    fail(pagesNotPutSentence('refused'));
    return false;
  }
}
