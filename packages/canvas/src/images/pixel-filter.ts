/** The filters of an image, told apart: apart from `filter-pixels.ts`, which a page needs only once an image has one. */
import type { Crop, Look } from '@wetink/board';

/** The parts of a look that change pixels. */
export type FilterProp = Exclude<keyof Look, 'radius'>;
export const filterProps = [
  'brightness',
  'exposure',
  'contrast',
  'saturation',
  'warmth',
  'hue',
  'blur',
  'greyscale',
  'sepia',
  'invert',
  'vignette',
] as const satisfies readonly FilterProp[];

export interface PixelFilter {
  readonly look: Look;
  /** The vignette lies around the part that is shown. */
  readonly crop: Crop;
  /** Equal for filters that give the same pixels. */
  readonly key: string;
}

/** Null when the picture is shown as it is. */
export function filterOf(look: Look, crop: Crop): PixelFilter | null {
  if (filterProps.every((prop) => look[prop] === 0)) return null;
  const values = filterProps.map((prop) => look[prop]);
  const frame = look.vignette === 0 ? [] : [crop.left, crop.top, crop.right, crop.bottom];
  return { look, crop, key: [...values, ...frame].join(' ') };
}
