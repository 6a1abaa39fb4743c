/** New reactions among presence states, each once, and how many of them float at a time. Pure. */
import { parsePresence } from './participants.ts';
import { REACTIONS_MAX, type Reaction } from './presence-parts.ts';

export interface NewReaction {
  readonly clientId: number;
  readonly userId: string;
  readonly name: string;
  readonly emoji: string;
  readonly n: number;
}

/** Reactions float for this long, ms; a sender withdraws them a little later. */
export const FLOAT_MS = 2_600;
export const WITHDRAW_MS = 3_000;
/** At a time, of all people and of one client: an applause is seen, and a flood hides nothing. */
export const FLOATING_MAX = 24;
export const FLOATING_MAX_EACH = 6;
/** Clients whose last reaction is remembered; those heard of longest ago are forgotten. */
const CLIENTS_MAX = 1_000;

export class ReactionFeed {
  readonly #lastByClient = new Map<number, number>();

  /** @param changed Clients whose states may have new ones. */
  take(changed: readonly number[], states: ReadonlyMap<number, unknown>): NewReaction[] {
    return changed.flatMap((clientId) => {
      const presence = parsePresence(states.get(clientId), clientId);
      if (presence === null) return [];
      const { user, reactions = [] } = presence;
      const newest = Math.max(0, ...reactions.map(({ n }) => n));
      const last = this.#lastByClient.get(clientId);
      // A client that is new here: its reactions were for others. One that comes back is still known.
      this.#remember(clientId, Math.max(last ?? 0, newest));
      if (last === undefined) return [];
      return reactions.filter(({ n }) => n > last).map(({ n, emoji }) => ({ clientId, userId: user.id, name: user.name, emoji, n }));
    });
  }

  #remember(clientId: number, n: number): void {
    this.#lastByClient.delete(clientId);
    this.#lastByClient.set(clientId, n);
    const [oldest] = this.#lastByClient.keys();
    if (this.#lastByClient.size > CLIENTS_MAX && oldest !== undefined) this.#lastByClient.delete(oldest);
  }
}

/** Adds those for which there is room. */
export function withFloating<Item extends Pick<NewReaction, 'clientId'>>(floating: readonly Item[], more: readonly Item[]): Item[] {
  const next = [...floating];
  for (const reaction of more) {
    const own = next.filter(({ clientId }) => clientId === reaction.clientId).length;
    if (next.length < FLOATING_MAX && own < FLOATING_MAX_EACH) next.push(reaction);
  }
  return next;
}

/** The reactions to announce after one more of mine. */
export function withReaction(reactions: readonly Reaction[], emoji: string): readonly Reaction[] {
  const n = (reactions.at(-1)?.n ?? 0) + 1;
  return [...reactions, { n, emoji }].slice(-REACTIONS_MAX);
}
