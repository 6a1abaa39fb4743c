/**
 * Pictures and files of a board, for the page: export to the person's device, and import from it. What they do is fetched late,
 * see file-transfer.ts; here is only what must happen while a key or a click is being handled, and what leaving the page asks.
 */
import * as m from '$words/files';
import { heldBy } from '@wetink/canvas';
import type { BoardElement } from '@wetink/board';
import { copyPng } from '../browser/download.ts';
import { fetchPart, SLOW_MS } from '../browser/fetch-part.ts';
import { pickFiles } from '../browser/pick-files.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import { attachmentParts } from './attachments.svelte.ts';
import { imageParts } from './board-images.svelte.ts';
import { boardFiles, pictures, type BoardFilesPorts } from './file-parts.ts';
import type { BoardClipboard, ClipboardPorts } from './board-clipboard.ts';
import type { FileTransfer } from './file-transfer.ts';

const transfer = () => import('./file-transfer.ts');
const clipboard = () => import('./board-clipboard.ts');

/** Fetches the code for files while the page is idle. */
export const fileParts = { pictures, boardFiles, transfer, clipboard, images: imageParts.part, attachments: attachmentParts.part } as const;

type Scope = 'board' | 'selection';

export class BoardFiles {
  readonly #ports: BoardFilesPorts;
  #preparing = $state.raw(0);
  #clipboard: BoardClipboard | null = null;

  constructor(ports: BoardFilesPorts) {
    this.#ports = ports;
  }

  /** Pictures are on their way to the board: leaving the page now would lose them. */
  get isPreparing(): boolean {
    return this.#preparing > 0;
  }

  async savePng(scope: Scope): Promise<void> {
    const elements = this.#pick(scope);
    if (elements !== null) await (await this.#transfer())?.savePng(elements);
  }
  async saveSvg(scope: Scope): Promise<void> {
    const elements = this.#pick(scope);
    if (elements !== null) await (await this.#transfer())?.saveSvg(elements);
  }
  /** The selection, or the board when nothing is selected. */
  async copyAsPng(): Promise<void> {
    const elements = this.#pick(this.#ports.view.selection.length > 0 ? 'selection' : 'board');
    if (elements === null) return;
    // Handed over unfinished: browsers allow copying only while the key or click is being handled.
    const made = pictures().then(async ({ boardPng }) =>
      boardPng(elements, await this.#ports.images.forPicture(elements), { sheet: this.#ports.paper() }),
    );
    const isCopied = await copyPng(made.then(({ blob }) => blob));
    await (await this.#transfer())?.sayCopied(made, { isCopied });
  }
  async savePages(type: 'png' | 'svg'): Promise<void> {
    await (await this.#transfer())?.savePages(type);
  }
  /** As `copyAsPng`. */
  async copyAsSvg(): Promise<void> {
    const elements = this.#pick(this.#ports.view.selection.length > 0 ? 'selection' : 'board');
    if (elements !== null) await (await this.#transfer())?.copySvg(elements);
  }
  async saveFile(): Promise<void> {
    await (await this.#transfer())?.saveFile();
  }
  /** See `FileTransfer.openFile`, as for those below. */
  async openFile(file: File): Promise<void> {
    await (await this.#transfer())?.openFile(file);
  }
  async openAll(files: readonly File[], at?: { x: number; y: number }): Promise<void> {
    await (await this.#transfer())?.openAll(files, at);
  }
  async explain(files: readonly File[]): Promise<void> {
    await (await this.#transfer())?.explain(files);
  }
  async putText(text: string, at?: { x: number; y: number }, way?: 'paste' | 'drop'): Promise<void> {
    (await this.#transfer())?.putText(text, at, way);
  }

  /** Asks for pictures on this device; a phone also offers its camera. */
  pickPictures(): void {
    pickFiles({ accept: 'image/png,image/jpeg,image/webp,image/gif,image/avif,image/*' }, (files) => void this.openAll(files));
  }

  /** The person may not leave the page meanwhile without a question. @param sentence Shown when it takes long; null for none. */
  async whilePreparing<Result>(sentence: string | null, run: () => Promise<Result>): Promise<Result> {
    const stops = sentence === null ? [] : [scheduleTimeout(() => stops.push(this.#sayPreparing(sentence)), SLOW_MS)];
    this.#preparing += 1;
    try {
      return await run();
    } finally {
      this.#preparing -= 1;
      for (const stop of stops) stop();
    }
  }

  /** @returns How to take the toast away. */
  #sayPreparing(sentence: string): () => void {
    const { toasts } = this.#ports;
    const id = toasts.say(sentence);
    return () => toasts.dismiss(id);
  }

  #pick(scope: Scope): readonly BoardElement[] | null {
    const { session, view, toasts } = this.#ports;
    const { selected } = view;
    const elements = scope === 'board' ? session.board.elements() : [...selected, ...heldBy(session.board, selected)];
    if (elements.length > 0) return elements;
    toasts.say(scope === 'board' ? m.thereIsNothingHereYet() : m.nothingIsSelected());
    return null;
  }

  /** Elements to and from the clipboard. Null when its code can't be fetched; a toast has said so. */
  async clipboard(): Promise<BoardClipboard | null> {
    const part = await fetchPart(clipboard, this.#ports.toasts);
    return part && this.openClipboard(part.BoardClipboard);
  }

  /** The clipboard of this board: one, so that a paste knows of the copies that are being written. */
  openClipboard(Clipboard: new (ports: ClipboardPorts) => BoardClipboard): BoardClipboard {
    return (this.#clipboard ??= new Clipboard({ ...this.#ports, files: this }));
  }

  /** Null when its code can't be fetched; a toast has said so. */
  async #transfer(): Promise<FileTransfer | null> {
    const part = await fetchPart(transfer, this.#ports.toasts);
    return (
      part &&
      new part.FileTransfer({
        ...this.#ports,
        whilePreparing: (sentence, run) => this.whilePreparing(sentence, run),
        putExcalidraw: async (text, at) =>
          void (await (await this.clipboard())?.pasteDrawing({ from: 'excalidraw', content: text, text }, at ?? 'middle')),
      })
    );
  }
}
