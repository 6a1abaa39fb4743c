/**
 * The page of an address: home, a board, or not found.
 *
 * Pure: turns paths and pasted text into routes and back. The history API lives in state/navigation.svelte.ts.
 */
import * as m from '$words/router';
import { isBoardId, type BoardId } from './board-id.ts';

export type Route = { page: 'home' } | { page: 'board'; boardId: BoardId } | { page: 'unknown'; path: string };

/** `hash`: the link's fragment, with the key to the board; '' without one. */
export type OpenResult = { ok: true; boardId: BoardId; hash: string } | { ok: false; sentence: string };

const BOARD_PATH = /^\/b\/([^/]+)\/?$/;

export function pathToRoute(path: string): Route {
  if (path === '/' || path === '' || path === '/index.html') return { page: 'home' };
  const segment = BOARD_PATH.exec(path)?.[1];
  if (segment !== undefined && isBoardId(segment)) return { page: 'board', boardId: segment };
  return { page: 'unknown', path };
}

export function boardPath(boardId: BoardId): string {
  return `/b/${boardId}`;
}

/**
 * Reads the text typed or pasted into "Open by link": a whole link, a path, or an id.
 *
 * @param origin This app's origin, such as `https://wetink.example`. A link to another origin is refused with its host
 *   named: the board lives on that server's relay, and opening its id here would show an empty one.
 */
export function parseBoardLink(input: string, origin: string): OpenResult {
  const text = input.trim();
  if (text === '') return { ok: false, sentence: m.pasteABoardLinkOr() };
  if (isBoardId(text)) return { ok: true, boardId: text, hash: '' };
  let url: URL;
  try {
    url = new URL(text, origin);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { ok: false, sentence: m.thatIsNotALink() };
  }
  const route = pathToRoute(url.pathname);
  if (route.page !== 'board') return { ok: false, sentence: m.noBoardInThatA() };
  if (url.origin !== origin) return { ok: false, sentence: m.thatBoardLivesOnOpen({ host: url.host }) };
  return { ok: true, boardId: route.boardId, hash: url.hash };
}
