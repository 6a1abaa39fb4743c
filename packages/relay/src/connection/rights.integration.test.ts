/** Rights that change while people draw, over real sockets of one relay. */

import { encodeAwareness, errors } from '@wetink/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { RelayOptions } from '../relay-options.ts';
import { faultyStore, type FaultyStore } from '../testing/faulty-store.ts';
import { change, joined, pause, startRelay, stock, storedDoc, until, type Bare, type Stock, type TestRelay } from '../testing/harness.ts';
import { createRights, type Rights } from '../testing/rights.ts';
import { virtualTime } from '../testing/virtual-time.ts';

const WALL_MS = 1_700_000_000_000;

let rights: Rights;
let store: FaultyStore;
let relay: TestRelay;
let clients: { close(): void }[];

beforeEach(async () => {
  clients = [];
  rights = createRights();
  store = faultyStore();
  relay = await startRelay({ store, authorize: rights.authorize });
});

afterEach(async () => {
  rights.isHeld = false;
  store.held.append = false;
  for (const client of clients) client.close();
  await relay.close();
});

async function restart(options: Partial<RelayOptions>): Promise<void> {
  await relay.close();
  relay = await startRelay({ store, authorize: rights.authorize, ...options });
}

async function enter(token: string, clientId: number, room = 'board'): Promise<Bare> {
  const bare = await joined(relay.url, room, clientId, { token });
  clients.push(bare);
  return bare;
}

function base(token: string): Stock {
  const client = stock(relay.url, 'board', new Y.Doc(), { params: { token } });
  clients.push(client);
  return client;
}

const setting = (key: string) => ({ type: 'update', update: change(new Y.Doc(), (doc) => doc.getMap('m').set(key, 1)) }) as const;
const keysOf = (doc: Y.Doc): string[] => [...doc.getMap('m').keys()].sort();
const stored = async (): Promise<string[]> => keysOf(await storedDoc(store, 'board'));
const acked = (bare: Bare): number => bare.of('ack').at(-1)?.count ?? 0;
const seenBy = (bare: Bare): string[] => {
  const doc = new Y.Doc();
  for (const { update } of bare.of('update')) Y.applyUpdate(doc, update);
  return keysOf(doc);
};

describe('a role that changes', () => {
  it('[RI2] a new role is sent in welcome and holds from the next message on: earlier changes are saved and acknowledged, later ones refused', async () => {
    const [ana, ben] = [await enter('ana', 1), await enter('ben', 2)];
    store.held.append = true;
    rights.isHeld = true;
    ana.send(setting('before'));
    await until(() => seenBy(ben).length === 1, 'the change before');
    rights.byUser.set('ana', { ok: true, role: 'viewer' });
    relay.relay.recheck({ room: 'board' });
    await until(() => rights.asked === 2, 'both to be asked about');
    ana.send(setting('meanwhile'));
    await until(() => seenBy(ben).length === 2, 'a change while it is asked');
    rights.isHeld = false;
    await until(() => ana.of('welcome').length === 2, 'the new role');
    expect(ana.of('welcome')[1]).toEqual({ type: 'welcome', role: 'viewer', userId: 'ana' });
    ana.send(setting('after'));
    await until(() => ana.of('refused').length === 1, 'the refusal');
    expect([ana.of('refused')[0], acked(ana)]).toEqual([{ type: 'refused', count: 3, code: 'READ_ONLY' }, 0]);
    store.held.append = false;
    await until(() => acked(ana) === 2, 'the acks of what came before');
    ben.send(setting('bens'));
    await until(() => seenBy(ana).includes('bens') && acked(ben) === 1, 'ana still to see');
    expect(await stored()).toEqual(['before', 'bens', 'meanwhile']);
    expect([seenBy(ben), ben.of('welcome').length, ana.closed]).toEqual([['before', 'meanwhile'], 1, null]);
  });

  it('[RI2] a stock client that becomes a viewer is denied and stays; when it may write again it is asked for its changes', async () => {
    const ben = await enter('ben', 2);
    const ana = base('ana');
    await until(() => ana.provider.synced, 'sync');
    rights.byUser.set('ana', { ok: true, role: 'viewer' });
    relay.relay.recheck({ userId: 'ana' });
    await until(() => rights.asked === 1, 'the question');
    await pause(20);
    ana.doc.getMap('m').set('early', 1);
    ben.send(setting('bens'));
    await until(() => keysOf(ana.doc).includes('bens'), 'ana to see');
    expect([await stored(), ana.provider.wsconnected, ana.closes]).toEqual([['bens'], true, []]);
    rights.byUser.set('ana', { ok: true, role: 'editor' });
    relay.relay.recheck({ userId: 'ana' });
    await until(() => seenBy(ben).includes('early'), 'what was drawn meanwhile');
    ana.doc.getMap('m').set('later', 1);
    await until(() => seenBy(ben).includes('later'), 'what is drawn after');
  });

  it('[RI2] a member that may write again is asked for what it has; one that was refused meanwhile is closed to come back', async () => {
    rights.byUser.set('ana', { ok: true, role: 'viewer' });
    rights.byUser.set('eve', { ok: true, role: 'viewer' });
    const [ana, eve] = [await enter('ana', 1), await enter('eve', 2)];
    eve.send(setting('early'));
    await until(() => eve.of('refused').length === 1, 'the refusal');
    expect(ana.of('sync-step-1')).toEqual([]);
    rights.byUser.clear();
    relay.relay.recheck({ room: 'board' });
    await until(() => ana.of('sync-step-1').length === 1 && eve.closed !== null, 'the question, and the close');
    expect([ana.of('welcome').map(({ role }) => role), eve.of('welcome').map(({ role }) => role)]).toEqual([
      ['viewer', 'editor'],
      ['viewer', 'editor'],
    ]);
    expect(eve.closed?.code).toBe(errors.INCOMPLETE.close);
    ana.send(setting('anas'));
    await until(() => acked(ana) === 1, 'the ack');
  });

  it('[RL36] wet ink of a viewer is dropped, its cursor is passed on', async () => {
    const [ana, ben] = [await enter('ana', 1), await enter('ben', 2)];
    const piece = (index: number) =>
      ({ type: 'wet', clientId: 1, gesture: 's.1', index, isEnd: false, payload: new Uint8Array([index]) }) as const;
    const cursor = (clock: number) =>
      ({ type: 'awareness', body: encodeAwareness([{ clientId: 1, clock, state: '{"cursor":[1,2]}' }]) }) as const;
    ana.send(cursor(1), piece(0));
    await until(() => ben.of('wet').length === 1, 'ink');
    rights.byUser.set('ana', { ok: true, role: 'viewer' });
    relay.relay.recheck({ userId: 'ana' });
    await until(() => ana.of('welcome').length === 2, 'the role');
    const seen = ben.of('awareness').length;
    ana.send(piece(1), cursor(2));
    await until(() => ben.of('awareness').length > seen, 'the cursor');
    rights.byUser.clear();
    relay.relay.recheck({ userId: 'ana' });
    await until(() => ana.of('welcome').length === 3, 'the role again');
    ana.send(piece(2));
    await until(() => ben.of('wet').length === 2, 'ink again');
    expect(ben.of('wet').map(({ index }) => index)).toEqual([0, 2]);
  });

  it('[RI2] a recheck that leaves the role unchanged sends no welcome', async () => {
    const ana = await enter('ana', 1);
    for (let i = 1; i <= 3; i++) {
      relay.relay.recheck({ room: 'board' });
      await until(() => rights.asked === i, 'the question');
    }
    ana.send({ type: 'sync-step-1', stateVector: new Uint8Array([0]) });
    await until(() => ana.of('sync-step-2').length === 1, 'an answer after them');
    expect(ana.of('welcome')).toHaveLength(1);
  });
});

describe('access that ends', () => {
  it('[RI3] revoked access closes with the reason; accepted changes stay and become durable, later ones are not applied', async () => {
    const [ana, ben] = [await enter('ana', 1), await enter('ben', 2)];
    store.held.append = true;
    ana.send(setting('before'));
    await until(() => seenBy(ben).length === 1, 'the change before');
    rights.byUser.set('ana', { ok: false, code: 'FORBIDDEN', reason: 'removed' });
    relay.relay.recheck({ room: 'board' });
    await until(() => rights.asked === 2, 'the question');
    // Changes as fast as the socket takes them, until the close has come.
    for (let i = 0; ana.closed === null; i++) {
      ana.send(setting(`after${i}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ana.closed).toEqual({ code: 4403, reason: 'removed: You do not have access to this board.' });
    store.held.append = false;
    ben.send(setting('bens'));
    await until(() => acked(ben) === 1, 'the ack');
    expect(await stored()).toEqual(['before', 'bens']);
    expect([seenBy(ben), ben.closed]).toEqual([['before'], null]);
    expect((await enter('ana', 3)).closed?.code).toBe(4403);
  });

  it('[RI3] the cursor of a removed member disappears, and the member gets nothing more', async () => {
    const [ana, ben] = [await enter('ana', 1), await enter('ben', 2)];
    ana.send({ type: 'awareness', body: encodeAwareness([{ clientId: 1, clock: 1, state: '{"cursor":[1,2]}' }]) });
    await until(() => ben.of('awareness').length === 1, 'the cursor');
    rights.byUser.set('ana', { ok: false, code: 'FORBIDDEN' });
    relay.relay.recheck({ userId: 'ana' });
    await until(() => ana.closed !== null && ben.of('awareness').length === 2, 'the close');
    const got = ana.received.length;
    ben.send(setting('secret'));
    await until(() => acked(ben) === 1, 'the ack');
    await pause(30);
    expect(ana.received).toHaveLength(got);
  });

  it('[RI1] recheck asks only about connections of its room, or of its user', async () => {
    await Promise.all([enter('ana', 1, 'a'), enter('ana', 2, 'b'), enter('ben', 3, 'b'), enter('cem', 4, 'b')]);
    relay.relay.recheck({ room: 'b' });
    await until(() => rights.asked === 3, 'three');
    relay.relay.recheck({ userId: 'ana' });
    await until(() => rights.asked === 5, 'two more');
    relay.relay.recheck({ room: 'c' });
    relay.relay.recheck({ userId: 'dan' });
    await pause(30);
    expect(rights.asked).toBe(5);
  });

  it('[RI7] disconnect ends all connections of a user and no others; the user may come back', async () => {
    const [laptop, phone, ben] = [await enter('ana', 1, 'a'), await enter('ana', 2, 'b'), await enter('ben', 3, 'b')];
    relay.relay.disconnect('ana');
    await until(() => laptop.closed !== null && phone.closed !== null, 'both closes');
    const end = { code: 4401, reason: 'disconnected: Please sign in to open this board.' };
    expect([laptop.closed, phone.closed]).toEqual([end, end]);
    const back = await enter('ana', 4, 'a');
    expect([back.of('welcome').length, ben.closed]).toEqual([1, null]);
  });

  it('[RI7] disconnect with an empty user id ends no connection', async () => {
    const nobody = await enter('', 1);
    relay.relay.disconnect('');
    nobody.send(setting('drawn'));
    await until(() => acked(nobody) === 1, 'the ack');
  });
});

describe('another token', () => {
  it('[RI5] another token of the same user brings a new role and a new end; without one the connection ends', async () => {
    const time = virtualTime();
    await restart({ ...time, wallClock: () => WALL_MS + time.now() });
    rights.expiresAtMsByToken.set('ana-1', WALL_MS + 150_000).set('ana-2', WALL_MS + 300_000);
    const ana = await enter('ana-1', 1);
    const guest = base('ben-1');
    rights.expiresAtMsByToken.set('ben-1', WALL_MS + 150_000);
    const turnTo = async (ms: number): Promise<void> => {
      // In steps, so that sockets and their pings get their turn.
      while (time.now() < ms) {
        await time.advance(Math.min(1_000, ms - time.now()));
        await pause(1);
      }
    };
    await until(() => guest.provider.synced, 'sync');
    await turnTo(95_000);
    expect(ana.of('notice')).toEqual([
      { type: 'notice', code: 'UNAUTHENTICATED', retryAfterMs: 60_000, text: errors.UNAUTHENTICATED.sentence },
    ]);
    rights.byUser.set('ana', { ok: true, role: 'viewer' });
    ana.send({ type: 'authenticate', clientId: 1, token: 'ana-2' });
    await until(() => ana.of('welcome').length === 2, 'the welcome');
    expect(ana.of('welcome')[1]?.role).toBe('viewer');
    ana.send(setting('evil'));
    await turnTo(100_000);
    await until(() => ana.of('refused').length === 1, 'the refusal');
    await turnTo(170_000);
    await until(() => guest.closes.length > 0, 'the end of who brought none');
    expect(guest.closes[0]).toEqual({ code: 4401, reason: 'token_expired: Please sign in to open this board.' });
    expect(ana.closed).toBeNull();
    await turnTo(300_001);
    await until(() => ana.closed !== null, 'the end of the second');
    expect(ana.closed?.reason).toContain('token_expired');
    expect(ana.of('notice')).toHaveLength(2);
  }, 30_000);

  it('[RI6] a token of another user ends the connection, and its counts are free again', async () => {
    await restart({ limits: { maxConnectionsPerUser: 1 } });
    const ana = await enter('ana', 1);
    ana.send({ type: 'authenticate', clientId: 1, token: 'ben' });
    await until(() => ana.closed !== null, 'the close');
    expect(ana.closed).toEqual({ code: 4403, reason: 'other_user: You do not have access to this board.' });
    const people = [await enter('ana', 2), await enter('ben', 3)];
    expect(people.map(({ closed }) => closed)).toEqual([null, null]);
    people[0]?.send({ type: 'authenticate', clientId: 2, token: 'ana-2' });
    await until(() => people[0]?.of('welcome').length === 2, 'the second welcome');
    expect((await enter('ana', 4)).closed?.code).toBe(errors.RATE_LIMITED.close);
  });

  it('[RI6] a refused token ends the connection with the reason', async () => {
    const ana = await enter('ana', 1);
    rights.byUser.set('eve', { ok: false, code: 'UNAUTHENTICATED', reason: 'token_audience' });
    ana.send({ type: 'authenticate', clientId: 1, token: 'eve' });
    await until(() => ana.closed !== null, 'the close');
    expect(ana.closed?.reason).toContain('token_audience');
  });
});

it('[RI4] a directory that is away ends no connection for 15 s, then all; clients come back when it is there', async () => {
  const time = virtualTime();
  await restart(time);
  const ana = await enter('ana', 1);
  rights.isBroken = true;
  await time.advance(10_000);
  ana.send(setting('meanwhile'));
  for (let i = 0; i < 100 && acked(ana) === 0; i++) {
    await time.advance(10);
    await pause(1);
  }
  expect([acked(ana), ana.closed]).toEqual([1, null]);
  await time.advance(15_000);
  await until(() => ana.closed !== null, 'the close');
  expect(ana.closed?.code).toBe(errors.UNAVAILABLE.close);
});
