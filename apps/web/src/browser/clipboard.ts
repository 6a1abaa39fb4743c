/** The clipboard outside the events of its keys: for buttons, menus and keys that browsers do not know. */
import { elementsInMarkup } from '../core/clipboard-markup.ts';
import { drawingIn, type Incoming } from './incoming.ts';

/** Pictures for the clipboard by their type, which may still be made. */
export type CopiedPictures = Readonly<Partial<Record<'image/png' | 'image/svg+xml', Promise<Blob>>>>;

/** Whether the browser writes content of this type. */
export function canWrite(type: string): boolean {
  return typeof ClipboardItem !== 'undefined' && typeof ClipboardItem.supports === 'function' && ClipboardItem.supports(type);
}

/**
 * Writes elements, with pictures of them for programs that know no markup of a board. With pictures nothing is in the clipboard
 * before all of them are made.
 *
 * @returns False where the browser can't or won't, and when a picture is not made after all: then the clipboard is as it was.
 */
export async function writeElements(markup: string, text: string, pictures: CopiedPictures = {}): Promise<boolean> {
  if (typeof ClipboardItem === 'undefined' || navigator.clipboard === undefined) return false;
  const texts = { 'text/html': new Blob([markup], { type: 'text/html' }), 'text/plain': new Blob([text], { type: 'text/plain' }) };
  try {
    await navigator.clipboard.write([new ClipboardItem({ ...texts, ...pictures })]);
    return true;
  } catch (error) {
    // Permission refused, or the reason of a picture: browsers hand either of them on.
    if (error instanceof DOMException || error instanceof NotMadeError) return false;
    throw error;
  }
}

/** A picture that the clipboard was promised and does not get. */
export class NotMadeError extends Error {
  override readonly name = 'NotMadeError';
}

/** Writes an SVG as text, and as a picture where the browser can. @returns False where it can't or won't. */
export async function writeSvg(svg: Promise<string>): Promise<boolean> {
  if (typeof ClipboardItem === 'undefined' || navigator.clipboard === undefined) return false;
  const blobOf = (type: string): Promise<Blob> => svg.then((text) => new Blob([text], { type }));
  const types = ['text/plain', ...(canWrite('image/svg+xml') ? ['image/svg+xml'] : [])];
  try {
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(types.map((type) => [type, blobOf(type)])))]);
    return true;
  } catch {
    return false; // Permission refused, or no picture, about which the caller knows.
  }
}

/** Reads whatever the clipboard has; null where the browser can't or won't. */
export async function readClipboard(): Promise<Incoming | null> {
  if (navigator.clipboard?.read === undefined) return null;
  try {
    const items = await navigator.clipboard.read();
    const blobOf = async (type: string): Promise<Blob | null> =>
      (await items.find(({ types }) => types.includes(type))?.getType(type)) ?? null;
    const markup = (await (await blobOf('text/html'))?.text()) ?? '';
    const text = (await (await blobOf('text/plain'))?.text()) ?? '';
    const [elements, drawing] = [elementsInMarkup(markup), drawingIn(markup, text)];
    if (elements !== null) return { kind: 'elements', elements, text };
    if (drawing !== null) return { kind: 'drawing', drawing };
    if (text !== '') return { kind: 'text', text };
    const picture = await blobOf('image/png');
    return picture === null ? { kind: 'nothing' } : { kind: 'files', files: [new File([picture], '', { type: picture.type })] };
  } catch (error) {
    if (error instanceof DOMException) return null; // Permission refused.
    throw error;
  }
}
