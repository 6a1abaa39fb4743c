/**
 * What a drop or a paste brings, as the platform hands it over: files, text, or nothing that anybody could use.
 *
 * Everything has to be taken out of a `DataTransfer` while its event is handled; afterwards it is empty.
 */
export type Incoming =
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' };

/** Of what can be both, the form that says more: a picture of a web page comes as a link too, cells of a table as a picture too. */
export function readTransfer(transfer: DataTransfer, way: 'drop' | 'paste'): Incoming {
  const files = [...transfer.files];
  const text = transfer.getData('text/plain') || transfer.getData('text/uri-list');
  const hasMarkup = transfer.types.includes('text/html');
  // Pasted files bring their names as text, but never markup; office programs bring text, markup and a picture of it.
  if (files.length > 0 && (way === 'drop' || text === '' || !hasMarkup)) return { kind: 'files', files };
  return text === '' ? { kind: 'nothing' } : { kind: 'text', text };
}
