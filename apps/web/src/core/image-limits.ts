/** Limits of images that are put on a board, and why one can't be. The worker reads them too, so nothing is imported here. */

/** The most that is decoded: 40 megapixels are 160 MB in a browser, and the most a relay accepts by default. */
export const MAX_PIXELS = 40_000_000;
/** The largest file that is read at all. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

export type ImageProblem =
  | { readonly kind: 'not-an-image' | 'cut-off' | 'unreadable' | 'too-large-a-file' | 'no-memory' | 'device-full' }
  | { readonly kind: 'too-many-pixels'; readonly pixels: number };
