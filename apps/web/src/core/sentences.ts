/** Short sentences about people: those who kept an undo from happening, those typing, how many are here. Pure. */
import { shownLine, type UndoOutcome } from '@wetink/board';
import { cleanName } from './identity.ts';

/**
 * Sentence after an undo or redo, one clause for each reason with its own people, or null when everything went as asked.
 *
 * @param nameOf Name of a user id, null when that user has never announced one.
 * @param myUserId Shown as "you". Never named for text typed elsewhere: that is always one's own.
 */
export function undoSentence(outcome: UndoOutcome, nameOf: (userId: string) => string | null, myUserId: string): string | null {
  const amount = outcome.kept.reduce((sum, kept) => sum + kept.ids.length, 0) <= 1 ? 'this' : 'some of this';
  const reasons = [...new Set(outcome.kept.map((kept) => kept.reason))];
  const clauses = reasons.map((reason) => {
    const by = new Set(outcome.kept.flatMap((kept) => (kept.reason === reason ? kept.by : [])));
    return keptClause(reason, by, amount, nameOf, myUserId);
  });
  return clauses.length === 0 ? null : clauses.join(' ');
}

function keptClause(
  reason: UndoOutcome['kept'][number]['reason'],
  by: ReadonlySet<string>,
  amount: 'this' | 'some of this',
  nameOf: (userId: string) => string | null,
  myUserId: string,
): string {
  const others = [...by].filter((id) => id !== myUserId).map((id) => nameInSentence(nameOf(id) ?? '') || 'Someone');
  const who = joinNames(others) || (by.has(myUserId) ? 'You' : 'Someone');
  switch (reason) {
    case 'changed':
      return `${who} changed ${amount} since; ${who === 'You' ? 'that' : 'theirs'} stays.`;
    case 'spared':
      return `${who} worked on ${amount} since, so it stays.`;
    case 'still-deleted':
      return `${who} deleted ${amount} too, so it stays deleted.`;
    case 'typed-elsewhere':
      return `${amount === 'this' ? 'This' : 'Some of this'} was typed before a reload or on another page. Text can be taken back only where it was typed, so it stays.`;
  }
}

/** 'Ana is typing', 'Ana, Ben are typing', 'Ana, Ben and 2 others are typing', or '' for nobody. */
export function typingSentence(people: readonly string[]): string {
  const names = people.map(nameInSentence);
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0] ?? ''} is typing`;
  if (names.length <= 3) return `${names.join(', ')} are typing`;
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} others are typing`;
}

/** 'Only you', '2 people here'. */
export function peopleSentence(count: number): string {
  return count <= 1 ? 'Only you here' : `${count} people here`;
}

/** 'Ana follows you', 'Ana and Ben follow you'; '' for nobody. */
export function followersSentence(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `${joinNames(names.map(nameInSentence))} ${names.length === 1 ? 'follows' : 'follow'} you`;
}

/** 'Ana', 'Ana and Ben', 'Ana, Ben and 2 others'. */
export function joinNames(names: readonly string[]): string {
  const unique = [...new Set(names)];
  if (unique.length <= 2) return unique.join(' and ');
  const rest = unique.length - 2;
  return `${unique.slice(0, 2).join(', ')} and ${rest} other${rest === 1 ? '' : 's'}`;
}

/** Right-to-left text: Hebrew, Arabic and their neighbours, and marks that set this direction. */
const rightToLeft = /[\u200f\u202b\u202e\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A name for use in a sentence. Names come from the document, where any peer may write, so they are cleaned first. */
export function nameInSentence(name: string): string {
  return isolated(cleanName(name));
}

/**
 * A person's text, such as a title or a file's name, for use in a sentence. Right-to-left text is isolated: otherwise a
 * comma, a number or a name after it would move to its other side.
 */
export function isolated(text: string, clean: (text: string) => string = shownLine): string {
  const line = clean(text);
  return rightToLeft.test(line) ? `\u2068${line}\u2069` : line;
}

/** One or two letters for an avatar: 'Ana Lima' is AL. */
export function initials(name: string): string {
  const words = name.split(' ').filter((word) => word !== '');
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}
