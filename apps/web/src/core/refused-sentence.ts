/** Sentences about messages of a conversation that the server did not take. */
import * as m from '$words/refused-sentence';

const reasons: ReadonlyMap<string, () => string> = new Map([
  ['DOCUMENT_TOO_LARGE', m.full],
  ['TOO_LARGE', m.tooMuch],
  ['READ_ONLY', m.mayNot],
  ['FOREIGN_CLIENT', m.foreign],
]);

/**
 * Why words of mine are not in the conversation, and where they are.
 *
 * @param count Null while it is not known: before the server has sent what it has. Then another person may have written them, in
 *   the same browser.
 * @param code Why the server gave them back, as in a kept copy.
 */
export function refusedSentence(count: number | null, code: string, { onDevice }: { onDevice: boolean }): string {
  const why = (reasons.get(code) ?? m.other)();
  const where = (onDevice ? m.kept : m.onlyInTab)({ count: count ?? 1 });
  return count === null ? m.last({ why, where }) : m.messages({ count, why, where });
}

/** The device does not give copies with refused words. */
export const unreadableCopies = m.unreadable;
export const undiscardedCopy = m.undiscarded;
