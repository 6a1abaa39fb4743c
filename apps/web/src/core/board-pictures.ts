/** Images and files of the whole board: which there are, and which are missing when something is made of it. Pure. */
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
  const what = count === 1 ? '1 picture' : `${count} pictures`;
  const why = count === 1 ? 'has not arrived on this device' : 'have not arrived on this device';
  return `${what} ${why}, and ${count === 1 ? 'is' : 'are'} not in the ${of}.`;
}

/** Images that are on this device but make a file too large. */
function noRoomSentence(count: number): string | null {
  if (count === 0) return null;
  return `The file has no room for all pictures: ${count} of them ${count === 1 ? 'is' : 'are'} not in it.`;
}

/** Why a file that was saved lacks images. */
export function gapSentences({ missing, leftOut }: { missing: number; leftOut: number }): string[] {
  return [missingSentence(missing, 'file'), noRoomSentence(leftOut)].filter((sentence) => sentence !== null);
}

/** Images of a file that was opened whose bytes are neither in the file nor on this device. */
export function notInFileSentence(count: number): string {
  return count === 1
    ? 'The file lacks 1 of its pictures: the board shows its frame unless the server has it.'
    : `The file lacks ${count} of its pictures: the board shows their frames unless the server has them.`;
}
