/** Pictures and files of a board: what goes out to the person's device, and what comes in from it. */
import { ExportError, renderPng, renderSvg, type Png } from '@wetink/canvas';
import { BoardError, exportBoard, importBoard, paper, type BoardElement } from '@wetink/board';
import { fileNameFor } from '../core/file-name.ts';
import { smallerSentence } from '../core/picture-sentence.ts';
import type { BoardSession } from '../session/board-session.ts';
import { copyPng, downloadFile } from '../session/download.ts';
import type { StageView } from './stage.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** Beyond this a file is no board of ours, and reading it would only fill memory. */
const FILE_MAX_BYTES = 256 * 1024 * 1024;
/** Pixels of a PNG per board unit: twice the board's own. */
const PNG_SCALE = 2;

export class BoardFiles {
  #session: BoardSession;
  #view: StageView;
  #toasts: Toasts;

  constructor(session: BoardSession, view: StageView, toasts: Toasts) {
    this.#session = session;
    this.#view = view;
    this.#toasts = toasts;
  }

  async savePng(scope: 'board' | 'selection'): Promise<void> {
    const elements = this.#pick(scope);
    if (elements === null) return;
    try {
      const png = await toPng(elements);
      downloadFile(this.#name('png'), png.blob);
      this.#saySmaller(png);
    } catch (error) {
      this.#toasts.fail(`The picture could not be made: ${sentenceOf(error)}`);
    }
  }

  saveSvg(scope: 'board' | 'selection'): void {
    const elements = this.#pick(scope);
    if (elements === null) return;
    const svg = renderSvg(elements, { theme: 'light', background: paper.light });
    downloadFile(this.#name('svg'), new Blob([svg], { type: 'image/svg+xml' }));
  }

  /** The selection, or the board when nothing is selected. */
  async copyAsPng(): Promise<void> {
    const elements = this.#pick(this.#view.selection.length > 0 ? 'selection' : 'board');
    if (elements === null) return;
    const made = toPng(elements);
    if (await copyPng(made.then(({ blob }) => blob))) {
      const png = await made;
      if (png.share < 1) this.#saySmaller(png);
      else this.#toasts.say('Copied as a picture.');
    } else this.#toasts.fail('This browser does not let the page copy pictures. Save it as a PNG instead.');
  }

  saveFile(): void {
    const { board } = this.#session;
    const bytes = exportBoard(board);
    downloadFile(this.#name('wetink'), new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }));
  }

  /** Adds what the file holds to this board, as one step. A file that can't be read changes nothing. */
  async openFile(file: File): Promise<void> {
    const name = file.name === '' ? 'The file' : `“${file.name}”`;
    if (file.size > FILE_MAX_BYTES) return this.#toasts.fail(`${name} could not be opened: it is larger than any board.`);
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const ids = importBoard(this.#session.board, bytes);
      this.#view.stage?.select(ids);
      this.#view.stage?.zoomToFit();
    } catch (error) {
      this.#toasts.fail(`${name} could not be opened: ${sentenceOf(error)}`);
    }
  }

  #pick(scope: 'board' | 'selection'): readonly BoardElement[] | null {
    const elements = scope === 'board' ? this.#session.board.elements() : this.#view.selected;
    if (elements.length > 0) return elements;
    this.#toasts.say(scope === 'board' ? 'There is nothing on this board yet.' : 'Nothing is selected.');
    return null;
  }
  /** Nobody should look for the missing sharpness on their own. */
  #saySmaller(png: Png): void {
    const sentence = smallerSentence(png);
    if (sentence !== null) this.#toasts.say(sentence);
  }
  #name(extension: string): string {
    return fileNameFor(this.#session.board.title, extension);
  }
}

function toPng(elements: readonly BoardElement[]): Promise<Png> {
  return renderPng(elements, { theme: 'light', scale: PNG_SCALE, background: paper.light });
}

/** What went wrong, for a person. Anything but an expected error is a bug and is thrown on. */
function sentenceOf(error: unknown): string {
  if (error instanceof BoardError || error instanceof ExportError) return error.message;
  if (error instanceof DOMException) return error.name === 'NotReadableError' ? 'the file cannot be read.' : error.message;
  throw error;
}
