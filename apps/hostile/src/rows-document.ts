/** Updates that are broken, lie about their size, or are meant to stay in the document and do harm there. */

import * as Y from 'yjs';
import { comesTrue, person, reaches, sendEach, type Person } from './clients.ts';
import {
  afterGap,
  claimedStructs,
  clocksTaken,
  deletionsOf,
  editedText,
  fromHex,
  kept,
  lifeTaken,
  noise,
  protoProperty,
  step1Frame,
  updateFrame,
} from './crafted.ts';
import { MIB, mib, type Row } from './row.ts';
import type { Target } from './target.ts';

const A1_CLIENT = 901;
const VICTIM = 77;
const GAPS = 300;

/** The one that needs a new process stands first: then there is none yet. */
export const documentRows: readonly Row[] = [
  {
    id: 'A2',
    title: 'seven bytes that claim 32 million structs allocate nothing',
    isFresh: true,
    async attack(target) {
      const room = target.room();
      await person(target, room, 'ana');
      const before = await target.facts();
      const claims = [33_554_431, 33_554_431, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER].map((count) => updateFrame(claimedStructs(count)));
      await sendEach(target, room, [...claims, step1Frame(fromHex('ffffffffffffff0f')), step1Frame(fromHex('8080808001'))]);
      if (!target.isAlive) return 'the process died';
      const grownBytes = (await target.facts()).peakBytes - before.peakBytes;
      return grownBytes > 100 * MIB ? `7 bytes took ${mib(grownBytes)}` : null;
    },
  },
  {
    id: 'A1',
    title: 'updates cut off at every byte, and noise: nothing of them stays, and others go on',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const whole = editedText(A1_CLIENT);
      const cut = Array.from(whole, (_, end) => updateFrame(whole.subarray(0, end)));
      const noisy = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? noise(i + 1, i) : updateFrame(noise(i + 1, i))));
      await sendEach(target, room, [...cut, ...noisy]);
      const newcomer = await person(target, room, 'newcomer');
      if (newcomer.has('broken') || ana.has('broken')) return 'half of an update that threw is in the document, for good';
      return null;
    },
  },
  {
    id: 'A4',
    title: 'nobody can use up the clocks of another client',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana', VICTIM);
      const ben = await person(target, room, 'ben');
      // Ana is not heard while she is told that her clocks are gone: a client that sees its own id taken takes a new one.
      ana.ws.pause();
      await sendEach(target, room, [updateFrame(lifeTaken(VICTIM))]);
      ana.set('drawing', 1);
      const dora = await person(target, room, 'dora');
      if (!(await reaches(dora, ben))) return 'nothing reaches anybody any more';
      const isThere = ben.has('drawing') || (await arrives(() => ben.has('drawing')));
      ana.ws.resume();
      return isThere ? null : 'what the victim draws is dropped for ever, without a word';
    },
  },
  {
    id: 'A5',
    title: 'a struct under the next clock of somebody who is here takes nothing from what they draw',
    attack: (target) => robbed(target, (next) => clocksTaken(VICTIM, next)),
  },
  {
    id: 'A5',
    title: 'nor do two billion clocks at once',
    attack: (target) => robbed(target, (next) => clocksTaken(VICTIM, next, 2 ** 31 - 1 - next)),
  },
  {
    id: 'A5',
    title: 'nor a struct that lies in wait, some clocks ahead',
    attack: (target) => robbed(target, (next) => clocksTaken(VICTIM, next + 3)),
  },
  {
    id: 'A6',
    title: 'changes that wait for what never comes are given to nobody',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const frames = Array.from({ length: GAPS }, (_, i) => updateFrame(afterGap(10_000 + i)));
      const mallory = await sendEach(target, room, []);
      mallory.send(...frames);
      await mallory.done();
      const newcomer = await person(target, room, 'newcomer');
      const waiting = newcomer.doc.store.pendingStructs?.update.length ?? 0;
      if (waiting > 0) return `everybody who joins is given ${waiting} bytes that can never be shown`;
      return (await reaches(newcomer, ana)) ? null : 'nothing reaches anybody any more';
    },
  },
  {
    id: 'A7',
    title: 'deletions of what does not exist are given to nobody',
    async attack(target) {
      const room = target.room();
      await person(target, room, 'ana');
      const mallory = await sendEach(target, room, []);
      mallory.send(...Array.from({ length: 100 }, (_, i) => updateFrame(deletionsOf(20_000 + i, 100))));
      await mallory.done();
      const newcomer = await person(target, room, 'newcomer');
      const waiting = newcomer.doc.store.pendingDs?.length ?? 0;
      return waiting > 0 ? `everybody who joins is given ${waiting} bytes of deletions that mean nothing` : null;
    },
  },
  {
    id: 'A8',
    title: 'top-level types without end are not kept',
    async attack(target) {
      const newcomer = await afterKeeping(target, 'root types', 500, 15);
      const types = newcomer?.doc.share.size ?? 0;
      return types > 5_100 ? `whoever joins is given ${types} types that nothing is in` : null;
    },
  },
  {
    id: 'A8',
    title: 'documents within a document without end are not kept',
    async attack(target) {
      const newcomer = await afterKeeping(target, 'subdocuments', 500, 10);
      const documents = newcomer?.doc.subdocs.size ?? 0;
      return documents > 1_000 ? `whoever joins is given ${documents} documents` : null;
    },
  },
  {
    id: 'A9',
    title: 'a property named __proto__ does not make a board unreadable',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      ana.set('drawing', 1);
      await sendEach(target, room, [updateFrame(protoProperty)]);
      const newcomer = await person(target, room, 'newcomer');
      return newcomer.has('drawing') ? null : 'the board can never be opened again';
    },
  },
];

/** Ana is here and goes on drawing, not yet told of what Mallory sent under her id. @param crafted By her next clock. */
async function robbed(target: Target, crafted: (next: number) => Uint8Array): Promise<string | null> {
  const room = target.room();
  const ana = await person(target, room, 'ana', VICTIM);
  const ben = await person(target, room, 'ben');
  if (!(await reaches(ana, ben))) return 'nothing reaches anybody any more';
  ana.ws.pause();
  const mallory = await sendEach(target, room, [updateFrame(crafted(Y.getState(ana.doc.store, VICTIM)))]);
  const drawn = Array.from({ length: 8 }, (_, i) => `stroke ${i}`);
  for (const key of drawn) ana.set(key, 1);
  await comesTrue(() => drawn.every((key) => ben.has(key)), 2_000);
  ana.ws.resume();
  const lost = drawn.filter((key) => !ben.has(key));
  if (lost.length > 0) return `${lost.length} of 8 strokes are gone for everybody else, without a word`;
  if (!(await reaches(ana, ben))) return 'what she draws later reaches nobody';
  await comesTrue(() => mallory.closed !== null, 2_000);
  return null;
}

/** Mallory sends it in messages of `size`. @returns Somebody who joins then. */
async function afterKeeping(target: Target, what: Parameters<typeof kept>[0], size: number, messages: number): Promise<Person | null> {
  const room = target.room();
  await person(target, room, 'ana');
  await sendEach(
    target,
    room,
    Array.from({ length: messages }, (_, i) => updateFrame(kept(what, size, i * size))),
  );
  return target.isAlive ? person(target, room, 'newcomer') : null;
}

/** A moment for what is on its way: asked of a relay that has passed on everything else. */
async function arrives(condition: () => boolean): Promise<boolean> {
  return comesTrue(condition, 500);
}
