/**
 * Sizes at which images are decoded: level 0 is the image itself, each further level half as wide and half as high.
 *
 * An image is decoded at the smallest level that is at least as large as it is shown, so 500 photographs zoomed out cost
 * little. Where all images would take more than the budget, those beside the view go down a level until they fit, and after
 * them those in view: they look softer, and none is missing. The plan follows from the view alone, so images never push each
 * other out in turns.
 */
import { wholeGeometry, type BoardElement, type ImageContent } from '@wetink/board';

export interface WantedImage {
  readonly image: ImageContent;
  /** Longer side of the largest place where it is shown, in device pixels. */
  readonly sidePx: number;
  /** False where it is only painted ahead of a pan. */
  readonly isInView: boolean;
}

export interface PlannedImage {
  readonly image: ImageContent;
  readonly level: number;
}

/** At level 12 an image of 4,096 pixels is one pixel. */
const MAX_LEVEL = 12;
export const BYTES_PER_PIXEL = 4;

export function levelSize({ width, height }: Pick<ImageContent, 'width' | 'height'>, level: number): { width: number; height: number } {
  const at = (side: number): number => Math.max(1, Math.ceil(side / 2 ** level));
  return { width: at(width), height: at(height) };
}

/** Board units of the longer side of an image as large as it is shown, also of the part that is cropped away. */
export function longerSide({ geometry, crop }: Pick<BoardElement, 'geometry' | 'crop'>): number {
  const { w, h } = wholeGeometry(geometry, crop);
  return Math.max(Math.abs(w), Math.abs(h));
}

/** The size in which an image is decoded for a picture with `scale` pixels per board unit. */
export function decodedSize(
  image: ImageContent,
  element: Pick<BoardElement, 'geometry' | 'crop'>,
  scale: number,
): { width: number; height: number } {
  return levelSize(image, levelFor(image, longerSide(element) * scale));
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
  const inView = new Set<string>();
  for (const { image, sidePx, isInView } of wanted) {
    if (isInView) inView.add(image.hash);
    const level = levelFor(image, sidePx);
    const before = plan.get(image.hash);
    if (before === undefined || level < before.level) plan.set(image.hash, { image, level });
  }
  soften(
    plan,
    budgetBytes,
    [...plan.keys()].filter((hash) => !inView.has(hash)),
  );
  soften(plan, budgetBytes, [...inView]);
  return plan;
}

/** Takes these images down, a level at a time, until all fit. */
function soften(plan: Map<string, PlannedImage>, budgetBytes: number, hashes: readonly string[]): void {
  for (let times = 0; times < MAX_LEVEL && bytesOf(plan) > budgetBytes; times++) {
    for (const hash of hashes) {
      const { image, level } = plan.get(hash)!;
      plan.set(hash, { image, level: Math.min(MAX_LEVEL, level + 1) });
    }
  }
}

function bytesOf(plan: ReadonlyMap<string, PlannedImage>): number {
  let bytes = 0;
  for (const { image, level } of plan.values()) bytes += levelBytes(image, level);
  return bytes;
}
