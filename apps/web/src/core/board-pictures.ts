/** Images and files of the whole board: which there are, and which are missing when something is made of it. Pure. */
import * as m from '$words/core-board-pictures';
import type { AttachedFile, BoardElement, ImageContent } from '@wetink/board';

/** The images that elements show. */
export function imagesAmong(elements: readonly BoardElement[]): ImageContent[] {
  return elements.flatMap(({ image }) => image ?? []);
}

/** The files that elements show. */
export function filesAmong(elements: readonly BoardElement[]): AttachedFile[] {
  return elements.flatMap(({ file }) => file ?? []);
}

/** Images whose bytes are not on this device, when something is made of the board. */
export function missingSentence(count: number, of: 'file' | 'picture'): string | null {
  if (count === 0) return null;
  return of === 'file' ? m.missingInFile({ count }) : m.missingInPicture({ count });
}

/** Images that are on this device but make a file too large. */
function noRoomSentence(count: number): string | null {
  return count === 0 ? null : m.noRoom({ count });
}

/** Why a file that was saved lacks images. */
export function gapSentences({ missing, leftOut }: { missing: number; leftOut: number }): string[] {
  return [missingSentence(missing, 'file'), noRoomSentence(leftOut)].filter((sentence) => sentence !== null);
}

/** Images of a file that was opened whose bytes are neither in the file nor on this device. */
export function notInFileSentence(count: number): string {
  return m.lacks({ count });
}
