/**
 * The user that a token's claims describe. A name that cannot be shown is cleaned and a bad picture is left out; a bad
 * id makes the whole token unusable, since two people must never share one by accident.
 *
 * Everyone who sees a picture loads it from its address, so that server learns who reads boards and when: only origins that the
 * operator lists are passed on where there is a list.
 */

import type { User } from './answer.ts';

export const maxUserIdLength = 128;
export const maxNameLength = 64;
const MAX_PICTURE_LENGTH = 1_024;
/** Controls, lone surrogates, line breaks, and characters that turn text around or have no width. Emoji joiners stay. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * @param imageOrigins Origins that a picture may be from; null: any.
 * @returns Null when `sub` is not an id: a string of 1 to 128 characters, all of them visible or spaces.
 */
export function userOf(claims: Readonly<Record<string, unknown>>, imageOrigins: readonly string[] | null): User | null {
  const { sub, name, picture } = claims;
  if (typeof sub !== 'string' || !isUserId(sub)) return null;
  const shownName = typeof name === 'string' ? cleanName(name) : '';
  const url = typeof picture === 'string' ? pictureUrl(picture, imageOrigins) : null;
  return { id: sub, ...(shownName === '' ? {} : { name: shownName }), ...(url === null ? {} : { picture: url }) };
}

/** Whether this is a valid user id: 1 to 128 characters, all of them visible or spaces. */
export function isUserId(text: string): boolean {
  return text !== '' && text.length <= maxUserIdLength && text.replace(UNSEEN, '') === text;
}

/** @returns At most 64 characters (code points), in NFC, trimmed; '' when nothing is left. */
export function cleanName(name: string): string {
  // Cut before normalizing, which is slow for long texts; NFC makes no text more than three times as long.
  const text = name
    .slice(0, 8 * maxNameLength)
    .normalize('NFC')
    .replace(UNSEEN, '')
    .trim();
  return [...text].slice(0, maxNameLength).join('').trim();
}

function pictureUrl(text: string, imageOrigins: readonly string[] | null): string | null {
  if (text.length > MAX_PICTURE_LENGTH || !URL.canParse(text)) return null;
  const { protocol, username, password, href, origin } = new URL(text);
  if (protocol !== 'https:' || username !== '' || password !== '' || href.length > MAX_PICTURE_LENGTH) return null;
  return imageOrigins === null || imageOrigins.includes(origin) ? href : null;
}
