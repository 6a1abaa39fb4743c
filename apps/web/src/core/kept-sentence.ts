/** Sentences for the notice about changes that the server refused and this device set aside. Pure. */
import type { ChatMessage } from '@wetink/board';
import type { CopyFact } from '@wetink/sync';
import { changes } from './status-sentence.ts';

/**
 * How many changes were refused, and where they are.
 *
 * @param others Further copies, shown after this one is settled.
 */
export function keptSentence(count: number, where: CopyFact, others: number): string {
  const [were, they] = count === 1 ? ['was', 'It is'] : ['were', 'They are'];
  const places = {
    kept: `${they} kept on this device, apart from the board.`,
    writing: `${they} being written to this device: keep this page open.`,
    none: `${they} only in this tab: keep this page open, or save ${count === 1 ? 'it' : 'them'} as a file.`,
  } as const;
  const more = others === 0 ? '' : others === 1 ? ' There is 1 more set like this.' : ` There are ${others} more sets like this.`;
  return `${changes(count)} ${were} not saved to this board. ${places[where]}${more}`;
}

/** The result of copying a set onto the board: numbers of elements copied and of my chat messages sent again. */
export function copiedSentence(elements: number, messages: number): string {
  const said = messages === 1 ? 'The chat message was sent again.' : 'The chat messages were sent again.';
  if (elements === 0) return messages === 0 ? 'Everything in it is on the board already.' : said;
  return messages === 0 ? 'Copied onto the board.' : `Copied onto the board. ${said}`;
}

/** A set with chat messages of which the server does not say whether it has them. */
export const NOT_COPIED_NOW = 'Nothing was copied: the server does not say now which chat messages it has. Try again in a moment.';

/** The heading above a conversation. */
export function chatHeading(all: number, unsent: number): string {
  const messages = all === 1 ? '1 chat message' : `${all} chat messages`;
  return unsent === 0 ? messages : `${messages}, ${unsent === all ? 'not sent' : `${unsent} of them not sent`}`;
}

/** A conversation as plain text: a line for each message, with its time, author, and whether anybody got it. */
export function chatText(messages: readonly ChatMessage[], unsent: readonly ChatMessage[], locale: string): string {
  const when = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
  const ids = new Set(unsent.map(({ id }) => id));
  return messages
    .filter(({ isDeleted }) => !isDeleted)
    .map(({ id, at, name, text }) => `${when.format(at)}, ${name || 'Guest'}${ids.has(id) ? ' (not sent)' : ''}: ${text}\n`)
    .join('');
}
