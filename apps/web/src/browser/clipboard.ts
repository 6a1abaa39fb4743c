/** The clipboard outside the events of its keys: for buttons, menus and keys that browsers do not know. */
import { elementsInMarkup } from '../core/clipboard-markup.ts';
import { drawingIn, type Incoming } from './incoming.ts';

/** Writes elements. @returns False where the browser can't or won't. */
export async function writeElements(markup: string, text: string): Promise<boolean> {
  if (typeof ClipboardItem === 'undefined' || navigator.clipboard === undefined) return false;
  const blobs = { 'text/html': new Blob([markup], { type: 'text/html' }), 'text/plain': new Blob([text], { type: 'text/plain' }) };
  try {
    await navigator.clipboard.write([new ClipboardItem(blobs)]);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false; // Permission refused.
    throw error;
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
