/**
 * The people on a board, read from the presence states that their clients announce.
 *
 * A person is a user id, however many tabs or devices they have open. The user id gives the colour; where people in the
 * room share one, all but the first have a ring, each a different one. States come from strangers: nothing in them is trusted.
 */
import { personHue, ringsByUser } from '@wetink/board';
import type { BoardInfo } from './board-info.ts';
import { cleanName } from './identity.ts';

export interface PresenceState {
  /** `Board.session` of the page. */
  session: string;
  user: { id: string; name: string };
  /** Board units. */
  cursor: { x: number; y: number } | null;
  tool: string;
  isTyping: boolean;
  /** May only view, as their own app says: a courtesy, not checked. */
  isViewer?: true;
}

export interface Participant {
  userId: string;
  name: string;
  /** 0 to 11. */
  hue: number;
  /** How many people of the same hue come first: 0 has no ring, 1 a whole one, n one in n pieces. */
  ringPieces: number;
  isMe: boolean;
  isTyping: boolean;
  /** True on every device that they have on this board. */
  isViewer: boolean;
}

export interface PeerCursor {
  clientId: number;
  userId: string;
  name: string;
  cursor: { x: number; y: number } | null;
  hue: number;
  /** As in `Participant`, so that a cursor and the list show the same. */
  ringPieces: number;
}

/** No relay gives a longer user id: one would only fill memory. */
const USER_ID_MAX = 128;

/**
 * A well-formed state, or null. A state without a user id is from a person whose id the relay can't vouch for, so it removed
 * it: each such connection counts as a person of its own.
 */
export function parsePresence(state: unknown, clientId: number): PresenceState | null {
  if (typeof state !== 'object' || state === null) return null;
  const { session, user, cursor, tool, isTyping, isViewer } = state as Partial<Record<keyof PresenceState, unknown>>;
  if (typeof user !== 'object' || user === null) return null;
  const { id = `unknown:${clientId}`, name } = user as { id?: unknown; name?: unknown };
  if (typeof id !== 'string' || id === '' || id.length > USER_ID_MAX) return null;
  return {
    session: typeof session === 'string' ? session : '',
    user: { id, name: (typeof name === 'string' ? cleanName(name) : '') || 'Guest' },
    cursor: parsePoint(cursor),
    tool: typeof tool === 'string' ? tool : '',
    isTyping: isTyping === true,
    ...(isViewer === true ? { isViewer } : {}),
  };
}

/** Me first, then by name; each person once. */
export function participantsOf(states: ReadonlyMap<number, unknown>, me: { id: string; name: string }): Participant[] {
  const people = new Map<string, Omit<Participant, 'ringPieces'>>();
  people.set(me.id, { userId: me.id, name: me.name, hue: personHue(me.id), isMe: true, isTyping: false, isViewer: false });
  for (const [clientId, state] of states) {
    const presence = parsePresence(state, clientId);
    if (presence === null || presence.user.id === me.id) continue;
    const { id, name } = presence.user;
    const before = people.get(id);
    const isTyping = presence.isTyping || (before?.isTyping ?? false);
    const isViewer = presence.isViewer === true && (before?.isViewer ?? true);
    people.set(id, { userId: id, name, hue: personHue(id), isMe: false, isTyping, isViewer });
  }
  const rings = ringsByUser(people.keys());
  return [...people.values()]
    .map((person) => ({ ...person, ringPieces: rings.get(person.userId) ?? 0 }))
    .sort((a, b) => Number(b.isMe) - Number(a.isMe) || a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1));
}

/** Other connections' cursors. My own other tabs and devices show too: each is one more hand on the paper. */
export function cursorsOf(states: ReadonlyMap<number, unknown>, myClientId: number, myUserId: string): PeerCursor[] {
  const parsed = [...states].flatMap(([clientId, state]) => {
    const presence = clientId === myClientId ? null : parsePresence(state, clientId);
    return presence === null ? [] : [{ clientId, presence }];
  });
  const rings = ringsByUser([myUserId, ...parsed.map(({ presence }) => presence.user.id)]);
  return parsed.map(({ clientId, presence: { user, cursor } }) => ({
    clientId,
    userId: user.id,
    name: user.name,
    cursor,
    hue: personHue(user.id),
    ringPieces: rings.get(user.id) ?? 0,
  }));
}

/**
 * A person's part on this board, where it is worth showing: its owner, or a viewer.
 *
 * @param info The relay's record: for the owner all people, for others the owner alone. Null: none.
 */
export function shownRoleOf(
  { userId, isViewer }: Pick<Participant, 'userId' | 'isViewer'>,
  info: Pick<BoardInfo, 'role' | 'everyone' | 'owner' | 'members'> | null,
): 'owner' | 'viewer' | null {
  if (info?.owner.id === userId) return 'owner';
  // The relay's record of a person counts before what their app announces.
  const role = info?.role === 'owner' ? (info.members.find(({ user }) => user.id === userId)?.role ?? info.everyone) : null;
  return (role === null ? isViewer : role === 'viewer') ? 'viewer' : null;
}

/** Finds the changes of presence that the list of people shows. A moving cursor is none of them. */
export class ListedParts {
  readonly #shown = new Map<number, string>();

  /** @returns Whether the list differs from the last one painted. */
  take(changed: readonly number[], states: ReadonlyMap<number, unknown>): boolean {
    let isDifferent = false;
    for (const clientId of changed) {
      const part = listedPart(states.get(clientId), clientId);
      if ((this.#shown.get(clientId) ?? '') === part) continue;
      isDifferent = true;
      if (part === '') this.#shown.delete(clientId);
      else this.#shown.set(clientId, part);
    }
    return isDifferent;
  }

  /** The room goes on in a new document, whose presence begins empty. */
  clear(): void {
    this.#shown.clear();
  }
}

/** The part of a state that the list of people shows, as text: equal texts need no repaint. */
export function listedPart(state: unknown, clientId: number): string {
  const presence = parsePresence(state, clientId);
  return presence === null ? '' : `${presence.user.id}\n${presence.user.name}\n${presence.isTyping}\n${presence.isViewer === true}`;
}

function parsePoint(value: unknown): { x: number; y: number } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { x, y } = value as { x?: unknown; y?: unknown };
  return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}
