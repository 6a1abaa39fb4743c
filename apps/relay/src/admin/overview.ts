/**
 * The admin API about a relay as a whole, for the operator page and for programs:
 *
 *     GET /v1/admin/status                                   this relay, and the role of the caller
 *     GET /v1/admin/boards?prefix=&cursor=&limit=            boards, with owners and counts of the whole cluster
 *     GET /v1/admin/rooms?cursor=&limit=                     rooms in memory on this relay
 *     GET /v1/admin/connections?room=&user=&cursor=&limit=   connections that are open on this relay
 */

import type { Relay, RoomStats } from '@wetink/relay';
import type { Boards, Users } from '@wetink/relay/access';
import { cursorOf, mistake, notAllowed, readPage, type AdminAnswer } from './answers.ts';
import type { Operator } from './operators.ts';

export interface OverviewPorts {
  relay: Pick<Relay, 'stats' | 'counts' | 'openRooms' | 'openConnections'>;
  /** Null: this relay has no users and no boards. */
  users: Users | null;
  boards: Pick<Boards, 'list'> | null;
  /** Name of this relay in a cluster; null: there is only one. */
  node: string | null;
  version: string;
  uptimeMs(): number;
}

const PREFIX = '/v1/admin/';

export function isOverviewPath(pathname: string): boolean {
  return pathname.startsWith(PREFIX);
}

/** @param pathname One that `isOverviewPath` accepts. @throws {StoreError} */
export async function answerOverview(
  method: string,
  pathname: string,
  query: URLSearchParams,
  operator: Operator,
  ports: OverviewPorts,
): Promise<AdminAnswer> {
  const name = pathname.slice(PREFIX.length);
  if (!['status', 'boards', 'rooms', 'connections'].includes(name))
    return mistake(404, 'not_found', 'use /v1/admin/status, /boards, /rooms or /connections');
  if (method !== 'GET' && method !== 'HEAD') return notAllowed('GET, HEAD');
  if (name === 'status') return { status: 200, body: status(operator, ports) };
  if (name === 'boards') return listBoards(query, ports);
  return name === 'rooms' ? listRooms(query, ports) : listConnections(query, ports);
}

function status({ role, userId }: Operator, { relay, users, boards, node, version, uptimeMs }: OverviewPorts): object {
  const { rooms, connections, unsavedBytes, heldBytes } = relay.stats();
  return {
    role,
    userId,
    version,
    node,
    uptimeMs: Math.round(uptimeMs()),
    hasUsers: users !== null && boards !== null,
    rooms,
    connections,
    unsavedBytes,
    heldBytes,
  };
}

async function listBoards(query: URLSearchParams, { boards, relay }: OverviewPorts): Promise<AdminAnswer> {
  if (boards === null) return mistake(404, 'boards_off', 'this relay has no boards: set WETINK_SECRET');
  const page = readPage(query, ['prefix']);
  if ('status' in page) return page;
  const { limit, after } = page;
  const prefix = query.get('prefix') ?? '';
  const found = await boards.list({ ...(prefix === '' ? {} : { prefix }), ...(after === '' ? {} : { after }), limit });
  const { counts, isWhole } = await relay.counts(found.map(({ id }) => id));
  const listed = found.map((board, i) => ({ ...board, ...(counts[i] ?? { people: 0, connections: 0 }) }));
  const rows = listed
    .filter(({ isConversation }) => !isConversation)
    .map(({ id, facts, people, connections }) => ({
      id,
      owner: facts?.owner ?? null,
      everyone: facts?.everyone ?? null,
      links: facts?.links ?? null,
      createdAt: facts === null ? null : new Date(facts.createdAt).toISOString(),
      people,
      connections,
    }));
  const counted = isWhole ? 'everywhere' : 'this relay alone';
  return { status: 200, body: { boards: rows, cursor: cursorAfter(found, limit, ({ id }) => id), counted } };
}

function listRooms(query: URLSearchParams, { relay }: OverviewPorts): AdminAnswer {
  const page = readPage(query, []);
  if ('status' in page) return page;
  const found = relay.openRooms(page);
  const rooms = found.map(({ room, stats }) => ({ room, ...shownStats(stats) }));
  return { status: 200, body: { rooms, cursor: cursorAfter(found, page.limit, ({ room }) => room) } };
}

function shownStats({ state, people, connections, documentBytes, pendingBytes, unsavedBytes, nodes }: RoomStats): object {
  return { state, people, connections, documentBytes, pendingBytes, unsavedBytes, nodes };
}

async function listConnections(query: URLSearchParams, { relay, users }: OverviewPorts): Promise<AdminAnswer> {
  const page = readPage(query, ['room', 'user']);
  if ('status' in page) return page;
  const after = page.after === '' ? 0 : Number(page.after);
  if (!Number.isSafeInteger(after) || after < 0) return mistake(400, 'query_invalid', 'this cursor is not from an earlier answer');
  const [room, userId] = [query.get('room'), query.get('user')];
  const found = relay.openConnections({
    after,
    limit: page.limit,
    ...(room === null || room === '' ? {} : { room }),
    ...(userId === null || userId === '' ? {} : { userId }),
  });
  const connections = await Promise.all(
    found.map(async ({ connectionId, room: name, ip, userAgent, isExtension, userId: id, role, authentication, startedAt, durationMs }) => {
      const person = id === '' ? null : await users?.get(id);
      return {
        connection: connectionId,
        room: name,
        ip,
        userAgent,
        protocol: isExtension ? 'wetink' : 'base',
        user: id === '' ? null : { id, ...(person?.name === undefined ? {} : { name: person.name }) },
        role,
        authentication,
        startedAt: new Date(startedAt).toISOString(),
        durationMs: Math.round(durationMs),
      };
    }),
  );
  return { status: 200, body: { connections, cursor: cursorAfter(found, page.limit, ({ connectionId }) => String(connectionId)) } };
}

/** @returns Null on the last page. */
function cursorAfter<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string): string | null {
  const last = rows.at(-1);
  return rows.length < limit || last === undefined ? null : cursorOf(keyOf(last));
}
