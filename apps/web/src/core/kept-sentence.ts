/** Sentences for the notice about changes that the server refused and this device set aside. Pure. */
import * as m from '$words/kept-sentence';
import type { ChatMessage } from '@wetink/board';
import type { CopyFact } from '@wetink/sync';

/**
 * How many changes were refused, and where they are.
 *
 * @param others Further copies, shown after this one is settled.
 */
export function keptSentence(count: number, where: CopyFact, others: number): string {
  const place = { kept: m.kept, writing: m.writing, none: m.onlyInTab }[where];
  return m.notSaved({ count, where: place({ count }), more: others === 0 ? '' : m.moreSets({ count: others }) });
}

/** The result of copying a set onto the board: numbers of elements copied and of my chat messages sent again. */
export function copiedSentence(elements: number, messages: number): string {
  const sent = m.sentAgain({ count: messages });
  if (elements === 0) return messages === 0 ? m.allThere() : sent;
  return messages === 0 ? m.copied() : m.copiedAndSent({ sent });
}

/** A set with chat messages of which the server does not say whether it has them. */
export const notCopiedNow = m.notCopiedNow;

/** The heading above a conversation. */
export function chatHeading(all: number, unsent: number): string {
  if (unsent === 0) return m.chat({ count: all });
  return unsent === all ? m.chatNotSent({ count: all }) : m.chatSomeNotSent({ count: all, unsent });
}

/** A conversation as plain text: a line for each message, with its time, author, and whether anybody got it. */
export function chatText(messages: readonly ChatMessage[], unsent: readonly ChatMessage[], locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
  const ids = new Set(unsent.map(({ id }) => id));
  return messages
    .filter(({ isDeleted }) => !isDeleted)
    .map(({ id, at, name, text }) => {
      const line = { when: format.format(at), name: name || m.guest(), text };
      return `${ids.has(id) ? m.lineNotSent(line) : m.line(line)}\n`;
    })
    .join('');
}
