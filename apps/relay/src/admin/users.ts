/**
 * The admin API about people:
 *
 *     GET  /v1/users?prefix=&search=&suspended=&cursor=&limit=   users this relay has seen, ordered by id, in pages
 *     GET  /v1/users/ID                       one user
 *     POST /v1/users/ID/suspend               disconnects, then refuses every room and call, on all relays
 *     POST /v1/users/ID/resume                ends a suspension
 *     POST /v1/users/ID/disconnect            closes all connections; the user may reconnect
 */

import type { Relay } from '@wetink/relay';
import type { ListedUser, Users } from '@wetink/relay/access';
import { isUserId } from '@wetink/relay/identity';
import { cursorOf, decoded, mistake, notAllowed, readPage, type AdminAnswer } from './answers.ts';

export const userActions = ['suspend', 'resume', 'disconnect'] as const;
export type UserAction = (typeof userActions)[number];

export interface UserAdminPorts {
  users: Users | null;
  relay: Pick<Relay, 'recheck' | 'disconnect'>;
  onUser(userId: string, action: UserAction): void;
}

export function isUserPath(pathname: string): boolean {
  return pathname === '/v1/users' || pathname.startsWith('/v1/users/');
}

/** @param pathname One that `isUserPath` accepts. @throws {StoreError} */
export async function answerUsers(
  method: string,
  pathname: string,
  query: URLSearchParams,
  { users, relay, onUser }: UserAdminPorts,
): Promise<AdminAnswer> {
  if (users === null) return mistake(404, 'users_off', 'this relay has no users: set WETINK_SECRET');
  const isReading = method === 'GET' || method === 'HEAD';
  if (pathname === '/v1/users') return isReading ? listUsers(query, users) : notAllowed('GET, HEAD');
  const [encoded = '', action, ...rest] = pathname.slice('/v1/users/'.length).split('/');
  const id = decoded(encoded);
  if (id === null || !isUserId(id)) return mistake(400, 'address_invalid', 'the user id is not valid, or not percent-encoded');
  if (action === undefined) return isReading ? showUser(id, users) : notAllowed('GET, HEAD');
  const known = userActions.find((name) => name === action);
  if (known === undefined || rest.length > 0) return mistake(404, 'not_found', `actions on a user: ${userActions.join(', ')}`);
  if (method !== 'POST') return notAllowed('POST');
  if (known === 'suspend') await users.suspend(id);
  if (known === 'resume') await users.resume(id);
  if (known === 'disconnect') relay.disconnect(id);
  else relay.recheck({ userId: id });
  onUser(id, known);
  return { status: 200, body: { id, isSuspended: await users.isSuspended(id) } };
}

/** Records that one call with `search` or `suspended` reads; the cursor of its answer goes on from there. */
const MAX_SEARCHED = 10_000;
const SEARCHED_AT_ONCE = 1_000;
const MAX_SEARCH_LENGTH = 128;

async function listUsers(query: URLSearchParams, users: Users): Promise<AdminAnswer> {
  const page = readPage(query, ['prefix', 'search', 'suspended']);
  if ('status' in page) return page;
  const search = folded(query.get('search') ?? '');
  const suspended = query.get('suspended');
  if (search.length > MAX_SEARCH_LENGTH) return mistake(400, 'query_invalid', `search has at most ${MAX_SEARCH_LENGTH} characters`);
  if (suspended !== null && suspended !== 'true') return mistake(400, 'query_invalid', 'suspended may only be true');
  const isMeant = ({ id, name = '', isSuspended }: ListedUser): boolean =>
    (suspended === null || isSuspended) && (folded(id).includes(search) || folded(name).includes(search));
  const prefix = query.get('prefix') ?? '';
  const isSearch = search !== '' || suspended !== null;
  const found: ListedUser[] = [];
  let { after } = page;
  for (let searched = 0; searched < MAX_SEARCHED; searched += SEARCHED_AT_ONCE) {
    const limit = isSearch ? SEARCHED_AT_ONCE : page.limit;
    const read = await users.list({ limit, ...(prefix === '' ? {} : { prefix }), ...(after === '' ? {} : { after }) });
    const meant = read.filter(isMeant).slice(0, page.limit - found.length);
    found.push(...meant);
    const isFull = found.length >= page.limit;
    if (read.length < limit && !isFull) return { status: 200, body: { users: found.map(described), cursor: null } };
    // A full page goes on behind its last user, not behind the last one that was read.
    after = (isFull ? meant.at(-1)?.id : read.at(-1)?.id) ?? after;
    if (isFull || !isSearch) break;
  }
  return { status: 200, body: { users: found.map(described), cursor: cursorOf(after) } };
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

async function showUser(id: string, users: Users): Promise<AdminAnswer> {
  const [known, isSuspended] = await Promise.all([users.get(id), users.isSuspended(id)]);
  if (known !== null) return { status: 200, body: { user: described({ ...known, isSuspended }) } };
  return isSuspended
    ? { status: 200, body: { user: { id, isSuspended } } }
    : mistake(404, 'user_not_found', 'no user with this id was ever here');
}

function described({ lastSeenAt, ...user }: ListedUser): object {
  return { ...user, lastSeenAt: new Date(lastSeenAt).toISOString() };
}
