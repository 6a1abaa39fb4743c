/** Short sentences about people: those who kept an undo from happening, those typing, how many are here. Pure. */
import { shownLine, type UndoOutcome } from '@wetink/board';
import { MINTED_ID_LENGTH } from './board-id.ts';
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

export interface EmptySheet {
  canDraw: boolean;
  /** Made by "New board" on this device: without a network nobody else can have drawn on it unseen. */
  isMadeHere: boolean;
  /** Nothing was ever written on it, as far as this device knows. */
  isUntouched: boolean;
  /** This device has all that the server has. */
  isSynced: boolean;
  /** The server's last answer did not let this person in. */
  wasShut: boolean;
  /** `unknown`: nothing suggests a board, and the server has not answered. `none`: no board has this address. */
  board: 'there' | 'unknown' | 'none';
  idLength: number;
}

/**
 * The words on an empty sheet.
 *
 * @returns `note` says more, or is ''. `isInvitation`: there are tools to point at.
 */
export function emptySentence(sheet: EmptySheet): { text: string; note: string; isInvitation: boolean } {
  const said = (text: string, note = '') => ({ text, note, isInvitation: sheet.canDraw });
  if (!sheet.isSynced && sheet.wasShut)
    return {
      ...said('Nothing of this board is on this device.', 'When the server was last heard it did not let you in.'),
      isInvitation: false,
    };
  if (!sheet.isSynced && !sheet.isMadeHere) {
    const unseen = sheet.isUntouched
      ? said('Nothing of this board is on this device.', 'What is on it shows when the server answers.')
      : said('Nothing is drawn here.', 'What others drew meanwhile shows when the server answers.');
    return { ...unseen, isInvitation: false };
  }
  if (!sheet.canDraw) return said(sheet.isUntouched ? 'Nothing is drawn here yet.' : 'Nothing is drawn here.');
  if (!sheet.isUntouched) return said('An empty sheet. Pick a pen and draw.');
  if (sheet.board === 'there') return said('A fresh sheet. Pick a pen and draw.');
  const again = 'If a drawing should be here, ask for the link again. If not, pick a pen.';
  if (sheet.board === 'unknown') return said('Nothing here yet.', again);
  const isShort = sheet.idLength < MINTED_ID_LENGTH;
  return said(
    'Nothing here yet. Was the link complete?',
    isShort
      ? `Links made here end in ${MINTED_ID_LENGTH} characters, and this one in ${sheet.idLength}. If a drawing should be here, ask for the link again.`
      : again,
  );
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
