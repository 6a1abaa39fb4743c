/**
 * The fragment of an address, after `#`: parts joined by `&`, which no server ever sees.
 *
 *     /b/<id>#k=<link>    a link that its owner passed on: `linkId.secret`
 *     /b/<id>#m=<id>      a message of the chat, to be shown at once
 *     /#n=<id>            a notification of the inbox, whose place is to be opened
 *     /b/<id>#debug       the page hands its objects to tests
 */
import { boardPath } from './router.ts';
import type { BoardId } from './board-id.ts';

/** The key to a board: the id of a link and its secret. */
export type LinkKey = string & { readonly __linkKey: unique symbol };

const LINK_KEY = /^[A-Za-z0-9_-]{4,64}\.[A-Za-z0-9_-]{16,64}$/;
const LINK_PART = 'k=';
const MESSAGE_PART = 'm=';
const NOTIFICATION_PART = 'n=';

export function isLinkKey(value: unknown): value is LinkKey {
  return typeof value === 'string' && LINK_KEY.test(value);
}

/** @param hash As `location.hash` has it, with or without the `#`. */
export function readFragment(hash: string): { linkKey: LinkKey | null; isDebug: boolean } {
  const parts = partsOf(hash);
  const key = parts.find((part) => part.startsWith(LINK_PART))?.slice(LINK_PART.length);
  return { linkKey: isLinkKey(key) ? key : null, isDebug: parts.includes('debug') };
}

/** The fragment without a link, `#` included; '' when nothing is left. So a link can't be copied off the screen. */
export function withoutLink(hash: string): string {
  const rest = partsOf(hash).filter((part) => !part.startsWith(LINK_PART));
  return rest.length === 0 ? '' : `#${rest.join('&')}`;
}

export function linkAddress(origin: string, boardId: BoardId, key: string): string {
  return `${origin}${boardPath(boardId)}#${LINK_PART}${key}`;
}

/** The fragment that leads to a message; '' for none. */
export function messageHash(messageId: string): string {
  return messageId === '' ? '' : `#${MESSAGE_PART}${encodeURIComponent(messageId)}`;
}

/** @returns The id of the message that the fragment leads to, or null, and the fragment without it. */
export function takeMessage(hash: string): { messageId: string | null; hash: string } {
  const { id, rest } = takePart(hash, MESSAGE_PART);
  return { messageId: id, hash: rest };
}

/** The fragment that opens a notification's place in a new tab; '' for none. */
export function notificationHash(notificationId: string): string {
  return notificationId === '' ? '' : `#${NOTIFICATION_PART}${encodeURIComponent(notificationId)}`;
}

/** As `takeMessage`, for a notification. */
export function takeNotification(hash: string): { notificationId: string | null; hash: string } {
  const { id, rest } = takePart(hash, NOTIFICATION_PART);
  return { notificationId: id, hash: rest };
}

function takePart(hash: string, name: string): { id: string | null; rest: string } {
  const parts = partsOf(hash);
  const part = parts.find((other) => other.startsWith(name));
  const rest = parts.filter((other) => other !== part);
  return { id: decoded(part?.slice(name.length) ?? ''), rest: rest.length === 0 ? '' : `#${rest.join('&')}` };
}

/** Null for '' and for what can't be decoded. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text) || null;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function partsOf(hash: string): string[] {
  return hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => part !== '');
}
