/** Why a text did not take what was typed, pasted or dropped. Pure. */
import * as m from '$words/text-sentence';
import { MAX_TEXT_LENGTH, type BoardError } from '@wetink/board';

export function refusedTextSentence({ code, message }: BoardError): string {
  return code === 'TOO_LARGE' || code === 'BAD_TEXT' ? m.holds({ count: MAX_TEXT_LENGTH }) : message;
}

/** A text that was pasted or dropped on the board. @param length Its characters. */
export function tooLongSentence(length: number, way: 'paste' | 'drop'): string {
  return (way === 'paste' ? m.tooLongToPaste : m.tooLongToDrop)({ length, most: MAX_TEXT_LENGTH });
}

/** A text that was pasted or dropped into an open one. */
export function noRoomSentence(length: number, left: number): string {
  return m.noRoom({ length, left: Math.max(0, left), most: MAX_TEXT_LENGTH });
}
