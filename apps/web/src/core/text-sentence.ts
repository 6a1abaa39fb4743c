/** Why a text did not take what was typed, pasted or dropped. Pure. */
import { MAX_TEXT_LENGTH, type BoardError } from '@wetink/board';

export function refusedTextSentence({ code, message }: BoardError): string {
  return code === 'TOO_LARGE' ? `One text holds ${MAX_TEXT_LENGTH.toLocaleString('en')} characters. This did not fit.` : message;
}
