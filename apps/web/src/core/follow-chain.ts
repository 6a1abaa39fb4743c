/**
 * Leaders and followers, where people who are followed follow others themselves.
 *
 *   Cy ──follows──> Ben ──follows──> Ana        Ana leads both, and only she moves the view.
 *
 * A ring has no leader. The client with the lowest id in it stops following, and leads the others.
 */

/** The client that each client follows; others follow nobody. */
export type Follows = ReadonlyMap<number, number>;

/** The client at the end of the chain; null on a ring. */
export function leaderOf(follows: Follows, clientId: number): number | null {
  const passed = new Set<number>();
  let at = clientId;
  for (let next = follows.get(at); next !== undefined; next = follows.get(at)) {
    if (passed.has(at)) return null;
    passed.add(at);
    at = next;
  }
  return at;
}

/** Whether this client has to stop following, so that a ring that it is part of gets a leader. */
export function mustLetGo(follows: Follows, clientId: number): boolean {
  let lowest = clientId;
  let at = follows.get(clientId);
  for (let steps = 0; at !== undefined && steps <= follows.size; steps++) {
    if (at === clientId) return lowest === clientId;
    lowest = Math.min(lowest, at);
    at = follows.get(at);
  }
  return false;
}

/** Clients whose chain leads here. */
export function followersOf(follows: Follows, clientId: number): number[] {
  return [...follows.keys()].filter((id) => id !== clientId && leaderOf(follows, id) === clientId);
}
