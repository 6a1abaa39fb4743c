/** Short sentences about people: those who kept an undo from happening, those typing, how many are here. Pure. */
import * as m from '$words/sentences';
import { shownLine, type UndoOutcome } from '@wetink/board';
import { cleanName } from './identity.ts';

/**
 * Sentence after an undo or redo, one clause for each reason with its own people, or null when everything went as asked.
 *
 * @param nameOf Name of a user id, null when that user has never announced one.
 * @param myUserId Shown as "you". Never named for text typed elsewhere: that is always one's own.
 */
export function undoSentence(outcome: UndoOutcome, nameOf: (userId: string) => string | null, myUserId: string): string | null {
  const isAll = outcome.kept.reduce((sum, kept) => sum + kept.ids.length, 0) <= 1;
  const reasons = [...new Set(outcome.kept.map((kept) => kept.reason))];
  const clauses = reasons.map((reason) => {
    const by = new Set(outcome.kept.flatMap((kept) => (kept.reason === reason ? kept.by : [])));
    return keptClause(reason, by, isAll, nameOf, myUserId);
  });
  return clauses.length === 0 ? null : clauses.join(' ');
}

function keptClause(
  reason: UndoOutcome['kept'][number]['reason'],
  by: ReadonlySet<string>,
  isAll: boolean,
  nameOf: (userId: string) => string | null,
  myUserId: string,
): string {
  const others = [...by].filter((id) => id !== myUserId).map((id) => nameInSentence(nameOf(id) ?? '') || m.someone());
  const isMe = others.length === 0 && by.has(myUserId);
  const people = { who: joinNames(others) || m.someone(), count: Math.max(1, others.length) };
  switch (reason) {
    case 'changed':
      if (isMe) return isAll ? m.youChangedThis() : m.youChangedSome();
      return isAll ? m.changedThis(people) : m.changedSome(people);
    case 'spared':
      if (isMe) return isAll ? m.youSparedThis() : m.youSparedSome();
      return isAll ? m.sparedThis(people) : m.sparedSome(people);
    case 'still-deleted':
      if (isMe) return isAll ? m.youDeletedThis() : m.youDeletedSome();
      return isAll ? m.deletedThis(people) : m.deletedSome(people);
    case 'typed-elsewhere':
      return isAll ? m.typedThis() : m.typedSome();
  }
}

/** 'Ana is typing', 'Ana, Ben are typing', 'Ana, Ben and 2 others are typing', or '' for nobody. */
export function typingSentence(people: readonly string[]): string {
  const names = people.map(nameInSentence);
  if (names.length === 0) return '';
  if (names.length <= 3) return m.typing({ names: listed(names), count: names.length });
  return m.typingMore({ names: listed(names.slice(0, 2)), count: names.length - 2 });
}

/** 'Ana, Ben'. */
export function listed(names: readonly string[]): string {
  return names.reduce((first, second) => m.comma({ first, second }));
}

/** 'Ana, Ben and Cleo'. */
export function listedToEnd(names: readonly string[]): string {
  const first = listed(names.slice(0, Math.max(1, names.length - 1)));
  return names.length === 1 ? first : m.two({ first, second: names.at(-1) ?? '' });
}

/** 'Only you', '2 people here'. */
export function peopleSentence(count: number): string {
  return count <= 1 ? m.onlyYouHere() : m.peopleHere({ count });
}

/** 'Ana follows you', 'Ana and Ben follow you'; '' for nobody. */
export function followersSentence(names: readonly string[]): string {
  if (names.length === 0) return '';
  return m.follow({ names: joinNames(names.map(nameInSentence)), count: names.length });
}

/** 'Ana', 'Ana and Ben', 'Ana, Ben and 2 others'. */
export function joinNames(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const [first = '', second] = unique;
  if (second === undefined) return first;
  return unique.length === 2 ? m.two({ first, second }) : m.more({ names: listed([first, second]), count: unique.length - 2 });
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
