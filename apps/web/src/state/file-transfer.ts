/**
 * Export of a board to the person's device, and import from it. Fetched with the first file, or while the page is idle: see
 * files.svelte.ts.
 */
import * as m from '$words/file-transfer';
import { BoardError, MAX_TEXT_LENGTH, PageView, type AttachedFile, type BoardElement, type FileImage } from '@wetink/board';
import { gapSentences, imagesAmong, missingSentence, notInFileSentence } from '../core/board-pictures.ts';
import { fileNameFor } from '../core/file-name.ts';
import { notPutSentence } from '../core/not-put-sentence.ts';
import { pageName } from '../core/page-name.ts';
import { emptyPagesSentence, smallerSentence, type MadePicture } from '../core/picture-sentence.ts';
import { refusedTextSentence, tooLongSentence } from '../core/text-sentence.ts';
import { writeSvg } from '../browser/clipboard.ts';
import { downloadFile } from '../browser/download.ts';
import { fetchPart } from '../browser/fetch-part.ts';
import { boardFiles, pictures, type BoardFilesPorts } from './file-parts.ts';

export interface TransferPorts extends BoardFilesPorts {
  /** The person may not leave the page meanwhile without a question. @param sentence Shown when it takes long; null for none. */
  whilePreparing<Result>(sentence: string | null, run: () => Promise<Result>): Promise<Result>;
  /** @param text JSON of Excalidraw. */
  putExcalidraw(text: string, at?: { x: number; y: number }): Promise<void>;
}

export class FileTransfer {
  readonly #ports: TransferPorts;

  constructor(ports: TransferPorts) {
    this.#ports = ports;
  }

  /** A picture of each page that shows something, as a file of its own; of a board without pages one. */
  async savePages(type: 'png' | 'svg'): Promise<void> {
    const { whole, title } = this.#ports.session.board;
    let empty = 0;
    for (const [index, page] of whole.pages().entries()) {
      const elements = new PageView(whole, page.id).elements();
      const name = `${title} ${pageName(page, index)}`;
      if (elements.length === 0) empty += 1;
      else await (type === 'png' ? this.savePng(elements, name) : this.saveSvg(elements, name));
    }
    const sentence = emptyPagesSentence(empty);
    if (sentence !== null) this.#ports.toasts.say(sentence);
  }

  /** @param title Default: that of the board. */
  async savePng(elements: readonly BoardElement[], title = this.#ports.session.board.title): Promise<void> {
    const part = await this.#fetch(pictures);
    if (part === null) return;
    try {
      const { missing, ...images } = await this.#ports.images.forPicture(elements);
      const png = await part.boardPng(elements, images, { sheet: this.#ports.paper() });
      downloadFile(fileNameFor(title, 'png'), png.blob);
      this.#saySmaller(png);
      this.#sayMissing(missing);
    } catch (error) {
      this.#fail(m.thePictureCouldNotBe({ error: part.pictureProblem(error) }));
    }
  }

  /** @param title Default: that of the board. */
  async saveSvg(elements: readonly BoardElement[], title = this.#ports.session.board.title): Promise<void> {
    const part = await this.#fetch(pictures);
    if (part === null) return;
    try {
      const { missing, ...images } = await this.#ports.images.forPicture(elements);
      const { svg, hasFonts } = await part.boardSvg(elements, 'light', images, this.#ports.paper());
      downloadFile(fileNameFor(title, 'svg'), new Blob([svg], { type: 'image/svg+xml' }));
      this.#sayMissing(missing);
      if (!hasFonts) this.#fail(m.thePictureIsSavedWithout());
    } catch (error) {
      this.#fail(m.thePictureCouldNotBe({ error: part.pictureProblem(error) }));
    }
  }

  async copySvg(elements: readonly BoardElement[]): Promise<void> {
    const part = await this.#fetch(pictures);
    if (part === null) return;
    const made = this.#ports.images.forPicture(elements).then((images) => part.boardSvg(elements, 'light', images));
    const isCopied = await writeSvg(made.then(({ svg }) => svg));
    try {
      await made;
      if (isCopied) this.#ports.toasts.say(m.copiedAsSvg());
      else this.#fail(m.saveAsSvgInstead());
    } catch (error) {
      this.#fail(m.thePictureCouldNotBe({ error: part.pictureProblem(error) }));
    }
  }

  /** Says what became of a picture for the clipboard: no picture and no permission to copy are two different failures. */
  async sayCopied(made: Promise<MadePicture>, { isCopied }: { isCopied: boolean }): Promise<void> {
    const part = await this.#fetch(pictures);
    if (part === null) return;
    try {
      const png = await made;
      if (!isCopied) this.#fail(m.thisBrowserDoesNotLet());
      else if (png.share < 1) this.#saySmaller(png);
      else this.#ports.toasts.say(m.copiedAsAPicture());
    } catch (error) {
      this.#fail(m.thePictureCouldNotBe({ error: part.pictureProblem(error) }));
    }
  }

  async saveFile(): Promise<void> {
    const part = await this.#fetch(boardFiles);
    if (part === null) return;
    const { board } = this.#ports.session;
    const { found, missing } = await this.#ports.images.find(imagesAmong(board.whole.elements()));
    const { file, leftOut } = await part.boardToFile(board, found);
    downloadFile(fileNameFor(board.title, 'wetink'), file);
    for (const sentence of [...gapSentences({ missing, leftOut }), part.filesLeftOut(board)]) if (sentence !== null) this.#fail(sentence);
  }

  /** Adds the file's content to this board as one step. A file that can't be read changes nothing. */
  async openFile(file: File): Promise<void> {
    const { session, view } = this.#ports;
    const added = await (await this.#fetch(boardFiles))?.addFile(session.board, file, (images) => this.#takeImages(images));
    if (added === undefined) return;
    if ('problem' in added) return this.#fail(added.problem);
    view.stage?.select(added.ids.filter((id) => session.board.get(id) !== undefined));
    view.stage?.zoomToFit();
  }

  /**
   * Dropped, pasted or picked files: boards are added, pictures shown, and others put on the board as cards.
   *
   * @param at CSS pixels of the page, where they were dropped; by default the middle of the view.
   */
  async openAll(files: readonly File[], at?: { x: number; y: number }): Promise<void> {
    const sorted = await (await this.#fetch(boardFiles))?.sortFiles(files, 'board');
    for (const file of sorted?.boards ?? []) await this.openFile(file);
    for (const file of sorted?.drawings ?? []) await this.#ports.putExcalidraw(await file.text(), at);
    await this.#putImages(sorted?.pictures ?? [], at);
    const put = await this.#putFiles(sorted?.files ?? [], at);
    const asFiles = sorted?.asFiles(put) ?? null;
    if (asFiles !== null) this.#ports.toasts.say(asFiles);
    for (const sentence of sorted?.leftOut ?? []) this.#fail(sentence);
  }

  /** Files pasted where only text fits. */
  async explain(files: readonly File[]): Promise<void> {
    const sorted = await (await this.#fetch(boardFiles))?.sortFiles(files, 'text');
    for (const sentence of sorted?.leftOut ?? []) this.#fail(sentence);
  }

  /** Text that was dropped or pasted. @param at CSS pixels of the page; by default the middle of the view. */
  putText(text: string, at?: { x: number; y: number }, way: 'paste' | 'drop' = 'paste'): void {
    // Looked at before anything is done with it. Lines that end with two characters are counted with one.
    if (text.length > 2 * MAX_TEXT_LENGTH) return this.#fail(tooLongSentence(text.length, way));
    const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
    if (lines.length > MAX_TEXT_LENGTH) return this.#fail(tooLongSentence(lines.length, way));
    if (lines.trim() === '') return void this.#ports.toasts.say(m.thereIsNothingInThe());
    try {
      this.#ports.view.stage?.putText(lines, at);
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
      this.#fail(refusedTextSentence(error));
    }
  }

  /** Several together are one step. */
  async #putImages(files: readonly File[], at?: { x: number; y: number }): Promise<void> {
    const images = files.length === 0 ? null : await this.#ports.images.get();
    if (images === null) return;
    const sentence = m.pictures({ count: files.length });
    await this.#ports.whilePreparing(sentence, async () => {
      const { images: added, release } = await images.add(files);
      // Both may have changed while the images were being prepared.
      const { stage } = this.#ports.view;
      if (stage !== null && !this.#ports.room.isReadOnly) return stage.putImages(added, at);
      await release();
      if (added.length > 0) this.#fail(notPutSentence(added.length, stage === null ? 'left' : 'read-only'));
    });
  }

  /** Several together are one step. @returns Those that are on the board now. */
  async #putFiles(files: readonly File[], at?: { x: number; y: number }): Promise<readonly AttachedFile[]> {
    const attachments = files.length === 0 ? null : await this.#ports.attachments.get();
    if (attachments === null) return [];
    const sentence = m.files({ count: files.length });
    return this.#ports.whilePreparing(sentence, async () => {
      const { files: added, release } = await attachments.add(files);
      // Both may have changed while the files were being read.
      const { stage } = this.#ports.view;
      if (stage !== null && !this.#ports.room.isReadOnly) {
        stage.putFiles(added, at);
        attachments.wake();
        return added;
      }
      await release();
      attachments.sayNotPut(added.length, stage === null ? 'left' : 'read-only');
      return [];
    });
  }

  /** @returns Why the file can't be opened, or null. */
  #takeImages(images: readonly FileImage[]): Promise<string | null> {
    return this.#ports.whilePreparing(null, async () => {
      const taken = await (await this.#ports.images.get())?.takeOver(images);
      if (taken === undefined) return m.itsPicturesNeedAPart();
      if (taken.isFull) return m.thisDeviceHasNoRoom();
      if (taken.missing > 0) this.#fail(notInFileSentence(taken.missing));
      return null;
    });
  }

  #sayMissing(count: number): void {
    const sentence = missingSentence(count, 'picture');
    if (sentence !== null) this.#fail(sentence);
  }
  /** Says that a picture is smaller than usual, so that nobody wonders why it is not sharp. */
  #saySmaller(png: MadePicture): void {
    const sentence = smallerSentence(png);
    if (sentence !== null) this.#ports.toasts.say(sentence);
  }
  #fail(sentence: string): void {
    this.#ports.toasts.fail(sentence);
  }
  /** A part of the page; null when it can't be fetched, which a toast says. */
  #fetch<Part>(load: () => Promise<Part>): Promise<Part | null> {
    return fetchPart(load, this.#ports.toasts);
  }
}
