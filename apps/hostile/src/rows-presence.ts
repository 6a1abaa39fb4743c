/** Speaking for others, filling a room with nobody, and writing without the right to. */

import { Attacker, comesTrue, person, reaches, sendEach, type Person } from './clients.ts';
import { awarenessFrame, framesOfType, settingKey } from './crafted.ts';
import type { Row } from './row.ts';
import type { Target } from './target.ts';

const MALLORY = 666;
const GHOSTS = 20_001;
const VIEWER = 'viewer:mallory';

/** Ana and Ben see each other; somebody sends these frames. @returns what Ben then sees in Ana's place, null for Ana herself. */
async function spoof(target: Target, token: string, frames: (ana: number) => Uint8Array[]): Promise<string | null> {
  const room = target.room();
  const ana = await person(target, room, 'ana');
  const ben = await person(target, room, 'ben');
  if (!(await reaches(ana, ben))) return 'nothing reaches anybody';
  const seen: unknown[] = [];
  ben.awareness.on('change', () => seen.push(ben.nameOf(ana.awareness.clientID)));
  ana.awareness.on('change', () => seen.push(ana.nameOf(ana.awareness.clientID)));
  await sendEach(target, room, frames(ana.awareness.clientID), token);
  const cem = await person(target, room, 'cem');
  if (!(await reaches(cem, ben)) || !(await reaches(cem, ana))) return 'nothing reaches anybody any more';
  const forged = seen.filter((name) => name !== 'ana');
  return forged.length > 0 ? `others, and she herself, saw ${JSON.stringify(forged[0] ?? null)} in the place of Ana` : null;
}

const evil = { user: 'evil' };
const own = (clock: number): Uint8Array => awarenessFrame({ clientId: MALLORY, clock, state: { user: 'mallory' } });

/** Each way to speak for somebody else, as first frame and after an introduction. */
const spoofs: Record<string, (ana: number) => Uint8Array[]> = {
  'as the first frame': (ana) => [awarenessFrame({ clientId: ana, clock: 50, state: evil })],
  'after an introduction': (ana) => [own(1), awarenessFrame({ clientId: ana, clock: 50, state: evil })],
  'among many': (ana) => [own(1), awarenessFrame(...[ana - 1, ana, ana + 1].map((clientId) => ({ clientId, clock: 50, state: evil })))],
  'saying that she left': (ana) => [own(1), awarenessFrame({ clientId: ana, clock: 50, state: null })],
  'with the last clock of all': (ana) => [own(1), awarenessFrame({ clientId: ana, clock: Number.MAX_SAFE_INTEGER, state: evil })],
  'with the last clock that is allowed': (ana) => [own(1), awarenessFrame({ clientId: ana, clock: 2 ** 32, state: evil })],
};

export const presenceRows: readonly Row[] = [
  ...Object.entries(spoofs).map(([how, frames]) => ({
    id: 'A12',
    title: `nobody speaks for another person: ${how}`,
    attack: (target: Target) => spoof(target, 'mallory', frames),
  })),
  {
    id: 'A13',
    title: `one frame of ${GHOSTS} people brings nobody`,
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const ben = await person(target, room, 'ben');
      const ghosts = Array.from({ length: GHOSTS }, (_, i) => ({ clientId: 100_000 + i, clock: 1, state: {} }));
      const mallory = await sendEach(target, room, [awarenessFrame(...ghosts)]);
      if (!(await reaches(ana, ben))) return 'nothing reaches anybody any more';
      mallory.close();
      return ben.awareness.getStates().size > 100 ? `${ben.awareness.getStates().size - 2} people who do not exist` : null;
    },
  },
  {
    id: 'A13',
    title: 'ids announced and left by hundreds leave nothing behind for who comes later',
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
      if (!(await reaches(ana, ben))) return 'nothing reaches anybody any more';
      const strangers = ben.awareness.getStates().size - 2;
      return strangers > 100 ? `who comes is shown ${strangers} people of one connection` : null;
    },
  },
  {
    id: 'A14',
    title: 'a viewer has a cursor of their own and speaks for nobody else',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const eve = await person(target, room, 'viewer:eve');
      if (!(await reachesAsPresence(eve, ana))) return 'a viewer can’t be seen';
      return spoof(target, VIEWER, spoofs['after an introduction'] as (ana: number) => Uint8Array[]);
    },
  },
  {
    id: 'B13',
    title: 'a viewer writes nothing, whatever the type of the message',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const update = settingKey('written');
      // A relay may end a connection, or take nothing more from it, after one of the types that mean something.
      const known = [0, 1, 2, 3].flatMap((type) => framesOfType(type, update));
      for (const frame of known) (await sendEach(target, room, [frame], VIEWER)).close();
      const mallory = await new Attacker(target, room, VIEWER).entered();
      for (let type = 4; type < 256; type++) mallory.send(...framesOfType(type, update));
      await mallory.done();
      const newcomer = await person(target, room, 'newcomer');
      if (!(await reaches(ana, newcomer))) return 'nothing reaches anybody any more';
      return newcomer.has('written') ? 'who may only look has written' : null;
    },
  },
];

async function reachesAsPresence(from: Person, to: Person): Promise<boolean> {
  return comesTrue(() => to.nameOf(from.awareness.clientID) !== undefined);
}
