/**
 * The identity of a guest: a secret of this browser, the user id derived from it, and a name that others see.
 *
 * The id decides the person's colour, undo history and boards, so the secret is made once and kept. The relay derives the
 * id in the same way. So the id exists at a first visit without a network, and only a browser with the secret can use it.
 * The name is only a label.
 */
import { shownLine, suggestName } from '@wetink/board';
import { digest } from 'lib0/hash/sha256';
import { bytesToBase64Url, randomBase64Url } from './board-id.ts';
import type { KeyValue } from './key-value.ts';

export interface Identity {
  id: string;
  /** 32 random bytes as base64url. Sent only to the relay that signs the id. */
  secret: string;
  name: string;
  /** True while the suggested name is in use: the person has not chosen or confirmed one. */
  isSuggested: boolean;
}

export const IDENTITY_KEY = 'wetink.me';
/** Longest name, in UTF-16 units: fits a cursor's pill. */
export const NAME_MAX = 40;

const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;
/** 132 bits of the hash. */
const ID_LENGTH = 22;

/** The user id of a guest, as the relay derives it. `lib0` and not `crypto.subtle`, which plain http lacks. */
export function guestIdOf(secret: string): string {
  const hash = digest(new TextEncoder().encode(`wetink guest v1:${secret}`));
  return `guest:${bytesToBase64Url(hash).slice(0, ID_LENGTH)}`;
}

/** A name as it may be shown: one visible line, at most `NAME_MAX` units. */
export function cleanName(input: string): string {
  return cleanLine(input, NAME_MAX);
}

/** A person's words as they may be shown: one visible line. @param max UTF-16 units. */
export function cleanLine(input: string, max: number): string {
  const line = shownLine(input).replace(/\s+/g, ' ').trim();
  return sliceWhole(line, max).trim();
}

/** The stored identity, or a new one, stored at once. The name in an identity of an earlier version is kept. */
export function loadIdentity(facts: KeyValue, fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void, random: () => number): Identity {
  const stored = storedIdentity(facts);
  if (stored !== null) return stored;
  const { name, isSuggested } = parseLabel(facts.read(IDENTITY_KEY)) ?? { name: suggestName(random), isSuggested: true };
  return keepIdentity(facts, { secret: randomBase64Url(SECRET_BYTES, fillRandom), name, isSuggested });
}

/** Stores it, without the id: that follows from the secret. */
export function keepIdentity(facts: KeyValue, { secret, name, isSuggested }: Omit<Identity, 'id'>): Identity {
  facts.write(IDENTITY_KEY, { secret, name, isSuggested });
  return { id: guestIdOf(secret), secret, name, isSuggested };
}

/** The stored identity as it is now: another tab may have renamed it. Null when none can be read. */
export function storedIdentity(facts: KeyValue): Identity | null {
  const stored = facts.read(IDENTITY_KEY);
  const label = parseLabel(stored);
  const { secret } = (label === null ? {} : stored) as { secret?: unknown };
  if (label === null || typeof secret !== 'string' || !SECRET.test(secret)) return null;
  return { id: guestIdOf(secret), secret, ...label };
}

function parseLabel(stored: unknown): Pick<Identity, 'name' | 'isSuggested'> | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { name, isSuggested } = stored as Partial<Record<keyof Identity, unknown>>;
  const isName = typeof name === 'string' && name !== '' && cleanName(name) === name;
  return isName && typeof isSuggested === 'boolean' ? { name, isSuggested } : null;
}

/** Cuts to at most `max` UTF-16 units without splitting a surrogate pair. */
function sliceWhole(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max);
  const last = cut.charCodeAt(cut.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? cut.slice(0, -1) : cut;
}
