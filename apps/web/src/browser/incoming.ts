/**
 * The content of a drop or a paste, as the platform hands it over: elements of a board, files, text, or nothing usable.
 *
 * Read everything from a `DataTransfer` while its event is handled; afterwards it is empty.
 */
import { elementsInMarkup, type CopiedElements } from '../core/clipboard-markup.ts';
import { looksLikeExcalidraw } from '../core/dropped-file.ts';
import { tldrawInMarkup } from '../core/foreign-drawing.ts';

/** A drawing of another program. */
export interface CopiedDrawing {
  readonly from: 'excalidraw' | 'tldraw';
  /** As that program wrote it. */
  readonly content: string;
  /** For a drawing that can't be read. */
  readonly text: string;
}

export type Incoming =
  /** `text`: for elements that can't be had. */
  | { readonly kind: 'elements'; readonly elements: CopiedElements; readonly text: string }
  | { readonly kind: 'drawing'; readonly drawing: CopiedDrawing }
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' };

/** Picks the richer form of content that comes as both: a picture of a web page is also a link, table cells are also a picture. */
export function readTransfer(transfer: DataTransfer, way: 'drop' | 'paste'): Incoming {
  const markup = transfer.getData('text/html');
  const elements = elementsInMarkup(markup);
  const text = transfer.getData('text/plain') || transfer.getData('text/uri-list');
  if (elements !== null) return { kind: 'elements', elements, text };
  const drawing = drawingIn(markup, text);
  if (drawing !== null) return { kind: 'drawing', drawing };
  const files = [...transfer.files];
  const hasMarkup = transfer.types.includes('text/html');
  // Pasted files bring their names as text, but never markup; office programs bring text, markup and a picture of it.
  if (files.length > 0 && (way === 'drop' || text === '' || !hasMarkup)) return { kind: 'files', files };
  return text === '' ? { kind: 'nothing' } : { kind: 'text', text };
}

export function drawingIn(markup: string, text: string): CopiedDrawing | null {
  const content = tldrawInMarkup(markup);
  if (content !== null) return { from: 'tldraw', content, text };
  return looksLikeExcalidraw(text) ? { from: 'excalidraw', content: text, text } : null;
}
