/** The sentence about a change of my role while a board is open. Pure. */
import * as m from '$words/role-sentence';
import type { Role } from './board-info.ts';
import { nameInSentence } from './sentences.ts';

/**
 * Sentence for a change of my access by the relay, or '' when nothing changed for me.
 *
 * @param owner The owner's name, or '' when it is not known. Only the owner can change a role.
 */
export function roleSentence(before: Role | null, after: Role | null, owner: string): string {
  if (before === null || after === null || before === after) return '';
  const who = nameInSentence(owner);
  switch (after) {
    case 'viewer':
      return who === '' ? m.viewOnlyByOwner() : m.viewOnly({ who });
    case 'editor':
      if (before === 'viewer') return m.canDraw();
      return who === '' ? m.somebodyOwns() : m.owns({ who });
    case 'owner':
      return m.yours();
  }
}
