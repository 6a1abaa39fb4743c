/**
 * The relay's HTTP API: identity, and access to boards. A refusal is an outcome here and never thrown; the sentences about
 * refusals are in core/access-sentences.ts.
 */
import {
  parseBoardInfo,
  parseBoardLink,
  parseSettings,
  type BoardInfo,
  type BoardLink,
  type Everyone,
  type GivenRole,
  type RelaySettings,
} from '../core/board-info.ts';
import type { BoardId } from '../core/board-id.ts';
import type { LinkKey } from '../core/fragment.ts';
import type { Unreachable } from '../core/unreachable.ts';

/**
 * `unreachable`: no answer, or one that says to try again. `absent`: the answer is not from this API.
 * `refused`: `code` says why, such as 'board_not_found'.
 */
export type ApiFailure = ({ ok: false } & Unreachable) | { ok: false; kind: 'absent' } | { ok: false; kind: 'refused'; code: string };
export type ApiAnswer<T> = { ok: true; value: T } | ApiFailure;

export interface GuestToken {
  token: string;
  /** Milliseconds since 1970. */
  expiresAtMs: number;
}

export interface RelayApi {
  settings(): Promise<ApiAnswer<RelaySettings>>;
  guest(who: { secret: string; name: string }): Promise<ApiAnswer<GuestToken>>;
  /** With all members, up to a thousand. */
  board(token: string, board: BoardId): Promise<ApiAnswer<BoardInfo>>;
  claim(token: string, board: BoardId, everyone: Everyone): Promise<ApiAnswer<BoardInfo>>;
  join(token: string, board: BoardId, link: LinkKey): Promise<ApiAnswer<BoardInfo>>;
  setEveryone(token: string, board: BoardId, everyone: Everyone): Promise<ApiAnswer<BoardInfo>>;
  /** @param replaces Id of a link that ends in the same moment. */
  addLink(token: string, board: BoardId, role: GivenRole, replaces?: string): Promise<ApiAnswer<BoardLink>>;
  removeLink(token: string, board: BoardId, linkId: string): Promise<ApiAnswer<BoardInfo>>;
  /** `owner` passes the board on; `none` removes the person. */
  setMember(token: string, board: BoardId, userId: string, role: Everyone | 'owner'): Promise<ApiAnswer<BoardInfo>>;
  /** Deletes it for everybody and for good. */
  erase(token: string, board: BoardId): Promise<ApiAnswer<true>>;
}

export interface ApiRequest {
  method?: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  token?: string;
  body?: object;
}

/** Longer than a relay takes to read a board from a slow store; after this the relay counts as unreachable. */
const TIMEOUT_MS = 10_000;

/** Pages of a hundred members each: nobody searches a longer list for a person. */
const MAX_MEMBER_PAGES = 10;

export type ApiCall = <T>(path: string, parse: (value: unknown) => T | null, request?: ApiRequest) => Promise<ApiAnswer<T>>;

/** @param url `http://…` or `https://…`, without a slash at the end. */
export function createApiCall(url: string, fetchFrom: typeof fetch = (...args) => fetch(...args)): ApiCall {
  return async (path, parse, { method, token, body } = {}) => {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const request: RequestInit = { method: method ?? 'GET', headers, credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT_MS) };
    if (body !== undefined) request.body = JSON.stringify(body);
    try {
      const response = await fetchFrom(`${url}${path}`, request);
      const away = unreachableOf(response);
      return away === null ? answerOf(response.ok, await jsonOf(response), parse) : { ok: false, ...away };
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return { ok: false, kind: 'unreachable' };
      throw error;
    }
  };
}

export function createRelayApi(url: string, fetchFrom?: typeof fetch): RelayApi {
  const call = createApiCall(url, fetchFrom);
  const onBoard = (board: BoardId, rest: string, request: ApiRequest): Promise<ApiAnswer<BoardInfo>> =>
    call(`/v1/boards/${board}${rest}`, boardOf, request);

  const wholeBoard = async (token: string, board: BoardId): Promise<ApiAnswer<BoardInfo>> => {
    const whole = await onBoard(board, '', { token });
    for (let page = 1; whole.ok && whole.value.membersCursor !== null && page < MAX_MEMBER_PAGES; page++) {
      const next = await onBoard(board, `?members=${encodeURIComponent(whole.value.membersCursor)}`, { token });
      if (!next.ok) return next;
      whole.value = { ...next.value, members: [...whole.value.members, ...next.value.members] };
    }
    return whole;
  };

  return {
    settings: () => call('/v1/settings', parseSettings),
    guest: (who) => call('/v1/guests', guestOf, { method: 'POST', body: who }),
    board: wholeBoard,
    claim: (token, board, everyone) => call('/v1/boards', boardOf, { method: 'POST', token, body: { id: board, everyone } }),
    join: (token, board, link) => onBoard(board, '/join', { method: 'POST', token, body: { link } }),
    setEveryone: (token, board, everyone) => onBoard(board, '', { method: 'PATCH', token, body: { everyone } }),
    addLink: (token, board, role, replaces) =>
      call(`/v1/boards/${board}/links`, linkOf, { method: 'POST', token, body: { role, replaces } }),
    removeLink: (token, board, linkId) => onBoard(board, `/links/${encodeURIComponent(linkId)}`, { method: 'DELETE', token }),
    setMember: (token, board, userId, role) =>
      onBoard(board, `/members/${encodeURIComponent(userId)}`, { method: 'PUT', token, body: { role } }),
    erase: (token, board) => call(`/v1/boards/${board}`, erasedOf, { method: 'DELETE', token }),
  };
}

/** Null for an answer that is not JSON, such as a server's page of an app for every address. */
export async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Null for an answer that says more than to try again later. */
export function unreachableOf({ status, headers }: Response): Unreachable | null {
  if (status !== 429 && status < 500) return null;
  return { kind: 'unreachable', status, afterS: Number(headers.get('Retry-After')) || 0 };
}

function answerOf<T>(isOk: boolean, body: unknown, parse: (value: unknown) => T | null): ApiAnswer<T> {
  if (isOk) {
    const value = parse(body);
    return value === null ? { ok: false, kind: 'absent' } : { ok: true, value };
  }
  const { error } = (body ?? {}) as { error?: { code?: unknown } | null };
  return typeof error?.code === 'string' ? { ok: false, kind: 'refused', code: error.code } : { ok: false, kind: 'absent' };
}

function boardOf(value: unknown): BoardInfo | null {
  return parseBoardInfo((value as { board?: unknown } | null)?.board);
}

function linkOf(value: unknown): BoardLink | null {
  return parseBoardLink((value as { link?: unknown } | null)?.link);
}

function erasedOf(value: unknown): true | null {
  return (value as { erased?: unknown } | null)?.erased === true ? true : null;
}

function guestOf(value: unknown): GuestToken | null {
  const { token, expiresAtMs } = (value ?? {}) as Partial<Record<keyof GuestToken, unknown>>;
  return typeof token === 'string' && token !== '' && typeof expiresAtMs === 'number' ? { token, expiresAtMs } : null;
}
