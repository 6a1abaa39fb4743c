/**
 * Raised hands in the order they were raised, without a clock: a hand takes the ticket above the highest one it sees. Two
 * hands raised before either was seen have the same ticket, and their user ids order them. So all screens that know the
 * same hands show the same order, whatever came first there.
 */
import { HAND_MAX } from './presence-parts.ts';

export interface RaisedHand {
  readonly userId: string;
  readonly hand: number;
}

/** The ticket of a hand that goes up now. */
export function nextTicket(raised: readonly Pick<RaisedHand, 'hand'>[]): number {
  return Math.min(HAND_MAX, 1 + Math.max(0, ...raised.map(({ hand }) => hand)));
}

export function byTicket(a: RaisedHand, b: RaisedHand): number {
  return a.hand - b.hand || (a.userId < b.userId ? -1 : Number(a.userId > b.userId));
}

/** Place of each person with a raised hand, from 1. */
export function placesOf(people: readonly { userId: string; hand: number | null }[]): Map<string, number> {
  const raised = people.flatMap(({ userId, hand }) => (hand === null ? [] : [{ userId, hand }]));
  return new Map(raised.sort(byTicket).map(({ userId }, i) => [userId, i + 1]));
}
