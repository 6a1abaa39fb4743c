/** A drawing as a picture that looks the same everywhere. This module is fetched with the first picture. */
import {
  decodedSize,
  ExportError,
  filteredName,
  filterOf,
  geometryBox,
  loadFonts,
  renderPng,
  renderSvgInSteps,
  singleFrame,
  svgFonts,
  type Png,
  type PngOptions,
  type SvgOptions,
} from '@wetink/canvas';
import { paper, resolveSheet, type Board, type BoardElement, type FontName, type Theme } from '@wetink/board';
import { createRests, inSlices } from '../browser/in-slices.ts';

/** The licenses require a copy of a font to carry its author and license. */
const notices: Readonly<Record<FontName, string>> = {
  sans: 'Inter: Copyright 2016 The Inter Project Authors (https://github.com/rsms/inter). SIL Open Font License 1.1, https://openfontlicense.org',
  hand: 'Caveat: Copyright 2014 The Caveat Project Authors (https://github.com/googlefonts/caveat). SIL Open Font License 1.1, https://openfontlicense.org',
  mono: 'JetBrains Mono: Copyright 2020 The JetBrains Mono Project Authors (https://github.com/JetBrains/JetBrainsMono). SIL Open Font License 1.1, https://openfontlicense.org',
};

/** Pixels of a PNG per board unit: twice the board's own. */
const PNG_SCALE = 2;

/** The images of a picture. */
export interface PictureImages extends Required<Pick<PngOptions, 'decode' | 'filter'>> {
  /** Their bytes by hash; the others are placeholders. */
  readonly found: ReadonlyMap<string, { readonly bytes: Uint8Array<ArrayBuffer> }>;
}

/** The paper that a picture shows behind the drawing. */
export type PictureSheet = Pick<Board, 'paper' | 'background'>;

export interface PngLook {
  /** Default: plain paper of the theme. */
  readonly sheet?: PictureSheet | null;
  /** See `PngOptions`. */
  readonly maxAreaPx?: number;
}

/**
 * Painted in turns with the page's other work.
 *
 * @throws {ExportError}
 */
export function boardPng(
  elements: readonly BoardElement[],
  { decode, filter }: PictureImages,
  { sheet = null, maxAreaPx }: PngLook = {},
): Promise<Png> {
  const look = { theme: 'light', scale: PNG_SCALE, ...sheetLook(sheet, 'light'), ...cutOf(elements) } as const;
  return renderPng(elements, { ...look, decode, filter, rest: createRests(), ...(maxAreaPx !== undefined && { maxAreaPx }) });
}

function sheetLook(sheet: PictureSheet | null, theme: Theme): Pick<PngOptions, 'background' | 'pattern'> {
  if (sheet === null) return { background: paper[theme] };
  return { background: resolveSheet(sheet.paper.tone, sheet.background, theme), pattern: sheet.paper.pattern };
}

/** A frame with what is in it is a picture of just that frame. */
function cutOf(elements: readonly BoardElement[]): Pick<PngOptions, 'box'> {
  const frame = singleFrame(elements);
  return frame === null ? {} : { box: geometryBox(frame.geometry) };
}

/** Why there is no picture, for a person. Anything but an expected error is a bug and is thrown on. */
export function pictureProblem(error: unknown): string {
  if (error instanceof ExportError || error instanceof DOMException) return error.message;
  throw error;
}

/**
 * Text is measured in the page's fonts, which are embedded in the picture.
 *
 * @returns `hasFonts` false when a font could not be loaded; the picture then uses the fonts of the device that opens it.
 */
export async function boardSvg(
  elements: readonly BoardElement[],
  theme: Theme,
  pictures: PictureImages,
  sheet: PictureSheet | null = null,
): Promise<{ svg: string; hasFonts: boolean }> {
  await loadFonts(elements);
  const images = new Map<string, string>();
  for (const [hash, { bytes }] of pictures.found) images.set(hash, await toBase64(bytes));
  const filtered = await filteredImages(elements, pictures);
  const look = { theme, images, filtered, ...sheetLook(sheet, theme), ...cutOf(elements) };
  try {
    const fonts = await svgFonts(elements, { page: document, fetchBytes, notices });
    return { svg: await inSlices(renderSvgInSteps(elements, { ...look, fonts })), hasFonts: true };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { svg: await inSlices(renderSvgInSteps(elements, look)), hasFonts: false };
  }
}

type Filtered = NonNullable<SvgOptions['filtered']>;

/** The filtered images, as sharp as in a PNG, each in the format of its file or as PNG. One after the other. */
async function filteredImages(elements: readonly BoardElement[], { decode, filter }: PictureImages): Promise<Filtered> {
  const filtered = new Map<string, { type: 'image/png' | 'image/jpeg'; base64: string }>();
  for (const element of elements) {
    const [name, { image, look, crop }] = [filteredName(element), element];
    const pixelFilter = filterOf(look, crop);
    if (name === null || image === null || pixelFilter === null || filtered.has(name)) continue;
    const decoded = await decode(image, decodedSize(image, element, PNG_SCALE));
    if (decoded === null) continue;
    // Without memory for the filter, the picture is embedded as it is.
    const bitmap = await filter(decoded, { ...pixelFilter, maxPixels: Infinity }).catch(() => decoded);
    if (bitmap !== decoded) decoded.close();
    const type = image.type === 'image/jpeg' ? 'image/jpeg' : 'image/png';
    try {
      filtered.set(name, { type, base64: await toBase64(await encode(bitmap, type)) });
    } finally {
      bitmap.close();
    }
  }
  return filtered;
}

/** @throws {ExportError} */
function encode(bitmap: ImageBitmap, type: string): Promise<Blob> {
  const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  return new Promise((resolve, reject) => {
    const take = (blob: Blob | null): void =>
      blob === null ? reject(new ExportError('The browser has no memory left for this picture.')) : resolve(blob);
    canvas.toBlob(take, type, 0.92);
  });
}

/** Encoded beside the page's own work. */
function toBase64(bytes: Blob | Uint8Array<ArrayBuffer>): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('no reason given'));
    reader.readAsDataURL(new Blob([bytes]));
  });
}

/** @throws {TypeError} Like `fetch` itself, when the answer is no file. */
async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new TypeError(`${url}: ${response.status}`);
  return response.arrayBuffer();
}
