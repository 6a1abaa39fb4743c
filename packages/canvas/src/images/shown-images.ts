/** Images as the painters see them: as far as their bytes are there. */
import type { ImageContent } from '@wetink/board';

/** `loading`: `progress` is 0..1, or null while nothing is known. */
export type ShownImage =
  { readonly kind: 'there'; readonly bitmap: CanvasImageSource } | { readonly kind: 'loading'; readonly progress: number | null };

export interface ShownImages {
  /** Never waits: an image that nobody has asked for is `loading`. */
  find(image: ImageContent): ShownImage;
}
