/** Images of the whole board: which there are, which wait, and which are missing when something is made of it. Pure. */
import type { BoardElement, ImageContent } from '@wetink/board';
import type { StatusSentence } from './status-sentence.ts';

/** The images that elements show. */
export function imagesAmong(elements: readonly BoardElement[]): ImageContent[] {
  return elements.flatMap(({ image }) => image ?? []);
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

/** Images of this person that the server does not have. */
export interface PictureCounts {
  /** On their way, or as soon as there is a network. */
  readonly waiting: number;
  /** The server did not take them. */
  readonly refused: number;
  /** At least one of them ends with the tab. */
  readonly isAtRisk: boolean;
}

export const noPictures: PictureCounts = { waiting: 0, refused: 0, isAtRisk: false };

const picturesOf = (count: number): string => (count === 1 ? '1 picture' : `${count} pictures`);

/** The explanation of the status, while the server lacks images. */
export function pictureLines({ waiting, refused, isAtRisk }: PictureCounts): string[] {
  if (waiting + refused === 0) return [];
  const lines: string[] = [];
  if (waiting > 0)
    lines.push(`${picturesOf(waiting)} ${waiting === 1 ? 'has' : 'have'} yet to reach the server: others see a frame until then.`);
  if (refused > 0) lines.push(`The server did not take ${picturesOf(refused)}: others see only a frame.`);
  const kept = `This device keeps ${waiting + refused === 1 ? 'it' : 'them'}.`;
  return [...lines, isAtRisk ? 'This device could not keep every picture: keep this tab open.' : kept];
}

/** The status chip, while the server lacks images: a board is saved when its pictures are, too. */
export function withImages(sentence: StatusSentence, { waiting, refused, isAtRisk }: PictureCounts): StatusSentence {
  if (waiting + refused === 0) return sentence;
  const lacking = `${picturesOf(refused)} not saved`;
  const where = isAtRisk ? 'only in this tab' : 'kept on this device';
  const lost = { tone: 'bad', icon: 'alert' } as const;
  if (sentence.icon === 'saved') {
    const saving = refused === 0 ? `Saving ${picturesOf(waiting)}` : `saving ${waiting} more`;
    const text = [refused > 0 && lacking, waiting > 0 && saving, isAtRisk && where].filter((part) => part !== false).join(', ');
    return { ...sentence, text, ...(refused > 0 || isAtRisk ? lost : { tone: 'quiet', icon: 'sending' }) };
  }
  if (sentence.text !== 'Offline') return sentence;
  const offline = waiting === 0 ? 'Offline' : `Offline: ${picturesOf(waiting)} ${where}`;
  return { ...sentence, text: refused === 0 ? offline : `${lacking} · ${offline}`, ...((refused > 0 || isAtRisk) && lost) };
}
