/**
 * Pictures that were prepared for nothing: meanwhile the person has left the board, or may no longer change it.
 *
 * Apart from the other sentences about pictures, which are fetched with the first picture.
 */
export function notPutSentence(count: number, why: 'left' | 'read-only'): string {
  const [pictures, they] = count === 1 ? ['1 picture was', 'it was'] : [`${count} pictures were`, 'they were'];
  const reason = why === 'left' ? `you left while ${they} being prepared` : 'it can no longer be changed here';
  return `${pictures} not put on the board: ${reason}.`;
}
