/** Sentences about messages of a conversation that the server did not take. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['DOCUMENT_TOO_LARGE', 'this conversation is full. Begin a new one to go on.'],
  ['TOO_LARGE', 'that was too much at once. Send smaller parts.'],
  ['READ_ONLY', 'you may not write here now.'],
  ['FOREIGN_CLIENT', 'the server took your words for another person’s. Send them again.'],
]);

/**
 * Why words of mine are not in the conversation, and where they are.
 *
 * @param count Null while it is not known: before the server has sent what it has.
 * @param code Why the server gave them back, as in a kept copy.
 */
export function refusedSentence(count: number | null, code: string, { onDevice }: { onDevice: boolean }): string {
  const what =
    count === null
      ? 'The last that was written here on this device was not sent'
      : count === 1
        ? '1 message was not sent'
        : `${count} messages were not sent`;
  const where = onDevice ? 'kept on this device.' : 'only in this tab: keep this page open.';
  // Another person may have written it, in the same browser.
  const later = count === null ? ' Your words in it are shown here once the server says what it has.' : '';
  const [it, are] = count === null || count === 1 ? ['It', 'is'] : ['They', 'are'];
  return `${what}: ${reasons.get(code) ?? 'the server did not take that.'} ${it} ${are} ${where}${later}`;
}

/** The device does not give copies with refused words. */
export const UNREADABLE_COPIES =
  'Words that the server did not take may be on this device, but it can’t be read now. Reload the page to try again.';
export const UNDISCARDED_COPY = 'This device did not let go of them. Reload the page, and discard them again.';
