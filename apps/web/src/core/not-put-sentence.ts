/**
 * Pictures that were prepared for nothing: meanwhile the person has left the board, or may no longer change it.
 *
 * Apart from the other sentences about pictures, which are fetched with the first picture.
 */
import * as m from '$words/not-put-sentence';

export function notPutSentence(count: number, why: 'left' | 'read-only'): string {
  return why === 'left' ? m.left({ count }) : m.readOnly({ count });
}
