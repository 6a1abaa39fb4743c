/** Attacks on presence and roles: impersonation, rooms full of ghosts, writing without permission. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRelay } from '@wetink/relay';
import { createMemoryStore } from '@wetink/storage';
import { Attacker, comesTrue, person, reaches, sendEach, type Person } from './clients.ts';
import { awarenessFrame, framesOfType, settingKey, updateFrame } from './crafted.ts';
import { attachReferenceRelay } from './reference-relay.ts';
import type { Row } from './row.ts';
import type { Kind, Target } from './target.ts';

const MALLORY = 666;
const GHOSTS = 20_001;
const VIEWER = 'viewer:mallory';

/** Sends the frames while Ana and Ben see each other. @returns What Ben then sees in Ana's place; null: Ana. */
async function spoof(target: Target, token: string, frames: (ana: number) => Uint8Array[]): Promise<string | null> {
  const room = target.room();
  const ana = await person(target, room, 'ana');
  const ben = await person(target, room, 'ben');
  if (!(await reaches(ana, ben))) return 'changes reach no one';
  const seen: unknown[] = [];
  ben.awareness.on('change', () => seen.push(whoIs(ben, ana.awareness.clientID)));
  ana.awareness.on('change', () => seen.push(whoIs(ana, ana.awareness.clientID)));
  await sendEach(target, room, frames(ana.awareness.clientID), token);
  const cem = await person(target, room, 'cem');
  if (!(await reaches(cem, ben)) || !(await reaches(cem, ana))) return 'changes no longer reach anyone';
  const forged = seen.filter((name) => name !== 'ana');
  return forged.length > 0 ? `others, or Ana herself, saw ${JSON.stringify(forged[0] ?? null)} in Ana's place` : null;
}

/** The user that `seer` sees there: the id that the relay vouches for, otherwise what the client claims. */
function whoIs(seer: Person, clientId: number): unknown {
  const user = seer.nameOf(clientId);
  return typeof user === 'object' && user !== null && 'id' in user ? user.id : user;
}

interface Directory {
  url: string;
  /** Revokes the user's access, and makes the relay recheck it. */
  remove(userId: string): void;
}

/** A relay in this process whose embedder knows all users and can remove them. The reference knows no users. */
async function withDirectory(kind: Kind, run: (directory: Directory) => Promise<string | null>): Promise<string | null> {
  const server = createServer();
  const removed = new Set<string>();
  const may = (userId: string) =>
    removed.has(userId) ? ({ ok: false, code: 'FORBIDDEN' } as const) : ({ ok: true, role: 'editor' } as const);
  const relay =
    kind === 'reference'
      ? null
      : createRelay({
          store: createMemoryStore(),
          knowsUsers: true,
          async authorize({ token }) {
            const answer = may(token);
            return answer.ok ? { ...answer, userId: token, user: { name: `${token}!` }, recheck: async () => may(token) } : answer;
          },
        });
  if (relay === null) attachReferenceRelay(server);
  else relay.attach(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await run({
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      remove(userId) {
        removed.add(userId);
        relay?.recheck({ userId });
      },
    });
  } finally {
    await relay?.close();
    server.closeAllConnections();
    server.close();
  }
}

/** Mallory, an editor, claims under her own id to be Ana. @returns What Ben sees there if it is not Mallory. */
function pretends(kind: Kind, frames: Uint8Array[]): Promise<string | null> {
  return withDirectory(kind, async (directory) => {
    const ben = await person(directory, 'board', 'ben');
    const seen: unknown[] = [];
    ben.awareness.on('change', () => seen.push(ben.nameOf(MALLORY)));
    const mallory = await new Attacker(directory, 'board', 'mallory').entered();
    mallory.send(...frames);
    await mallory.done();
    if (!(await comesTrue(() => ben.awareness.getStates().get(MALLORY)?.['last'] === true))) return 'Mallory is not shown at all';
    const wrong = seen.filter((user) => user !== undefined && JSON.stringify(user) !== '{"id":"mallory","name":"mallory!"}');
    return wrong.length > 0 ? `Ben sees ${JSON.stringify(wrong[0])} where Mallory is` : null;
  });
}

const asAna = (clock: number, more: object = {}): Uint8Array =>
  awarenessFrame({
    clientId: MALLORY,
    clock,
    state: { user: { id: 'ana', name: 'ana!', picture: 'https://id.example/ana.png' }, ...more },
  });
const last = { last: true };

const evil = { user: 'evil' };
const own = (clock: number): Uint8Array => awarenessFrame({ clientId: MALLORY, clock, state: { user: 'mallory' } });

/** Ways to impersonate another client, as the first frame and after an introduction. */
const spoofs: Record<string, (ana: number) => Uint8Array[]> = {
  'as the first frame': (ana) => [awarenessFrame({ clientId: ana, clock: 50, state: evil })],
  'after an introduction': (ana) => [own(1), awarenessFrame({ clientId: ana, clock: 50, state: evil })],
  'among many': (ana) => [own(1), awarenessFrame(...[ana - 1, ana, ana + 1].map((clientId) => ({ clientId, clock: 50, state: evil })))],
  'announcing that she left': (ana) => [own(1), awarenessFrame({ clientId: ana, clock: 50, state: null })],
  'with the largest clock': (ana) => [own(1), awarenessFrame({ clientId: ana, clock: Number.MAX_SAFE_INTEGER, state: evil })],
  'with the largest allowed clock': (ana) => [own(1), awarenessFrame({ clientId: ana, clock: 2 ** 32, state: evil })],
};

export const presenceRows: readonly Row[] = [
  ...Object.entries(spoofs).map(([how, frames]) => ({
    id: 'A12',
    title: `no client can impersonate another: ${how}`,
    attack: (target: Target) => spoof(target, 'mallory', frames),
  })),
  ...Object.entries({
    'in the first state': [asAna(1, last)],
    'in a later state': [own(1), asAna(2, last)],
    'without a user id': [awarenessFrame({ clientId: MALLORY, clock: 1, state: { user: 'ana!', ...last } })],
  }).map(([how, frames]) => ({
    id: 'A12',
    title: `no client is shown as another user under its own id: ${how}`,
    attack: ({ kind }: Target) => pretends(kind, frames),
  })),
  {
    id: 'A13',
    title: `one frame with ${GHOSTS} users adds none`,
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const ben = await person(target, room, 'ben');
      const ghosts = Array.from({ length: GHOSTS }, (_, i) => ({ clientId: 100_000 + i, clock: 1, state: {} }));
      const mallory = await sendEach(target, room, [awarenessFrame(...ghosts)]);
      if (!(await reaches(ana, ben))) return 'changes no longer reach anyone';
      mallory.close();
      return ben.awareness.getStates().size > 100 ? `${ben.awareness.getStates().size - 2} people who do not exist` : null;
    },
  },
  {
    id: 'A13',
    title: 'hundreds of ids announced and removed leave nothing behind for newcomers',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const mallory = await new Attacker(target, room).entered();
      for (let i = 0; i < 200; i++) {
        const ids = Array.from({ length: 50 }, (_, j) => 200_000 + i * 50 + j);
        mallory.send(awarenessFrame(...ids.map((clientId) => ({ clientId, clock: 1, state: { i } }))));
      }
      await mallory.done();
      const ben = await person(target, room, 'ben');
      if (!(await reaches(ana, ben))) return 'changes no longer reach anyone';
      const strangers = ben.awareness.getStates().size - 2;
      return strangers > 100 ? `a newcomer sees ${strangers} users of one connection` : null;
    },
  },
  {
    id: 'A14',
    title: 'a viewer has its own cursor and cannot impersonate others',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const eve = await person(target, room, 'viewer:eve');
      if (!(await reachesAsPresence(eve, ana))) return 'a viewer is not shown';
      return spoof(target, VIEWER, spoofs['after an introduction'] as (ana: number) => Uint8Array[]);
    },
  },
  {
    id: 'B13',
    title: 'a viewer cannot write, whatever the type of the message',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const update = settingKey('written');
      // A relay may end a connection, or ignore it, after one of the known types.
      const known = [0, 1, 2, 3].flatMap((type) => framesOfType(type, update));
      for (const frame of known) (await sendEach(target, room, [frame], VIEWER)).close();
      const mallory = await new Attacker(target, room, VIEWER).entered();
      for (let type = 4; type < 256; type++) mallory.send(...framesOfType(type, update));
      await mallory.done();
      const newcomer = await person(target, room, 'newcomer');
      if (!(await reaches(ana, newcomer))) return 'changes no longer reach anyone';
      return newcomer.has('written') ? 'a viewer has written' : null;
    },
  },
  {
    id: 'B14',
    title: 'a user who is removed while connected can no longer write, and receives nothing',
    attack: ({ kind }) =>
      withDirectory(kind, async (directory) => {
        const ana = await person(directory, 'board', 'ana');
        const mallory = await new Attacker(directory, 'board', 'mallory').entered();
        mallory.send(updateFrame(settingKey('before')));
        if (!(await comesTrue(() => ana.has('before')))) return 'her changes do not arrive while she has access';
        directory.remove('mallory');
        // Without pause, until long after the relay has revoked her access.
        for (let i = 0; i < 200; i++) {
          mallory.send(updateFrame(settingKey(`after${i}`, 1, MALLORY + i)));
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        const heard = mallory.receivedBytes;
        const ben = await person(directory, 'board', 'ben');
        if (!(await reaches(ana, ben))) return 'changes no longer reach anyone';
        await mallory.done();
        if (ben.has('after199')) return 'she can still write';
        return mallory.receivedBytes > heard ? 'she still receives messages' : null;
      }),
  },
];

async function reachesAsPresence(from: Person, to: Person): Promise<boolean> {
  return comesTrue(() => to.nameOf(from.awareness.clientID) !== undefined);
}
