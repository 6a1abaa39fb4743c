/**
 * Who is here, from the states that people announce about themselves.
 *
 * A person is a user id, however many tabs or devices they have open. Colour follows from the user id; where two
 * people in the room share one, all but the first wear a ring. States come from strangers: nothing in them is trusted.
 */
import { personHue } from '@wetink/board';
import { cleanName } from './identity.ts';

export interface PresenceState {
  session: string;
  user: { id: string; name: string };
  cursor: { x: number; y: number } | null;
  tool: string;
  isTyping: boolean;
}

export interface Participant {
  userId: string;
  name: string;
  /** 0 to 11. */
  hue: number;
  /** Shares the hue with a person listed earlier: told apart by a ring. */
  hasTwin: boolean;
  isMe: boolean;
  isTyping: boolean;
}

export interface PeerCursor {
  clientId: number;
  userId: string;
  name: string;
  cursor: { x: number; y: number } | null;
  hue: number;
  hasTwin: boolean;
}

/** A well-formed state, or null. Longest accepted user id is 128 units. */
export function parsePresence(state: unknown): PresenceState | null {
  if (typeof state !== 'object' || state === null) return null;
  const { session, user, cursor, tool, isTyping } = state as Partial<Record<keyof PresenceState, unknown>>;
  if (typeof user !== 'object' || user === null) return null;
  const { id, name } = user as { id?: unknown; name?: unknown };
  if (typeof id !== 'string' || id === '' || id.length > 128) return null;
  return {
    session: typeof session === 'string' ? session : '',
    user: { id, name: (typeof name === 'string' ? cleanName(name) : '') || 'Guest' },
    cursor: parsePoint(cursor),
    tool: typeof tool === 'string' ? tool : '',
    isTyping: isTyping === true,
  };
}

/** Me first, then by name; each person once. */
export function participantsOf(states: ReadonlyMap<number, unknown>, me: { id: string; name: string }): Participant[] {
  const people = new Map<string, Omit<Participant, 'hasTwin'>>();
  people.set(me.id, { userId: me.id, name: me.name, hue: personHue(me.id), isMe: true, isTyping: false });
  for (const state of states.values()) {
    const presence = parsePresence(state);
    if (presence === null || presence.user.id === me.id) continue;
    const { id, name } = presence.user;
    const before = people.get(id);
    people.set(id, { userId: id, name, hue: personHue(id), isMe: false, isTyping: presence.isTyping || (before?.isTyping ?? false) });
  }
  const twins = twinsAmong(people.keys());
  return [...people.values()]
    .map((person) => ({ ...person, hasTwin: twins.has(person.userId) }))
    .sort((a, b) => Number(b.isMe) - Number(a.isMe) || a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1));
}

/** Other connections' cursors. My own other tabs show too, as on a second device they are a second hand. */
export function cursorsOf(states: ReadonlyMap<number, unknown>, myClientId: number, myUserId: string): PeerCursor[] {
  const parsed = [...states].flatMap(([clientId, state]) => {
    const presence = clientId === myClientId ? null : parsePresence(state);
    return presence === null ? [] : [{ clientId, presence }];
  });
  const twins = twinsAmong([myUserId, ...parsed.map(({ presence }) => presence.user.id)]);
  return parsed.map(({ clientId, presence: { user, cursor } }) => ({
    clientId, userId: user.id, name: user.name, cursor, hue: personHue(user.id), hasTwin: twins.has(user.id),
  }));
}

/** User ids that share a hue with a smaller user id. By id and not by arrival, so that everybody sees the same rings. */
function twinsAmong(userIds: Iterable<string>): Set<string> {
  const taken = new Set<number>();
  const twins = new Set<string>();
  for (const id of [...new Set(userIds)].sort()) {
    const hue = personHue(id);
    if (taken.has(hue)) twins.add(id);
    taken.add(hue);
  }
  return twins;
}

function parsePoint(value: unknown): { x: number; y: number } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { x, y } = value as { x?: unknown; y?: unknown };
  return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}
