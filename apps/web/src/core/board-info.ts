/**
 * The relay's settings and board records, as far as this app uses them. The JSON may come from a server that is no relay,
 * so every field is checked before it is used.
 */
import * as m from '$words/board-info';
import { cleanName } from './identity.ts';
import { isLinkKey, type LinkKey } from './fragment.ts';

export type Role = 'viewer' | 'editor' | 'owner';
/** A role that a link or the owner can give. */
export type GivenRole = 'viewer' | 'editor';
/** The role of everybody who knows the address. */
export type Everyone = 'none' | GivenRole;

/** How this relay identifies people. */
export interface RelaySettings {
  /** `none`: not at all, so no board has an owner. */
  auth: 'guests' | 'tokens' | 'none';
  /** `owned`: only boards with an owner can be entered. */
  rooms: 'open' | 'owned';
  /** Where an operator's token is fetched, and where people without one are sent. */
  tokenUrl: string | null;
  loginUrl: string | null;
  /** Origins from which the page may load pictures of people. */
  imageOrigins: readonly string[];
}

/** A user whom the operator's token names. */
export interface SignedIn extends Person {
  /** Address of their picture, as the token has it; null: none. */
  picture: string | null;
}

export interface Person {
  id: string;
  name: string;
  /** Address of the picture that their token named, to be checked before it is shown. */
  picture?: string | null;
}

/** As the relay's limit for the claim `picture`. */
export const PICTURE_ADDRESS_MAX = 1_024;

export interface BoardLink {
  id: string;
  role: GivenRole;
  key: LinkKey;
}

export interface BoardMember {
  user: Person;
  /** `none`: removed by the owner. */
  role: Everyone;
}

export interface BoardInfo {
  /** Mine. */
  role: Role;
  everyone: Everyone;
  owner: Person;
  /** Sent to the owner only, like the members. */
  links: readonly BoardLink[];
  members: readonly BoardMember[];
  /** Where the next page of members begins; null after the last. */
  membersCursor: string | null;
}

/** A relay without this API. */
export const NO_SETTINGS: RelaySettings = { auth: 'none', rooms: 'open', tokenUrl: null, loginUrl: null, imageOrigins: [] };

/** @returns Null when the answer is not a relay's. */
export function parseSettings(value: unknown): RelaySettings | null {
  const { auth, rooms, tokenUrl, loginUrl, imageOrigins } = fieldsOf(value);
  if (auth !== 'guests' && auth !== 'tokens' && auth !== 'none') return null;
  return {
    auth,
    rooms: rooms === 'owned' ? 'owned' : 'open',
    tokenUrl: webAddress(tokenUrl),
    loginUrl: webAddress(loginUrl),
    imageOrigins: listOf(imageOrigins, (origin) => (typeof origin === 'string' ? origin : null)),
  };
}

/**
 * A picture of a person, if the page may load it: its server learns who looks at it.
 *
 * @param origins As the relay's settings list them.
 */
export function pictureAddress(address: string, origins: readonly string[]): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, origin, href } = new URL(address);
  return protocol === 'https:' && origins.includes(origin) ? href : null;
}

/** @returns Null when the answer is not a board. */
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

/** The user that a token names. The signature is not checked: the relay does that. @returns Null when it can't be read. */
export function userOfToken(token: string): (SignedIn & { expiresAtMs: number | null }) | null {
  const payload = token.split('.')[1] ?? '';
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const { sub, name, picture, exp } = fieldsOf(JSON.parse(new TextDecoder().decode(bytes)));
    if (typeof sub !== 'string' || sub === '') return null;
    return {
      id: sub,
      name: typeof name === 'string' ? cleanName(name) : '',
      picture: typeof picture === 'string' ? picture : null,
      expiresAtMs: typeof exp === 'number' ? exp * 1_000 : null,
    };
  } catch {
    return null; // An operator's token that is no JWT: the relay decides whether to accept it.
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
  const { id, name, picture } = fieldsOf(value);
  if (typeof id !== 'string' || id === '') return null;
  return { id, name: (typeof name === 'string' ? cleanName(name) : '') || m.guest(), ...pictureOf(picture) };
}

/** Bounded, and not checked otherwise. */
export function pictureOf(value: unknown): Pick<Person, 'picture'> {
  return typeof value === 'string' && value.length <= PICTURE_ADDRESS_MAX ? { picture: value } : {};
}

/** Accepts only addresses that a browser may be sent to. */
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
