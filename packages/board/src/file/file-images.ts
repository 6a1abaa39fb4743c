/** Images of a board file: their bytes lie in the line of the first element that shows them. */
import { defaultStyle } from '../document/fields.ts';
import { readImage, writeImage } from '../document/image-record.ts';
import type { FileContent, FileElement } from './file-codec.ts';
import type { Geometry, ImageContent } from '../types.ts';

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

/** The content with bytes of images, each at the first element that shows it. @param images By hash. */
export function withImages(content: FileContent, images: ReadonlyMap<string, Uint8Array>): FileContent {
  if (images.size === 0) return content;
  const left = new Map(images);
  const elements = content.elements.map((element) => {
    const hash = element.kind === 'image' ? readImage(element.raw?.m)?.hash : undefined;
    const data = hash === undefined ? undefined : left.get(hash);
    if (hash === undefined || data === undefined) return element;
    left.delete(hash);
    return { ...element, data };
  });
  return { ...content, elements };
}

/** An image as an element of a file, whole and as it is. Its bytes are the caller's. */
export function imageForFile(image: ImageContent, geometry: Geometry): FileElement {
  const common = { style: defaultStyle, isLocked: false, ink: null, text: '', alt: '', groups: [], data: null };
  return { ...common, kind: 'image', geometry, base: geometry, raw: { m: writeImage(image) } };
}
