/**
 * People who join and leave, found by comparing the people here now with those before. Pure: time is an argument.
 *
 * The people present when I come are no news. A person who is away for less than `GRACE_MS` has not left: they reloaded, or
 * their connection was cut. While my own link is down nobody is known to leave.
 */
import * as m from '$words/comings';
import { nameInSentence } from './sentences.ts';

export interface Coming {
  readonly kind: 'joined' | 'left';
  readonly userId: string;
  readonly name: string;
}

interface Known {
  name: string;
  /** Time since which they are absent; null while they are here. */
  goneAt: number | null;
}

/** A reload takes seconds, a relay that restarts takes up to fifteen. */
export const GRACE_MS = 20_000;
/** Until the presence of everybody who was here before me has arrived. */
export const SETTLE_MS = 3_000;

export class Comings {
  readonly #known = new Map<string, Known>();
  #settledAt: number | null = null;

  /**
   * @param people Everyone here but me.
   * @param isOpen Whether my link to the relay is open.
   */
  look(people: readonly { userId: string; name: string }[], now: number, { isOpen }: { isOpen: boolean }): Coming[] {
    if (!isOpen) {
      this.#settledAt = null;
      // Absences are counted anew from when the link is back.
      for (const known of this.#known.values()) if (known.goneAt !== null) known.goneAt = now;
      return [];
    }
    this.#settledAt ??= now + SETTLE_MS;
    const isSettled = now >= this.#settledAt;
    const news: Coming[] = [];
    for (const { userId, name } of people) {
      const known = this.#known.get(userId);
      if (known === undefined && isSettled) news.push({ kind: 'joined', userId, name });
      this.#known.set(userId, { name, goneAt: null });
    }
    const here = new Set(people.map(({ userId }) => userId));
    for (const [userId, known] of this.#known) {
      if (here.has(userId)) continue;
      known.goneAt ??= now;
      if (now - known.goneAt < GRACE_MS) continue;
      this.#known.delete(userId);
      news.push({ kind: 'left', userId, name: known.name });
    }
    return news;
  }

  /** Milliseconds until somebody who is absent has left; null while nobody is. */
  nextMs(now: number): number | null {
    const times = [...this.#known.values()].flatMap(({ goneAt }) => (goneAt === null ? [] : [goneAt + GRACE_MS - now]));
    return times.length === 0 ? null : Math.max(0, Math.min(...times));
  }
}

/** A line of the chat on this device: the document has none of it. */
export interface ComingLine {
  readonly id: number;
  readonly kind: Coming['kind'];
  /** Names by user id, in the order of their coming. */
  readonly names: ReadonlyMap<string, string>;
  /** ms since 1970. */
  readonly at: number;
  /** Id of the chat message that it follows; null before the first. */
  readonly afterId: string | null;
}

/** Comings of one kind this close together are one line. */
export const GATHER_MS = 60_000;
const LINES_MAX = 100;

/** Adds news to the lines: 'Ana joined' becomes 'Ana and 3 others joined'. */
export function withComings(
  lines: readonly ComingLine[],
  news: readonly Coming[],
  { at, afterId }: Pick<ComingLine, 'at' | 'afterId'>,
): readonly ComingLine[] {
  let next = lines;
  for (const kind of ['joined', 'left'] as const) {
    const names = news.filter((coming) => coming.kind === kind).map(({ userId, name }) => [userId, name] as const);
    if (names.length === 0) continue;
    const last = next.at(-1);
    const isSame = last?.kind === kind && last.afterId === afterId && at - last.at < GATHER_MS;
    if (isSame) next = [...next.slice(0, -1), { ...last, names: new Map([...last.names, ...names]) }];
    else next = [...next, { id: (last?.id ?? 0) + 1, kind, names: new Map(names), at, afterId }];
  }
  return next.slice(-LINES_MAX);
}

/** 'Ana joined', 'Ana and Ben left', 'Ana and 3 others joined'. */
export function comingSentence({ kind, names }: Pick<ComingLine, 'kind'> & { names: Iterable<string> }): string {
  const cleaned = [...names].map(nameInSentence);
  return m[kind]({ names: countedNames(cleaned), count: cleaned.length });
}

/** Different people may have one name, so every one of them counts. */
function countedNames(names: readonly string[]): string {
  const [first = '', second] = names;
  if (second === undefined) return first;
  return names.length === 2 ? m.two({ first, second }) : m.others({ name: first, count: names.length - 1 });
}
