/**
 * Copying, cutting and pasting elements. Fetched with what handles drops and pastes, see Incoming.svelte: while a key is being
 * handled there is no time to fetch anything.
 */
import * as m from '$words/board-clipboard';
import {
  boardContent,
  BoardError,
  decodeBase64,
  decodeFileInSteps,
  encodeBase64,
  encodeFile,
  encodeFileInSteps,
  imagesInFile,
  imageForFile,
  importElementsInSteps,
  inkLimits,
  moveFile,
  type BoardElement,
  type ElementId,
  type FileContent,
  type FileElement,
  type FileImage,
  type ImageContent,
  withImages,
} from '@wetink/board';
import { boxesTouch, geometryBox, heldBy, homeOf, measureAnywhere, uniteAll, type Box, type Point, type Stage } from '@wetink/canvas';
import { readClipboard, writeElements } from '../browser/clipboard.ts';
import { inSlices } from '../browser/in-slices.ts';
import type { CopiedDrawing } from '../browser/incoming.ts';
import { randomBase64Url } from '../core/board-id.ts';
import { filesAmong, imagesAmong } from '../core/board-pictures.ts';
import { toMarkup, type CopiedElements } from '../core/clipboard-markup.ts';
import {
  copiedSentence,
  copyingSentence,
  cutShortSentence,
  damagedSentence,
  elsewhereSentence,
  noPictureSentence,
  filesLackingSentence,
  nothingSelectedSentence,
  notReadSentence,
  notWrittenSentence,
  notOfHereSentence,
  pastingSentence,
  picturesLackingSentence,
  stayedSentence,
  tooMuchSentence,
} from '../core/clipboard-sentences.ts';
import { fromExcalidrawInSteps } from '../core/excalidraw.ts';
import type { ForeignPicture } from '../core/foreign-drawing.ts';
import { fromTldrawInSteps } from '../core/tldraw.ts';
import { dropOldCopies, forgetCopies, keepCopy, readCopy } from '../session/newest-copy.ts';
import { CopiedPicture } from './copied-picture.ts';
import type { BoardFilesPorts, FilesOnBoard } from './file-parts.ts';

/** Elements that are written while a key is being handled: 20 to 50 ms. More are written between other work. */
const AT_ONCE = 3_000;

export interface ClipboardPorts extends Pick<BoardFilesPorts, 'session' | 'view' | 'room' | 'images' | 'toasts'> {
  readonly files: FilesOnBoard;
}

/** Where pasted elements appear: about a point in CSS pixels of the page, in the middle of the view, or where they were. */
export type PasteTo = Point | 'middle' | 'in-place';

/** Bytes of pictures in a copy, as in a saved board. */
const IMAGE_BYTES = 84 * 1024 * 1024;
/** Pictures of one paste that are looked for where the clipboard does not have them. */
const MAX_FOUND = 200;

interface Copied {
  readonly elements: readonly BoardElement[];
  readonly markup: string;
  readonly text: string;
  /** Whether all of it is in the clipboard already. */
  readonly isThere: boolean;
  /** Resolves when all of it can be pasted; false when that failed, which a toast has said. */
  readonly isWhole: Promise<boolean>;
}

export class BoardClipboard {
  readonly #ports: ClipboardPorts;
  readonly #picture: CopiedPicture;
  /** Copies that are still being written, by name: a paste waits for its own. */
  readonly #writing = new Map<string, Promise<boolean>>();
  /** One paste after the other: their parts would lie between each other. */
  #pasting: Promise<void> = Promise.resolve();

  constructor(ports: ClipboardPorts) {
    this.#ports = ports;
    this.#picture = new CopiedPicture(ports.images);
    void dropOldCopies(ports.session.me.id);
  }

  /**
   * Copies the selection into the clipboard event of a key.
   *
   * @returns False when nothing is selected: the event is left to the page.
   */
  copy(transfer: DataTransfer): boolean {
    const selected = this.#selected();
    if (selected.length > 0) this.#fill(transfer, selected);
    return selected.length > 0;
  }

  /** Something else was copied in this page. */
  dropPicture(): void {
    this.#picture.drop();
  }

  /** As `copy`. What is locked stays, and nothing goes before all of it can be pasted. */
  cut(transfer: DataTransfer): boolean {
    const selected = this.#selected();
    if (selected.length === 0) return false;
    const copied = this.#fill(transfer, selected);
    if (copied !== null) void this.#removeCopied(copied);
    return true;
  }

  /** For buttons and menus, which have no clipboard event. */
  async copyByButton(): Promise<void> {
    await this.#copyAside();
  }

  async cutByButton(): Promise<void> {
    const copied = await this.#copyAside();
    if (copied !== null) await this.#removeCopied(copied);
  }

  async pasteByButton(to: PasteTo): Promise<void> {
    const { files } = this.#ports;
    const at = typeof to === 'object' ? to : undefined;
    const incoming = await readClipboard();
    if (incoming === null) this.#fail(notReadSentence);
    else if (incoming.kind === 'elements') await this.paste(incoming, to);
    else if (incoming.kind === 'drawing') await this.pasteDrawing(incoming.drawing, to);
    else if (incoming.kind === 'files') await files.openAll(incoming.files, at);
    else await files.putText(incoming.kind === 'text' ? incoming.text : '', at);
  }

  /** Puts copied elements on the board as one step and selects them; their text, where they can't be had. */
  paste({ elements, text }: { elements: CopiedElements; text: string }, to: PasteTo): Promise<void> {
    return this.#inTurn(async () => {
      const bytes = await this.#bytesOf(elements);
      if (bytes === null) {
        this.#fail(elements.file === '' ? elsewhereSentence : damagedSentence);
        if (text !== '') await this.#ports.files.putText(text, typeof to === 'object' ? to : undefined);
        return;
      }
      const content = await inSlices(decodeFileInSteps(bytes));
      if (await this.#keepImages(imagesInFile(content))) await this.#put(content, to);
    });
  }

  /** Puts a drawing of another program on the board as one step. One that can't be read is put there as its text. */
  pasteDrawing({ from, content, text }: CopiedDrawing, to: PasteTo): Promise<void> {
    return this.#inTurn(async () => {
      const read = await inSlices(from === 'excalidraw' ? fromExcalidrawInSteps(content) : fromTldrawInSteps(content, measureAnywhere()));
      if (read === null) {
        if (from === 'tldraw') this.#fail(damagedSentence);
        return text === '' ? undefined : this.#ports.files.putText(text, typeof to === 'object' ? to : undefined);
      }
      let lost = 0;
      const elements: FileElement[] = [];
      for (const element of read.elements) {
        if (!('url' in element)) elements.push(element);
        else {
          const { groups, isLocked } = element;
          const [image] = (await (await this.#ports.images.get())?.add([pictureFile(element.url)]))?.images ?? [];
          if (image === undefined) lost += 1;
          else elements.push({ ...imageForFile(image, element.geometry), groups, isLocked });
        }
      }
      await this.#put({ title: null, background: null, elements }, to);
      const sentence = notOfHereSentence({ ...read.leftOut, damaged: read.leftOut.damaged + lost }, elements.length);
      if (sentence !== null) this.#ports.toasts.say(sentence);
    });
  }

  /** After the paste before it, with a sentence when it takes long. */
  #inTurn(paste: () => Promise<void>): Promise<void> {
    const run = async (): Promise<void> => {
      try {
        await this.#ports.files.whilePreparing(pastingSentence, paste);
      } catch (error) {
        if (!(error instanceof BoardError)) throw error;
        this.#fail(error.code === 'BAD_FILE' ? damagedSentence : error.message);
      }
    };
    this.#pasting = this.#pasting.then(run, run);
    return this.#pasting;
  }

  /** The whole copy of this device, else what the clipboard has. Null when there is neither. */
  async #bytesOf({ file, copy }: CopiedElements): Promise<Uint8Array | null> {
    await this.#writing.get(copy);
    const kept = copy === '' ? null : await readCopy(copy, this.#ports.session.me.id);
    if (kept !== null) return new Uint8Array(await kept.arrayBuffer());
    return file === '' ? null : decodeBase64(file);
  }

  async #put(content: FileContent, to: PasteTo): Promise<void> {
    const { view, room, session, toasts } = this.#ports;
    const { board } = session;
    const { stage } = view;
    const box = uniteAll(content.elements.map(({ geometry }) => geometryBox(geometry)));
    // Both may have changed while the clipboard was being read.
    if (stage === null || room.isReadOnly || box === null) return;
    const place = to === 'in-place' ? { x: 0, y: 0 } : await stage.placeFor(box, to === 'middle' ? undefined : to);
    if (place === null) return;
    const by = onBoard(content, box, place);
    const known = new Set(filesAmong(board.elements()).map(({ hash }) => hash));
    const moved = await inSlices(movedInSteps(content, by));
    const frames = board.elements().filter(({ kind }) => kind === 'frame');
    const ids = await inSlices(
      whileTrue(
        () => !room.isReadOnly,
        importElementsInSteps(board, moved.elements, undefined, (together) => homeOf(frames, together)),
      ),
    );
    if (ids === null) return this.#fail(cutShortSentence);
    const shown = ids.filter((id) => board.get(id) !== undefined);
    if (shown.length > 0)
      this.#select(shown, { minX: box.minX + by.x, minY: box.minY + by.y, maxX: box.maxX + by.x, maxY: box.maxY + by.y });
    const sentence = filesLackingSentence(
      filesAmong(shown.flatMap((id) => board.get(id) ?? [])).filter(({ hash }) => !known.has(hash)).length,
    );
    if (sentence !== null) toasts.say(sentence);
  }

  #select(ids: readonly ElementId[], box: Box): void {
    const { stage } = this.#ports.view;
    if (stage === null) return;
    stage.setTool('select');
    const put = new Set<ElementId | null>(ids);
    const { board } = this.#ports.session;
    stage.select(ids.filter((id) => !put.has(board.get(id)?.frame ?? null)));
    if (!boxesTouch(box, seenBox(stage))) stage.zoomToFit(box);
  }

  /** The bytes of pictures are on this device before an element shows them. */
  async #keepImages(images: readonly FileImage[]): Promise<boolean> {
    if (images.length === 0) return true;
    const { images: ports } = this.#ports;
    const { found } = await ports.find(
      images
        .filter(({ data }) => data === null)
        .slice(0, MAX_FOUND)
        .map(({ image }) => image),
    );
    const whole = images.map(({ image, data }) => ({ image, data: data ?? found.get(image.hash)?.bytes ?? null }));
    const taken = await (await ports.get())?.takeOver(whole);
    if (taken === undefined) return false;
    if (taken.isFull) this.#fail(m.thisDeviceHasNoRoom());
    else if (taken.missing > 0) this.#fail(picturesLackingSentence(taken.missing));
    return !taken.isFull;
  }

  /** With everything in the selected frames. */
  #selected(): readonly BoardElement[] {
    const { view, session } = this.#ports;
    const { selected } = view;
    return [...selected, ...heldBy(session.board, selected)];
  }

  #fill(transfer: DataTransfer, elements: readonly BoardElement[]): Copied | null {
    const copied = this.#copied(elements);
    if (copied === null) return null;
    transfer.setData('text/html', copied.markup);
    transfer.setData('text/plain', copied.text);
    this.#offerPicture(copied);
    return copied;
  }

  /** @returns Null when nothing was copied, which a toast has said. */
  async #copyAside(): Promise<Copied | null> {
    const { toasts } = this.#ports;
    const selected = this.#selected();
    const copied = selected.length === 0 ? null : this.#copied(selected);
    if (selected.length === 0) toasts.say(nothingSelectedSentence);
    if (copied === null) return null;
    if (!(await writeElements(copied.markup, copied.text))) {
      this.#fail(notWrittenSentence);
      return null;
    }
    this.#offerPicture(copied);
    if (!(await copied.isWhole)) return null;
    toasts.say(copiedSentence(copied.elements.length));
    return copied;
  }

  #offerPicture(copied: Copied): void {
    if (!this.#picture.offer(copied.elements, copied)) this.#ports.toasts.say(noPictureSentence);
  }

  /**
   * A small selection is in the clipboard itself; a large one, and the bytes of pictures, go to the device. All of it is as it
   * is now, whatever happens to the board while it is written.
   *
   * @returns Null when it is too much, which a toast has said.
   */
  #copied(elements: readonly BoardElement[]): Copied | null {
    try {
      const content = boardContent(this.#ports.session.board, idsOf(elements));
      const isLarge = elements.length > AT_ONCE;
      const images = imagesAmong(elements);
      const isThere = !isLarge && images.length === 0;
      const copy = isThere ? '' : randomBase64Url(16, (bytes) => crypto.getRandomValues(bytes));
      const file = isLarge ? '' : encodeBase64(encodeFile(content));
      const texts = elements.map(({ text }) => text).filter((text) => text !== '');
      // A copy that is in the clipboard alone replaces the one on the device.
      const isWhole = isThere ? forgetCopies().then(() => true) : this.#keep(copy, content, images, elements.length);
      return { elements, markup: toMarkup({ file, copy }, texts), text: texts.join('\n'), isThere, isWhole };
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
      this.#fail(tooMuchSentence);
      return null;
    }
  }

  #keep(copy: string, content: FileContent, images: readonly ImageContent[], count: number): Promise<boolean> {
    const file = async (): Promise<Blob> => {
      const { found } = await this.#ports.images.find(images);
      const bytes = new Map<string, Uint8Array>();
      let total = 0;
      for (const [hash, stored] of found) {
        total += stored.bytes.length;
        if (total <= IMAGE_BYTES) bytes.set(hash, stored.bytes);
      }
      return new Blob(await inSlices(encodeFileInSteps(withImages(content, bytes))));
    };
    const write = async (): Promise<boolean> => {
      try {
        await keepCopy(copy, this.#ports.session.me.id, file);
        return true;
      } catch (error) {
        if (!(error instanceof BoardError)) throw error;
        this.#fail(tooMuchSentence);
        return false;
      }
    };
    const sentence = count > AT_ONCE ? copyingSentence(count) : null;
    const writing = this.#ports.files.whilePreparing(sentence, write).finally(() => this.#writing.delete(copy));
    this.#writing.set(copy, writing);
    return writing;
  }

  /** Takes off the board what was cut, as far as it is still as it was copied. */
  async #removeCopied({ elements, isThere, isWhole }: Copied): Promise<void> {
    if (!isThere && !(await isWhole)) return;
    const { session, room, toasts } = this.#ports;
    if (room.isReadOnly) return;
    const free = elements.filter((element) => !element.isLocked && element.kind !== 'unknown' && session.board.get(element.id) === element);
    if (free.length > 0) session.board.run((edit) => edit.remove(idsOf(free)));
    if (free.length < elements.length) toasts.say(stayedSentence(elements.length - free.length));
  }

  #fail(sentence: string): void {
    this.#ports.toasts.fail(sentence);
  }
}

/** The nearest move that leaves all of the content within the bounds of a board; none, if no move does. */
function onBoard({ elements }: FileContent, box: Box, by: Point): Point {
  const { maxCoordinate: max } = inkLimits;
  const within = (value: number, low: number, high: number): number => Math.max(-max - low, Math.min(max - high, value));
  const { x, y } = { x: within(by.x, box.minX, box.maxX), y: within(by.y, box.minY, box.maxY) };
  const isIn = (place: Point): boolean => Math.abs(place.x + x) <= max && Math.abs(place.y + y) <= max;
  return elements.every(({ geometry, base }) => isIn(geometry) && isIn(base)) ? { x, y } : { x: 0, y: 0 };
}

/** Steps for as long as they may go on; null when they were stopped. */
function* whileTrue<Result>(mayGoOn: () => boolean, steps: Generator<undefined, Result>): Generator<undefined, Result | null> {
  for (;;) {
    if (!mayGoOn()) return null;
    const step = steps.next();
    if (step.done === true) return step.value;
    yield;
  }
}

/** The bytes of a picture in JSON, as a file. Those that are no picture are refused with the others that can't be shown. */
function pictureFile(url: ForeignPicture['url']): File {
  const [head = '', data = ''] = url.split(',', 2);
  const bytes = decodeBase64(data) ?? new Uint8Array();
  return new File([new Uint8Array(bytes)], '', { type: /^data:(image\/[a-z+.-]+)/.exec(head)?.[1] ?? '' });
}

/** `moveFile`, some hundred elements in each step. */
function* movedInSteps(content: FileContent, by: Point): Generator<undefined, FileContent> {
  const elements: FileContent['elements'][number][] = [];
  for (let at = 0; at < content.elements.length; at += 250) {
    if (at > 0) yield;
    elements.push(...moveFile({ ...content, elements: content.elements.slice(at, at + 250) }, by.x, by.y).elements);
  }
  return { ...content, elements };
}

function idsOf(elements: readonly BoardElement[]): ElementId[] {
  return elements.map(({ id }) => id);
}

function seenBox(stage: Stage): Box {
  const [from, to] = [stage.toBoard({ x: 0, y: 0 }), stage.toBoard({ x: stage.size.width, y: stage.size.height })];
  return { minX: from.x, minY: from.y, maxX: to.x, maxY: to.y };
}
