/** The question before a board is left that would lose something. Pure. */
import * as m from '$words/leave-sentence';

/**
 * @param lost Pictures or files that are only in this tab; else pages that are being drawn; else pictures or files that are
 *   being read.
 */
export function leaveSentence({ pictures, files, pages }: { pictures: boolean; files: boolean; pages: boolean }): string {
  if (pictures && files) return m.both();
  if (pictures) return m.pictures();
  if (files) return m.files();
  return pages ? m.pages() : m.preparing();
}
