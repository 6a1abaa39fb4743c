/**
 * Pictures beside copied elements, for programs that know no markup of a board.
 *
 * A browser writes all it was promised at once, when the last of it is there. So the elements are in the clipboard first, as soon
 * as they are copied, and are written again with their pictures once those are painted, in turns with the page's other work. By
 * then something else may have been copied, here or in another program: then nothing is written.
 */
import type { BoardElement } from '@wetink/board';
import { canWrite, NotMadeError, writeElements } from '../browser/clipboard.ts';
import { pictures } from './file-parts.ts';
import type { BoardImagesState } from './board-images.svelte.ts';

/** Elements of a copy that gets a picture: painting as many takes a second or two. */
const MAX_ELEMENTS = 20_000;
/** Those of one that gets an SVG as well: some 10 MB. */
const MAX_SVG_ELEMENTS = 5_000;
/** 64 MB while it is painted, 4,000 by 4,000 pixels. */
const MAX_AREA_PX = 16_000_000;

export interface CopiedText {
  readonly markup: string;
  readonly text: string;
}

type PicturePart = Pick<Awaited<ReturnType<typeof pictures>>, 'boardPng' | 'boardSvg'>;

export class CopiedPicture {
  readonly #images: Pick<BoardImagesState, 'forPicture'>;
  readonly #pictures: () => Promise<PicturePart>;
  /** Copies since the page was opened: a picture of any but the newest is not wanted any more. */
  #newest = 0;

  constructor(images: Pick<BoardImagesState, 'forPicture'>, part: () => Promise<PicturePart> = pictures) {
    this.#images = images;
    this.#pictures = part;
  }

  /** Something else was copied: a picture that is being made is not for the clipboard any more. */
  drop(): void {
    this.#newest += 1;
  }

  /**
   * Must be called while the key or the click is being handled.
   *
   * @returns False when there are too many elements for a picture.
   */
  offer(elements: readonly BoardElement[], { markup, text }: CopiedText): boolean {
    this.drop();
    if (elements.length > MAX_ELEMENTS) return false;
    if (!canWrite('image/png')) return true;
    const own = this.#newest;
    const made = Promise.all([this.#pictures(), this.#images.forPicture(elements)]);
    const png = made.then(([part, images]) => part.boardPng(elements, images, { maxAreaPx: MAX_AREA_PX })).then(({ blob }) => blob);
    const hasSvg = elements.length <= MAX_SVG_ELEMENTS && canWrite('image/svg+xml');
    // One after the other: each is given turns of the page of its own.
    const svg = png.then(() => made).then(([part, images]) => part.boardSvg(elements, 'light', images));
    const whenWanted = async (blob: Promise<Blob>): Promise<Blob> => {
      const picture = await blob.catch((cause: unknown) => {
        throw new NotMadeError('no picture', { cause });
      });
      if (own !== this.#newest || !document.hasFocus()) throw new NotMadeError('something else was copied');
      return picture;
    };
    const all = {
      'image/png': whenWanted(png),
      ...(hasSvg && { 'image/svg+xml': whenWanted(svg.then((one) => new Blob([one.svg], { type: 'image/svg+xml' }))) }),
    };
    for (const picture of [...Object.values(all), svg]) picture.catch(() => undefined); // The elements are in the clipboard without it.
    void writeElements(markup, text, all);
    return true;
  }
}
