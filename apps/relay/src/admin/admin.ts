/**
 * The admin API for rooms: counts across the cluster, and permanent erasure. For users see users.ts.
 *
 *     GET    /v1/rooms?prefix=&cursor=&limit=   rooms ordered by name, in pages
 *     GET    /v1/rooms/ROOM                     one room, and its state on this node
 *     DELETE /v1/rooms/ROOM                     erases it everywhere; its name is never used again
 *     POST   /v1/notify, /v1/broadcast          see notify.ts
 *     GET    /v1/admin/…                        see overview.ts
 *
 * Maps a request's method and target to a status and a body. Pure except for the ports.
 */

import type { Relay } from '@wetink/relay';
import { StoreError, type RoomListing, type Store } from '@wetink/storage';
import { cursorOf, decoded, mistake, notAllowed, readPage, type AdminAnswer } from './answers.ts';
import { answerUsers, isUserPath, type UserAction } from './users.ts';
import type { Operator } from './operators.ts';
import { answerOverview, isOverviewPath, type OverviewPorts } from './overview.ts';
import { answerNotify, isNotifyPath, type NotifyPorts } from './notify.ts';
import { hashedRoom } from '../log/secrets.ts';

export interface AdminPorts extends OverviewPorts, NotifyPorts {
  store: Pick<Store, 'list' | 'load'>;
  relay: Pick<Relay, 'counts' | 'roomStats' | 'erase' | 'recheck' | 'disconnect'> & OverviewPorts['relay'];
  /** Removes all records and pictures of a room; its document is erased separately. */
  forget(room: string): Promise<void>;
  /** Logs an erasure. */
  onErased(room: string): void;
  /** Logs an action on a user. */
  onUser(userId: string, action: UserAction): void;
}

/** True for addresses that only this API answers. */
export function isAdminPath(pathname: string): boolean {
  return pathname === '/v1' || pathname.startsWith('/v1/');
}

/** @param target Path and query, as in the request line. */
export async function answerAdmin(method: string, target: string, operator: Operator, ports: AdminPorts): Promise<AdminAnswer> {
  const queryAt = target.indexOf('?');
  const pathname = queryAt === -1 ? target : target.slice(0, queryAt);
  const query = new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt + 1));
  const isReading = method === 'GET' || method === 'HEAD';
  if (!isReading && operator.role !== 'admin') return mistake(403, 'read_only', 'the role support may read this, and change nothing');
  try {
    if (isOverviewPath(pathname)) return await answerOverview(method, pathname, query, operator, ports);
    if (isNotifyPath(pathname)) return await answerNotify(method, pathname, ports);
    if (isUserPath(pathname)) return await answerUsers(method, pathname, query, ports);
    if (pathname === '/v1/rooms') return isReading ? await listRooms(query, ports) : notAllowed('GET, HEAD');
    if (!pathname.startsWith('/v1/rooms/') || pathname === '/v1/rooms/')
      return mistake(404, 'not_found', 'use /v1/rooms, /v1/rooms/ROOM, /v1/users, /v1/users/ID or /v1/admin/status');
    const room = decoded(pathname.slice('/v1/rooms/'.length));
    if (room === null) return mistake(400, 'address_invalid', "the room's name is not valid percent-encoding");
    if (isReading) return await showRoom(room, ports);
    return method === 'DELETE' ? await eraseRoom(room, ports) : notAllowed('GET, HEAD, DELETE');
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return error.code === 'INVALID' || error.code === 'TOO_LARGE'
      ? mistake(400, 'address_invalid', error.message)
      : mistake(503, 'unavailable', error.message);
  }
}

async function listRooms(query: URLSearchParams, { store, relay }: AdminPorts): Promise<AdminAnswer> {
  const page = readPage(query, ['prefix']);
  if ('status' in page) return page;
  const { limit, after } = page;
  const prefix = query.get('prefix') ?? '';
  const found = await store.list({ ...(prefix === '' ? {} : { prefix }), ...(after === '' ? {} : { after }), limit });
  const { counts, isWhole } = await relay.counts(found.map(({ room }) => room));
  const last = found.at(-1);
  return {
    status: 200,
    body: {
      rooms: found.map((listing, i) => ({
        ...described(listing),
        people: counts[i]?.people ?? 0,
        connections: counts[i]?.connections ?? 0,
      })),
      cursor: found.length < limit || last === undefined ? null : cursorOf(last.room),
      counted: isWhole ? 'everywhere' : 'this relay alone',
    },
  };
}

async function showRoom(room: string, { store, relay }: AdminPorts): Promise<AdminAnswer> {
  // Names are sorted, so the first name with this prefix is the room itself if it exists.
  const [first] = await store.list({ prefix: room, limit: 1 });
  const listing = first?.room === room ? first : null;
  const here = relay.roomStats(room);
  if (listing === null) {
    if ((await store.load(room)).isErased) return mistake(410, 'room_erased', 'this room was erased');
    if (here === null) return mistake(404, 'room_not_found', 'there is no such room');
  }
  const { counts, isWhole } = await relay.counts([room]);
  return {
    status: 200,
    body: {
      ...described(listing ?? { room, bytes: 0, updatedAt: null }),
      people: counts[0]?.people ?? 0,
      connections: counts[0]?.connections ?? 0,
      counted: isWhole ? 'everywhere' : 'this relay alone',
      logName: hashedRoom(room),
      here,
    },
  };
}

async function eraseRoom(room: string, { relay, forget, onErased }: AdminPorts): Promise<AdminAnswer> {
  await relay.erase(room);
  await forget(room);
  relay.recheck({ room });
  onErased(room);
  return { status: 200, body: { room, erased: true } };
}

function described({ room, bytes, updatedAt }: Omit<RoomListing, 'updatedAt'> & { updatedAt: number | null }): object {
  return { room, bytes, updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString() };
}
