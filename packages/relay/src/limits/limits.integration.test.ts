// Each limit that a client can reach from outside, at the limit and one above, over real sockets.

import { request } from 'node:http';
import { decodeAwareness, encodeAwareness, errors, type ErrorName } from '@wetink/protocol';
import { encode, writeVarUint } from 'lib0/encoding';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { systemEnvironment } from '../ports/environment.ts';
import type { RelayLimits } from './limits.ts';
import { silentObserver, type ConnectionFailure, type RelayObserver } from '../ports/observer.ts';
import type { RelayOptions } from '../relay-options.ts';
import { Bare, change, joined, startRelay, until, type TestRelay } from '../testing/harness.ts';
import { hurried } from '../testing/hurried.ts';
import { virtualTime, type VirtualTime } from '../testing/virtual-time.ts';

let running: TestRelay | null = null;
let limited: string[] = [];
let refused: ErrorName[] = [];

async function start(limits: Partial<RelayLimits>, options: Partial<RelayOptions> = {}): Promise<string> {
  limited = [];
  refused = [];
  const observer: RelayObserver = {
    ...silentObserver,
    limited: (limit) => void limited.push(limit),
    refused: ({ code }: ConnectionFailure) => void refused.push(code),
  };
  running = await startRelay({ limits, observer, ...options });
  return running.url;
}

afterEach(async () => {
  await running?.close();
  running = null;
});

/** Opens an upgrade. @returns Status and headers of the answer. */
function upgrade(url: string, room: string): Promise<{ status: number; retryAfter: string | undefined; close(): void }> {
  return new Promise((resolve, reject) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };
    const asked = request(`${url.replace('ws:', 'http:')}/${room}`, { headers });
    asked.on('upgrade', (response, socket) => {
      socket.on('error', () => socket.destroy());
      resolve({ status: response.statusCode ?? 0, retryAfter: undefined, close: () => void socket.destroy() });
    });
    asked.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], close: () => void response.destroy() });
    });
    asked.on('error', reject);
    asked.end();
  });
}

function byIds(count: number, from = 1): Uint8Array {
  const all = new Y.Doc();
  for (let client = from; client < from + count; client++) {
    const doc = new Y.Doc();
    doc.clientID = client;
    doc.getMap('m').set(`k${client}`, 1);
    Y.applyUpdate(all, Y.encodeStateAsUpdate(doc));
  }
  return Y.encodeStateAsUpdate(all);
}

async function closedWith(bare: Bare): Promise<number> {
  await until(() => bare.closed !== null, 'the close');
  return bare.closed?.code ?? 0;
}

describe('addresses', () => {
  it('[LI2] open sockets of an address: one too many is answered with 429 and the time to wait', async () => {
    const url = await start({ maxConnectionsPerAddress: 2 }, { addressKey: (address) => address });
    const first = await upgrade(url, 'a');
    const second = await upgrade(url, 'b');
    expect([first.status, second.status]).toEqual([101, 101]);
    expect(await upgrade(url, 'a')).toMatchObject({ status: 429, retryAfter: '10' });
    expect([limited, refused]).toEqual([['address_connections'], ['RATE_LIMITED']]);
    first.close();
    await until(() => (running?.relay.stats().connections ?? 0) < 2, 'one to be gone');
    const third = await upgrade(url, 'a');
    expect(third.status).toBe(101);
    for (const one of [second, third]) one.close();
  });

  it('[LI2] connects of an address: one too many in a minute is answered with 429 and the time to wait', async () => {
    const url = await start({ maxConnectsPerAddress: 2 }, { addressKey: (address) => address });
    const answers = [await upgrade(url, 'a'), await upgrade(url, 'a'), await upgrade(url, 'a')];
    expect(answers.map(({ status }) => status)).toEqual([101, 101, 429]);
    expect(Number(answers[2]?.retryAfter)).toBeGreaterThan(50);
    expect([limited, refused]).toEqual([['address_connects'], ['RATE_LIMITED']]);
    for (const one of answers) one.close();
  });

  it('[LI2] loopback is not limited', async () => {
    const url = await start({ maxConnectionsPerAddress: 1, maxConnectsPerAddress: 1 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => upgrade(url, 'a')));
    expect(answers.every(({ status }) => status === 101)).toBe(true);
    for (const one of answers) one.close();
  });
});

describe('users', () => {
  const authorize: RelayOptions['authorize'] = ({ token }) => Promise.resolve({ ok: true, role: 'editor', userId: token });

  it('[LI4] connections and rooms of a user: one too many is closed with the time to wait', async () => {
    const url = await start({ maxConnectionsPerUser: 3, maxRoomsPerUser: 2 }, { authorize });
    const people = [await joined(url, 'a', 1, { token: 'ana' }), await joined(url, 'b', 2, { token: 'ana' })];
    const elsewhere = await joined(url, 'c', 3, { token: 'ana' });
    expect(await closedWith(elsewhere)).toBe(errors.RATE_LIMITED.close);
    expect(elsewhere.of('notice')).toMatchObject([{ code: 'RATE_LIMITED', retryAfterMs: 10_000 }]);
    people.push(await joined(url, 'a', 4, { token: 'ana' }));
    const fourth = new Bare(url, 'a', { query: 'token=ana' });
    expect(await closedWith(fourth)).toBe(errors.RATE_LIMITED.close);
    expect(fourth.closed?.reason).toContain('Retry after 10 s');
    people.push(await joined(url, 'c', 5, { token: 'ben' }));
    expect(people.map(({ closed }) => closed)).toEqual([null, null, null, null]);
    expect([limited, refused]).toEqual([
      ['user_rooms', 'user_connections'],
      ['RATE_LIMITED', 'RATE_LIMITED'],
    ]);
    people.pop()?.close();
    people.pop()?.close();
    await until(() => running?.relay.stats().connections === 2, 'two to be gone');
    const back = await joined(url, 'a', 6, { token: 'ana' });
    expect(back.of('welcome')).toHaveLength(1);
    for (const one of [...people, back]) one.close();
  });
});

describe('the pace of a connection', () => {
  const cursor = (clock: number) =>
    ({ type: 'wet', clientId: 1, gesture: 'aaaaaaaa.1', index: clock, isEnd: false, payload: new Uint8Array(4) }) as const;

  async function waits(time: VirtualTime, what: string): Promise<void> {
    for (let turn = 0; turn < 400 && limited.length === 0; turn++) await time.advance(1);
    expect(limited, what).toEqual([what]);
  }

  it('[LI3] a connection above its message limit gets the time to wait, is not read meanwhile, and loses nothing', async () => {
    const url = await start({ maxMessages: 20 });
    const ana = await joined(url, 'a', 1);
    const ben = await joined(url, 'a', 2);
    for (let i = 0; i < 19; i++) ana.send(cursor(i));
    await until(() => ben.of('wet').length === 19, 'what is within the limit');
    expect(limited).toEqual([]);
    ana.send(cursor(19));
    await until(() => ana.of('notice').length === 1, 'the notice');
    const [notice] = ana.of('notice');
    expect(notice).toMatchObject({ code: 'RATE_LIMITED', text: errors.RATE_LIMITED.sentence });
    expect(notice?.retryAfterMs).toBeGreaterThan(5_000);
    expect(notice?.retryAfterMs).toBeLessThan(11_000);
    expect([limited, refused, ana.closed]).toEqual([['messages'], [], null]);
    ana.send(cursor(20));
    ben.send({ type: 'query-awareness' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ben.of('wet')).toHaveLength(20);
    ana.close();
    ben.close();
  });

  it('[LI3] an update that waited is applied and acknowledged', async () => {
    const time = virtualTime();
    const url = await start({ maxMessages: 3 }, time);
    const ana = new Bare(url, 'a', { isExtension: true });
    await until(() => ana.of('hello').length > 0, 'hello');
    ana.send({ type: 'authenticate', clientId: 1, token: '' });
    for (let i = 1; i <= 4; i++) ana.send({ type: 'update', update: byIds(1, i) });
    await waits(time, 'messages');
    // The update was read already with the frame above the limit, or waits in the socket: it arrives either way.
    for (let i = 0; i < 40 && ana.of('ack').at(-1)?.count !== 4; i++) await time.advance(1_000);
    expect(ana.of('ack').at(-1)).toMatchObject({ count: 4 });
    expect(ana.closed).toBeNull();
    ana.close();
  });
});

describe('the pace of presence', () => {
  const cursor = (clock: number) =>
    ({ type: 'awareness', body: encodeAwareness([{ clientId: 1, clock, state: `{"at":${clock}}` }]) }) as const;
  const clocksOf = (bare: Bare): number[] => bare.of('awareness').flatMap(({ body }) => decodeAwareness(body).map(({ clock }) => clock));

  it('[LI7] presence up to the limit is passed on; above it the newest state waits for its turn, and updates do not wait', async () => {
    const time = virtualTime();
    const url = await start({ maxStates: 5, tickMinMs: 0, tickMaxMs: 0 }, time);
    const [ana, ben] = [await joined(url, 'a', 1), await joined(url, 'a', 2)];
    for (let clock = 1; clock <= 5; clock++) ana.send(cursor(clock));
    for (let turn = 0; turn < 200 && !clocksOf(ben).includes(5); turn++) await time.advance(0);
    expect([clocksOf(ben).at(-1), limited]).toEqual([5, []]);
    for (let clock = 6; clock <= 50; clock++) ana.send(cursor(clock));
    ana.send({ type: 'update', update: byIds(1) });
    await until(() => limited.length > 0, 'the limit');
    for (let turn = 0; turn < 200 && ben.of('update').length === 0; turn++) await time.advance(0);
    expect([ben.of('update').length, clocksOf(ben).at(-1), limited, refused, ana.of('notice')]).toEqual([1, 5, ['states'], [], []]);
    for (let turn = 0; turn < 200 && !clocksOf(ben).includes(50); turn++) await time.advance(10);
    expect(clocksOf(ben).slice(-2)).toEqual([5, 50]);
    ana.close();
    ben.close();
  });

  it('[LI7] a waiting state that cannot be read closes its sender when its turn comes', async () => {
    const url = await start({ maxStates: 1 }, { schedule: hurried });
    const ana = await joined(url, 'a', 1);
    ana.send(cursor(1), { type: 'awareness', body: Uint8Array.from([1, 1, 2, 200]) });
    expect(await closedWith(ana)).toBe(errors.MALFORMED.close);
    const ben = await joined(url, 'a', 2);
    const noObject = encodeAwareness([{ clientId: 2, clock: 2, state: '7' }]);
    ben.send({ type: 'awareness', body: encodeAwareness([{ clientId: 2, clock: 1, state: '{}' }]) }, { type: 'awareness', body: noObject });
    expect(await closedWith(ben)).toBe(errors.MALFORMED.close);
  });
});

describe('time on the event loop', () => {
  it('[LI3] time on the event loop is counted around the handling of a frame, not between frames', async () => {
    let nowMs = 0;
    let spentMs = 0;
    const observer: RelayObserver = {
      ...silentObserver,
      // Called while a frame is handled; takes `spentMs`.
      frames: (direction) => void (nowMs += direction === 'in' ? spentMs : 0),
      limited: (limit) => void limited.push(limit),
    };
    const url = await start({ maxWorkMs: 100 }, { now: () => nowMs, observer });
    const ben = await joined(url, 'a', 2);
    nowMs += 20_000;
    spentMs = 50;
    ben.send({ type: 'query-awareness' }, { type: 'query-awareness' });
    await until(() => nowMs >= 20_100, 'two frames');
    expect(limited).toEqual([]);
    spentMs = 1;
    ben.send({ type: 'query-awareness' });
    await until(() => limited.length > 0, 'the limit');
    expect(limited).toEqual(['work']);
    ben.close();
  });
});

/** Deletes every second of `pieces` characters: 4 bytes and 4 µs each. */
function splitting(client: number, pieces: number): Uint8Array {
  return encode((encoder) => {
    for (const number of [0, 1, client, pieces]) writeVarUint(encoder, number);
    for (let i = 0; i < pieces; i++) for (const number of [2 * i, 1]) writeVarUint(encoder, number);
  });
}

/** CPU time that this process has used. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

it('[LI3] a client that splits long texts into pieces is read more slowly, and the others are served meanwhile (A7)', async () => {
  // The clock counts the CPU time of this process, which other programs on a busy machine do not lengthen. It stands
  // still while the texts are sent: on a slow machine they too could take more than 200 ms.
  let standsStillAt: number | null = cpuMs();
  const url = await start({ maxWorkMs: 200 }, { now: () => standsStillAt ?? cpuMs() });
  const [ana, ben] = [await joined(url, 'a', 101), await joined(url, 'a', 102)];
  const mallory = await new Bare(url, 'a').opened();
  const texts = Array.from({ length: 20 }, (_, i) => {
    const doc = new Y.Doc();
    doc.clientID = 5_000 + i;
    doc.getText(`t${i}`).insert(0, 'x'.repeat(200_000));
    return Y.encodeStateAsUpdate(doc);
  });
  for (const update of texts) ana.send({ type: 'update', update });
  await until(() => ana.of('ack').at(-1)?.count === texts.length, 'the texts');
  standsStillAt = null;
  // 192 kB each.
  texts.forEach((_, i) => mallory.send({ type: 'update', update: splitting(5_000 + i, 50_000) }));
  await until(() => limited.length > 0, 'the limit');
  const edit = change(new Y.Doc(), (doc) => doc.getMap('m').set('of ben', 1));
  ben.send({ type: 'update', update: edit });
  await until(() => ana.of('update').some(({ update }) => Buffer.from(update).includes('of ben')), 'what Ben did');
  expect(limited).toEqual(['work']);
  // Each of her updates reaches Ana once handled; most were not.
  const handled = ana.of('update').filter(({ update }) => update[0] === 0).length;
  expect(handled).toBeGreaterThan(0);
  expect(handled).toBeLessThan(texts.length);
  for (const bare of [ana, ben, mallory]) bare.close();
});

it('[LI7] [LI3] handling presence that waited for its turn counts as time on the event loop too', async () => {
  let nowMs = 0;
  let isInTimer = false;
  // During a turn the room schedules its next frame; this makes that take 200 ms.
  const schedule = (fn: () => void, delayMs: number): (() => void) => {
    if (isInTimer) nowMs += 200;
    return systemEnvironment.schedule(() => {
      isInTimer = true;
      fn();
      isInTimer = false;
    }, delayMs);
  };
  const url = await start({ maxWorkMs: 100, maxStates: 50, tickMinMs: 0, tickMaxMs: 0 }, { now: () => nowMs, schedule });
  const ana = await joined(url, 'a', 1);
  for (let clock = 1; clock <= 100; clock++) ana.send({ type: 'awareness', body: encodeAwareness([{ clientId: 1, clock, state: '{}' }]) });
  await until(() => limited.length === 2, 'both limits');
  expect(limited).toEqual(['states', 'work']);
  ana.close();
});

it.each([
  ['maxWorkMsPerUser', 'user_work', 'ana', 'cleo'],
  ['maxWorkMsPerAddress', 'address_work', '', ''],
] as const)('[LI9] %s: all connections together are read up to the limit, and one ms more slows them', async (key, metric, user, other) => {
  let [nowMs, spentMs] = [0, 0];
  const observer: RelayObserver = {
    ...silentObserver,
    frames: (direction) => void (nowMs += direction === 'in' ? spentMs : 0),
    limited: (limit) => void limited.push(limit),
  };
  const url = await start(
    { [key]: 100 },
    {
      now: () => nowMs,
      observer,
      addressKey: (address) => address,
      authorize: ({ token }) => Promise.resolve({ ok: true, role: 'editor', userId: token }),
    },
  );
  const [one, two] = [await joined(url, 'a', 1, { token: user }), await joined(url, 'b', 2, { token: user })];
  const third = await joined(url, 'c', 3, { token: other });
  nowMs += 20_000;
  spentMs = 50;
  for (const bare of [one, two]) bare.send({ type: 'query-awareness' });
  await until(() => nowMs >= 20_100, 'two frames');
  expect(limited).toEqual([]);
  spentMs = 1;
  one.send({ type: 'query-awareness' });
  await until(() => limited.length > 0, 'the limit');
  expect(limited).toEqual([metric]);
  await until(() => one.of('notice').length > 0, 'the notice');
  expect(one.of('notice')[0]).toMatchObject({ code: 'RATE_LIMITED' });
  // A connection of another user; for the address limit, one that used nothing.
  third.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });
  await until(() => third.of('sync-step-2').length > 0, 'the answer to the other connection');
  for (const bare of [one, two, third]) bare.close();
});

describe('sizes and counts', () => {
  it('[LI5] a frame at the limit is read; one byte more is closed with TOO_LARGE', async () => {
    const url = await start({ maxFrameBytes: 1_000 });
    const [at, above] = [await joined(url, 'a', 1), await joined(url, 'a', 2)];
    const frame = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => (i === 0 ? 2 : 0));
    above.ws.send(frame(1_001));
    expect(await closedWith(above)).toBe(errors.TOO_LARGE.close);
    expect(refused).toEqual(['TOO_LARGE']);
    at.ws.send(frame(1_000));
    // Read, and only then refused because it is no message.
    expect(await closedWith(at)).toBe(errors.MALFORMED.close);
  });

  it('[LI5] presence at the limit is passed on; one byte more is closed with TOO_LARGE', async () => {
    const url = await start({ maxAwarenessStateBytes: 300 });
    const [ana, ben] = [await joined(url, 'a', 1), await joined(url, 'a', 2)];
    const state = (bytes: number): string => `{"n":"${'x'.repeat(bytes - 8)}"}`;
    const body = (client: number, text: string): Uint8Array => {
      const bytes = new TextEncoder().encode(text);
      return Uint8Array.from([1, client, 1, (bytes.length & 0x7f) | 0x80, bytes.length >> 7, ...bytes]);
    };
    ana.send({ type: 'awareness', body: body(1, state(300)) });
    await until(() => ben.of('awareness').length > 0, 'the state');
    ben.send({ type: 'awareness', body: body(2, state(301)) });
    expect(await closedWith(ben)).toBe(errors.TOO_LARGE.close);
    expect(refused).toEqual(['TOO_LARGE']);
    ana.close();
  });

  it('[LI5] a document at the limit takes an update; one byte above it the update is refused', async () => {
    const update = byIds(1);
    for (const [maxDocumentBytes, answer] of [
      [update.length, 'ack'],
      [update.length - 1, 'refused'],
    ] as const) {
      const url = await start({ maxDocumentBytes });
      const ana = await joined(url, 'a', 1);
      ana.send({ type: 'update', update });
      await until(() => ana.of('ack').length + ana.of('refused').length > 0, 'an answer');
      expect([ana.of(answer).length, refused]).toEqual([1, answer === 'ack' ? [] : ['DOCUMENT_TOO_LARGE']]);
      ana.close();
      await running?.close();
    }
  });

  it('[LI6] client ids of a document: the limit is accepted, one more is refused, and known ids write on', async () => {
    const url = await start({ maxClientIds: 20 });
    const [ana, ben] = [await joined(url, 'a', 101), await joined(url, 'a', 102)];
    ana.send({ type: 'update', update: byIds(20) });
    await until(() => ana.of('ack').length > 0, 'the ack');
    ben.send({ type: 'update', update: byIds(1, 21) });
    await until(() => ben.of('refused').length > 0, 'the refusal');
    expect(ben.of('refused')).toEqual([{ type: 'refused', count: 1, code: 'DOCUMENT_TOO_LARGE' }]);
    expect(refused).toEqual(['DOCUMENT_TOO_LARGE']);
    const doc = new Y.Doc();
    doc.clientID = 20;
    Y.applyUpdate(doc, byIds(20));
    doc.clientID = 20;
    const before = Y.encodeStateVector(doc);
    doc.getMap('m').set('more', 2);
    ana.send({ type: 'update', update: Y.encodeStateAsUpdate(doc, before) }, { type: 'update', update: byIds(20) });
    await until(() => ana.of('ack').at(-1)?.count === 3, 'the acks');
    ana.close();
    ben.close();
  });

  /** Updates under client ids that no member owns. */
  function changes(edit: (doc: Y.Doc, i: number) => void): (i: number) => Uint8Array {
    const doc = new Y.Doc();
    doc.clientID = 5_000;
    return (i) => {
      const before = Y.encodeStateVector(doc);
      edit(doc, i);
      return Y.encodeStateAsUpdate(doc, before);
    };
  }

  const byRoot = (name: string): Uint8Array => change(new Y.Doc(), (doc) => doc.getMap(name).set('k', 1));

  it.each([
    ['root types', { maxRootTypes: 10 }, changes((doc, i) => doc.getMap(`root ${i}`).set('k', i))],
    ['subdocuments', { maxSubdocuments: 10 }, changes((doc, i) => doc.getMap('m').set(`k${i}`, new Y.Doc()))],
  ])(
    '[LI8] %s of a document: the limit is accepted, one more is refused, and updates to known ones are accepted',
    async (_what, limits, next) => {
      const url = await start(limits);
      const [ana, ben] = [await joined(url, 'a', 101), await joined(url, 'a', 102)];
      const sent = Array.from({ length: 10 }, (_, i) => next(i));
      for (const update of sent) ana.send({ type: 'update', update });
      await until(() => ana.of('ack').at(-1)?.count === 10, 'the acks');
      ben.send({ type: 'update', update: next(10) });
      await until(() => ben.of('refused').length > 0, 'the refusal');
      expect([ben.of('refused'), refused]).toEqual([[{ type: 'refused', count: 1, code: 'DOCUMENT_TOO_LARGE' }], ['DOCUMENT_TOO_LARGE']]);
      // Everything once more, and an update that adds none, alone and with everything.
      for (const update of [Y.mergeUpdates(sent), Y.mergeUpdates([...sent, byRoot('root 4')]), byRoot('root 3')])
        ana.send({ type: 'update', update });
      await until(() => ana.of('ack').at(-1)?.count === 13 || ana.of('refused').length > 0, 'the acks');
      expect(ana.of('refused')).toEqual([]);
      ana.close();
      ben.close();
    },
  );

  it('[LI8] subdocuments in pending structs count', async () => {
    const url = await start({ maxSubdocuments: 10 });
    const next = changes((doc, i) => doc.getMap('m').set(`k${i}`, i === 0 ? 'first' : new Y.Doc()));
    const ana = await joined(url, 'a', 101);
    const sent = Array.from({ length: 12 }, (_, i) => next(i));
    // Without the first update none of the others can be applied.
    for (const update of sent.slice(1)) ana.send({ type: 'update', update });
    await until(() => ana.of('refused').length > 0, 'the refusal');
    expect(ana.of('refused')).toEqual([{ type: 'refused', count: 11, code: 'DOCUMENT_TOO_LARGE' }]);
    ana.close();
  });

  it('[LI5] sockets of a relay and of a room: the limit is accepted, one more is closed', async () => {
    const url = await start({ maxConnections: 3, maxRoomConnections: 2 });
    const people = [await joined(url, 'a', 1), await joined(url, 'a', 2)];
    const third = await joined(url, 'a', 3);
    expect(await closedWith(third)).toBe(errors.ROOM_FULL.close);
    people.push(await joined(url, 'b', 4));
    const fourth = new Bare(url, 'b');
    expect(await closedWith(fourth)).toBe(errors.OVERLOADED.close);
    expect(refused).toEqual(['ROOM_FULL', 'OVERLOADED']);
    expect(people.every(({ closed }) => closed === null)).toBe(true);
    for (const one of people) one.close();
  });

  it.each([
    ['messages', { maxEarlyMessages: 3 }, 3],
    ['bytes', { maxEarlyBytes: 3 * 4 }, 3],
  ])('[LI5] %s before authentication: the limit is kept, one more closes the connection', async (_, limits, count) => {
    const url = await start(limits);
    const [at, above] = [new Bare(url, 'a', { isExtension: true }), new Bare(url, 'a', { isExtension: true })];
    await Promise.all([at.opened(), above.opened()]);
    for (const bare of [at, above]) for (let i = 0; i < count; i++) bare.send({ type: 'update', update: new Uint8Array(4) });
    above.send({ type: 'update', update: new Uint8Array(4) });
    expect(await closedWith(above)).toBe(errors.UNAUTHENTICATED.close);
    expect([refused, at.closed]).toEqual([['UNAUTHENTICATED'], null]);
    at.close();
  });

  it('[LI5] a message in chunks keeps no more than that before authentication', async () => {
    const url = await start({ maxEarlyBytes: 1_000 });
    const [at, above] = [new Bare(url, 'a', { isExtension: true }), new Bare(url, 'a', { isExtension: true })];
    await Promise.all([at.opened(), above.opened()]);
    const chunk = (bytes: number) => ({ type: 'chunk', id: 1, offset: 0, total: 2_000, bytes: new Uint8Array(bytes) }) as const;
    at.send(chunk(1_000));
    above.send(chunk(1_001));
    expect(await closedWith(above)).toBe(errors.UNAUTHENTICATED.close);
    expect([refused, at.closed]).toEqual([['UNAUTHENTICATED'], null]);
    at.close();
  });

  it('[LI5] a client that does not authenticate is closed at the deadline', async () => {
    const time = virtualTime();
    const url = await start({ authTimeoutMs: 5_000 }, time);
    const bare = new Bare(url, 'a', { isExtension: true });
    await until(() => bare.of('hello').length > 0, 'hello');
    await time.advance(5_000);
    expect(refused).toEqual([]);
    await time.advance(1_001);
    expect(await closedWith(bare)).toBe(errors.AUTH_TIMEOUT.close);
    expect(refused).toEqual(['AUTH_TIMEOUT']);
  });
});
