/** Images as the painters see them: as far as their bytes are there, and filtered. */
import type { ImageContent } from '@wetink/board';
import type { PixelFilter } from './pixel-filter.ts';

/** `loading`: `progress` is 0..1, or null while nothing is known. */
export type ShownImage =
  { readonly kind: 'there'; readonly bitmap: ImageBitmap } | { readonly kind: 'loading'; readonly progress: number | null };

export interface ShownImages {
  /** Never waits: an image that nobody has asked for is `loading`. */
  find(image: ImageContent, filter: PixelFilter | null): ShownImage;
}
