/**
 * The fragment of a board's address, after `#`: parts joined by `&`, which no server ever sees.
 *
 *     /b/<id>#k=<link>    a link that its owner passed on: `linkId.secret`
 *     /b/<id>#debug       the page hands its objects to tests
 */
import { boardPath } from './router.ts';
import type { BoardId } from './board-id.ts';

/** The key to a board: the id of a link and its secret. */
export type LinkKey = string & { readonly __linkKey: unique symbol };

const LINK_KEY = /^[A-Za-z0-9_-]{4,64}\.[A-Za-z0-9_-]{16,64}$/;
const LINK_PART = 'k=';

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

function partsOf(hash: string): string[] {
  return hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => part !== '');
}
