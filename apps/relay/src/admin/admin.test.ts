import type { RoomStats } from '@wetink/relay';
import { createMemoryStore, type Store } from '@wetink/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AdminAnswer } from './answers.ts';
import { answerAdmin, type AdminPorts } from './admin.ts';
import { hashedRoom } from '../log/secrets.ts';

const here: RoomStats = {
  state: 'ready',
  people: 1,
  connections: 2,
  documentBytes: 100,
  heldRows: 0,
  pendingBytes: 0,
  clientIds: 1,
  position: { local: 3 },
  unsavedBytes: 5,
  rowsSinceCheckpoint: 2,
  nodes: ['b'],
};

const ADMIN = { role: 'admin', userId: null } as const;
let store: Store;
let ports: AdminPorts;
let erased: string[];
let isWhole: boolean;

beforeEach(async () => {
  store = createMemoryStore();
  erased = [];
  isWhole = true;
  for (const room of ['a/b c', 'plan-1', 'plan-2', 'plan-3', 'zoo']) await store.append(room, [new Uint8Array([0, 0])]);
  ports = {
    store,
    relay: {
      counts: (rooms) =>
        Promise.resolve({
          counts: rooms.map((room) => (room === 'plan-1' ? { people: 2, connections: 3 } : { people: 0, connections: 0 })),
          isWhole,
        }),
      roomStats: (room) => (room === 'plan-1' ? here : null),
      erase: (room) => store.remove(room),
      recheck: () => undefined,
      disconnect: () => undefined,
      stats: () => ({ rooms: 1, connections: 2, unsavedBytes: 5, heldBytes: 0, ignoredMessages: 0, closed: {} }),
      openRooms: () => [],
      openConnections: () => [],
    },
    users: null,
    notifications: null,
    body: { fields: () => Promise.resolve({}), idempotencyKey: undefined },
    boards: null,
    node: null,
    version: 'test',
    uptimeMs: () => 1,
    forget: (room) => Promise.resolve(void erased.push(`forget ${room}`)),
    onErased: (room) => void erased.push(room),
    onUser: () => undefined,
  };
});

const get = (target: string): Promise<AdminAnswer> => answerAdmin('GET', target, ADMIN, ports);

describe('the admin API', () => {
  it('lists rooms with people and connections of the whole cluster', async () => {
    const { status, body } = await get('/v1/rooms');
    expect(status).toBe(200);
    expect(body).toMatchObject({ cursor: null, counted: 'everywhere' });
    expect((body as { rooms: object[] }).rooms).toMatchObject([
      { room: 'a/b c', people: 0, connections: 0 },
      { room: 'plan-1', bytes: 2, people: 2, connections: 3, updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
      { room: 'plan-2' },
      { room: 'plan-3' },
      { room: 'zoo' },
    ]);
    isWhole = false;
    expect((await get('/v1/rooms')).body).toMatchObject({ counted: 'this relay alone' });
  });

  it('lists rooms by prefix, page by page, each room once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 10; page++) {
      const answer = await get(`/v1/rooms?prefix=plan-&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const body = answer.body as { rooms: { room: string }[]; cursor: string | null };
      seen.push(...body.rooms.map(({ room }) => room));
      cursor = body.cursor;
    }
    expect(seen).toEqual(['plan-1', 'plan-2', 'plan-3']);
  });

  it('shows one room, with its state on this node and its name in the log', async () => {
    expect(await get('/v1/rooms/plan-1')).toMatchObject({
      status: 200,
      body: {
        room: 'plan-1',
        bytes: 2,
        people: 2,
        connections: 3,
        counted: 'everywhere',
        logName: hashedRoom('plan-1'),
        here,
      },
    });
    expect(await get('/v1/rooms/a%2Fb%20c')).toMatchObject({ status: 200, body: { room: 'a/b c', here: null } });
  });

  it('answers 404 for a name that is only the prefix of other rooms', async () => {
    expect(await get('/v1/rooms/plan')).toEqual({
      status: 404,
      body: { error: { code: 'room_not_found', message: 'there is no such room' } },
    });
  });

  it('an erased room stays erased: 410 from then on, not in the list, and erasing again succeeds', async () => {
    expect(await answerAdmin('DELETE', '/v1/rooms/plan-2', ADMIN, ports)).toEqual({
      status: 200,
      body: { room: 'plan-2', erased: true },
    });
    expect(await answerAdmin('DELETE', '/v1/rooms/plan-2', ADMIN, ports)).toMatchObject({ status: 200 });
    expect(await get('/v1/rooms/plan-2')).toEqual({
      status: 410,
      body: { error: { code: 'room_erased', message: 'this room was erased' } },
    });
    expect(((await get('/v1/rooms')).body as { rooms: unknown[] }).rooms).toHaveLength(4);
    await expect(store.append('plan-2', [new Uint8Array([0, 0])])).rejects.toMatchObject({ code: 'ERASED' });
    expect(erased).toEqual(['forget plan-2', 'plan-2', 'forget plan-2', 'plan-2']);
  });

  it('when the store cannot erase, the answer is 503 with its error text, and no erasure is logged', async () => {
    await store.close();
    expect(await answerAdmin('DELETE', '/v1/rooms/zoo', ADMIN, ports)).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable', message: expect.any(String) } },
    });
    expect(erased).toEqual([]);
  });

  it.each([
    ['GET', '/v1/rooms?limit=0', 400],
    ['GET', '/v1/rooms?limit=1001', 400],
    ['GET', '/v1/rooms?limit=1e2', 400],
    ['GET', '/v1/rooms?page=2', 400],
    ['GET', '/v1/rooms?cursor=', 400],
    ['GET', '/v1/rooms?cursor=%00', 400],
    ['GET', '/v1/rooms?cursor=LONG', 400],
    ['GET', '/v1/rooms/LONG', 400],
    ['GET', '/v1/rooms/50%', 400],
    ['GET', '/v1/rooms/', 404],
    ['GET', '/v1', 404],
    ['GET', '/v1/boards', 404],
    ['POST', '/v1/rooms', 405],
    ['DELETE', '/v1/rooms', 405],
    ['PUT', '/v1/rooms/plan-1', 405],
    ['POST', '/v1/rooms/plan-1', 405],
  ])('%s %s answers %i with an error text', async (method, target, status) => {
    const answer = await answerAdmin(method, target.replace('LONG', 'x'.repeat(3_000)), ADMIN, ports);
    expect([answer.status, answer.allow !== undefined]).toEqual([status, status === 405]);
    expect(answer.body).toEqual({ error: { code: expect.stringMatching(/^[a-z_]+$/), message: expect.stringMatching(/ /) } });
    expect((await store.list({ limit: 10 })).length).toBe(5);
  });
});
