/** A file name out of a board's title that every operating system takes. */

const NAME_MAX = 80;

/** @param extension Without its dot. */
export function fileNameFor(title: string, extension: string): string {
  const name = title
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  return `${[...name].slice(0, NAME_MAX).join('').trim() || 'Wetink board'}.${extension}`;
}
