/**
 * Who a token's claims speak of. A name that cannot be shown is cleaned, a picture that cannot be used is left out; an id
 * that cannot be used makes the whole token unusable, since two people must never share one by accident.
 */

import type { User } from './answer.ts';

export const maxUserIdLength = 128;
export const maxNameLength = 64;
const MAX_PICTURE_LENGTH = 1_024;
/** Controls, lone surrogates, line breaks, and what turns the direction of text around or takes no room. Joiners of emoji stay. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** @returns null when `sub` is not an id: a string of 1 to 128 characters, all of them visible or spaces. */
export function userOf(claims: Readonly<Record<string, unknown>>): User | null {
  const { sub, name, picture } = claims;
  if (typeof sub !== 'string' || !isUserId(sub)) return null;
  const shownName = typeof name === 'string' ? cleanName(name) : '';
  const url = typeof picture === 'string' ? pictureUrl(picture) : null;
  return { id: sub, ...(shownName === '' ? {} : { name: shownName }), ...(url === null ? {} : { picture: url }) };
}

/** What the id of a user may be: 1 to 128 characters, none of them unseen. */
export function isUserId(text: string): boolean {
  return text !== '' && text.length <= maxUserIdLength && text.replace(UNSEEN, '') === text;
}

/** @returns At most 64 characters (code points), in NFC, without ends of space; '' when nothing is left. */
export function cleanName(name: string): string {
  // Cut before normalizing, which is slow for what is long; NFC makes nothing more than three times as long.
  const text = name
    .slice(0, 8 * maxNameLength)
    .normalize('NFC')
    .replace(UNSEEN, '')
    .trim();
  return [...text].slice(0, maxNameLength).join('').trim();
}

function pictureUrl(text: string): string | null {
  if (text.length > MAX_PICTURE_LENGTH || !URL.canParse(text)) return null;
  const { protocol, username, password, href } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && href.length <= MAX_PICTURE_LENGTH ? href : null;
}
