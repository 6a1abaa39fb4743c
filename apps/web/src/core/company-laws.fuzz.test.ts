/** Laws of following and of raised hands, for every order in which messages arrive. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leaderOf, mustLetGo } from './follow-chain.ts';
import { nextTicket, placesOf } from './hands.ts';

const runs = { numRuns: 2_000 };
const clients = fc.integer({ min: 1, max: 8 });

it('in every tangle of followers: once everyone who must has let go, no ring is left, and each chain has a leader', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(clients, clients)), (pairs) => {
      const follows = new Map(pairs.filter(([a, b]) => a !== b));
      // All of them look at the same states and act at once.
      const after = new Map([...follows].filter(([clientId]) => !mustLetGo(follows, clientId)));
      for (const clientId of after.keys()) expect(leaderOf(after, clientId)).not.toBeNull();
      // Nobody lets go in vain: one client of each ring.
      const onRings = [...follows.keys()].filter((id) => leaderOf(follows, id) === null);
      const rings = new Set(onRings.map((id) => ringOf(follows, id)));
      expect(follows.size - after.size).toBe(rings.size);
    }),
    runs,
  );
});

/** The lowest client of the ring that a chain ends in. */
function ringOf(follows: ReadonlyMap<number, number>, from: number): number {
  let at = from;
  for (let steps = 0; steps < follows.size; steps++) at = follows.get(at) ?? at;
  const ring = new Set<number>();
  while (!ring.has(at)) {
    ring.add(at);
    at = follows.get(at) ?? at;
  }
  return Math.min(...ring);
}

it('hands have the same places on every screen, in whatever order they arrived, and a hand that saw another is behind it', () => {
  const event = fc.record({
    person: fc.integer({ min: 0, max: 5 }),
    isUp: fc.boolean(),
    seen: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  });
  fc.assert(
    fc.property(fc.array(event), fc.func(fc.integer()), (events, salt) => {
      const hands = new Map<string, number>();
      for (const { person, isUp, seen } of events) {
        const userId = `u${person}`;
        if (!isUp) {
          hands.delete(userId);
          continue;
        }
        // A screen knows some of the hands; each one that it knows comes first.
        const known = [...hands].filter(([id], i) => id !== userId && seen[i % 6]).map(([id, hand]) => ({ userId: id, hand }));
        hands.set(userId, nextTicket(known));
        const places = placesOf([...hands].map(([id, hand]) => ({ userId: id, hand })));
        for (const { userId: before } of known) expect(places.get(before)).toBeLessThan(places.get(userId) ?? 0);
      }
      const people = [...hands].map(([userId, hand]) => ({ userId, hand }));
      const elsewhere = people.toSorted((a, b) => salt(a.userId) - salt(b.userId));
      expect([...placesOf(elsewhere)].sort()).toEqual([...placesOf(people)].sort());
      expect([...placesOf(people).values()].sort((a, b) => a - b)).toEqual(people.map((_, i) => i + 1));
    }),
    runs,
  );
});
