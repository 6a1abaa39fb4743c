/** Images of a board file: their bytes lie in the line of the first element that shows them. */
import { readImage } from '../document/image-record.ts';
import type { FileContent } from './file-codec.ts';
import type { ImageContent } from '../types.ts';

export interface FileImage {
  readonly image: ImageContent;
  /** Null: the file has no bytes for it. Not checked: they may have another hash, and be no image at all. */
  readonly data: Uint8Array | null;
}

/** Every image that an element of the file shows, once, in the order of the file. */
export function imagesInFile(content: FileContent): FileImage[] {
  const found = new Map<string, FileImage>();
  for (const { kind, raw, data } of content.elements) {
    const image = kind === 'image' ? readImage(raw?.m) : null;
    if (image !== null && (found.get(image.hash)?.data ?? null) === null) found.set(image.hash, { image, data });
  }
  return [...found.values()];
}
