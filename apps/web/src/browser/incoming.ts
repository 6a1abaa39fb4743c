/**
 * The content of a drop or a paste, as the platform hands it over: files, text, or nothing usable.
 *
 * Read everything from a `DataTransfer` while its event is handled; afterwards it is empty.
 */
export type Incoming =
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' };

/** Picks the richer form of content that comes as both: a picture of a web page is also a link, table cells are also a picture. */
export function readTransfer(transfer: DataTransfer, way: 'drop' | 'paste'): Incoming {
  const files = [...transfer.files];
  const text = transfer.getData('text/plain') || transfer.getData('text/uri-list');
  const hasMarkup = transfer.types.includes('text/html');
  // Pasted files bring their names as text, but never markup; office programs bring text, markup and a picture of it.
  if (files.length > 0 && (way === 'drop' || text === '' || !hasMarkup)) return { kind: 'files', files };
  return text === '' ? { kind: 'nothing' } : { kind: 'text', text };
}
