/** Pictures and files of a board: export to the person's device, and import from it. */
import { BoardError, type BoardElement, type FileImage, type ImageContent } from '@wetink/board';
import { fileNameFor } from '../core/file-name.ts';
import { gapSentences, imagesAmong, missingSentence, notInFileSentence } from '../core/board-pictures.ts';
import { notPutSentence } from '../core/image-sentences.ts';
import { smallerSentence, type MadePicture } from '../core/picture-sentence.ts';
import { refusedTextSentence } from '../core/text-sentence.ts';
import type { BoardSession } from '../session/board-session.ts';
import { fetchPart, SLOW_MS } from '../browser/fetch-part.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import { copyPng, downloadFile } from '../browser/download.ts';
import { pickFiles } from '../browser/pick-files.ts';
import { imageParts, type BoardImagesState } from './board-images.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { StageView } from './stage.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

// Nobody needs these for the first stroke.
const pictures = () => import('../session/board-picture.ts');
const boardFiles = () => import('../session/board-file.ts');

/** Fetches the code for files while the page is idle. */
export const fileParts = { pictures, boardFiles, images: imageParts.part } as const;

export interface BoardFilesPorts {
  readonly session: BoardSession;
  readonly view: StageView;
  readonly room: Pick<RoomState, 'isReadOnly'>;
  readonly images: BoardImagesState;
  readonly toasts: Toasts;
}

export class BoardFiles {
  #session: BoardSession;
  #view: StageView;
  #room: BoardFilesPorts['room'];
  #images: BoardImagesState;
  #toasts: Toasts;
  #preparing = $state.raw(0);

  constructor({ session, view, room, images, toasts }: BoardFilesPorts) {
    this.#session = session;
    this.#view = view;
    this.#room = room;
    this.#images = images;
    this.#toasts = toasts;
  }

  /** Pictures are on their way to the board: leaving the page now would lose them. */
  get isPreparing(): boolean {
    return this.#preparing > 0;
  }

  async savePng(scope: 'board' | 'selection'): Promise<void> {
    const elements = this.#pick(scope);
    const part = elements === null ? null : await this.#fetch(pictures);
    if (elements === null || part === null) return;
    try {
      const { decode, missing } = await this.#imagesOf(elements);
      const png = await part.boardPng(elements, decode);
      downloadFile(this.#name('png'), png.blob);
      this.#saySmaller(png);
      this.#sayMissing(missing);
    } catch (error) {
      this.#toasts.fail(`The picture could not be made: ${part.pictureProblem(error)}`);
    }
  }

  async saveSvg(scope: 'board' | 'selection'): Promise<void> {
    const elements = this.#pick(scope);
    const part = elements === null ? null : await this.#fetch(pictures);
    if (elements === null || part === null) return;
    const { found, missing } = await this.#images.find(imagesAmong(elements));
    const { svg, hasFonts } = await part.boardSvg(elements, 'light', found);
    downloadFile(this.#name('svg'), new Blob([svg], { type: 'image/svg+xml' }));
    this.#sayMissing(missing);
    if (!hasFonts)
      this.#toasts.fail('The picture is saved without its fonts, which could not be loaded. Its text may look different elsewhere.');
  }

  /** The selection, or the board when nothing is selected. */
  async copyAsPng(): Promise<void> {
    const elements = this.#pick(this.#view.selection.length > 0 ? 'selection' : 'board');
    if (elements === null) return;
    // Handed over unfinished: browsers allow copying only while the key or click is being handled.
    const made = pictures().then(async ({ boardPng }) => boardPng(elements, (await this.#imagesOf(elements)).decode));
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
    if (part === null) return;
    const { board } = this.#session;
    const { found, missing } = await this.#images.find(imagesAmong(board.elements()));
    const { file, leftOut } = part.boardToFile(board, found);
    downloadFile(this.#name('wetink'), file);
    for (const sentence of gapSentences({ missing, leftOut })) this.#toasts.fail(sentence);
  }

  /** Adds the file's content to this board as one step. A file that can't be read changes nothing. */
  async openFile(file: File): Promise<void> {
    const added = await (await this.#fetch(boardFiles))?.addFile(this.#session.board, file, (images) => this.#takeImages(images));
    if (added === undefined) return;
    if ('problem' in added) return void this.#toasts.fail(added.problem);
    this.#view.stage?.select(added.ids);
    this.#view.stage?.zoomToFit();
  }

  /**
   * Dropped, pasted or picked files: boards and pictures are added, and a toast says why the others are not.
   *
   * @param at CSS pixels of the page, where they were dropped; by default the middle of the view.
   */
  async openAll(files: readonly File[], at?: { x: number; y: number }): Promise<void> {
    const sorted = await (await this.#fetch(boardFiles))?.sortFiles(files, 'board');
    for (const file of sorted?.boards ?? []) await this.openFile(file);
    await this.#putImages(sorted?.pictures ?? [], at);
    for (const sentence of sorted?.leftOut ?? []) this.#toasts.fail(sentence);
  }

  /** Asks for pictures on this device; a phone also offers its camera. */
  pickPictures(): void {
    pickFiles({ accept: 'image/png,image/jpeg,image/webp,image/gif,image/avif,image/*' }, (files) => void this.openAll(files));
  }

  /** Files pasted where only text fits. */
  async explain(files: readonly File[]): Promise<void> {
    const sorted = await (await this.#fetch(boardFiles))?.sortFiles(files, 'text');
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

  /** Several together are one step. */
  async #putImages(files: readonly File[], at?: { x: number; y: number }): Promise<void> {
    const images = files.length === 0 ? null : await this.#images.get();
    if (images === null) return;
    const stops = [scheduleTimeout(() => stops.push(this.#sayPreparing(files.length)), SLOW_MS)];
    this.#preparing += 1;
    try {
      const { images: added, release } = await images.add(files);
      // Both may have changed while the images were being prepared.
      const { stage } = this.#view;
      if (stage !== null && !this.#room.isReadOnly) return stage.putImages(added, at);
      await release();
      if (added.length > 0) this.#toasts.fail(notPutSentence(added.length, stage === null ? 'left' : 'read-only'));
    } finally {
      this.#preparing -= 1;
      for (const stop of stops) stop();
    }
  }

  /** @returns How to take the toast away. */
  #sayPreparing(count: number): () => void {
    const id = this.#toasts.say(count === 1 ? 'The picture is being prepared…' : `${count} pictures are being prepared…`);
    return () => this.#toasts.dismiss(id);
  }

  /** @returns Why the file can't be opened, or null. */
  async #takeImages(images: readonly FileImage[]): Promise<string | null> {
    this.#preparing += 1;
    try {
      const taken = await (await this.#images.get())?.takeOver(images);
      if (taken === undefined) return 'its pictures need a part of the page that could not be loaded.';
      if (taken.isFull) return 'this device has no room left for its pictures. Free some space and try again.';
      if (taken.missing > 0) this.#toasts.fail(notInFileSentence(taken.missing));
      return null;
    } finally {
      this.#preparing -= 1;
    }
  }

  /** Decodes the images of a picture, one after the other. */
  async #imagesOf(elements: readonly BoardElement[]) {
    const { found, missing } = await this.#images.find(imagesAmong(elements));
    const images = found.size === 0 ? null : await this.#images.get();
    const decode = async ({ hash }: ImageContent, size: { width: number; height: number }): Promise<ImageBitmap | null> => {
      const stored = found.get(hash);
      return stored === undefined || images === null ? null : images.decode(stored, size);
    };
    return { decode, missing };
  }

  #sayMissing(count: number): void {
    const sentence = missingSentence(count, 'picture');
    if (sentence !== null) this.#toasts.fail(sentence);
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
