/** Mentions while a message is written: the name being typed, the people it may mean, and whom the text mentions. Pure. */
import { MAX_MENTIONS } from '@wetink/board';
import type { Person } from './board-info.ts';

export type Nameable = Readonly<Person>;

/** People offered at once: more do not fit above a phone's keyboard. */
export const OFFERED_MAX = 6;
const QUERY = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}_'’.-]{0,30}(?: [\p{L}\p{N}_'’.-]{1,30})?)$/u;
const WORD = /[\p{L}\p{N}_]/u;

/** The words behind the `@` before the caret, or null. */
export function mentionQuery(text: string, caret: number): string | null {
  return QUERY.exec(text.slice(Math.max(0, caret - 80), caret))?.[1] ?? null;
}

/** People whose name, or a word of it, begins with the query; names that begin with it first. */
export function offered(query: string, people: readonly Nameable[]): readonly Nameable[] {
  const wanted = query.toLocaleLowerCase();
  const whole: Nameable[] = [];
  const partly: Nameable[] = [];
  for (const person of people) {
    const name = person.name.toLocaleLowerCase();
    if (name.startsWith(wanted)) whole.push(person);
    else if (name.includes(` ${wanted}`)) partly.push(person);
    if (whole.length >= OFFERED_MAX) break;
  }
  return [...whole, ...partly].slice(0, OFFERED_MAX);
}

/** The text with the name in place of what was typed, and where the caret is then. */
export function completeMention(text: string, caret: number, query: string, name: string): { text: string; caret: number } {
  const from = caret - query.length;
  const written = `${name} `;
  const rest = text.slice(caret);
  return { text: text.slice(0, from) + written + (rest.startsWith(' ') ? rest.slice(1) : rest), caret: from + written.length };
}

/**
 * People whom a text mentions. Of several with one name those who were picked from the list; if none was, all of them.
 *
 * @param picked Ids, in the order in which they were picked.
 */
export function mentionedIn(text: string, people: readonly Nameable[], picked: readonly string[]): string[] {
  if (!text.includes('@')) return [];
  const names = namesIn(text, people);
  const byName = new Map<string, string[]>();
  for (const { id, name } of people) if (names.has(name)) byName.set(name, [...(byName.get(name) ?? []), id]);
  return [...byName.values()]
    .flatMap((ids) => {
      const own = ids.filter((id) => picked.includes(id));
      return own.length > 0 ? own : ids;
    })
    .slice(0, MAX_MENTIONS);
}

/** Names behind an `@`. The longest name is looked for first, and its place is then taken: "@Ana Maria" is not "@Ana". */
function namesIn(text: string, people: readonly Nameable[]): ReadonlySet<string> {
  const names = [...new Set(people.map(({ name }) => name))].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  const found = new Set<string>();
  /** The text with a sign that no name has in each place that is taken. */
  let left = text;
  for (const name of names)
    for (let at = left.indexOf(`@${name}`); at >= 0; at = left.indexOf(`@${name}`, at + 1)) {
      const end = at + 1 + name.length;
      if (WORD.test(text[at - 1] ?? '') || WORD.test(text[end] ?? '')) continue;
      found.add(name);
      left = left.slice(0, at) + '\0'.repeat(end - at) + left.slice(end);
    }
  return found;
}
