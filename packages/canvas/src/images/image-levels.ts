/**
 * Sizes at which images are decoded: level 0 is the image itself, each further level half as wide and half as high.
 *
 * An image is decoded at the smallest level that is at least as large as it is shown, so 500 photographs zoomed out cost
 * little. Where all images in view would take more than the budget, all of them go down a level until they fit: they look
 * softer, and none is missing. The plan follows from the view alone, so images never push each other out in turns.
 */
import type { ImageContent } from '@wetink/board';

export interface WantedImage {
  readonly image: ImageContent;
  /** Longer side of the largest place where it is shown, in device pixels. */
  readonly sidePx: number;
}

export interface PlannedImage {
  readonly image: ImageContent;
  readonly level: number;
}

/** At level 12 an image of 4,096 pixels is one pixel. */
const MAX_LEVEL = 12;
const BYTES_PER_PIXEL = 4;

export function levelSize({ width, height }: Pick<ImageContent, 'width' | 'height'>, level: number): { width: number; height: number } {
  const at = (side: number): number => Math.max(1, Math.ceil(side / 2 ** level));
  return { width: at(width), height: at(height) };
}

/** Memory of the decoded image. */
export function levelBytes(image: Pick<ImageContent, 'width' | 'height'>, level: number): number {
  const { width, height } = levelSize(image, level);
  return width * height * BYTES_PER_PIXEL;
}

/** The coarsest level that is at least `sidePx` long. */
export function levelFor(image: Pick<ImageContent, 'width' | 'height'>, sidePx: number): number {
  const side = Math.max(image.width, image.height);
  if (!(sidePx > 0)) return MAX_LEVEL;
  return Math.min(MAX_LEVEL, Math.max(0, Math.floor(Math.log2(side / sidePx))));
}

/** By hash. An image that is shown at several places counts once, at the largest. */
export function planImages(wanted: Iterable<WantedImage>, budgetBytes: number): Map<string, PlannedImage> {
  const plan = new Map<string, PlannedImage>();
  for (const { image, sidePx } of wanted) {
    const level = levelFor(image, sidePx);
    const before = plan.get(image.hash);
    if (before === undefined || level < before.level) plan.set(image.hash, { image, level });
  }
  while (bytesOf(plan) > budgetBytes && [...plan.values()].some(({ level }) => level < MAX_LEVEL)) {
    for (const [hash, { image, level }] of plan) plan.set(hash, { image, level: Math.min(MAX_LEVEL, level + 1) });
  }
  return plan;
}

function bytesOf(plan: ReadonlyMap<string, PlannedImage>): number {
  let bytes = 0;
  for (const { image, level } of plan.values()) bytes += levelBytes(image, level);
  return bytes;
}
