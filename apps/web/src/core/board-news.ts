/**
 * The news of a board for a screen reader: what others have done since the last sentence, gathered by person. Pure.
 *
 * One sentence tells all of it, however much that is: two things of each of two people, and how much the others did.
 */
import type { BoardChange, BoardElement, ElementId } from '@wetink/board';
import { kindName } from './element-sentence.ts';
import { nameInSentence } from './sentences.ts';

/** How often a screen reader says it: not, every 30 s, every 10 s, or at once. */
export type NewsPace = 'off' | 'slow' | 'quick' | 'live';
/** A drag of many things, or a burst of strokes, is one sentence also at once. */
export const paceMs: Readonly<Record<Exclude<NewsPace, 'off'>, number>> = { slow: 30_000, quick: 10_000, live: 1_000 };
export const paceNames: Readonly<Record<NewsPace, string>> = {
  off: 'Never',
  slow: 'Every 30 seconds',
  quick: 'Every 10 seconds',
  live: 'At once',
};

type Deed = 'made' | 'moved' | 'changed' | 'deleted';
/** Asked of the board for this many elements of a change; the rest of a larger one counts for the same person. */
const AUTHORS_MAX = 200;

type Kind = BoardElement['kind'];
type Deeds = Map<ElementId, { deed: Deed; kind: Kind }>;

export class BoardNews {
  /** By user id; '' for a person who is not known. */
  #people = new Map<string, Deeds>();

  get isEmpty(): boolean {
    return this.#people.size === 0;
  }
  /**
   * @param authorOf The user who last did something to an element; null for one who is not known.
   * @param me Own changes, also those of another tab, are no news.
   */
  take({ added, changed, removed, isLocal }: BoardChange, authorOf: (id: ElementId) => string | null, me: string): void {
    if (isLocal) return;
    let asked = 0;
    let author = '';
    const note = (element: BoardElement, deed: Deed): void => {
      if (asked < AUTHORS_MAX) author = authorOf(element.id) ?? '';
      asked += 1;
      if (author !== me) this.#note(author, element, deed);
    };
    for (const element of added) note(element, 'made');
    for (const { before, after } of changed) note(after, isMoved(before, after) ? 'moved' : 'changed');
    for (const element of removed) note(element, 'deleted');
  }
  /** The sentence, and begins anew; '' for no news. */
  say(nameOf: (userId: string) => string | null): string {
    const people = [...this.#people].filter(([, deeds]) => deeds.size > 0);
    this.#people = new Map();
    const named = people.length > 3 ? people.slice(0, 2) : people;
    const clauses = named.map(([userId, deeds]) => `${nameInSentence(nameOf(userId) ?? '') || 'Someone'} ${deedsSentence(deeds)}`);
    const others = people.slice(named.length);
    const count = others.reduce((sum, [, deeds]) => sum + deeds.size, 0);
    if (others.length > 0) clauses.push(`${others.length} others changed ${count === 1 ? '1 thing' : `${count} things`}`);
    return clauses.length === 0 ? '' : `${clauses.join('; ')}.`;
  }

  #note(author: string, { id, kind }: BoardElement, deed: Deed): void {
    const deeds: Deeds = this.#people.get(author) ?? new Map<ElementId, { deed: Deed; kind: Kind }>();
    this.#people.set(author, deeds);
    const before = deeds.get(id)?.deed;
    // An element made and deleted since the last sentence is no news; a new one is new however it was changed.
    if (before === 'made' && deed === 'deleted') deeds.delete(id);
    else deeds.set(id, { deed: before === 'made' ? 'made' : deed, kind });
  }
}

/** 'drew 3 strokes and moved a rectangle'; 'drew 3 strokes, and changed 12 other things' where there is more. */
function deedsSentence(deeds: Deeds): string {
  const counts = new Map<string, { verb: string; kind: Kind; count: number }>();
  for (const { deed, kind } of deeds.values()) {
    const verb = deed === 'made' ? makingVerb(kind) : deed;
    const one = counts.get(`${verb} ${kind}`);
    if (one === undefined) counts.set(`${verb} ${kind}`, { verb, kind, count: 1 });
    else one.count += 1;
  }
  const all = [...counts.values()].sort((a, b) => b.count - a.count);
  const [first, second, ...rest] = all.map(({ verb, kind, count }) => `${verb} ${counted(kind, count)}`);
  if (second === undefined) return first ?? '';
  if (rest.length === 0) return `${first} and ${second}`;
  const left = all.slice(1).reduce((sum, { count }) => sum + count, 0);
  return `${first}, and changed ${left} other things`;
}

function makingVerb(kind: Kind): string {
  if (kind === 'text') return 'wrote';
  return kind === 'image' || kind === 'file' || kind === 'unknown' ? 'added' : 'drew';
}

/** 'a rectangle', 'an arrow', '3 strokes'. */
function counted(kind: Kind, count: number): string {
  const name = kind === 'stroke' ? 'stroke' : kind === 'unknown' ? 'thing' : kindName(kind);
  if (count === 1) return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
  return `${count} ${name}${name.endsWith('x') ? 'es' : 's'}`;
}

function isMoved(before: BoardElement, after: BoardElement): boolean {
  return (
    before.geometry !== after.geometry && before.text === after.text && JSON.stringify(before.geometry) !== JSON.stringify(after.geometry)
  );
}
