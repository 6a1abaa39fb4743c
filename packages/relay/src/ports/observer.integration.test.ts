/** What a relay reports to its observer: counts and names, one summary per connection, and never a token. */

import { encodeMessage } from '@wetink/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { nameOfEncoded } from '../framing/message-name.ts';
import { silentObserver, type ConnectionFailure, type ConnectionOpening, type ConnectionSummary, type RelayObserver } from './observer.ts';
import type { RelayOptions } from '../relay-options.ts';
import { Bare, change, joined, startRelay, stock, until, type TestRelay } from '../testing/harness.ts';
import { hurried } from '../testing/hurried.ts';

const ended: ConnectionSummary[] = [];
const refused: ConnectionFailure[] = [];
const frames = new Map<string, { count: number; bytes: number }>();
const acked: number[] = [];
const slow: string[] = [];
const opened: ConnectionOpening[] = [];
let relays: TestRelay[] = [];

const observer: RelayObserver = {
  ...silentObserver,
  connectionOpened: (opening) => opened.push(opening),
  connectionEnded: (summary) => ended.push(summary),
  refused: (failure) => refused.push(failure),
  acked: (latencyMs) => acked.push(latencyMs),
  slowReader: (what) => slow.push(what),
  frames(direction, type, count, bytes) {
    const sum = frames.get(`${direction} ${type}`) ?? { count: 0, bytes: 0 };
    frames.set(`${direction} ${type}`, { count: sum.count + count, bytes: sum.bytes + bytes });
  },
};

beforeEach(() => {
  ended.length = refused.length = acked.length = slow.length = opened.length = 0;
  frames.clear();
});

afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.close()));
  relays = [];
});

async function start(options: Partial<RelayOptions> = {}): Promise<TestRelay> {
  const relay = await startRelay({ observer, wallClock: () => 1_700_000_000_000, ...options });
  relays.push(relay);
  return relay;
}

it('[RL99] open rooms and connections are listed in pages, and gone from the lists when they end', async () => {
  const relay = await start({
    addressOf: () => '203.0.113.7',
    authorize: ({ token }) => Promise.resolve({ ok: true, role: 'editor', userId: token }),
  });
  const clients = await Promise.all(
    ['c', 'a', 'b'].map((room, i) => joined(relay.url, room, i + 1, { token: room === 'a' ? 'ana' : 'ben' })),
  );
  expect(relay.relay.openRooms({ after: '', limit: 2 }).map(({ room, stats }) => [room, stats.connections])).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  expect(relay.relay.openRooms({ after: 'b', limit: 2 }).map(({ room }) => room)).toEqual(['c']);
  const [first, second] = relay.relay.openConnections({ after: 0, limit: 2 });
  expect(first).toEqual({
    connectionId: expect.any(Number),
    room: expect.stringMatching(/^[abc]$/),
    ip: '203.0.113.7',
    userAgent: '',
    isExtension: true,
    userId: expect.stringMatching(/^(ana|ben)$/),
    role: 'editor',
    authentication: 'token',
    startedAt: 1_700_000_000_000,
    durationMs: expect.any(Number),
  });
  expect(relay.relay.openConnections({ after: second?.connectionId ?? 0, limit: 2 })).toHaveLength(1);
  expect(
    relay.relay
      .openConnections({ after: 0, limit: 9, userId: 'ben' })
      .map(({ room }) => room)
      .sort(),
  ).toEqual(['b', 'c']);
  expect(relay.relay.openConnections({ after: 0, limit: 9, room: 'a', userId: 'ben' })).toEqual([]);
  clients[1]?.ws.close(1000);
  await until(() => ended.length === 1, 'the end');
  expect(relay.relay.openConnections({ after: 0, limit: 9, room: 'a' })).toEqual([]);
});

it('a connection has one summary, with what it did, its user and how it ended', async () => {
  const relay = await start({
    addressOf: () => '203.0.113.7',
    authorize: ({ token }) => Promise.resolve({ ok: true, role: 'editor', userId: token === '' ? '' : 'ana' }),
  });
  const ana = await joined(relay.url, 'board', 1, { token: 'secret' });
  const update = change(new Y.Doc(), (doc) => doc.getMap('m').set('k', 1));
  ana.send({ type: 'update', update });
  await until(() => ana.of('ack').length === 1, 'ack');
  ana.ws.close(1000);
  await until(() => ended.length === 1, 'the end');
  expect(ended[0]).toMatchObject({
    connectionId: 1,
    room: 'board',
    ip: '203.0.113.7',
    userAgent: '',
    userId: 'ana',
    role: 'editor',
    authentication: 'token',
    isExtension: true,
    startedAt: 1_700_000_000_000,
    framesIn: 2,
    bytesIn:
      encodeMessage({ type: 'update', update }).length + encodeMessage({ type: 'authenticate', clientId: 1, token: 'secret' }).length,
    closeCode: 1000,
    reason: 'left',
  });
  expect(ended[0]?.durationMs).toBeGreaterThan(0);
  expect(ended[0]?.framesOut).toBeGreaterThanOrEqual(ana.frames.length);
  expect(ended[0]?.bytesOut).toBeGreaterThan(ana.frames.reduce((sum, frame) => sum + frame.length, 0));
  expect(acked).toHaveLength(1);
  expect([opened.length, refused]).toEqual([1, []]);
  for (const type of ['in authenticate', 'in update', 'out hello', 'out welcome', 'out sync-step-1', 'out ack'])
    expect(frames.get(type)?.count, type).toBe(1);
  expect(frames.get('in update')?.bytes).toBe(encodeMessage({ type: 'update', update }).length);
});

it('a dropped socket has the reason "lost", a guest of an open relay the authentication "open"', async () => {
  const relay = await start();
  const guest = await joined(relay.url, 'board', 1);
  guest.close();
  await until(() => ended.length === 1, 'the end');
  expect(ended[0]).toMatchObject({ reason: 'lost', closeCode: 1006, authentication: 'open', ip: '127.0.0.1' });
});

it('a refusal has the connection, the message and its first bytes; the connection ends with its code', async () => {
  const relay = await start();
  const bad = await joined(relay.url, 'board', 1);
  bad.ws.send(new Uint8Array([0, 2, 200, 1, ...Array.from({ length: 150 }, () => 7)]));
  await until(() => ended.length === 1, 'the end');
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatchObject({ connectionId: 1, room: 'board', code: 'MALFORMED', messageType: 'unreadable' });
  expect(refused[0]?.dump).toMatch(/^0002c801(07){60}$/);
  expect(ended[0]).toMatchObject({ reason: 'MALFORMED', closeCode: 4400 });
});

it('a message that a room refuses without closing is reported too', async () => {
  const relay = await start({ authorize: () => Promise.resolve({ ok: true, role: 'viewer', userId: 'vic', method: 'link' }) });
  const update = change(new Y.Doc(), (doc) => doc.getMap('m').set('k', 1));
  const viewer = await joined(relay.url, 'board', 1);
  viewer.send({ type: 'update', update });
  await until(() => viewer.of('refused').length === 1, 'refusal');
  const base = stock(relay.url, 'board');
  await until(() => base.provider.synced, 'sync');
  base.doc.getMap('m').set('k', 2);
  await until(() => refused.length >= 2, 'refusals');
  base.close();
  expect(refused.map(({ code, messageType, userId }) => [code, messageType, userId])).toEqual([
    ['READ_ONLY', 'update', 'vic'],
    ['READ_ONLY', 'update', 'vic'],
  ]);
  expect(refused[0]?.dump).toBe(
    Buffer.from(encodeMessage({ type: 'update', update }))
      .subarray(0, 64)
      .toString('hex'),
  );
  expect(viewer.closed).toBeNull();
});

it('tokens are never dumped: not before joining, not of a broken or chunked message, not of a frame that has one', async () => {
  const relay = await start();
  const token = 'tok-secret-tok-secret';
  const hex = Buffer.from(token).toString('hex');
  const early = new Bare(relay.url, 'board', { isExtension: true });
  await until(() => early.of('hello').length > 0, 'hello');
  early.ws.send(Buffer.concat([Buffer.from([0, 2]), Buffer.from(token)]));
  const authenticate = encodeMessage({ type: 'authenticate', clientId: 1, token });
  const broken = await joined(relay.url, 'board', 2);
  broken.ws.send(Buffer.from(authenticate).subarray(0, -1));
  const mixed = await joined(relay.url, 'board', 3);
  mixed.ws.send(
    Buffer.concat([authenticate, encodeMessage({ type: 'hello', version: 1, limits: { maxChunkBytes: 65_536, maxMessageBytes: 65_536 } })]),
  );
  await until(() => ended.length === 3, 'the ends');
  expect(refused.map(({ code }) => code)).toEqual(['MALFORMED', 'MALFORMED', 'MALFORMED']);
  expect(JSON.stringify(refused)).not.toContain(hex);
  expect(JSON.stringify([refused, ended])).not.toContain(token);
});

it('sockets that never join a room have a summary too', async () => {
  const relay = await start({ limits: { maxConnections: 0 } });
  const full = new Bare(relay.url, 'board');
  const unnamed = new Bare(relay.url, '50%');
  await until(() => ended.length === 2, 'the ends');
  expect(ended.map(({ room, closeCode, reason }) => [room, closeCode, reason]).sort()).toEqual([
    ['', 4414, 'ROOM_NAME'],
    ['board', 4503, 'OVERLOADED'],
  ]);
  expect(opened).toHaveLength(2);
  full.close();
  unnamed.close();
});

it('a frame above the limit is refused as too large; a drain refuses nothing', async () => {
  const relay = await start({ limits: { maxFrameBytes: 1_000, drainSpreadMs: 0 } });
  const heavy = await joined(relay.url, 'board', 1);
  heavy.ws.send(new Uint8Array(2_000));
  await until(() => ended.length === 1, 'the end');
  expect([ended[0]?.reason, ended[0]?.closeCode, refused[0]?.code]).toEqual(['TOO_LARGE', 4413, 'TOO_LARGE']);
  await joined(relay.url, 'board', 2);
  await relay.relay.drain();
  expect(ended[1]).toMatchObject({ reason: 'SHUTDOWN', closeCode: 1012 });
  expect(refused).toHaveLength(1);
});

it('a reader that stalls is reported as behind, once until it has caught up, and as closed', async () => {
  const relay = await start({ schedule: hurried, limits: { socketBytes: 1_024, softSendBytes: 4_096, stallMs: 300 } });
  const [writer, reader] = [await joined(relay.url, 'board', 1), await joined(relay.url, 'board', 2)];
  reader.ws.pause();
  const doc = new Y.Doc();
  // One frame, so one turn: between two turns the system may take waiting bytes, and the reader has caught up.
  const changes = Array.from({ length: 60 }, (_, i) => change(doc, (d) => d.getMap('m').set(`k${i}`, 'x'.repeat(200_000))));
  writer.ws.send(Buffer.concat(changes.map((update) => encodeMessage({ type: 'update', update }))));
  await until(() => writer.of('ack').at(-1)?.count === 60, 'acks');
  await until(() => slow.includes('closed'), 'the close');
  expect(slow).toEqual(['behind', 'closed']);
  expect(refused.map(({ code, messageType }) => [code, messageType])).toEqual([['SLOW_READER', '']]);
});

it('a user agent is cut to 200 characters', async () => {
  const relay = await start();
  const ws = new WebSocket(`${relay.url}/board`, { headers: { 'user-agent': 'x'.repeat(1_000) } });
  await new Promise((resolve) => ws.on('open', resolve));
  ws.terminate();
  await until(() => ended.length === 1, 'the end');
  expect(ended[0]?.userAgent).toBe('x'.repeat(200));
});

it('names of encoded messages are those of the decoded ones', () => {
  const bytes = new Uint8Array([0, 0]);
  expect(nameOfEncoded(encodeMessage({ type: 'sync-step-1', stateVector: bytes }))).toBe('sync-step-1');
  expect(nameOfEncoded(encodeMessage({ type: 'sync-step-2', update: bytes }))).toBe('sync-step-2');
  expect(nameOfEncoded(encodeMessage({ type: 'update', update: bytes }))).toBe('update');
  expect(nameOfEncoded(encodeMessage({ type: 'awareness', body: bytes }))).toBe('awareness');
  expect(nameOfEncoded(encodeMessage({ type: 'wet', clientId: 1, gesture: 'abcdefgh1', index: 0, isEnd: false, payload: bytes }))).toBe(
    'wet',
  );
  expect(nameOfEncoded(new Uint8Array())).toBe('other');
  expect(nameOfEncoded(new Uint8Array([0, 9]))).toBe('other');
});

it('T9: an opening is reported with the number, room and address of its end, before the client has sent anything', async () => {
  const relay = await start({ addressOf: () => '203.0.113.7' });
  const silent = await new Bare(relay.url, 'board', { isExtension: true }).opened();
  expect(opened).toEqual([{ connectionId: 1, room: 'board', ip: '203.0.113.7', userAgent: '', isExtension: true }]);
  const stockClient = await new Bare(relay.url, 'other%20board', { query: 'token=a-secret' }).opened();
  const nameless = await new Bare(relay.url, '').opened();
  expect(opened.slice(1)).toMatchObject([
    { connectionId: 2, room: 'other board', isExtension: false },
    { connectionId: 3, room: '' },
  ]);
  expect(JSON.stringify(opened)).not.toContain('a-secret');
  for (const client of [silent, stockClient, nameless]) client.close();
  await until(() => ended.length === 3, 'the ends');
  const facts = ({ connectionId, room, ip, userAgent, isExtension }: ConnectionOpening) => ({
    connectionId,
    room,
    ip,
    userAgent,
    isExtension,
  });
  expect(ended.map(facts).sort((a, b) => a.connectionId - b.connectionId)).toEqual(opened);
});

it('T9: a reported user agent has at most 200 characters, none of them a control character', async () => {
  const relay = await start();
  const agent = `Fire\u009b31mfox \u0085\u00ad\t${'x'.repeat(5_000)}`;
  const ws = new WebSocket(`${relay.url}/board`, { headers: { 'User-Agent': agent } });
  await until(() => ws.readyState === WebSocket.OPEN, 'open');
  expect(opened[0]?.userAgent).toBe(`Fire\ufffd31mfox \ufffd\ufffd\ufffd${'x'.repeat(185)}`);
  ws.terminate();
});
