/** Short sentences about people: who kept an undo from happening, who is typing, how many are here. Pure. */
import type { UndoOutcome } from '@wetink/board';

/**
 * What to say after an undo or redo, or null when everything went as asked.
 *
 * @param nameOf A user id to a name, null when nobody by that id has ever said theirs.
 */
export function undoSentence(outcome: UndoOutcome, nameOf: (userId: string) => string | null): string | null {
  const first = outcome.kept[0];
  if (first === undefined) return null;
  const who = joinNames([...new Set(outcome.kept.flatMap((kept) => kept.by))].map((id) => nameOf(id) ?? 'Someone'));
  const isOne = outcome.kept.reduce((sum, kept) => sum + kept.ids.length, 0) <= 1;
  switch (first.reason) {
    case 'changed':
      return `${who || 'Someone'} changed ${isOne ? 'this' : 'some of this'} since; theirs stays.`;
    case 'spared':
      return `${who || 'Someone'} worked on ${isOne ? 'this' : 'some of this'} since, so it stays.`;
    case 'still-deleted':
      return `${who || 'Someone'} deleted ${isOne ? 'this' : 'some of this'} too, so it stays deleted.`;
    case 'typed-elsewhere':
      return 'This was typed before a reload or on another page. Text can be taken back only where it was typed, so it stays.';
  }
}

/** 'Ana is typing', 'Ana, Ben are typing', 'Ana, Ben and 2 others are typing', or '' for nobody. */
export function typingSentence(names: readonly string[]): string {
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

/** One or two letters for an avatar: 'Ana Lima' is AL. */
export function initials(name: string): string {
  const words = name.split(' ').filter((word) => word !== '');
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}
