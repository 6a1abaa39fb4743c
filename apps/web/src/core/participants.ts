/**
 * The people on a board, read from the presence states that their clients announce.
 *
 * A person is a user id, however many tabs or devices they have open. The user id gives the colour; where people in the
 * room share one, all but the first have a ring, each a different one. States come from strangers: nothing in them is trusted.
 */
import * as m from '$words/core-participants';
import { personHue, ringsByUser, type ElementId, type PageId } from '@wetink/board';
import type { Peer } from '@wetink/canvas';
import { PICTURE_ADDRESS_MAX, type BoardInfo } from './board-info.ts';
import { byTicket } from './hands.ts';
import { cleanName } from './identity.ts';
import { parseParts, type PresenceParts, type Rest } from './presence-parts.ts';

export interface PresenceState extends PresenceParts {
  /** `Board.session` of the page. */
  session: string;
  /** `picture`: an https address from a token; nobody's own say where the relay knows users. Unchecked but for its length. */
  user: { id: string; name: string; picture?: string };
  /** Board units. */
  cursor: { x: number; y: number } | null;
  tool: string;
  isTyping: boolean;
  /** May only view, as their own app says: a courtesy, not checked. */
  isViewer?: true;
  /** Id of the picture whose panel is open. */
  picture?: string;
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
  /** Address of the picture that their token names, to be checked before it is shown; null: none. */
  picture: string | null;
  /** Name of the picture that they chose of themselves, see face.ts; null: none. */
  face: string | null;
  /** Ids of the pictures they are editing on any of their devices. */
  pictures: readonly string[];
  /** Ids of the elements whose text they have open on any of their devices. */
  texts: readonly string[];
  /** Null while they are active on any of their devices. */
  rest: Rest | null;
  /** The tool they hold, as their app names it; '' for none. */
  tool: string;
  /** The page they see; '' for the first one. */
  page: PageId;
  /** Ticket of their raised hand, see hands.ts; null without one. */
  hand: number | null;
  /** Their clients; the first is the one to follow: it presents, or else they are active on it. */
  clients: readonly ListedClient[];
}

export interface ListedClient {
  readonly clientId: number;
  readonly rest: Rest | null;
  /** Id of its presentation. */
  readonly presents: string | null;
  readonly follows: number | null;
}

/** Begins the id of a person whom the relay can't vouch for. */
export const UNKNOWN_USER = 'unknown:';

/** No relay gives a longer user id: one would only fill memory. */
const USER_ID_MAX = 128;

/** Ids of elements are shorter. */
const PICTURE_ID_MAX = 32;

/**
 * A well-formed state, or null. A state without a user id is from a person whose id the relay can't vouch for, so it removed
 * it: each such connection counts as a person of its own.
 */
export function parsePresence(state: unknown, clientId: number): PresenceState | null {
  if (typeof state !== 'object' || state === null) return null;
  const known = parsed.get(state);
  if (known?.clientId === clientId) return known.presence;
  const presence = parseState(state, clientId);
  parsed.set(state, { clientId, presence });
  return presence;
}

/** One person moves, and a list of five hundred is read again: the others' states are the same objects as before. */
const parsed = new WeakMap<object, { clientId: number; presence: PresenceState | null }>();

function parseState(state: object, clientId: number): PresenceState | null {
  const { session, user, cursor, tool, isTyping, isViewer, picture } = state as Partial<Record<keyof PresenceState, unknown>>;
  if (typeof user !== 'object' || user === null) return null;
  const { id = `${UNKNOWN_USER}${clientId}`, name, picture: address } = user as { id?: unknown; name?: unknown; picture?: unknown };
  if (typeof id !== 'string' || id === '' || id.length > USER_ID_MAX) return null;
  return {
    session: typeof session === 'string' ? session : '',
    user: {
      id,
      name: (typeof name === 'string' ? cleanName(name) : '') || m.guest(),
      ...(typeof address === 'string' && address.length <= PICTURE_ADDRESS_MAX ? { picture: address } : {}),
    },
    cursor: parsePoint(cursor),
    tool: typeof tool === 'string' ? tool : '',
    isTyping: isTyping === true,
    ...(isViewer === true ? { isViewer } : {}),
    ...(typeof picture === 'string' && picture.length <= PICTURE_ID_MAX ? { picture } : {}),
    ...parseParts(state as Record<string, unknown>),
  };
}

/** Me first, then raised hands in their order, then by name; each person once. */
export function participantsOf(states: ReadonlyMap<number, unknown>, me: { id: string; name: string }): Participant[] {
  const presencesById = new Map<string, { clientId: number; presence: PresenceState }[]>([[me.id, []]]);
  for (const [clientId, state] of states) {
    const presence = parsePresence(state, clientId);
    if (presence === null) continue;
    const { id } = presence.user;
    const others = presencesById.get(id);
    if (others === undefined) presencesById.set(id, [{ clientId, presence }]);
    else others.push({ clientId, presence });
  }
  const rings = ringsByUser(presencesById.keys());
  return [...presencesById]
    .map(([userId, presences]) => personOf(userId, presences, { me, ringPieces: rings.get(userId) ?? 0 }))
    .sort((a, b) => Number(b.isMe) - Number(a.isMe) || byHand(a, b) || a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1));
}

function personOf(
  userId: string,
  presences: readonly { clientId: number; presence: PresenceState }[],
  { me, ringPieces }: { me: { id: string; name: string }; ringPieces: number },
): Participant {
  const isMe = userId === me.id;
  const states = presences.map(({ presence }) => presence);
  const clients = presences
    .map(clientOf)
    .sort((a, b) => Number(b.presents !== null) - Number(a.presents !== null) || vigour(b) - vigour(a));
  const active = presences.find(({ clientId }) => clientId === clients[0]?.clientId)?.presence;
  const tickets = states.flatMap(({ hand }) => hand ?? []);
  return {
    userId,
    name: isMe ? me.name : (states.at(-1)?.user.name ?? ''),
    hue: personHue(userId),
    ringPieces,
    isMe,
    isTyping: !isMe && states.some(({ isTyping }) => isTyping),
    picture: states.findLast(({ user }) => user.picture !== undefined)?.user.picture ?? null,
    face: states.findLast(({ face }) => face !== undefined)?.face ?? null,
    isViewer: !isMe && states.every(({ isViewer }) => isViewer === true),
    pictures: states.flatMap(({ picture }) => picture ?? []),
    texts: states.flatMap(({ writes }) => writes ?? []),
    rest:
      clients.length === 0 || clients.some(({ rest }) => rest === null)
        ? null
        : (clients.find(({ rest }) => rest === 'idle')?.rest ?? 'away'),
    tool: active?.tool ?? '',
    page: active?.page ?? '',
    hand: tickets.length === 0 ? null : Math.min(...tickets),
    clients,
  };
}

function clientOf({ clientId, presence }: { clientId: number; presence: PresenceState }): ListedClient {
  const { rest = null, presents = null, follows = null } = presence;
  return { clientId, rest, presents, follows };
}

function vigour({ rest }: ListedClient): number {
  return rest === null ? 2 : Number(rest === 'idle');
}

function byHand(a: Participant, b: Participant): number {
  if (a.hand === null || b.hand === null) return Number(a.hand === null) - Number(b.hand === null);
  return byTicket({ userId: a.userId, hand: a.hand }, { userId: b.userId, hand: b.hand });
}

/** The people who are editing a picture. */
export function editedBy(people: readonly Participant[], picture: string): Participant[] {
  return people.filter(({ pictures }) => pictures.includes(picture));
}

/** Pictures that somebody else is editing, each with all who edit it, me first. */
export function editorsAt(people: readonly Participant[]): { picture: ElementId; editors: Participant[] }[] {
  const pictures = new Set(people.flatMap(({ isMe, pictures: edited }) => (isMe ? [] : edited)));
  return Array.from(pictures, (picture) => ({ picture: picture as ElementId, editors: editedBy(people, picture) }));
}

/** Texts that others have open, each with those others. */
export function writersAt(people: readonly Participant[]): { text: ElementId; writers: Participant[] }[] {
  const others = people.filter(({ isMe }) => !isMe);
  const open = new Set(others.flatMap(({ texts }) => texts));
  return Array.from(open, (text) => ({ text: text as ElementId, writers: others.filter(({ texts }) => texts.includes(text)) }));
}

/**
 * Other connections' cursors. My own other tabs and devices show too: each is one more hand on the paper. People on other
 * pages have none here.
 *
 * @param page The page in view.
 */
export function cursorsOf(states: ReadonlyMap<number, unknown>, myClientId: number, myUserId: string, page: PageId = ''): Peer[] {
  const others = [...states].flatMap(([clientId, state]) => {
    const presence = clientId === myClientId ? null : parsePresence(state, clientId);
    return presence === null ? [] : [{ clientId, presence }];
  });
  const rings = ringsByUser([myUserId, ...others.map(({ presence }) => presence.user.id)]);
  const isHere = (presence: PresenceState): boolean => (presence.page ?? '') === page;
  return others
    .map(({ clientId, presence }) => ({ clientId, presence: isHere(presence) ? presence : elsewhere(presence) }))
    .map(({ clientId, presence: { user, cursor, said, selection } }) => ({
      clientId,
      userId: user.id,
      name: user.name,
      cursor,
      hue: personHue(user.id),
      ringPieces: rings.get(user.id) ?? 0,
      ...(said === undefined ? {} : { said }),
      ...(selection === undefined ? {} : { selection }),
    }));
}

function elsewhere({ said: _said, selection: _selection, ...presence }: PresenceState): PresenceState {
  return { ...presence, cursor: null };
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
  if (presence === null) return '';
  const { user, face, isTyping, isViewer, picture, writes, rest, tool, hand, presents, follows, page } = presence;
  return JSON.stringify([
    user.id,
    user.name,
    user.picture,
    face,
    isTyping,
    isViewer,
    picture,
    writes,
    rest,
    tool,
    hand,
    presents,
    follows,
    page,
  ]);
}

function parsePoint(value: unknown): { x: number; y: number } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { x, y } = value as { x?: unknown; y?: unknown };
  return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}
