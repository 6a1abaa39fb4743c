/** A drawing as a picture that looks the same everywhere. This module is fetched with the first picture. */
import { ExportError, loadFonts, renderPng, renderSvg, svgFonts, type Png, type PngOptions } from '@wetink/canvas';
import { paper, type BoardElement, type FontName, type Theme } from '@wetink/board';

/** The licenses require a copy of a font to carry its author and license. */
const notices: Readonly<Record<FontName, string>> = {
  sans: 'Inter: Copyright 2016 The Inter Project Authors (https://github.com/rsms/inter). SIL Open Font License 1.1, https://openfontlicense.org',
  hand: 'Caveat: Copyright 2014 The Caveat Project Authors (https://github.com/googlefonts/caveat). SIL Open Font License 1.1, https://openfontlicense.org',
  mono: 'JetBrains Mono: Copyright 2020 The JetBrains Mono Project Authors (https://github.com/JetBrains/JetBrainsMono). SIL Open Font License 1.1, https://openfontlicense.org',
};

/** Pixels of a PNG per board unit: twice the board's own. */
const PNG_SCALE = 2;

/** @throws {ExportError} */
export function boardPng(elements: readonly BoardElement[], decode: NonNullable<PngOptions['decode']>): Promise<Png> {
  return renderPng(elements, { theme: 'light', scale: PNG_SCALE, background: paper.light, decode });
}

/** Why there is no picture, for a person. Anything but an expected error is a bug and is thrown on. */
export function pictureProblem(error: unknown): string {
  if (error instanceof ExportError || error instanceof DOMException) return error.message;
  throw error;
}

/**
 * Text is measured in the page's fonts, which are embedded in the picture.
 *
 * @param found Bytes of images by hash; the others are placeholders.
 * @returns `hasFonts` false when a font could not be loaded; the picture then uses the fonts of the device that opens it.
 */
export async function boardSvg(
  elements: readonly BoardElement[],
  theme: Theme,
  found: ReadonlyMap<string, { readonly bytes: Uint8Array<ArrayBuffer> }>,
): Promise<{ svg: string; hasFonts: boolean }> {
  await loadFonts(elements);
  const images = new Map<string, string>();
  for (const [hash, { bytes }] of found) images.set(hash, await toBase64(bytes));
  const look = { theme, background: paper[theme], images };
  try {
    const fonts = await svgFonts(elements, { page: document, fetchBytes, notices });
    return { svg: renderSvg(elements, { ...look, fonts }), hasFonts: true };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { svg: renderSvg(elements, look), hasFonts: false };
  }
}

/** Encoded beside the page's own work. */
function toBase64(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
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
