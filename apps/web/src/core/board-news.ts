/**
 * The news of a board for a screen reader: what others have done since the last sentence, gathered by person. Pure.
 *
 * One sentence tells all of it, however much that is: two things of each of two people, and how much the others did.
 */
import * as m from '$words/core-board-news';
import type { BoardChange, BoardElement, ElementId } from '@wetink/board';
import { nameInSentence } from './sentences.ts';

/** How often a screen reader says it: not, every 30 s, every 10 s, or at once. */
export type NewsPace = 'off' | 'slow' | 'quick' | 'live';
/** A drag of many things, or a burst of strokes, is one sentence also at once. */
export const paceMs: Readonly<Record<Exclude<NewsPace, 'off'>, number>> = { slow: 30_000, quick: 10_000, live: 1_000 };
export const paceNames: Readonly<Record<NewsPace, string>> = {
  off: m.never(),
  slow: m.every30Seconds(),
  quick: m.every10Seconds(),
  live: m.atOnce(),
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
    const clauses = named.map(([userId, deeds]) =>
      m.did({ who: nameInSentence(nameOf(userId) ?? '') || m.someone(), deeds: deedsSentence(deeds) }),
    );
    const others = people.slice(named.length);
    const count = others.reduce((sum, [, deeds]) => sum + deeds.size, 0);
    if (others.length > 0) clauses.push(m.others({ people: others.length, count }));
    return clauses.length === 0 ? '' : m.end({ clauses: clauses.reduce((first, second) => m.clauses({ first, second })) });
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
  const counts = new Map<string, { verb: Verb; kind: Kind; count: number }>();
  for (const { deed, kind } of deeds.values()) {
    const verb = deed === 'made' ? makingVerb(kind) : deed;
    const one = counts.get(`${verb} ${kind}`);
    if (one === undefined) counts.set(`${verb} ${kind}`, { verb, kind, count: 1 });
    else one.count += 1;
  }
  const all = [...counts.values()].sort((a, b) => b.count - a.count);
  const [first, second, ...rest] = all.map(({ verb, kind, count }) => m[verb]({ things: m[kind]({ count }) }));
  if (first === undefined || second === undefined) return first ?? '';
  if (rest.length === 0) return m.both({ first, second });
  return m.andMore({ first, count: all.slice(1).reduce((sum, { count }) => sum + count, 0) });
}

type Verb = 'drew' | 'wrote' | 'added' | 'moved' | 'changed' | 'deleted';

function makingVerb(kind: Kind): Verb {
  if (kind === 'text') return 'wrote';
  return kind === 'image' || kind === 'file' || kind === 'unknown' ? 'added' : 'drew';
}

function isMoved(before: BoardElement, after: BoardElement): boolean {
  return (
    before.geometry !== after.geometry && before.text === after.text && JSON.stringify(before.geometry) !== JSON.stringify(after.geometry)
  );
}
