/** Why a text did not take what was typed, pasted or dropped. Pure. */
import * as m from '$words/text-sentence';
import { MAX_TEXT_LENGTH, type BoardError } from '@wetink/board';

export function refusedTextSentence({ code, message }: BoardError): string {
  return code === 'TOO_LARGE' ? m.holds({ count: MAX_TEXT_LENGTH }) : message;
}
