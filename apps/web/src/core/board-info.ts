/**
 * What a relay says about itself and its boards, as this app uses it. Everything is read from JSON of a server that may be
 * another one than expected, so nothing is taken for what it says to be before it was looked at.
 */
import { cleanName } from './identity.ts';
import { isLinkKey, type LinkKey } from './fragment.ts';

export type Role = 'viewer' | 'editor' | 'owner';
/** What a link or the owner gives. */
export type GivenRole = 'viewer' | 'editor';
/** What everybody gets who knows the address. */
export type Everyone = 'none' | GivenRole;

/** How people are told apart here. */
export interface RelaySettings {
  /** `none`: they are not, so no board has an owner. */
  auth: 'guests' | 'tokens' | 'none';
  /** `owned`: only boards that somebody owns can be entered. */
  rooms: 'open' | 'owned';
  /** Where an operator's token is fetched, and where people without one are sent. */
  tokenUrl: string | null;
  loginUrl: string | null;
}

export interface Person {
  id: string;
  name: string;
}

export interface BoardLink {
  id: string;
  role: GivenRole;
  key: LinkKey;
}

export interface BoardMember {
  user: Person;
  /** `none`: was sent away. */
  role: Everyone;
}

export interface BoardInfo {
  /** Mine. */
  role: Role;
  everyone: Everyone;
  owner: Person;
  /** For the owner alone, as are members. */
  links: readonly BoardLink[];
  members: readonly BoardMember[];
  /** Where the next page of members begins; null after the last. */
  membersCursor: string | null;
}

/** A relay without this API. */
export const NO_SETTINGS: RelaySettings = { auth: 'none', rooms: 'open', tokenUrl: null, loginUrl: null };

/** @returns Null when it is no answer of a relay. */
export function parseSettings(value: unknown): RelaySettings | null {
  const { auth, rooms, tokenUrl, loginUrl } = fieldsOf(value);
  if (auth !== 'guests' && auth !== 'tokens' && auth !== 'none') return null;
  return { auth, rooms: rooms === 'owned' ? 'owned' : 'open', tokenUrl: webAddress(tokenUrl), loginUrl: webAddress(loginUrl) };
}

/** @returns Null when it is no board. */
export function parseBoardInfo(value: unknown): BoardInfo | null {
  const { role, everyone, owner, links, members, membersCursor } = fieldsOf(value);
  const person = parsePerson(owner);
  if ((role !== 'viewer' && role !== 'editor' && role !== 'owner') || !isEveryone(everyone) || person === null) return null;
  return {
    role,
    everyone,
    owner: person,
    links: listOf(links, parseBoardLink),
    members: listOf(members, parseMember),
    membersCursor: typeof membersCursor === 'string' ? membersCursor : null,
  };
}

export function parseBoardLink(value: unknown): BoardLink | null {
  const { id, role, key } = fieldsOf(value);
  return typeof id === 'string' && isGivenRole(role) && isLinkKey(key) ? { id, role, key } : null;
}

/** Who a token says one is. Not checked: that is the relay's part. @returns Null when it can't be read. */
export function userOfToken(token: string): { id: string; name: string; expiresAtMs: number | null } | null {
  const payload = token.split('.')[1] ?? '';
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const { sub, name, exp } = fieldsOf(JSON.parse(new TextDecoder().decode(bytes)));
    if (typeof sub !== 'string' || sub === '') return null;
    return { id: sub, name: typeof name === 'string' ? cleanName(name) : '', expiresAtMs: typeof exp === 'number' ? exp * 1_000 : null };
  } catch {
    return null; // An operator's token that is no JWT: the relay will say what it makes of it.
  }
}

export function isEveryone(value: unknown): value is Everyone {
  return value === 'none' || isGivenRole(value);
}

export function isGivenRole(value: unknown): value is GivenRole {
  return value === 'viewer' || value === 'editor';
}

function parseMember(value: unknown): BoardMember | null {
  const { user, role } = fieldsOf(value);
  const person = parsePerson(user);
  return person !== null && isEveryone(role) ? { user: person, role } : null;
}

function parsePerson(value: unknown): Person | null {
  const { id, name } = fieldsOf(value);
  if (typeof id !== 'string' || id === '') return null;
  return { id, name: (typeof name === 'string' ? cleanName(name) : '') || 'Guest' };
}

/** Only what a browser may be sent to. */
function webAddress(value: unknown): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  return /^https?:$/.test(new URL(value).protocol) ? value : null;
}

function listOf<T>(value: unknown, parse: (item: unknown) => T | null): T[] {
  return Array.isArray(value) ? value.flatMap((item: unknown) => parse(item) ?? []) : [];
}

function fieldsOf(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? value : {};
}
