/** The question before a board is left that would lose something. Pure. */

/**
 * @param lost Pictures or files that are only in this tab; else pages that are being drawn; else pictures or files that are
 *   being read.
 */
export function leaveSentence({ pictures, files, pages }: { pictures: boolean; files: boolean; pages: boolean }): string {
  if (pictures || files) {
    const own = pictures && files ? 'pictures and files' : pictures ? 'pictures' : 'files';
    return `Some ${own} of yours are only in this tab: this device could not keep them, and the server does not have them yet. If you leave now, they are lost.`;
  }
  if (pages) return 'The pages of a document are still being drawn. If you leave now, none of them comes onto the board.';
  return 'Some pictures or files are still being prepared. If you leave now, they do not come onto the board.';
}
