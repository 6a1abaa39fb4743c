/** The sentence about a change of my role while a board is open. Pure. */
import type { Role } from './board-info.ts';
import { nameInSentence } from './sentences.ts';

/**
 * Sentence for a change of my access by the relay, or '' when nothing changed for me.
 *
 * @param owner The owner's name, or '' when it is not known. Only the owner can change a role.
 */
export function roleSentence(before: Role | null, after: Role | null, owner: string): string {
  if (before === null || after === null || before === after) return '';
  const name = nameInSentence(owner);
  switch (after) {
    case 'viewer':
      return `You can only view this board now. ${name === '' ? 'Its owner' : name} changed it.`;
    case 'editor':
      if (before === 'viewer') return 'You can draw on this board now.';
      return `${name === '' ? 'Somebody else' : name} owns this board now. You can still draw.`;
    case 'owner':
      return 'This board is yours now.';
  }
}
