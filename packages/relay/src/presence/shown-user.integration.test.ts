/** The user that presence shows: what the client claims, corrected by what the relay knows. */

import { decodeAwareness, encodeAwareness, parseAwarenessState, type AwarenessEntry } from '@wetink/protocol';
import { createMemoryDisk, createMemoryStore } from '@wetink/storage';
import { afterEach, describe, expect, it } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { createLocalBus } from '../bus/local-bus.ts';
import { Presence, type PresencePeer } from './presence.ts';
import type { RelayOptions } from '../relay-options.ts';
import { stateOf, type ShownUser } from './shown-user.ts';
import { joined, startRelay, stock, until, type Bare, type TestRelay } from '../testing/harness.ts';
import { createRights, type Rights } from '../testing/rights.ts';

const ana: ShownUser = { userId: 'ana', verified: { name: 'Ana', picture: 'https://id.example/ana.png' } };
const guest: ShownUser = { userId: 'guest:1', verified: null };
const nobody: ShownUser = { userId: '', verified: null };

function shown(who: ShownUser, state: unknown): unknown {
  const text = JSON.stringify(state);
  return JSON.parse(stateOf(who, text, parseAwarenessState(text) ?? {}));
}

describe('a state', () => {
  it('[RL38] a state gets the verified id, name and picture, and keeps the client’s other fields', () => {
    const said = { cursor: { x: 1 }, user: { id: 'ben', name: 'Ben', picture: 'https://evil.example/', colour: 3 } };
    const user = { id: 'ana', name: 'Ana', picture: 'https://id.example/ana.png', colour: 3 };
    expect(shown(ana, said)).toEqual({ cursor: { x: 1 }, user });
  });

  it.each([{}, { user: 'Ben' }, { user: ['Ben'] }, { user: null }, { user: 7 }, { user: {} }])(
    '[RL38] a state of %j gets the verified user',
    (state) => {
      expect(shown(ana, state)).toEqual({ user: { id: 'ana', name: 'Ana', picture: 'https://id.example/ana.png' } });
      expect(shown(guest, state)).toEqual({ user: { id: 'guest:1' } });
    },
  );

  it('[RL38] a user without a verified name is shown with the name that the client sends, under the user’s own id', () => {
    expect(shown(guest, { user: { id: 'ana', name: 'Ana', picture: 'p' } })).toEqual({
      user: { id: 'guest:1', name: 'Ana', picture: 'p' },
    });
    const unnamed: ShownUser = { userId: 'u', verified: {} };
    expect(shown(unnamed, { user: { id: 'u', name: 'Ana', picture: 'p' } })).toEqual({ user: { id: 'u', name: 'Ana' } });
  });

  it('[RL38] a state of a client without a user id loses the id and the picture it claims and keeps the name', () => {
    const picture = 'https://id.example/ana.png';
    expect(shown(nobody, { user: { name: 'Ana', picture } })).toEqual({ user: { name: 'Ana' } });
    expect(shown(nobody, { user: { id: 'ana', name: 'Ana' }, cursor: null })).toEqual({ user: { name: 'Ana' }, cursor: null });
    for (const state of [{ user: { name: 'x' } }, { user: 'ana' }, {}]) {
      const text = JSON.stringify(state);
      expect(stateOf(nobody, text, state)).toBe(text);
    }
  });

  it('[RL38] a state that is correct already stays as it came, to the byte', () => {
    const text = '{ "user": {"picture":"https://id.example/ana.png", "name":"\\u0041na","id":"ana","x":1e3} }';
    expect(stateOf(ana, text, parseAwarenessState(text) ?? {})).toBe(text);
  });

  it('[RL38] a state that the verified name makes too large is refused', () => {
    const state = { user: {}, pad: 'ä'.repeat(8_150) };
    const text = JSON.stringify(state);
    expect(stateOf({ userId: 'u', verified: null }, text, state)).toContain('"id":"u"');
    expect(() => stateOf({ userId: 'u'.repeat(100), verified: null }, text, state)).toThrowError(/TOO_LARGE/);
  });
});

it('[RL38] every id behind a socket shows the verified user: first and later entries, and an id that is taken over', () => {
  const presence = new Presence({ maxIdsPerConnection: 3, maxIdsPerRoom: 100 });
  const peer = (id: number): PresencePeer => ({ id, userId: 'ana', ownClientId: 10, shown: ana });
  const forged = (clientId: number, clock: number): AwarenessEntry => ({ clientId, clock, state: '{"user":{"id":"ben","name":"Ben"}}' });
  const usersOf = (): unknown[] => presence.all().map(({ state }) => (parseAwarenessState(state)?.['user'] as { id: unknown }).id);
  presence.receive(peer(1), [forged(10, 1), forged(11, 1)]);
  expect(usersOf()).toEqual(['ana', 'ana']);
  presence.receive(peer(1), [forged(10, 2), forged(11, 2)]);
  expect(usersOf()).toEqual(['ana', 'ana']);
  presence.receive(peer(2), [forged(10, 3), forged(11, 3)]);
  expect([usersOf(), presence.ownerOf(11)?.id]).toEqual([['ana', 'ana'], 2]);
});

describe('on the wire', () => {
  let relays: TestRelay[] = [];
  let buses: Bus[] = [];
  let clients: { close(): void }[] = [];
  let rights: Rights;

  afterEach(async () => {
    for (const client of clients) client.close();
    for (const relay of relays) await relay.close();
    for (const bus of buses) await bus.close();
    [relays, buses, clients] = [[], [], []];
  });

  async function start(options: Partial<RelayOptions> = {}): Promise<[TestRelay, TestRelay]> {
    rights = createRights();
    const disk = createMemoryDisk();
    const hub = createLocalBus();
    for (const name of ['a', 'b']) {
      const bus = hub.node(name);
      buses.push(bus);
      relays.push(
        await startRelay({
          store: createMemoryStore({ disk, writer: name }),
          bus,
          authorize: rights.authorize,
          knowsUsers: true,
          ...options,
        }),
      );
    }
    return relays as [TestRelay, TestRelay];
  }

  async function enter(relay: TestRelay, token: string, clientId: number): Promise<Bare> {
    const bare = await joined(relay.url, 'board', clientId, { token });
    clients.push(bare);
    return bare;
  }

  const announcing = (clientId: number, state: unknown, clock = 1) =>
    ({ type: 'awareness', body: encodeAwareness([{ clientId, clock, state: JSON.stringify(state) }]) }) as const;
  /** The last user that this client was shown for that client id. */
  const seenBy = (bare: Bare, clientId: number): unknown => {
    const entries = bare.of('awareness').flatMap(({ body }) => decodeAwareness(body));
    const last = entries.filter((entry) => entry.clientId === clientId).at(-1);
    return last === undefined ? undefined : parseAwarenessState(last.state)?.['user'];
  };

  it('[RL38] members on this node and on others, present and later, see the verified user', async () => {
    const [a, b] = await start();
    rights.users.set('mallory', { name: 'Mallory' });
    const [here, there] = [await enter(a, 'ben', 2), await enter(b, 'cem', 3)];
    const mallory = await enter(a, 'mallory', 1);
    mallory.send(announcing(1, { user: { id: 'ana', name: 'Ana', picture: 'https://id.example/ana.png' } }));
    await until(() => seenBy(here, 1) !== undefined && seenBy(there, 1) !== undefined, 'presence');
    const late = await enter(b, 'dan', 4);
    await until(() => seenBy(late, 1) !== undefined, 'presence for a newcomer');
    const real = { id: 'mallory', name: 'Mallory' };
    expect([here, there, late].map((bare) => seenBy(bare, 1))).toEqual([real, real, real]);
  });

  it('[RL38] a name that comes with a new token is shown from the next state on', async () => {
    const [a] = await start();
    rights.users.set('ana', { name: 'Ana' });
    const [ana, ben] = [await enter(a, 'ana', 1), await enter(a, 'ben', 2)];
    rights.users.set('ana', { name: 'Ana Lima' });
    ana.send({ type: 'authenticate', clientId: 1, token: 'ana-2' });
    await until(() => ana.of('welcome').length === 2, 'welcome');
    ana.send(announcing(1, { user: { id: 'ana', name: 'Ana' } }));
    await until(() => seenBy(ben, 1) !== undefined, 'presence');
    expect(seenBy(ben, 1)).toEqual({ id: 'ana', name: 'Ana Lima' });
  });

  it('[RL38] a stock client without an id is shown without one; where users are not known, states stay as they come', async () => {
    const [a] = await start();
    const ben = await enter(a, 'ben', 2);
    const anonymous = stock(a.url, 'board');
    clients.push(anonymous);
    anonymous.provider.awareness.setLocalState({ user: { id: 'ana', name: 'Ana' } });
    await until(() => seenBy(ben, anonymous.doc.clientID) !== undefined, 'presence');
    expect(seenBy(ben, anonymous.doc.clientID)).toEqual({ name: 'Ana' });
    await a.close();
    relays.shift();
    const open = await startRelay();
    relays.push(open);
    const [cem, dan] = [await enter(open, '', 3), await enter(open, '', 4)];
    cem.send(announcing(3, { user: { id: 'ana' } }));
    await until(() => seenBy(dan, 3) !== undefined, 'presence');
    expect(seenBy(dan, 3)).toEqual({ id: 'ana' });
  });
});
