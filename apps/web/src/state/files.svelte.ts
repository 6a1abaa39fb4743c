/** Pictures and files of a board: export to the person's device, and import from it. */
import { BoardError, type BoardElement } from '@wetink/board';
import { fileNameFor } from '../core/file-name.ts';
import { smallerSentence, type MadePicture } from '../core/picture-sentence.ts';
import { refusedTextSentence } from '../core/text-sentence.ts';
import type { BoardSession } from '../session/board-session.ts';
import { fetchPart } from '../browser/fetch-part.ts';
import { copyPng, downloadFile } from '../browser/download.ts';
import type { StageView } from './stage.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

// Nobody needs these for the first stroke.
const pictures = () => import('../session/board-picture.ts');
const boardFiles = () => import('../session/board-file.ts');

/** Fetches the code for files while the page is idle. */
export const fileParts = { pictures, boardFiles } as const;

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
    const part = elements === null ? null : await this.#fetch(pictures);
    if (elements === null || part === null) return;
    try {
      const png = await part.boardPng(elements);
      downloadFile(this.#name('png'), png.blob);
      this.#saySmaller(png);
    } catch (error) {
      this.#toasts.fail(`The picture could not be made: ${part.pictureProblem(error)}`);
    }
  }

  async saveSvg(scope: 'board' | 'selection'): Promise<void> {
    const elements = this.#pick(scope);
    const part = elements === null ? null : await this.#fetch(pictures);
    if (elements === null || part === null) return;
    const { svg, hasFonts } = await part.boardSvg(elements, 'light');
    downloadFile(this.#name('svg'), new Blob([svg], { type: 'image/svg+xml' }));
    if (!hasFonts)
      this.#toasts.fail('The picture is saved without its fonts, which could not be loaded. Its text may look different elsewhere.');
  }

  /** The selection, or the board when nothing is selected. */
  async copyAsPng(): Promise<void> {
    const elements = this.#pick(this.#view.selection.length > 0 ? 'selection' : 'board');
    if (elements === null) return;
    // Handed over unfinished: browsers allow copying only while the key or click is being handled.
    const made = pictures().then(({ boardPng }) => boardPng(elements));
    const isCopied = await copyPng(made.then(({ blob }) => blob));
    // No picture and no permission to copy are two different failures.
    const part = await this.#fetch(pictures);
    if (part === null) return;
    try {
      const png = await made;
      if (!isCopied) this.#toasts.fail('This browser does not let the page copy pictures. Save it as a PNG instead.');
      else if (png.share < 1) this.#saySmaller(png);
      else this.#toasts.say('Copied as a picture.');
    } catch (error) {
      this.#toasts.fail(`The picture could not be made: ${part.pictureProblem(error)}`);
    }
  }

  async saveFile(): Promise<void> {
    const part = await this.#fetch(boardFiles);
    if (part !== null) downloadFile(this.#name('wetink'), part.boardToFile(this.#session.board));
  }

  /** Adds the file's content to this board as one step. A file that can't be read changes nothing. */
  async openFile(file: File): Promise<void> {
    const added = await (await this.#fetch(boardFiles))?.addFile(this.#session.board, file);
    if (added === undefined) return;
    if ('problem' in added) return void this.#toasts.fail(added.problem);
    this.#view.stage?.select(added.ids);
    this.#view.stage?.zoomToFit();
  }

  /** Dropped or pasted files: boards are added, and a toast says why the others are not. */
  async openAll(files: readonly File[]): Promise<void> {
    const sorted = await (await this.#fetch(boardFiles))?.sortFiles(files);
    for (const file of sorted?.boards ?? []) await this.openFile(file);
    for (const sentence of sorted?.leftOut ?? []) this.#toasts.fail(sentence);
  }

  /** Files pasted where only text fits. */
  async explain(files: readonly File[]): Promise<void> {
    const sorted = await (await this.#fetch(boardFiles))?.sortFiles(files);
    for (const sentence of sorted?.leftOut ?? []) this.#toasts.fail(sentence);
  }

  /** Text that was dropped or pasted. @param at CSS pixels of the page; by default the middle of the view. */
  putText(text: string, at?: { x: number; y: number }): void {
    const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
    if (lines.trim() === '') return void this.#toasts.say('There is nothing in the clipboard that could be put on the board.');
    try {
      this.#view.stage?.putText(lines, at);
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
      this.#toasts.fail(refusedTextSentence(error));
    }
  }

  #pick(scope: 'board' | 'selection'): readonly BoardElement[] | null {
    const elements = scope === 'board' ? this.#session.board.elements() : this.#view.selected;
    if (elements.length > 0) return elements;
    this.#toasts.say(scope === 'board' ? 'There is nothing on this board yet.' : 'Nothing is selected.');
    return null;
  }
  /** Says that a picture is smaller than usual, so that nobody wonders why it is not sharp. */
  #saySmaller(png: MadePicture): void {
    const sentence = smallerSentence(png);
    if (sentence !== null) this.#toasts.say(sentence);
  }
  #name(extension: string): string {
    return fileNameFor(this.#session.board.title, extension);
  }
  /** A part of the page; null when it can't be fetched, which a toast says. */
  #fetch<Part>(load: () => Promise<Part>): Promise<Part | null> {
    return fetchPart(load, this.#toasts);
  }
}
