/**
 * The page's end of a PDF: one worker for each document, which ends with it.
 *
 *     worker ──page takes too long, or the worker dies──> none ──next page──> new worker, document opened again
 *
 * So one page of a document costs only itself. A document that ends its workers again and again is given up. This module is
 * fetched with the first PDF, and the worker's code with the first one that is drawn.
 */
import workerUrl from './pdf-worker.ts?worker&url';
import type { PdfAnswer, PdfTask } from './pdf-worker.ts';
import { scheduleTimeout } from './timers.ts';
import { trustedScript, type TrustedTypes, type WorkerAddress } from './worker-address.ts';

declare const __PDFJS_FILES__: string;

/** `unsupported`: this browser, or the server's policy, allows no such worker. */
export type PdfProblem = 'locked' | 'damaged' | 'too-slow' | 'unsupported' | 'not-loaded';

/** In 1/72 inch. */
export interface PaperSize {
  readonly width: number;
  readonly height: number;
}

/** `undrawn`: this page can't be drawn. `ended`: neither can any other one from now on. */
export type NotDrawn = 'undrawn' | 'ended';

export interface OpenPdf {
  readonly pages: number;
  /** @param number From 1. */
  drawBitmap(number: number, maxSidePx: number): Promise<(PaperSize & { readonly bitmap: ImageBitmap }) | NotDrawn>;
  drawFile(number: number, maxSidePx: number): Promise<(PaperSize & { readonly file: Blob }) | NotDrawn>;
  /** Idempotent. A drawing under way ends with `ended`. */
  close(): void;
}

export type OpenedPdf = { readonly ok: true; readonly pdf: OpenPdf } | { readonly ok: false; readonly problem: PdfProblem };

/** The name that the relay's policy allows. */
const POLICY = 'wetink-pdf-worker';
/** Also fetches the worker's code. */
const OPEN_MS = 30_000;
/** A hostile page may never end; the slowest maps take some seconds. */
const DRAW_MS = 30_000;

/** A document that ends a worker more often is given up: after two minutes of waiting, if each page takes too long. */
const MAX_REOPENINGS = 3;

/** The parts of `window` that are used. */
export interface PdfPage {
  readonly trustedTypes?: TrustedTypes | undefined;
  readonly Worker?: typeof Worker | undefined;
  readonly OffscreenCanvas?: unknown;
  readonly location: { readonly origin: string };
}

type Drawn = Extract<PdfAnswer, { kind: 'bitmap' | 'file' }>;

let address: WorkerAddress | null = null;

export interface PdfOptions {
  /** Aborted, it closes the document, also while it is being opened; the outcome means nothing then. */
  readonly signal?: AbortSignal;
  readonly page?: PdfPage;
  readonly schedule?: typeof scheduleTimeout;
}

export async function openPdf(file: Blob, options: PdfOptions = {}): Promise<OpenedPdf> {
  const { signal, page = window as Window & PdfPage, schedule = scheduleTimeout } = options;
  let talk: Talk | null = null;
  let isClosed = false;
  let reopenings = 0;
  const close = (): void => {
    isClosed = true;
    signal?.removeEventListener('abort', close);
    talk?.close();
  };
  signal?.addEventListener('abort', close);
  if (signal?.aborted === true) close();

  const open = async (): Promise<number | PdfProblem> => {
    const worker = isClosed ? null : start(page);
    if (worker === null) return 'unsupported';
    talk = talkTo(worker, schedule);
    const answer = await talk.ask({ do: 'open', file, files: page.location.origin + __PDFJS_FILES__ }, OPEN_MS);
    if (typeof answer !== 'string' && answer.kind === 'open') return answer.pages;
    talk.close();
    if (typeof answer === 'string') return answer;
    return answer.kind === 'locked' ? 'locked' : 'damaged';
  };
  const draw = async (number: number, maxSidePx: number, as: 'bitmap' | 'file'): Promise<Drawn | NotDrawn> => {
    if (!isClosed && talk?.hasEnded() === true) {
      if (reopenings++ >= MAX_REOPENINGS || typeof (await open()) === 'string') close();
    }
    if (isClosed || talk === null) return 'ended';
    const answer = await talk.ask({ do: 'draw', number, maxSidePx, as }, DRAW_MS);
    if (typeof answer !== 'string' && (answer.kind === 'bitmap' || answer.kind === 'file')) return answer;
    return isClosed ? 'ended' : 'undrawn';
  };

  const pages = await open();
  if (typeof pages === 'string') {
    close();
    return { ok: false, problem: pages };
  }
  return {
    ok: true,
    pdf: {
      pages,
      async drawBitmap(number, maxSidePx) {
        const drawn = await draw(number, maxSidePx, 'bitmap');
        return typeof drawn === 'string' ? drawn : drawn.kind === 'bitmap' ? drawn : 'undrawn';
      },
      async drawFile(number, maxSidePx) {
        const drawn = await draw(number, maxSidePx, 'file');
        return typeof drawn === 'string' ? drawn : drawn.kind === 'file' ? drawn : 'undrawn';
      },
      close,
    },
  };
}

function start(page: PdfPage): Worker | null {
  if (page.Worker === undefined || page.OffscreenCanvas === undefined) return null;
  try {
    // The browser vouches for an address once; each later worker has the same.
    address ??= trustedScript(page.trustedTypes, POLICY, workerUrl);
    return new page.Worker(address as string, { type: 'module' });
  } catch {
    return null; // Headers of another server than the relay may allow no such worker.
  }
}

interface Talk {
  ask(task: PdfTask, limitMs: number): Promise<PdfAnswer | PdfProblem>;
  /** The worker is gone. */
  hasEnded(): boolean;
  /** Idempotent. */
  close(): void;
}

/** One question at a time. */
function talkTo(worker: Worker, schedule: typeof scheduleTimeout): Talk {
  const { port1: port, port2 } = new MessageChannel();
  // Not null: the handler of pdf.js also reads it.
  worker.postMessage({}, [port2]);
  let end: (answer: PdfAnswer | PdfProblem) => void = () => undefined;
  let ended: PdfProblem | null = null;
  const close = (why: PdfProblem = 'damaged'): void => {
    ended ??= why;
    worker.terminate();
    port.close();
    end(ended);
  };
  port.onmessage = ({ data }: MessageEvent<PdfAnswer>) => end(data);
  let hasAnswered = false;
  // Its code can't be fetched, or it has died: of a document larger than memory, for one.
  worker.addEventListener('error', () => close(hasAnswered ? 'damaged' : 'not-loaded'));
  const ask = (task: PdfTask, limitMs: number): Promise<PdfAnswer | PdfProblem> =>
    new Promise((resolve) => {
      if (ended !== null) return resolve(ended);
      const cancel = schedule(() => close('too-slow'), limitMs);
      end = (answer) => {
        hasAnswered = true;
        cancel();
        resolve(answer);
      };
      port.postMessage(task);
    });
  return { ask, hasEnded: () => ended !== null, close: () => close() };
}
