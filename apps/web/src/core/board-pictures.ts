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

/** Images of a file that was opened whose bytes are in neither the file nor on the server. */
export function notInFileSentence(count: number): string {
  return count === 1
    ? 'The file lacks 1 of its pictures: its frame is on the board.'
    : `The file lacks ${count} of its pictures: their frames are on the board.`;
}

/**
 * The explanation of the status, while images wait; null when none does.
 *
 * @param isAtRisk They end with the tab.
 */
export function waitingLine(waiting: number, { isAtRisk }: { isAtRisk: boolean }): string | null {
  if (waiting === 0) return null;
  const [pictures, have] = waiting === 1 ? ['1 picture', 'has'] : [`${waiting} pictures`, 'have'];
  return `${pictures} ${have} yet to reach the server: others see a frame until then. ${isAtRisk ? 'Keep this tab open.' : 'This device keeps what waits.'}`;
}

/** The status chip, while images wait: a board is saved when its pictures are, too. */
export function withImages(sentence: StatusSentence, waiting: number): StatusSentence {
  if (waiting === 0) return sentence;
  const pictures = waiting === 1 ? '1 picture' : `${waiting} pictures`;
  if (sentence.icon === 'saved') return { ...sentence, text: `Saving ${pictures}`, tone: 'quiet', icon: 'sending' };
  if (sentence.text === 'Offline') return { ...sentence, text: `Offline: ${pictures} kept on this device` };
  return sentence;
}
