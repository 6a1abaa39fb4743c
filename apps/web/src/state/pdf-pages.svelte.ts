/** A PDF that is being opened as pages, for the page: how far it is, and which pages the person wants. */
import type { AttachedFile, ElementId } from '@wetink/board';
import { isPdf, type Stage } from '@wetink/canvas';
import { fetchPart } from '../browser/fetch-part.ts';
import type { PageRange } from '../core/pdf-sentences.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { PagesStop } from '../session/pdf-pages.ts';
import type { BoardImagesState } from './board-images.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

const part = () => import('../session/pdf-pages.ts');

export interface PdfPagesPorts {
  readonly session: Pick<BoardSession, 'board'>;
  readonly view: { readonly stage: Stage | null };
  readonly room: Pick<RoomState, 'isReadOnly'>;
  readonly images: Pick<BoardImagesState, 'get'>;
  readonly toasts: Toasts;
  /** Null when they can't be had now; a toast has said why, unless the signal was aborted. */
  bytesOf(file: AttachedFile, signal: AbortSignal): Promise<Blob | null>;
}

export class PdfPages {
  readonly #ports: PdfPagesPorts;
  #abort: AbortController | null = null;
  /** While pages are being drawn. `total` is 0 until the document is read. */
  progress = $state.raw<{ readonly name: string; readonly done: number; readonly total: number } | null>(null);
  /** While the person is asked which pages. */
  question = $state.raw<{ readonly name: string; readonly pages: number; answer(range: PageRange | null): void } | null>(null);

  constructor(ports: PdfPagesPorts) {
    this.#ports = ports;
  }

  canOpen(file: AttachedFile): boolean {
    return isPdf(file) && !this.#ports.room.isReadOnly;
  }
  /** One at a time: a second one is left alone until the first has ended, or is stopped. */
  async open(id: ElementId, file: AttachedFile): Promise<void> {
    const { session, view, room, images, toasts, bytesOf } = this.#ports;
    if (this.#abort !== null || !this.canOpen(file)) return;
    const abort = (this.#abort = new AbortController());
    const { signal } = abort;
    this.progress = { name: file.name, done: 0, total: 0 };
    try {
      const [code, pictures] = [await fetchPart(part, toasts), await images.get()];
      if (code === null || pictures === null || signal.aborted) return;
      await code.putPdfPages(id, file, {
        session,
        images: pictures,
        bytesOf,
        stage: () => view.stage,
        isReadOnly: () => room.isReadOnly,
        askRange: (pages) => this.#ask(file.name, pages, signal),
        onProgress: (progress) => {
          if (!signal.aborted) this.progress = { name: file.name, ...progress };
        },
        signal,
        say: (sentence) => toasts.say(sentence),
        fail: (sentence) => toasts.fail(sentence),
      });
    } finally {
      if (this.#abort === abort) this.#end();
    }
  }
  /** The person stops it. Idempotent. */
  cancel(): void {
    this.#stop('stopped');
  }
  /** The board is left: a sentence says that the pages are not on it. Idempotent. */
  close(): void {
    this.#stop('left');
  }

  #stop(why: PagesStop): void {
    this.#abort?.abort(why);
    this.#end();
  }
  #end(): void {
    this.#abort = null;
    this.progress = null;
  }
  #ask(name: string, pages: number, signal: AbortSignal): Promise<PageRange | null> {
    return new Promise((resolve) => {
      const answer = (range: PageRange | null): void => {
        this.question = null;
        resolve(range);
      };
      signal.addEventListener('abort', () => answer(null), { once: true });
      this.question = { name, pages, answer };
    });
  }
}
