/**
 * The admin API: rooms with who is in them across the cluster, and erasing one for good.
 *
 *     GET    /v1/rooms?prefix=&cursor=&limit=   rooms in the order of their names, a page at a time
 *     GET    /v1/rooms/ROOM                     one room, and what it is on this node
 *     DELETE /v1/rooms/ROOM                     erased everywhere; its name is never given again
 *
 * Pure but for the ports: from a request's method and target to a status and a body.
 */

import type { Relay } from '@wetink/relay';
import { StoreError, type RoomListing, type Store } from '@wetink/storage';
import { hashedRoom } from './secrets.ts';

export interface AdminPorts {
  store: Pick<Store, 'list' | 'load'>;
  relay: Pick<Relay, 'counts' | 'roomStats' | 'erase'>;
  /** An erasure is worth a line in the log. */
  onErased(room: string): void;
}

export interface AdminAnswer {
  status: number;
  body: object;
  allow?: string;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const MAX_CURSOR_LENGTH = 2_048;

/** True for addresses that only this API answers. */
export function isAdminPath(pathname: string): boolean {
  return pathname === '/v1' || pathname.startsWith('/v1/');
}

/** @param target Path and query, as in the request line. */
export async function answerAdmin(method: string, target: string, ports: AdminPorts): Promise<AdminAnswer> {
  const queryAt = target.indexOf('?');
  const pathname = queryAt === -1 ? target : target.slice(0, queryAt);
  const query = new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt + 1));
  const isReading = method === 'GET' || method === 'HEAD';
  try {
    if (pathname === '/v1/rooms')
      return isReading
        ? await listRooms(query, ports)
        : { status: 405, allow: 'GET, HEAD', body: { error: 'rooms can be listed with GET' } };
    if (!pathname.startsWith('/v1/rooms/') || pathname === '/v1/rooms/')
      return { status: 404, body: { error: 'there are /v1/rooms and /v1/rooms/ROOM' } };
    const room = decoded(pathname.slice('/v1/rooms/'.length));
    if (room === null) return { status: 400, body: { error: "the room's name is not valid percent-encoding" } };
    if (isReading) return await showRoom(room, ports);
    if (method === 'DELETE') return await eraseRoom(room, ports);
    return { status: 405, allow: 'GET, HEAD, DELETE', body: { error: 'a room can be read with GET and erased with DELETE' } };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { status: error.code === 'INVALID' || error.code === 'TOO_LARGE' ? 400 : 503, body: { error: error.message } };
  }
}

async function listRooms(query: URLSearchParams, { store, relay }: AdminPorts): Promise<AdminAnswer> {
  for (const name of query.keys())
    if (!['prefix', 'cursor', 'limit'].includes(name))
      return { status: 400, body: { error: `unknown parameter ${JSON.stringify(name)}: there are prefix, cursor and limit` } };
  const given = query.get('limit');
  const limit = given === null ? DEFAULT_LIMIT : /^[0-9]{1,4}$/.test(given) ? Number(given) : NaN;
  if (!(limit >= 1 && limit <= MAX_LIMIT)) return { status: 400, body: { error: `limit must be a whole number from 1 to ${MAX_LIMIT}` } };
  const cursor = query.get('cursor');
  const after = cursor === null ? '' : roomOfCursor(cursor);
  if (after === null) return { status: 400, body: { error: 'this cursor was not given by an earlier answer' } };
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
      cursor: found.length < limit || last === undefined ? null : Buffer.from(last.room).toString('base64url'),
      counted: isWhole ? 'everywhere' : 'this relay alone',
    },
  };
}

async function showRoom(room: string, { store, relay }: AdminPorts): Promise<AdminAnswer> {
  // The first name that begins with all of this one is the name itself, if it is there at all.
  const [first] = await store.list({ prefix: room, limit: 1 });
  const listing = first?.room === room ? first : null;
  const here = relay.roomStats(room);
  if (listing === null) {
    if ((await store.load(room)).isErased) return { status: 410, body: { room, error: 'this room was erased' } };
    if (here === null) return { status: 404, body: { room, error: 'there is no such room' } };
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

async function eraseRoom(room: string, { relay, onErased }: AdminPorts): Promise<AdminAnswer> {
  await relay.erase(room);
  onErased(room);
  return { status: 200, body: { room, erased: true } };
}

function described({ room, bytes, updatedAt }: Omit<RoomListing, 'updatedAt'> & { updatedAt: number | null }): object {
  return { room, bytes, updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString() };
}

function roomOfCursor(cursor: string): string | null {
  if (cursor === '' || cursor.length > MAX_CURSOR_LENGTH || !/^[A-Za-z0-9_-]+$/.test(cursor)) return null;
  return Buffer.from(cursor, 'base64url').toString('utf8');
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
