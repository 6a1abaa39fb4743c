/**
 * Elements as markup for the clipboard, around the texts in them, which every other program shows. Pure.
 *
 * `data-wetink` has them as a board file (`.wetink`, in base64), which every board can paste. `data-wetink-copy` names the whole
 * copy on this device, with the bytes of pictures; a large one is only there.
 */
export interface CopiedElements {
  /** A board file in base64, '' for one that is only on the device. */
  readonly file: string;
  /** Name of the copy on the device, '' for none. */
  readonly copy: string;
}

/** @param texts Those in the elements, bottom to top. */
export function toMarkup({ file, copy }: CopiedElements, texts: readonly string[]): string {
  const paragraphs = texts.map((text) => `<p>${escaped(text).replaceAll('\n', '<br>')}</p>`);
  return `<div data-wetink="${file}" data-wetink-copy="${copy}">${paragraphs.join('')}</div>`;
}

/**
 * The elements in markup from a clipboard; null without any.
 *
 * Found without parsing: markup from elsewhere may hold anything, and browsers put a document around what was copied.
 */
export function elementsInMarkup(markup: string): CopiedElements | null {
  const found = /<div data-wetink="([A-Za-z0-9+/]*=*)" data-wetink-copy="([A-Za-z0-9_-]{0,64})"/.exec(markup);
  const [, file = '', copy = ''] = found ?? [];
  return file === '' && copy === '' ? null : { file, copy };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
