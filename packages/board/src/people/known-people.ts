import type * as Y from 'yjs';
import { MAX_NAME_LENGTH, MAX_USER_ID_LENGTH } from '../limits.ts';
import { shownLine } from '../text/shown-line.ts';
import { clipText } from '../text/surrogates.ts';
import type { UserId } from '../types.ts';

/** People beyond this number are not listed: nobody looks through that many names. */
const MAX_KNOWN_PEOPLE = 1_000;

/** The people who have written their name on a board, whether they are here or not. */
export function knownPeople(doc: Y.Doc): { readonly id: UserId; readonly name: string }[] {
  const people: { id: UserId; name: string }[] = [];
  for (const [id, stored] of doc.getMap('people').entries()) {
    if (people.length >= MAX_KNOWN_PEOPLE) break;
    const name = typeof stored === 'string' ? shownLine(clipText(stored, MAX_NAME_LENGTH)) : '';
    if (name !== '' && id !== '' && id.length <= MAX_USER_ID_LENGTH) people.push({ id, name });
  }
  return people;
}
