/** The page's end of a PDF, with workers that answer, keep silent or die. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openPdf, type OpenPdf, type PdfPage } from './pdf-work.ts';
import type { PdfAnswer, PdfTask } from './pdf-worker.ts';

beforeAll(() => void vi.stubGlobal('__PDFJS_FILES__', '/pdf/'));
afterAll(() => void vi.unstubAllGlobals());

type How = 'draws' | 'keeps silent' | 'dies' | 'damaged';

/** @param how What becomes of a page; `open` is the document itself. */
function browser(how: (page: number | 'open', worker: number) => How = () => 'draws') {
  const workers: { isRunning: boolean }[] = [];
  class FakeWorker {
    readonly #number = workers.length;
    #onError: () => void = () => undefined;
    readonly own = { isRunning: true };
    constructor() {
      workers.push(this.own);
    }
    addEventListener(_: string, run: () => void): void {
      this.#onError = run;
    }
    postMessage(_: unknown, [port]: MessagePort[]): void {
      if (port === undefined) return;
      port.onmessage = ({ data }: MessageEvent<PdfTask>) => {
        const happens = how(data.do === 'open' ? 'open' : data.number, this.#number);
        if (happens === 'dies') this.#onError();
        else if (happens === 'damaged') port.postMessage({ kind: 'damaged' } satisfies PdfAnswer);
        else if (happens === 'draws')
          port.postMessage(
            data.do === 'open' ? { kind: 'open', pages: 9 } : { kind: 'file', file: new Blob(['page']), width: 6, height: 8 },
          );
      };
    }
    terminate(): void {
      this.own.isRunning = false;
    }
  }
  const page = { Worker: FakeWorker, OffscreenCanvas: {}, location: { origin: 'http://x' } } as unknown as PdfPage;
  const schedule = (run: () => void): (() => void) => {
    const timer = setTimeout(run, 60);
    return () => clearTimeout(timer);
  };
  const open = (signal?: AbortSignal) => openPdf(new Blob(['pdf']), { page, schedule, ...(signal && { signal }) });
  const draw = async (numbers: readonly number[]): Promise<string[]> => {
    const opened = await open();
    if (!opened.ok) return [opened.problem];
    const outcomes: string[] = [];
    for (const number of numbers) outcomes.push(await outcomeOf(opened.pdf, number));
    opened.pdf.close();
    return outcomes;
  };
  return { open, draw, workers, running: () => workers.filter(({ isRunning }) => isRunning).length };
}

async function outcomeOf(pdf: OpenPdf, number: number): Promise<string> {
  const drawn = await pdf.drawFile(number, 10);
  return typeof drawn === 'string' ? drawn : 'drawn';
}

it.each(['keeps silent', 'dies'] as const)('a page whose worker %s costs only itself: the document is opened again', async (how) => {
  const at = browser((page) => (page === 2 ? how : 'draws'));
  expect(await at.draw([1, 2, 3, 4])).toEqual(['drawn', 'undrawn', 'drawn', 'drawn']);
  expect([at.workers.length, at.running()]).toEqual([2, 0]);
});

it('a damaged page needs no other worker', async () => {
  const at = browser((page) => (page === 2 ? 'damaged' : 'draws'));
  expect(await at.draw([1, 2, 3])).toEqual(['drawn', 'undrawn', 'drawn']);
  expect(at.workers).toHaveLength(1);
});

it('a document is opened again at most three times, and none of its workers stays', async () => {
  const at = browser((page) => (page === 'open' || page === 1 ? 'draws' : 'dies'));
  expect(await at.draw([1, 2, 3, 4, 5, 6, 1])).toEqual(['drawn', 'undrawn', 'undrawn', 'undrawn', 'undrawn', 'ended', 'ended']);
  expect([at.workers.length, at.running()]).toEqual([4, 0]);
});

it('a document that can’t be opened again ends', async () => {
  const at = browser((page, worker) => (page === 2 || (page === 'open' && worker > 0) ? 'dies' : 'draws'));
  expect(await at.draw([1, 2, 3, 4])).toEqual(['drawn', 'undrawn', 'ended', 'ended']);
  expect([at.workers.length, at.running()]).toEqual([2, 0]);
});

it('a document is closed at once when its signal is aborted: while it is opened, while a page is drawn, and before', async () => {
  const [opening, drawing] = [new AbortController(), new AbortController()];
  const silent = browser(() => 'keeps silent');
  const opened = silent.open(opening.signal);
  opening.abort();
  expect([(await opened).ok, silent.running()]).toEqual([false, 0]);

  const slow = browser((page) => (page === 2 ? 'keeps silent' : 'draws'));
  const document = await slow.open(drawing.signal);
  if (!document.ok) throw new Error(document.problem);
  const drawn = outcomeOf(document.pdf, 2);
  drawing.abort();
  expect([await drawn, await outcomeOf(document.pdf, 3), slow.workers.length, slow.running()]).toEqual(['ended', 'ended', 1, 0]);

  expect([(await slow.open(AbortSignal.abort())).ok, slow.workers.length]).toEqual([false, 1]);
});
